#include "cli/verbs.h"

#include "node/history/history_report.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <string.h>

#define MOST_DEFAULT 100
#define MOST_MAX 100000

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	{"since", 0, "TIME", NULL, false, "from this time on: a date, RFC 3339, -30d"},
	{"most", 'n', "N", NULL, false, "the newest N events (default 100)"},
	CW_OPTIONS_END,
};

static bool read_most(const struct cw_call *call, unsigned *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "most");
	char *end;
	*ret = MOST_DEFAULT;
	if (!text)
		return true;
	unsigned long most = strtoul(text, &end, 10);
	if (*end || most < 1 || most > MOST_MAX || strspn(text, "0123456789") != strlen(text))
		return cw_error_set(error, CW_E_USAGE, "--most: wanted a number from 1 to %d, found \"%s\"",
			MOST_MAX, text);
	*ret = (unsigned)most;
	return true;
}

static bool read(struct cw_call *call, json_t **ret, struct cw_error *error)
{
	const char *since = cw_arguments_value(&call->arguments, "since");
	cw_time from = 0;
	unsigned most;
	if (!read_most(call, &most, error) || (since && !cw_time_parse(since, cw_time_now(), &from, error)))
		return false;
	return cw_history_report_read(call->arguments.words[0], from, most, ret, error);
}

static bool print(struct cw_call *call, const json_t *events, struct cw_buffer *ret, struct cw_error *error)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const struct cw_json json = {0};
	AUTO_BUFFER marked = {0};
	if (format && strcmp(format, "json") == 0)
		return cw_json_print(&json, events, false, ret, error);
	cw_history_report_text(events, &marked);
	cw_layout_render(&marked, cw_call_look(call), ret);
	return cw_buffer_ok(ret, error);
}

static enum cw_exit node_history(struct cw_call *call)
{
	AUTO(json_decref) json_t *events = NULL;
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!read(call, &events, &error) || !print(call, events, &answer, &error) ||
		!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_node_history = {
	.name = "node",
	.sub = "history",
	.summary = "what happened to a node: states, alarms, changes, refusals",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Events with their time, oldest first: start and stop, states of zones, tunnels and\n"
		 "links (before and after, with the finding's code), alarms raised and lowered, changes\n"
		 "of lists, certificates and settings (who, what, before, after), changes that were not\n"
		 "taken, and peers that were refused. Passwords and keys are never among them. The node\n"
		 "need not run. history: of node.yaml says for how long events are kept.\n",
	.example = "$ causeway node history c1 -n 2\n"
		   "2026-11-20T12:00:00Z start\n"
		   "2026-11-20T12:00:01Z state          zone to e1.acme.test\n"
		   "    Active\n",
	.run = node_history,
};
