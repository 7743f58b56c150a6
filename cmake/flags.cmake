# Compiler flags, the same for gcc and clang.
add_compile_definitions(_GNU_SOURCE)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wvla -Wformat=2 -Werror -fno-strict-aliasing)
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
	add_compile_options(-Wno-gnu-statement-expression) # TAKE() in base/memory.h; gcc has __extension__ for it
else()
	add_compile_options(-Wno-format-truncation) # clang 14 does not know it, and says so with an error
endif()

if(CAUSEWAY_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
endif()
if(CAUSEWAY_FUZZ)
	add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(CAUSEWAY_HARDEN)
	add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fPIE
		-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
	add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
	include(CheckCCompilerFlag)
	# What a compiler or a processor does not know is left out: control flow that only goes where it may (Intel's CET,
	# Arm's BTI and PAC), and locals that never hold what stood there before.
	foreach(flag -fcf-protection=full -mbranch-protection=standard -ftrivial-auto-var-init=zero)
		string(MAKE_C_IDENTIFIER "CAUSEWAY_HAS${flag}" known)
		check_c_compiler_flag(${flag} ${known})
		if(${known})
			add_compile_options(${flag})
		endif()
	endforeach()
	# The start files of many a C library say nothing about shadow stacks, and the linker then says nothing either: it is
	# said here. Of IBT nothing is said: their entry points have no landing pads.
	include(CheckLinkerFlag)
	check_linker_flag(C -Wl,-z,shstk CAUSEWAY_HAS_SHSTK)
	if(CAUSEWAY_HAS_SHSTK AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
		add_link_options(-Wl,-z,shstk)
	endif()
endif()
if(CAUSEWAY_COVERAGE)
	add_compile_options(--coverage)
	add_link_options(--coverage)
endif()

# A package strips by itself and has a package of symbols of its own (debian/rules).
option(CAUSEWAY_STRIP "strip a release after it is linked" ON)

# A release is stripped; what a debugger or valgrind wants stands beside it and is found by its name.
function(causeway_strip target)
	if(CAUSEWAY_HARDEN AND CAUSEWAY_STRIP AND CMAKE_OBJCOPY AND CMAKE_STRIP)
		add_custom_command(TARGET ${target} POST_BUILD
			COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${target} ${target}.debug
			COMMAND ${CMAKE_STRIP} ${target}
			COMMAND ${CMAKE_OBJCOPY} --add-gnu-debuglink=${target}.debug ${target}
			VERBATIM)
	endif()
endfunction()
