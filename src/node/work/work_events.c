#include "node/history/history_report.h"
#include "node/work/work_do.h"
#include "observe/log/log_match.h"

#include <string.h>

#define EVENTS_MAX 1000

/* --- what a line means: the log's own table, else the finding whose code stands in it --- */

static json_t *explanation(
	const char *row, const char *means, const char *misleads, const char *next, enum cw_code code)
{
	struct cw_json json = {0};
	const struct cw_finding_row *finding = code < CW_CODE_COUNT ? cw_finding_row(code) : NULL;
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "row", cw_json_text(row));
	cw_json_put(&json, object, "means", cw_json_text(means ? means : finding->sentence));
	cw_json_put(&json, object, "misleads", cw_json_text(misleads));
	cw_json_put(&json, object, "next", cw_json_text(!next && finding ? finding->advice : next));
	cw_json_put(&json, object, "code", cw_json_text(finding ? finding->name : NULL));
	cw_json_put(&json, object, "source", cw_json_text(finding ? finding->source : NULL));
	return json.failed ? NULL : TAKE(object);
}

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));
	return text ? text : "";
}

static bool is_code_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || byte == '-';
}

/* A word that is a finding's code. */
static bool find_code(const char *text, enum cw_code *ret)
{
	while (*text) {
		size_t length = 0;
		char word[64];
		while (is_code_byte(text[length]))
			length++;
		snprintf(word, sizeof word, "%.*s", (int)(length < 63 ? length : 63), text);
		if (length > 3 && strchr(word, '-') && cw_finding_code_named(word, ret))
			return true;
		text += length;
		while (*text && !is_code_byte(*text))
			text++;
	}
	return false;
}

static json_t *explain(struct cw_log_matcher *matcher, const json_t *event)
{
	static const bool seen[CW_LOG_CONTEXT_COUNT] = {true, false, false, false};
	struct cw_log_match match;
	enum cw_code code;
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s %s %s %s", text_of(event, "about"), text_of(event, "before"),
		text_of(event, "after"), text_of(event, "text"));
	if (line.failed)
		return NULL;
	const char *text = cw_buffer_string(&line);
	if (cw_log_match_find(matcher, text, line.length, seen, &match))
		return explanation(match.row->name, match.row->means, match.row->misleads, match.row->next,
			match.row->code);
	if (find_code(text, &code))
		return explanation(NULL, NULL, NULL, NULL, code);
	return json_null();
}

bool cw_work_do_events(struct cw_work_call *call)
{
	AUTO(cw_log_match_free) struct cw_log_matcher *matcher = NULL;
	AUTO(json_decref) json_t *events = NULL;
	const char *from, *kind;
	cw_time since = 0;
	size_t count = 100, told = 0;
	if (!cw_work_call_text(call, "from", &from) || !cw_work_call_text(call, "kind", &kind) ||
		!cw_work_call_number(call, "count", 1, EVENTS_MAX, &count))
		return false;
	if (from && *from && !cw_time_parse(from, cw_time_now(), &since, call->error))
		return cw_work_call_failed(call, 400, NULL);
	if (!cw_log_match_new(&matcher, call->error))
		return false;
	unsigned most = kind && *kind ? EVENTS_MAX : (unsigned)count;
	if (!cw_history_report_read(call->core->folder.path, since, most, &events, call->error))
		return cw_work_call_failed(call, 404, "The history begins with the node's first run.");
	json_t *rows = json_array();
	for (size_t i = json_array_size(events); i-- > 0 && told < count;) {
		json_t *event = json_array_get(events, i);
		if (kind && *kind && strcmp(text_of(event, "kind"), kind) != 0)
			continue;
		cw_json_put(&call->json, event, "explained", explain(matcher, event));
		cw_json_add(&call->json, rows, json_incref(event));
		told++;
	}
	cw_work_call_put(call, "events", rows);
	return true;
}
