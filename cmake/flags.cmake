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
	add_compile_options(-D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fPIE)
	add_link_options(-pie -Wl,-z,relro,-z,now)
	# CET on x86: a jump lands only where one may.
	include(CheckCCompilerFlag)
	check_c_compiler_flag(-fcf-protection=full CAUSEWAY_HAS_CET)
	if(CAUSEWAY_HAS_CET)
		add_compile_options(-fcf-protection=full)
	endif()
endif()
if(CAUSEWAY_COVERAGE)
	add_compile_options(--coverage)
	add_link_options(--coverage)
endif()
