/*
 * conformance FORMAT DIFFERENCES PATH [PROGRAM [EVERY]]: asks a public suite's cases of the judge, and of PROGRAM's `cert
 * verify` each of them or one in EVERY. FORMAT: limbo (x509-limbo and BetterTLS JSON), pkits, boringssl. Exit
 * status: 0 no unexplained difference and no stale line in DIFFERENCES, 1 one, 77 PATH is absent.
 */
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED 77

static const struct {
	const char *name;
	bool (*read)(struct suite *suite, const char *path);
} formats[] = {{"limbo", suite_limbo}, {"pkits", suite_pkits}, {"boringssl", suite_boringssl}};

int main(int argc, char **argv)
{
	if (argc < 4 || argc > 6) {
		fprintf(stderr,
			"usage: conformance limbo|pkits|boringssl DIFFERENCES PATH [PROGRAM [EVERY]]\n");
		return 2;
	}
	if (access(argv[3], R_OK) != 0) {
		printf("%s is not here: skipped\n", argv[3]);
		return SKIPPED;
	}
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
		if (strcmp(argv[1], formats[i].name) != 0)
			continue;
		struct suite suite = {.name = formats[i].name,
			.differences = argv[2],
			.program = argc >= 5 ? argv[4] : NULL,
			.program_every = argc == 6 ? strtoul(argv[5], NULL, 10) : 1};
		bool worked = formats[i].read(&suite, argv[3]);
		int status = suite_close(&suite);
		return worked ? status : 2;
	}
	fprintf(stderr, "conformance: \"%s\" is no format; wanted limbo, pkits or boringssl\n", argv[1]);
	return 2;
}
