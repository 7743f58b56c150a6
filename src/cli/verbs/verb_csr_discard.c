#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/pending.h"

static const struct cw_option options[] = {
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

static bool discard(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const struct cw_node *node;
	enum cw_identity_kind kind;
	AUTO_NODE_FILES files = {0};
	if (!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		!cw_node_files_choose_node(workbench->deployment, arguments->words[1], &node, error) ||
		!cw_node_files_choose_identity(node, NULL, &kind, error) ||
		!cw_node_files_find(workbench->deployment, node, kind, &files, error) ||
		!cw_call_lock_made(workbench->call, files.folder, error) ||
		!cw_pending_discard(&files, workbench->at, error))
		return false;
	cw_buffer_printf(&workbench->text,
		"%s: the request is discarded and its key destroyed; a certificate for it will be refused\n",
		node->fqdn);
	return true;
}

static enum cw_exit csr_discard(struct cw_call *call)
{
	return cw_workbench_call_do(call, discard);
}

const struct cw_verb cw_verb_csr_discard = {
	.name = "csr",
	.sub = "discard",
	.summary = "discard the request in progress of a node and destroy its key",
	.words = "DEPLOYMENT NODE",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "As \"Discard CSR\" on the box: a certificate that is issued for the request later is\n"
		 "refused, with that reason.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway csr new demo c1.acme.test\n"
		   "$ causeway csr discard demo c1.acme.test\n"
		   "c1.acme.test: the request is discarded and its key destroyed; ...\n",
	.run = csr_discard,
};
