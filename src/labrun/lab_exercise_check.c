#include "base/file.h"
#include "check/service.h"
#include "labrun/lab_exercise_parts.h"
#include "node/node_status.h"
#include "plan/compare.h"
#include "report/json.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (16 * 1024 * 1024)

/* --- people, links --- */

static bool people_are_back(const struct cw_check *now, const json_t *people, struct cw_buffer *ret)
{
	bool good = true;
	for (size_t i = 0; i < now->service_count; i++) {
		const struct cw_service *service = &now->services[i];
		const char *state = cw_service_state_name(service->state);
		AUTO_BUFFER name = {0};
		cw_buffer_printf(&name, "%s %s", service->endpoint->name, service->domain->name);
		const char *before = json_string_value(json_object_get(people, cw_buffer_string(&name)));
		if (before && strcmp(before, state) == 0)
			continue;
		cw_buffer_printf(ret, "not back: %s: sign-in %s, and it was %s before the fault\n",
			cw_buffer_string(&name), state, before ? before : "not there");
		good = false;
	}
	if (good)
		cw_buffer_text(ret, "people: all are back\n");
	return good;
}

static bool nothing_is_worse(const struct cw_check *begin, const struct cw_check *now, bool *ret_good,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_COMPARE compare = {0};
	if (!cw_compare_checks(begin, now, &compare, error))
		return false;
	*ret_good = compare.worse == 0;
	for (size_t i = 0; i < compare.count; i++)
		if (compare.rows[i].change == CW_COMPARE_WORSE)
			cw_buffer_printf(ret, "worse than before the repair: %s: %s\n", compare.rows[i].id,
				compare.rows[i].after ? compare.rows[i].after : "is there no more");
	if (*ret_good)
		cw_buffer_text(ret, "nothing is worse\n");
	return true;
}

static bool nothing_is_refused(const struct cw_check *now, struct cw_buffer *ret)
{
	bool good = true;
	for (size_t i = 0; i < now->link_count; i++) {
		const struct cw_link *link = now->links[i];
		if (link->verdict != CW_VERDICT_REFUSED)
			continue;
		cw_buffer_printf(ret, "still refused: %s, by %s\n", link->id,
			link->refused_by ? link->refused_by : "its client");
		good = false;
	}
	return good;
}

/* --- what runs --- */

static bool rows_are_active(const json_t *status, const char *what, const char *node, struct cw_buffer *ret)
{
	size_t i;
	json_t *row;
	bool good = true;
	json_array_foreach(json_object_get(status, what), i, row)
	{
		const char *state = json_string_value(json_object_get(row, "state"));
		const char *peer = json_string_value(json_object_get(row, "peer"));
		if (!state || strcmp(state, "Active") == 0 || strcmp(state, "On") == 0)
			continue;
		cw_buffer_printf(ret, "%s: %s %s: %s\n", node, what, peer ? peer : "", state);
		good = false;
	}
	return good;
}

/* The nodes' own word, beside what their files say. */
static bool nodes_are_up(const char *folder, const struct cw_check *now, struct cw_buffer *ret)
{
	bool good = true;
	for (size_t i = 0; i < now->node_count; i++) {
		const char *node = now->nodes[i].node->fqdn;
		AUTO(free) char *path = cw_file_path(folder, node);
		AUTO(free) char *yaml = path ? cw_file_path(path, "node.yaml") : NULL;
		AUTO(json_decref) json_t *status = NULL;
		struct cw_error error;
		if (!yaml || access(yaml, F_OK) != 0)
			continue;
		if (!cw_node_status_ask(path, &status, &error)) {
			cw_buffer_printf(ret, "%s: does not run\n", node);
			good = false;
			continue;
		}
		good &= rows_are_active(status, "zones", node, ret);
		good &= rows_are_active(status, "tunnels", node, ret);
		if (now->nodes[i].node->kind == CW_NODE_EXPRESSWAY_C)
			good &= rows_are_active(status, "services", node, ret);
	}
	if (good)
		cw_buffer_text(ret, "zones and SSH tunnels: active\n");
	return good;
}

size_t cw_lab_exercise_restarts(const char *folder)
{
	AUTO_BUFFER text = {0}, path = {0};
	struct cw_error ignored;
	size_t lines = 0;
	cw_buffer_printf(&path, "%s/.lab/restarts", folder);
	if (!cw_file_read(cw_buffer_string(&path), FILE_MAX, &text, &ignored))
		return 0;
	for (size_t i = 0; i < text.length; i++)
		lines += text.data[i] == '\n';
	return lines;
}

bool cw_lab_exercise_check(
	const char *folder, cw_time now, bool *ret_good, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	AUTO_EXERCISE_JUDGED begin = {0}, present = {0};
	AUTO_BUFFER begin_path = {0};
	bool unharmed;
	cw_buffer_printf(&begin_path, "%s/.lab/begin", folder);
	if (!cw_lab_exercise_read(folder, &record, error) ||
		!cw_lab_exercise_judge(cw_buffer_string(&begin_path), now, &begin, error) ||
		!cw_lab_exercise_judge(folder, now, &present, error))
		return false;
	bool back = people_are_back(present.check, json_object_get(record, "people"), ret);
	bool passes = nothing_is_refused(present.check, ret);
	if (!nothing_is_worse(begin.check, present.check, &unharmed, ret, error))
		return false;
	bool up = nodes_are_up(folder, present.check, ret);
	*ret_good = back && passes && unharmed && up;
	cw_buffer_printf(ret, "restarts: %zu, hints: %lld\n%s\n", cw_lab_exercise_restarts(folder),
		(long long)json_integer_value(json_object_get(record, "hints")),
		*ret_good ? "The repair is good." : "It is not repaired yet.");
	return cw_buffer_ok(ret, error);
}

/* --- .lab/view --- */

static bool copy_one(const char *from, const char *to, struct cw_error *error)
{
	AUTO_BUFFER content = {0};
	return cw_file_read(from, FILE_MAX, &content, error) &&
		cw_file_write(to, cw_buffer_string(&content), content.length, 0644, error);
}

bool cw_lab_exercise_copy_view(const char *from, const char *to, struct cw_error *error)
{
	bool good = true;
	const struct dirent *entry;
	DIR *folder = opendir(from);
	if (!folder)
		return true; /* there is nothing that no node runs */
	good = cw_file_make_folder(to, error);
	while (good && (entry = readdir(folder))) {
		AUTO(free) char *source = cw_file_path(from, entry->d_name);
		AUTO(free) char *target = cw_file_path(to, entry->d_name);
		if (!source || !target)
			good = cw_error_memory(error);
		else if (entry->d_name[0] == '.')
			continue;
		else if (entry->d_type == DT_DIR)
			good = cw_lab_exercise_copy_view(source, target, error);
		else
			good = copy_one(source, target, error);
	}
	closedir(folder);
	return good;
}
