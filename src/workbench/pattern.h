/**
 * Regular expressions as the page for certificate-based authentication takes them: "/PATTERN/flags" with
 * named groups, and a user name format with "#group#".
 *
 * Pattern and text come from outside: length, matching steps, depth and memory are bounded, so that a pattern
 * that backtracks without end is an error in a moment and not a hang.
 */
#ifndef CW_WORKBENCH_PATTERN_H
#define CW_WORKBENCH_PATTERN_H

#include "base/buffer.h"
#include "base/strings.h"

/* As on the page (the MRA certificates guide; what is cut off there is from the guides, sources F1.6). */
#define CW_PATTERN_DEFAULT "/Subject.*CN=(?<captureCommonName>([^,\\\\\\n]|(\\\\,))*)/m"
#define CW_USERNAME_DEFAULT "#captureCommonName#"

#define CW_PATTERN_LENGTH_MAX 4096
/* Against patterns made to backtrack: a real one needs some hundreds of steps on a decoded certificate. */
#define CW_PATTERN_STEPS_MAX 200000
#define CW_PATTERN_DEPTH_MAX 2000
#define CW_PATTERN_HEAP_KIB 8192

struct cw_pattern_result {
	bool matched;
	struct cw_strings names;  /* of the groups, in alphabetical order */
	struct cw_strings values; /* of each; "" for a group that took no part */
	char *username;		  /* the format with the groups filled in; NULL where nothing matched */
};

void cw_pattern_result_finish(struct cw_pattern_result *result);
#define AUTO_PATTERN_RESULT __attribute__((cleanup(cw_pattern_result_finish))) struct cw_pattern_result

/**
 * Matches `text` and composes the user name. CW_E_USAGE: no delimiters, an unknown flag, a pattern that does
 * not compile (with the place), a format that names a group that the pattern has not got. CW_E_LIMIT: too
 * long, or it backtracks without end.
 */
CW_MUST_USE bool cw_pattern_match(const char *pattern, const char *format, const char *text, size_t length,
	struct cw_pattern_result *ret, struct cw_error *error);

#endif
