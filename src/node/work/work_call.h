/**
 * One operation while it is done: who asks, what goes with it, the answer in the making or the refusal. For
 * src/node/work alone.
 *
 * An operation returns true where its answer is made. False: it is refused (the call says why), or it could not be
 * found out (the error does).
 */
#ifndef CW_NODE_WORK_WORK_CALL_H
#define CW_NODE_WORK_WORK_CALL_H

#include "node/work/node_work.h"
#include "report/json.h"

struct cw_work_call {
	struct cw_node_core *core;
	const struct cw_node_work_who *who;
	const char *operation;
	const json_t *with; /* an object */
	json_t *answer;	    /* an object; the call's */
	struct cw_json json;
	int status;	 /* of the answer: 200, 202; of a refusal: 400, 403, 404, 409; 0: neither yet */
	char text[1200]; /* of a refusal */
	char next[400];
	struct cw_error *error;
};

/** Adds to the answer. */
void cw_work_call_put(struct cw_work_call *call, const char *key, json_t *value);

/** Refuses: what was wanted, and what was found. `next` is a fixed text. Returns false. */
bool cw_work_call_refuse(struct cw_work_call *call, int status, const char *next, const char *format, ...)
	CW_PRINTF(4, 5);

/** What a called function said: trouble where memory or a file failed, else a refusal. Returns false. */
bool cw_work_call_failed(struct cw_work_call *call, int status, const char *next);

/** The same where memory failed. */
bool cw_work_call_memory(struct cw_work_call *call);

/* --- what goes with it; false: it is refused --- */

/** A text of one line; NULL in `*ret`: not given, or null. */
CW_MUST_USE bool cw_work_call_text(struct cw_work_call *call, const char *key, const char **ret);
/** The same, which must be there. */
CW_MUST_USE bool cw_work_call_want(struct cw_work_call *call, const char *key, const char **ret);
/** Any text, lines too (PEM). */
CW_MUST_USE bool cw_work_call_lines(struct cw_work_call *call, const char *key, const char **ret);
/** true or false; left out: `*ret` stays. */
CW_MUST_USE bool cw_work_call_switch(struct cw_work_call *call, const char *key, bool *ret);
/** A whole number from `least` to `most`; left out: `*ret` stays. */
CW_MUST_USE bool cw_work_call_number(
	struct cw_work_call *call, const char *key, size_t least, size_t most, size_t *ret);
/** A list of texts of one line, or one text. Left out: nothing is added, and `*ret_given` is false. */
CW_MUST_USE bool cw_work_call_texts(
	struct cw_work_call *call, const char *key, struct cw_strings *ret, bool *ret_given);
/** One of the words, by its number; left out: `*ret` stays. */
CW_MUST_USE bool cw_work_call_word(
	struct cw_work_call *call, const char *key, const char *const *words, size_t count, size_t *ret);
/** A file in Base64; `*ret_given` false: left out. */
CW_MUST_USE bool cw_work_call_file(
	struct cw_work_call *call, const char *key, struct cw_buffer *ret, bool *ret_given);
/** How a person calls that file: "file_name", else `other`. */
CW_MUST_USE bool cw_work_call_file_name(struct cw_work_call *call, const char *other, const char **ret);

/** The operation, or "try" in what goes with it, says that nothing is to be done. */
bool cw_work_call_tries(const struct cw_work_call *call);

/** "a host name or an address": letters, digits, dots, hyphens, underscores. */
bool cw_work_call_is_host(const char *text);

/** Notes in the history what was done beside the files: never a secret. */
void cw_work_call_tell(struct cw_work_call *call, const char *about, const char *before, const char *after);

#endif
