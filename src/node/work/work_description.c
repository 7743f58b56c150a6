#include "node/work/work_description.h"

#include "base/file.h"
#include "node/work/work_apply.h"

#include <string.h>

#define FILE_NAME "descriptions.json"
#define FILE_MAX_BYTES ((size_t)1024 * 1024)
#define DESCRIPTIONS_MAX 5000

json_t *cw_work_description_read(const struct cw_node_core *core)
{
	AUTO(free) char *path = cw_file_path(core->folder.path, FILE_NAME);
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!path)
		return NULL;
	if (!cw_file_read(path, FILE_MAX_BYTES, &text, &error))
		return error.code == CW_E_MEMORY ? NULL : json_object();
	AUTO(json_decref) json_t *all = NULL;
	if (!cw_json_read(cw_buffer_string(&text), text.length, &all, &error) && error.code == CW_E_MEMORY)
		return NULL;
	return json_is_object(all) ? TAKE(all) : json_object();
}

bool cw_work_description_keep(struct cw_work_call *call, const struct cw_cert *cert, const char *text)
{
	AUTO(json_decref) json_t *all = cw_work_description_read(call->core);
	AUTO(free) char *path = cw_file_path(call->core->folder.path, FILE_NAME);
	struct cw_json json = {0};
	AUTO_BUFFER out = {0};
	if (!text || !*text)
		return true;
	if (!all || !path)
		return cw_work_call_memory(call);
	if (json_object_size(all) >= DESCRIPTIONS_MAX)
		json_object_clear(all);
	cw_json_put(&json, all, cw_cert_sha256_text(cert), cw_json_text(text));
	return cw_json_print(&json, all, false, &out, call->error) && cw_work_apply_keep(call, path) &&
		cw_file_write(path, cw_buffer_string(&out), out.length, 0600, call->error);
}
