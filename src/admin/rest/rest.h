/**
 * REST of a node: requests as the boxes take them, and ours, each the question of one operation (node/work/node_work.h), and
 * the answer in the shape that the clients of those interfaces read.
 *
 * One table. Reads and writes bytes and JSON, and nothing else: who reads HTTP gives a request, asks the core with what comes
 * out, and hands the core's answer back here. Knows no passwords and decides nothing: roles are the core's.
 *
 *     /api/provisioning/…            Expressway's (also /api/v1/provisioning/…), as its REST API summary guide has it
 *     /status.xml                    xStatus, XML
 *     /platformcom/api/v1/certmgr/…  CUCM's certificate management
 *     /api/causeway/v1/OPERATION     ours: every operation, GET what only reads, POST all; described by OpenAPI (rest_own.h)
 *     /metrics                       OpenMetrics
 */
#ifndef CW_ADMIN_REST_REST_H
#define CW_ADMIN_REST_REST_H

#include "base/buffer.h"

#include <jansson.h>

/** What came. Everything borrowed; NULL: there is none. */
struct cw_rest_request {
	const char *method;  /* "GET" */
	const char *path;    /* without the question mark and what is behind it, decoded */
	const json_t *query; /* an object of texts */
	const json_t *body;  /* JSON */
	const void *file;    /* of a multipart form: its field "file" */
	size_t file_length;
	const char *file_name;
	bool csrf; /* it has the header X-CSRF-Header, with any value */
};

struct cw_rest_reply {
	unsigned status;
	const char *type;  /* of the body, fixed text */
	const char *allow; /* of a 405: the methods, fixed text; else NULL */
	struct cw_buffer body;
};

void cw_rest_reply_finish(struct cw_rest_reply *reply);
#define AUTO_REST_REPLY __attribute__((cleanup(cw_rest_reply_finish))) struct cw_rest_reply

struct cw_rest_row;

/** A request on its way. */
struct cw_rest_call {
	const struct cw_rest_row *row;
	char operation[80]; /* to be asked of the core */
	json_t *with;	    /* for json_decref */
};

void cw_rest_call_finish(struct cw_rest_call *call);
#define AUTO_REST_CALL __attribute__((cleanup(cw_rest_call_finish))) struct cw_rest_call

/** The path is one of REST's: who asks is authenticated as for REST. */
bool cw_rest_is(const char *path);

/**
 * What to ask. `*ret_ready` false: nothing, `reply` is the answer (404, 405, 400, 403). False: no memory.
 */
CW_MUST_USE bool cw_rest_ask(const struct cw_rest_request *request, struct cw_rest_call *ret, bool *ret_ready,
	struct cw_rest_reply *reply, struct cw_error *error);

/**
 * The core's answer: `said` is its "answer", or {"error":{"text","next"}} where the status is of 400 or more. False: no
 * memory.
 */
CW_MUST_USE bool cw_rest_answer(const struct cw_rest_call *call, unsigned status, const json_t *said,
	struct cw_rest_reply *reply, struct cw_error *error);

#endif
