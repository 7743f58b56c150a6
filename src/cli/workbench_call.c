#include "cli/workbench_call.h"

#include "cli/call_deployment.h"
#include "config/load.h"
#include "report/text/layout.h"
#include "workbench/install.h"

#include <string.h>

void cw_workbench_call_finish(struct cw_workbench_call *workbench)
{
	cw_deployment_free(workbench->deployment);
	cw_pool_free(workbench->pool);
	cw_buffer_finish(&workbench->text);
	cw_buffer_finish(&workbench->answer);
}

bool cw_workbench_call_load(struct cw_workbench_call *workbench, const char *path, struct cw_error *error)
{
	AUTO_STRINGS problems = {0};
	if (cw_load_deployment(path, workbench->pool, &workbench->deployment, &problems)) {
		cw_call_deployment_tell(workbench->call, workbench->deployment);
		return true;
	}
	for (size_t i = 0; i + 1 < problems.count; i++)
		cw_call_tell(workbench->call, problems.items[i]);
	if (!problems.count)
		return cw_error_memory(error);
	return cw_error_set(error, CW_E_YAML, "%s", problems.items[problems.count - 1]);
}

bool cw_workbench_call_open(struct cw_call *call, struct cw_workbench_call *ret, struct cw_error *error)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const char *path = cw_arguments_value(&call->arguments, "deployment");
	ret->call = call;
	ret->json = format && strcmp(format, "json") == 0;
	ret->pool = cw_pool_new();
	if (!ret->pool)
		return cw_error_memory(error);
	return cw_call_time(call, &ret->at, error) && (!path || cw_workbench_call_load(ret, path, error));
}

bool cw_workbench_call_list(struct cw_workbench_call *workbench, const char *word, bool create,
	struct cw_list *ret, struct cw_error *error)
{
	return workbench->deployment
		? cw_list_open_store(workbench->deployment, word, workbench->pool, ret, error)
		: cw_list_open(word, create, workbench->pool, ret, error);
}

static bool lock_list(struct cw_workbench_call *workbench, const struct cw_list *list, struct cw_error *error)
{
	for (size_t i = 0; i < list->file_count; i++)
		if (!cw_call_lock_for(workbench->call, list->files[i].path, error))
			return false;
	return !list->folder || cw_lock_take(&workbench->call->locks, list->folder, error);
}

/* Which files it has is known when it is opened; what they hold is read again when nobody else can change it. */
bool cw_workbench_call_list_locked(struct cw_workbench_call *workbench, const char *word, bool create,
	bool lock, struct cw_list *ret, struct cw_error *error)
{
	AUTO_LIST seen = {0};
	if (lock && strcmp(word, "-") == 0)
		return cw_error_set(error, CW_E_USAGE,
			"a list from standard input has no place that it could be written back to; wanted a file "
			"(with --dry-run it is read)");
	return (!lock ||
		       (cw_workbench_call_list(workbench, word, create, &seen, error) &&
			       lock_list(workbench, &seen, error))) &&
		cw_workbench_call_list(workbench, word, create, ret, error);
}

void cw_workbench_call_look(const struct cw_workbench_call *workbench, const struct cw_node_files *files)
{
	AUTO_BUFFER found = {0};
	cw_install_look(files, &found);
	if (found.length && !found.failed)
		cw_call_tell(workbench->call, cw_buffer_string(&found));
}

bool cw_workbench_call_json(
	struct cw_workbench_call *workbench, json_t *value, bool one_line, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *owned = value;
	return cw_json_print(&json, owned, one_line, &workbench->answer, error);
}

enum cw_exit cw_workbench_call_end(struct cw_workbench_call *workbench, enum cw_exit status)
{
	struct cw_error error;
	cw_layout_render(&workbench->text, cw_call_look(workbench->call), &workbench->answer);
	workbench->answer.failed |= workbench->text.failed;
	if (!cw_call_write(workbench->call, &workbench->answer, &error))
		return cw_call_trouble(workbench->call, &error);
	return status;
}

enum cw_exit cw_workbench_call_do(struct cw_call *call, cw_workbench_work work)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	if (!cw_workbench_call_open(call, &workbench, &error) || !work(&workbench, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, CW_EXIT_GOOD);
}

enum cw_exit cw_workbench_call_show_all(struct cw_call *call, cw_workbench_show show)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	const struct cw_arguments *arguments = &call->arguments;
	struct cw_error error;
	if (!cw_workbench_call_open(call, &workbench, &error))
		return cw_call_trouble(call, &error);
	for (size_t i = 0; i < arguments->word_count; i++)
		if (!show(&workbench, arguments->words[i], arguments->word_count > 1, &error))
			return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, CW_EXIT_GOOD);
}

enum cw_exit cw_workbench_call_edit_list(struct cw_call *call, cw_workbench_edit edit)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	AUTO_LIST list = {0};
	struct cw_error error;
	bool write = !cw_arguments_given(&call->arguments, "dry-run");
	if (!cw_workbench_call_open(call, &workbench, &error) ||
		!cw_workbench_call_list_locked(
			&workbench, call->arguments.words[0], false, write, &list, &error) ||
		!edit(&workbench, &list, &error))
		return cw_call_trouble(call, &error);
	if (write && !cw_list_write(&list, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, CW_EXIT_GOOD);
}
