/**
 * What an administrator asks of the node, besides who may ask: handed on to what does it.
 */
#ifndef CW_NODE_ADMIN_ADMIN_WORK_H
#define CW_NODE_ADMIN_ADMIN_WORK_H

#include "node/admin/admin_accounts.h"
#include "node/node_core.h"

struct cw_admin_work_who {
	const char *user;
	enum cw_admin_role role;
	const char *address;
	uint64_t connection;
};

/** {"status":200,"answer":{...}} or {"status":404,"error":{...}}, for json_decref. */
CW_MUST_USE bool cw_admin_work(struct cw_node_core *core, const struct cw_admin_work_who *who,
	const char *operation, const json_t *with, json_t **ret, struct cw_error *error);

#endif
