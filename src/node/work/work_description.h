/**
 * "Description(friendly name)" of CUCM's certificates: what was typed at the upload, by SHA-256, in
 * DIR/descriptions.json. For src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_DESCRIPTION_H
#define CW_NODE_WORK_WORK_DESCRIPTION_H

#include "node/work/work_call.h"
#include "pki/cert.h"

/** All of them, for json_decref: an object. What cannot be read is empty. NULL: no memory. */
json_t *cw_work_description_read(const struct cw_node_core *core);

/** Keeps one. NULL and "": nothing. */
CW_MUST_USE bool cw_work_description_keep(
	struct cw_work_call *call, const struct cw_cert *cert, const char *text);

#endif
