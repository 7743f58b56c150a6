# What `cmake --install` puts where: the program, and what it says about itself in other forms (causeway help --as).
include(GNUInstallDirs)

set(share ${CMAKE_CURRENT_BINARY_DIR}/share)
file(MAKE_DIRECTORY ${share})
foreach(form man:causeway.1 bash:causeway zsh:_causeway)
	string(REPLACE ":" ";" form ${form})
	list(GET form 0 kind)
	list(GET form 1 file)
	add_custom_command(
		OUTPUT ${share}/${file}
		COMMAND causeway help --as ${kind} -o ${share}/${file}
		DEPENDS causeway
		VERBATIM)
	list(APPEND shared ${share}/${file})
endforeach()
add_custom_target(reference ALL DEPENDS ${shared})

install(TARGETS causeway RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${share}/causeway.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${share}/causeway DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${share}/_causeway DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES docs/findings.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
