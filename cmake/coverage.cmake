# The build with counters: every program is linked with cmake/counters.c, which see. Before any other target.
add_library(counters STATIC ${PROJECT_SOURCE_DIR}/cmake/counters.c)
target_include_directories(counters PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(counters PRIVATE COUNTERS_FOLDER="${CMAKE_BINARY_DIR}")
add_link_options(-Wl,--wrap=_exit,--wrap=cw_confine_prepare,--wrap=cw_child_finish)
link_libraries(counters)
# A node writes some hundred files of counters when it is told to end, on a loaded machine in more than five seconds.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/labrun/lab_nodes.c PROPERTIES COMPILE_DEFINITIONS STOP_MS=120000)
