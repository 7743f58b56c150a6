/**
 * Requests for people, as JSON, and as OpenSSL decodes them ("Show decoded").
 */
#ifndef CW_WORKBENCH_REQUEST_TEXT_H
#define CW_WORKBENCH_REQUEST_TEXT_H

#include "report/json.h"
#include "workbench/pending.h"

/** What was made, for the text about it. */
struct cw_request_told {
	const struct cw_deployment *deployment;
	const struct cw_node *node;
	enum cw_identity_kind kind;
	const struct cw_request_spec *composed;
	const struct cw_node_files *files;
	bool shared;
	bool discarded; /* a former request was */
	bool encrypted; /* the key is */
};

/** Appends what was made and why each name is in, what to know, what to do next. */
void cw_request_text_made(struct cw_buffer *ret, const struct cw_request_told *told);

void cw_request_text(struct cw_buffer *ret, const char *path, const struct cw_request *request);
/** NULL: no memory. */
json_t *cw_request_text_json(const char *path, const struct cw_request *request);
CW_MUST_USE bool cw_request_text_openssl(
	struct cw_buffer *ret, const struct cw_request *request, struct cw_error *error);

#endif
