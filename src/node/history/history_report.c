#include "node/history/history_report.h"

#include "base/file.h"
#include "node/node_folder.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <string.h>
#include <unistd.h>

bool cw_history_report_read(
	const char *folder, cw_time since, unsigned most, json_t **ret, struct cw_error *error)
{
	AUTO_NODE_FOLDER opened = CW_NODE_FOLDER_NONE;
	AUTO(cw_history_store_close) struct cw_history_store *store = NULL;
	AUTO(json_decref) json_t *events = json_array();
	if (!events)
		return cw_error_memory(error);
	if (!cw_node_folder_open(folder, false, &opened, error))
		return false;
	AUTO(free) char *path = cw_file_path(opened.path, "history/history.db");
	if (!path)
		return cw_error_memory(error);
	if (access(path, F_OK) != 0)
		return cw_error_set(error, CW_E_USAGE, "%s has no history yet: it has not run", folder);
	if (!cw_history_store_open(path, &store, error) ||
		!cw_history_store_read(store, since, most, events, error))
		return false;
	*ret = TAKE(events);
	return true;
}

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));
	return text ? text : "";
}

static void put_change(const json_t *event, struct cw_buffer *ret)
{
	const char *before = text_of(event, "before"), *after = text_of(event, "after");
	AUTO_BUFFER text = {0};
	if (*before)
		cw_buffer_printf(&text, "%s -> ", before);
	cw_buffer_text(&text, *after || !*before ? after : "gone");
	if (text.length)
		cw_layout_wrap(ret, "    ", 4, cw_buffer_string(&text));
	ret->failed |= text.failed;
}

void cw_history_report_text(const json_t *events, struct cw_buffer *ret)
{
	size_t i;
	json_t *event;
	json_array_foreach(events, i, event)
	{
		AUTO_BUFFER start = {0}; /* beside the line: what is wrapped keeps no column */
		AUTO_BUFFER line = {0};
		const char *kind = text_of(event, "kind"), *who = text_of(event, "who");
		bool alarm = strncmp(kind, "alarm-", 6) == 0;
		if (!alarm)
			cw_buffer_text(&line, text_of(event, "about"));
		if (*who)
			cw_buffer_printf(&line, " (%s)", who);
		if (alarm)
			cw_buffer_text(&line, text_of(event, "text"));
		cw_buffer_printf(&start, "%s ", text_of(event, "at"));
		if (line.length)
			cw_layout_column(&start, kind, 15);
		else
			cw_buffer_text(&start, kind);
		cw_layout_wrap(ret, cw_buffer_string(&start), 4, cw_buffer_string(&line));
		ret->failed |= start.failed || line.failed;
		if (alarm)
			continue;
		put_change(event, ret);
		if (*text_of(event, "text"))
			cw_layout_wrap(ret, "    ", 4, text_of(event, "text"));
	}
	if (!json_array_size(events))
		cw_buffer_text(ret, "Nothing happened.\n");
}
