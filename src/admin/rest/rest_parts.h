/**
 * Rows of the table of REST: for src/admin/rest alone.
 */
#ifndef CW_ADMIN_REST_REST_PARTS_H
#define CW_ADMIN_REST_REST_PARTS_H

#include "admin/rest/rest.h"
#include "report/json.h"

/* What a row's reader makes of a request. */
struct cw_rest_taking {
	const struct cw_rest_request *request;
	json_t *with; /* an object, to be filled */
	struct cw_json *json;
	const char *wanted; /* set where it is no such request: a sentence */
};

/* What a row's writer makes of an answer. */
struct cw_rest_giving {
	const json_t *said;
	unsigned status;
	struct cw_rest_reply *reply;
	struct cw_json *json;
};

struct cw_rest_row {
	const char *method, *path; /* path behind its interface's prefix */
	const char *operation;
	void (*take)(struct cw_rest_taking *taking); /* NULL: nothing goes with it */
	/* the body as JSON (taken over; NULL: the writer wrote text into the reply) */
	json_t *(*give)(struct cw_rest_giving *giving);
	bool csrf; /* wants X-CSRF-Header (X14.2) */
	const char *summary;
};

extern const struct cw_rest_row cw_rest_expressway_rows[];
extern const size_t cw_rest_expressway_count;
extern const struct cw_rest_row cw_rest_certmgr_rows[];
extern const size_t cw_rest_certmgr_count;
extern const struct cw_rest_row cw_rest_root_rows[];
extern const size_t cw_rest_root_count;
/** Ours: the operation is the rest of the path. */
extern const struct cw_rest_row cw_rest_own_row;

/** {"Message":"…"}, as Expressway answers a command. */
json_t *cw_rest_parts_message(const char *text);
/** The uploaded file, in Base64, as "file". */
void cw_rest_parts_file(struct cw_rest_taking *taking);
/** Bytes in Base64, as `key`. */
void cw_rest_parts_bytes(struct cw_rest_taking *taking, const char *key, const void *bytes, size_t length);
/** A text of an object, upper and lower case of the key alike; NULL: none. */
const char *cw_rest_parts_text(const json_t *object, const char *key);
const json_t *cw_rest_parts_member(const json_t *object, const char *key);
/** Writes text in place of JSON; returns NULL. */
json_t *cw_rest_parts_plain(struct cw_rest_giving *giving, const char *type, const char *text);
/** There is no such thing on this node: 404; returns the body. */
json_t *cw_rest_parts_none(struct cw_rest_giving *giving);
/** "expressway-c" of the answer's page. */
bool cw_rest_parts_is(const struct cw_rest_giving *giving, const char *role);

#endif
