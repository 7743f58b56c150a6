# causeway_embed(LAYER SYMBOL FILE): FILE as `const char SYMBOL[]`, ended by a NUL, in the library of LAYER. So style
# sheets and scripts are files that editors know, and the program is still one file.
function(causeway_embed layer symbol file)
	set(made ${CMAKE_CURRENT_BINARY_DIR}/embedded/${symbol}.c)
	add_custom_command(
		OUTPUT ${made}
		COMMAND ${CMAKE_COMMAND} -D SYMBOL=${symbol} -D FROM=${PROJECT_SOURCE_DIR}/${file} -D TO=${made}
			-P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
		DEPENDS ${PROJECT_SOURCE_DIR}/${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
		VERBATIM)
	target_sources(${layer} PRIVATE ${made})
endfunction()
