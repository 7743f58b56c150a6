#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/list_report.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT,
	{"before", 0, "ENTRY", NULL, false, "put it before this entry"},
	{"after", 0, "ENTRY", NULL, false, "put it behind this entry"},
	{"first", 0, NULL, NULL, false, "put it on top"},
	{"last", 0, NULL, NULL, false, "put it at the end"},
	{"dry-run", 'n', NULL, NULL, false, "say what would happen and change nothing"},
	CW_OPTIONS_END,
};

static bool target(const struct cw_arguments *arguments, const struct cw_list *list, size_t place,
	size_t *ret, struct cw_error *error)
{
	const char *before = cw_arguments_value(arguments, "before"),
		   *after = cw_arguments_value(arguments, "after");
	bool first = cw_arguments_given(arguments, "first"), last = cw_arguments_given(arguments, "last");
	size_t neighbour = 0;
	if (!!before + !!after + first + last != 1)
		return cw_error_set(
			error, CW_E_USAGE, "trust move: wanted one of --before, --after, --first and --last");
	if ((before || after) && !cw_list_choose(list, before ? before : after, &neighbour, error))
		return false;
	if (first)
		*ret = 1;
	else if (last)
		*ret = cw_list_certs(list);
	else if (before)
		*ret = neighbour - (place < neighbour);
	else
		*ret = neighbour + (place > neighbour);
	return true;
}

static bool move(struct cw_workbench_call *workbench, struct cw_list *list, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	size_t place = 0, to = 0;
	if (!cw_list_choose(list, arguments->words[1], &place, error) ||
		!target(arguments, list, place, &to, error) || !cw_list_move(list, place, to, error))
		return false;
	cw_buffer_printf(&workbench->text, "%s\n  moved: ", list->shown);
	cw_list_report_cert(&workbench->text, cw_list_at(list, to)->cert);
	cw_buffer_printf(&workbench->text, " from place %zu to place %zu\n", place, to);
	return true;
}

static enum cw_exit trust_move(struct cw_call *call)
{
	return cw_workbench_call_edit_list(call, move);
}

const struct cw_verb cw_verb_trust_move = {
	.name = "trust",
	.sub = "move",
	.summary = "move an entry of a trust list: of one subject the first decides",
	.words = "LIST ENTRY",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "ENTRY is a place, digits of a SHA-256, a subject or a CN. The pages of an Expressway have\n"
		 "no such button: there one deletes the entry that is in the way and appends it again.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway trust move demo/c1/ca.pem 2 --before 1\n"
		"demo/c1/ca.pem\n"
		"  moved: C=US, O=Acme, CN=Acme Root CA (sha256 c9bd9f26b5c968f3...) from place 2 to place 1\n",
	.run = trust_move,
};
