/**
 * The upload of a certificate for an identity of the node: judged by the gate, told, tried or installed. For
 * src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_UPLOAD_H
#define CW_NODE_WORK_WORK_UPLOAD_H

#include "node/work/work_identity.h"
#include "workbench/consequences.h"
#include "workbench/gate.h"

struct cw_work_upload {
	struct cw_buffer file, key_file;
	struct cw_node_files files;
	struct cw_gate_question question;
	struct cw_gate gate;
	struct cw_snapshot *after; /* the folder as it is; nobody's */
};

void cw_work_upload_finish(struct cw_work_upload *upload);
#define AUTO_WORK_UPLOAD __attribute__((cleanup(cw_work_upload_finish))) struct cw_work_upload
#define CW_WORK_UPLOAD_NONE \
	{ \
		.file = {.secret = true}, .key_file = {.secret = true } \
	}

/** Reads the question's files, and asks the gate. */
CW_MUST_USE bool cw_work_upload_ask(
	struct cw_work_call *call, enum cw_identity_kind kind, struct cw_work_upload *upload);
/** Puts findings, the page's text, the key and who would refuse it into the answer. */
CW_MUST_USE bool cw_work_upload_tell(struct cw_work_call *call, const struct cw_work_upload *upload);
/** The same, and what would happen. */
CW_MUST_USE bool cw_work_upload_try(struct cw_work_call *call, struct cw_work_upload *upload);
/** The same, installed unless it is refused. */
CW_MUST_USE bool cw_work_upload_install(struct cw_work_call *call, struct cw_work_upload *upload);

#endif
