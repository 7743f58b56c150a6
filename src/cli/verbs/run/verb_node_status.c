#include "cli/verbs.h"

#include "node/node_status.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTION_COLOR,
	CW_OPTIONS_END,
};

/* A zone, a tunnel or a port that does not work. */
static bool any_down(const json_t *status)
{
	static const char *const lists[] = {"zones", "tunnels", "services"};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		size_t k;
		json_t *row;
		json_array_foreach(json_object_get(status, lists[i]), k, row)
		{
			const char *state = json_string_value(json_object_get(row, "state"));
			if (!state || (strcmp(state, "Active") != 0 && strcmp(state, "On") != 0))
				return true;
		}
	}
	return false;
}

static bool print(struct cw_call *call, const json_t *status, struct cw_buffer *ret, struct cw_error *error)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const struct cw_json json = {0};
	AUTO_BUFFER marked = {0};
	if (format && strcmp(format, "json") == 0)
		return cw_json_print(&json, status, true, ret, error);
	cw_node_status_text(status, &marked);
	cw_layout_render(&marked, cw_call_look(call), ret);
	return cw_buffer_ok(ret, error);
}

static enum cw_exit node_status(struct cw_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!cw_node_status_ask(call->arguments.words[0], &status, &error) ||
		!print(call, status, &answer, &error) || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return any_down(status) ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_node_status = {
	.name = "node",
	.sub = "status",
	.summary = "ask a running node how its zones and tunnels are",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Zones and SSH tunnels in the vendor's words (Off, Checking, Active, On, Failed),\n"
		 "each with the finding's code and the reason, alarms, and what the last change of\n"
		 "its files did. Exit status 1 where a zone or a tunnel is not up.\n",
	.example = "$ causeway node status c1\n"
		   "c1.acme.test, expressway-c, since 2026-11-20T12:00:00Z\n"
		   "  zone    e1.acme.test                Active\n"
		   "  tunnel  e1.acme.test                Active\n",
	.run = node_status,
};
