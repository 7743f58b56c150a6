#include "cli/verbs.h"

#include "node/node_control.h"
#include "node/node_effect.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text ? text : "";
}

static void put_rows(const json_t *rows, const char *mark, const char *what, struct cw_buffer *ret)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		cw_buffer_printf(ret, "  %s%s%s %s %s", mark, what, CW_MARK_END, text_of(row, "link"),
			text_of(row, "peer"));
		if (*text_of(row, "code"))
			cw_buffer_printf(ret, "  %s", text_of(row, "code"));
		cw_buffer_char(ret, '\n');
		if (*text_of(row, "detail"))
			cw_layout_wrap(ret, "        ", 8, text_of(row, "detail"));
	}
}

static void put_text(const json_t *answer, struct cw_buffer *ret)
{
	const json_t *problems = json_object_get(answer, "problems"), *ends = json_object_get(answer, "ends"),
		     *begins = json_object_get(answer, "begins");
	size_t i;
	json_t *problem;
	json_array_foreach(problems, i, problem) cw_layout_wrap(ret, "", 2, json_string_value(problem));
	if (json_array_size(problems)) {
		cw_buffer_text(ret, "These files would not be taken.\n");
		return;
	}
	cw_buffer_printf(ret, "%s\n", text_of(answer, "change"));
	put_rows(ends, CW_MARK_BAD, "would end:", ret);
	put_rows(begins, CW_MARK_GOOD, "would pass:", ret);
	if (!json_array_size(ends))
		cw_buffer_text(ret, "No link that is up would be refused.\n");
}

static bool print(struct cw_call *call, const json_t *answer, struct cw_buffer *ret, struct cw_error *error)
{
	const char *format = cw_arguments_value(&call->arguments, "format");
	const struct cw_json json = {0};
	AUTO_BUFFER marked = {0};
	if (format && strcmp(format, "json") == 0)
		return cw_json_print(&json, answer, true, ret, error);
	put_text(answer, &marked);
	cw_layout_render(&marked, cw_call_look(call), ret);
	return cw_buffer_ok(&marked, error) && cw_buffer_ok(ret, error);
}

static enum cw_exit node_try(struct cw_call *call)
{
	AUTO(json_decref) json_t *answer = NULL;
	AUTO_BUFFER text = {0};
	struct cw_error error;
	if (!cw_node_control_try(call->arguments.words[0], call->arguments.words[1], &answer, &error) ||
		!print(call, answer, &text, &error) || !cw_call_write(call, &text, &error))
		return cw_call_trouble(call, &error);
	bool bad = json_array_size(json_object_get(answer, "problems")) ||
		json_array_size(json_object_get(answer, "ends"));
	return bad ? CW_EXIT_REFUSED : CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_node_try = {
	.name = "node",
	.sub = "try",
	.summary = "what a running node would do with other files, before it has them",
	.words = "DIR FOLDER",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "FOLDER holds what the node's files are to be: node.yaml and the files that it names\n"
		 "(copy node.yaml and certs/ from DIR, and change them). The node that runs on DIR judges\n"
		 "every link that is up by them, with the certificates that its other ends showed, and\n"
		 "says which would end and why, and which would pass that it refuses now. Nothing is\n"
		 "changed. Exit status 1 where something would end, or the files would not be taken.\n",
	.example = "$ cp -r c1/node.yaml c1/certs next && causeway trust remove ...\n"
		   "$ causeway node try c1 next\n"
		   "trusted-ca: 0 added, 1 removed\n"
		   "  would end: tunnel e1.acme.test  issuer-missing\n",
	.run = node_try,
};
