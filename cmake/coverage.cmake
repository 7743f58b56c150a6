# The build with counters: every program is linked with cmake/counters.c, which see. Before any other target.
add_library(counters STATIC ${PROJECT_SOURCE_DIR}/cmake/counters.c)
target_include_directories(counters PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(counters PRIVATE COUNTERS_FOLDER="${CMAKE_BINARY_DIR}")
add_link_options(-Wl,--wrap=_exit,--wrap=cw_confine_prepare)
link_libraries(counters)
