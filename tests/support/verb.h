/**
 * Runs verbs as the program does, with what they print kept in memory.
 */
#ifndef TEST_SUPPORT_VERB_H
#define TEST_SUPPORT_VERB_H

#include "cli/verbs.h"
#include "support/instant.h"

#include <stdlib.h>
#include <string.h>

struct test_answer {
	char *out;
	char *err;
	size_t out_length;
	size_t err_length;
	enum cw_exit status;
};

static inline void test_answer_finish(struct test_answer *answer)
{
	free(answer->out);
	free(answer->err);
	*answer = (struct test_answer){0};
}

#define TEST_ANSWER __attribute__((cleanup(test_answer_finish))) struct test_answer

/* `words` ends with NULL; an answer may be used again. In the header, so that only programs that link the cli need it. */
static inline __attribute__((unused)) void test_run(struct test_answer *answer, const char *const *words)
{
	size_t count = 0;
	test_answer_finish(answer);
	while (words[count])
		count++;
	FILE *out = open_memstream(&answer->out, &answer->out_length);
	FILE *err = open_memstream(&answer->err, &answer->err_length);
	answer->status = cw_verbs_run((char *const *)words, count, out, err, TEST_AT, false);
	fclose(out);
	fclose(err);
}

#define RUN(answer, ...) test_run(answer, (const char *const[]){__VA_ARGS__, NULL})

#endif
