#include "node/admin/admin_work.h"

#include "report/json.h"

#include <string.h>

/* Until src/node/work is there: the name of the node, and nothing that changes. */
bool cw_admin_work(struct cw_node_core *core, const struct cw_admin_work_who *who, const char *operation,
	const json_t *with, json_t **ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *said = json_object();
	json_t *part = json_object();
	bool is_read = strcmp(operation, "overview") == 0, is_write = strcmp(operation, "restart") == 0;
	bool may = who->role == CW_ADMIN_ROLE_READ_WRITE || (is_read && who->role == CW_ADMIN_ROLE_READ_ONLY);
	(void)with;
	if ((is_read || is_write) && may) {
		cw_json_put(&json, part, "snapshot", cw_json_count(core->snapshot->number));
		cw_json_put(&json, said, "status", cw_json_count(200));
		cw_json_put(&json, said, "answer", part);
	} else {
		cw_json_put(&json, part, "text",
			cw_json_text(is_read || is_write ? "Your role may not do that"
							 : "There is no such operation"));
		cw_json_put(&json, said, "status", cw_json_count(is_read || is_write ? 403 : 404));
		cw_json_put(&json, said, "error", part);
	}
	if (json.failed)
		return cw_error_memory(error);
	*ret = TAKE(said);
	return true;
}
