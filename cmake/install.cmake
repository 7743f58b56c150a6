# What `cmake --install` puts where: the program, and what it says about itself in other forms (scripts/make-reference).
include(GNUInstallDirs)

set(share ${CMAKE_CURRENT_BINARY_DIR}/share)
add_custom_command(
	OUTPUT ${share}/deployment.schema.json
	COMMAND ${PROJECT_SOURCE_DIR}/scripts/make-reference $<TARGET_FILE:causeway> ${share}
	DEPENDS causeway ${PROJECT_SOURCE_DIR}/scripts/make-reference
	VERBATIM)
add_custom_target(reference ALL DEPENDS ${share}/deployment.schema.json)

install(TARGETS causeway RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${share}/man1 ${share}/man5 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${share}/causeway.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME causeway)
install(FILES ${share}/_causeway DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${share}/causeway.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${share}/deployment.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/causeway)
install(FILES docs/findings.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/monitoring DESTINATION ${CMAKE_INSTALL_DOCDIR})
