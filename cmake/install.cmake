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
install(FILES docs/findings.md docs/nodes.md docs/node-keys.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/monitoring DESTINATION ${CMAKE_INSTALL_DOCDIR})

# An SBOM of the program and what it is linked with.
add_custom_command(
	OUTPUT ${share}/causeway.spdx.json
	COMMAND ${PROJECT_SOURCE_DIR}/scripts/make-sbom ${PROJECT_VERSION} ${share}/causeway.spdx.json
	DEPENDS ${share}/deployment.schema.json ${PROJECT_SOURCE_DIR}/scripts/make-sbom ${PROJECT_SOURCE_DIR}/CHANGELOG.md
	VERBATIM)
find_program(PYTHON python3)
if(PYTHON)
	add_custom_target(sbom ALL DEPENDS ${share}/causeway.spdx.json)
	install(FILES ${share}/causeway.spdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

# Units name the program where it was installed, which is known only then.
set(CAUSEWAY_UNIT_DIR "" CACHE STRING "where systemd's units go; empty: lib/systemd/system below the prefix")
set(units causeway-check@.service.in causeway-check@.timer causeway-desk.service.in causeway-node@.service.in)
install(CODE "set(units ${units})\nset(source ${PROJECT_SOURCE_DIR}/packaging/systemd)\nset(folder \"${CAUSEWAY_UNIT_DIR}\")")
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_units.cmake)
