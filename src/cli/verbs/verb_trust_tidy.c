#include "base/file.h"
#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/list/tidy.h"
#include "workbench/node_files.h"

#include <string.h>

static const struct cw_option options[] = {
	{"node", 0, "NODE", NULL, false, "the lists of this node only"},
	{"apply", 0, NULL, NULL, false, "take out what is proven to be of no use"},
	{"unused", 0, NULL, NULL, false,
		"also what is never found, and what no link of the deployment needs"},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool lock_row(
	struct cw_workbench_call *workbench, const struct cw_tidy_row *row, struct cw_error *error)
{
	AUTO_LIST list = {0};
	AUTO_BUFFER word = {0};
	cw_buffer_printf(&word, "%s:%s", row->node->fqdn, cw_node_store_name(row->kind));
	return cw_buffer_ok(&word, error) &&
		cw_workbench_call_list_locked(workbench, cw_buffer_string(&word), false, true, &list, error);
}

/* Also where nothing is to be removed any more: a command that was killed may have removed it. */
static bool sweep_lists(
	const struct cw_workbench_call *workbench, const struct cw_node *node, struct cw_error *error)
{
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT; kind++) {
		const struct cw_trust_list *list = &node->stores[kind].list;
		for (size_t i = 0; i < list->count; i++) {
			AUTO(free)
			char *path = list->entries[i].path
				? cw_file_path(workbench->deployment->folder, list->entries[i].path)
				: NULL;
			AUTO(free) char *folder = path ? cw_file_folder(path) : NULL;
			if (list->entries[i].path && !folder)
				return cw_error_memory(error);
			bool again = i && list->entries[i - 1].path && list->entries[i].path &&
				strcmp(list->entries[i - 1].path, list->entries[i].path) == 0;
			if (folder && !again)
				cw_lock_sweep(&workbench->call->locks, folder);
		}
	}
	return true;
}

static bool sweep_all(const struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_deployment *deployment = workbench->deployment;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			if (!sweep_lists(workbench, deployment->groups[i]->nodes[k], error))
				return false;
	return true;
}

/* Nobody else can change the lists then; what stands in them is compared with what was judged. */
static bool apply_all(struct cw_workbench_call *workbench, const struct cw_tidy *tidy, struct cw_error *error)
{
	size_t removed;
	if (!sweep_all(workbench, error))
		return false;
	for (size_t i = 0; i < tidy->count; i++)
		if (tidy->rows[i].proof == CW_TIDY_PROVEN && !lock_row(workbench, &tidy->rows[i], error))
			return false;
	return cw_tidy_apply(workbench->deployment, tidy, workbench->pool, &removed, error);
}

static bool tidy_lists(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *name = cw_arguments_value(arguments, "node");
	bool apply = cw_arguments_given(arguments, "apply");
	struct cw_tidy_question question = {
		.at = workbench->at, .unused = cw_arguments_given(arguments, "unused")};
	AUTO_TIDY tidy = {0};
	if (!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		(name && !cw_node_files_choose_node(workbench->deployment, name, &question.only, error)) ||
		!cw_tidy_find(workbench->deployment, &question, &tidy, error) ||
		(apply && !apply_all(workbench, &tidy, error)))
		return false;
	cw_tidy_text(&workbench->text, &tidy, apply);
	return true;
}

static enum cw_exit trust_tidy(struct cw_call *call)
{
	return cw_workbench_call_do(call, tidy_lists);
}

const struct cw_verb cw_verb_trust_tidy = {
	.name = "trust",
	.sub = "tidy",
	.summary = "what can go from the trust lists of a deployment, proven by the judge",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about =
		"Proposes entries that stand there twice, and those that have expired and whose successor is\n"
		"in the list; with --unused also those that are never found behind another of their name and\n"
		"those that no link needs (hybrid services, LDAP, syslog or Exchange may need them). The\n"
		"whole deployment is judged without them, now and at the dates of the next 400 days on which\n"
		"something ends: only what makes nothing worse is proposed. A shadowed entry that is the right\n"
		"one is kept; there the upper one has to go.\n",
	.example =
		"$ causeway lab new demo --fault ca-not-needed\n"
		"$ causeway trust tidy demo --unused\n"
		"c1.acme.test trusted-ca\n"
		"  remove 5 C=US, O=Former Provider, CN=Former Provider Root CA (sha256 857186b3a64c152d...): needed\n"
		"    by no link of this deployment\n"
		"...\n"
		"$ causeway trust tidy demo --apply\n",
	.run = trust_tidy,
};
