# causeway_layer(NAME USES...): the library of src/NAME, made of every .c file in it.
function(causeway_layer name)
	file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.c)
	if(NOT sources) # headers only, so far
		add_library(${name} INTERFACE)
		target_link_libraries(${name} INTERFACE ${ARGN})
		return()
	endif()
	add_library(${name} STATIC ${sources})
	target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
	target_link_libraries(${name} PUBLIC ${ARGN})
endfunction()

# The one program: src/cli on top of all layers.
function(causeway_program)
	file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/cli/*.c)
	add_executable(causeway ${sources})
	target_link_libraries(causeway PRIVATE base)
	target_compile_definitions(causeway PRIVATE CW_VERSION="${PROJECT_VERSION}")
	set_target_properties(causeway PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()
