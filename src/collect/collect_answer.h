/**
 * What a box answered: whether it is the kind of answer that was asked for, and its text without secrets. Private
 * to collect.
 *
 * Values of settings that are secrets (import/fact.h), encrypted ones ("{cipher}...") and private keys are
 * overwritten. An answer that holds the password it was asked with is not kept at all.
 */
#ifndef CW_COLLECT_COLLECT_ANSWER_H
#define CW_COLLECT_COLLECT_ANSWER_H

#include "base/buffer.h"
#include "collect/collect.h"

#define CW_COLLECT_MASK "(masked)"

/** One answer, with what it was asked by. Everything borrowed. */
struct cw_collect_answer {
	const struct cw_collect_request *request;
	const char *host;
	const struct cw_collect_login *login;
	const char *token; /* of the Authorization field */
	long status;
	const char *location;	/* where a redirect leads to, or NULL */
	struct cw_buffer *body; /* masked in place, or made anew */
};

/** Fills `ret`, whose `why` is the caller's. False: no memory. */
CW_MUST_USE bool cw_collect_answer_take(
	struct cw_collect_answer *answer, struct cw_collect_result *ret, struct cw_error *error);

/** The answer says that the archive can be fetched. */
bool cw_collect_answer_is_ready(const struct cw_collect_answer *answer);

#endif
