#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/list_report.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT,
	{"dry-run", 'n', NULL, NULL, false, "say what would happen and change nothing"},
	CW_OPTIONS_END,
};

/* All are chosen before the first is taken away: places are those of the list as it is now. */
static bool remove_all(struct cw_workbench_call *workbench, struct cw_list *list, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	size_t certs = cw_list_certs(list);
	AUTO(free) bool *chosen = calloc(certs + 1, sizeof *chosen);
	if (!chosen)
		return cw_error_memory(error);
	for (size_t i = 1; i < arguments->word_count; i++) {
		size_t place;
		if (!cw_list_choose(list, arguments->words[i], &place, error))
			return false;
		chosen[place] = true;
	}
	cw_buffer_printf(&workbench->text, "%s\n", list->shown);
	for (size_t place = certs; place; place--) {
		if (!chosen[place])
			continue;
		cw_buffer_printf(&workbench->text, "  removed: entry %zu, ", place);
		cw_list_report_cert(&workbench->text, cw_list_at(list, place)->cert);
		cw_buffer_char(&workbench->text, '\n');
		cw_list_remove(list, place);
	}
	return true;
}

static enum cw_exit trust_remove(struct cw_call *call)
{
	return cw_workbench_call_edit_list(call, remove_all);
}

const struct cw_verb cw_verb_trust_remove = {
	.name = "trust",
	.sub = "remove",
	.summary = "take entries out of a trust list",
	.words = "LIST ENTRY...",
	.words_min = 2,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"ENTRY is its place in the list, at least eight digits of its SHA-256, its subject or its\n"
		"CN. What fits more than one entry is refused. Places are those of the list before anything\n"
		"is removed. \"causeway trust tidy\" says what can go without harm.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway trust remove demo/c1/ca.pem 2\n"
		   "demo/c1/ca.pem\n"
		   "  removed: entry 2, C=US, O=Acme, CN=Acme Root CA (sha256 740ccbc33360e777...)\n",
	.run = trust_remove,
};
