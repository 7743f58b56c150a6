#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/cert_diff.h"
#include "workbench/node_files.h"

static const struct cw_option options[] = {
	CW_OPTION_DEPLOYMENT_ONLY,
	{"node", 0, "NODE", NULL, false,
		"with --deployment: whose certificate it is; names who must trust what"},
	{"identity", 0, "NAME", NULL, false, "server (default), client, tomcat, callmanager, ..."},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool read_leaf(
	struct cw_workbench_call *workbench, const char *path, struct cw_bundle *ret, struct cw_error *error)
{
	if (!cw_bundle_read(path, path, NULL, workbench->pool, ret, error))
		return false;
	return ret->count ? true : cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
}

static bool diff(struct cw_workbench_call *workbench, bool *differs, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const char *name = cw_arguments_value(arguments, "node");
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	AUTO_BUNDLE before = {0}, after = {0};
	AUTO_CONSEQUENCES consequences = {0};
	if (name && !workbench->deployment)
		return cw_error_set(error, CW_E_USAGE, "cert diff: --node wants --deployment");
	if (!read_leaf(workbench, arguments->words[0], &before, error) ||
		!read_leaf(workbench, arguments->words[1], &after, error))
		return false;
	struct cw_cert *old_cert = before.entries[cw_bundle_leaf(&before)].cert;
	struct cw_cert *new_cert = after.entries[cw_bundle_leaf(&after)].cert;
	if (name &&
		(!cw_node_files_choose_node(workbench->deployment, name, &node, error) ||
			!cw_node_files_choose_identity(
				node, cw_arguments_value(arguments, "identity"), &kind, error)))
		return false;
	const struct cw_consequences_change change = {node, kind, new_cert};
	if (name &&
		!cw_consequences_find(workbench->deployment, &change, workbench->at, &consequences, error))
		return false;
	*differs = !cw_cert_same(old_cert, new_cert);
	cw_cert_diff_text(&workbench->text, old_cert, new_cert, name ? &consequences : NULL, workbench->at);
	return true;
}

static enum cw_exit cert_diff(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	struct cw_error error;
	bool differs = false;
	if (!cw_workbench_call_open(call, &workbench, &error) || !diff(&workbench, &differs, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, differs ? CW_EXIT_REFUSED : CW_EXIT_GOOD);
}

const struct cw_verb cw_verb_cert_diff = {
	.name = "cert",
	.sub = "diff",
	.summary = "an old certificate and its successor: what changed, and what that means",
	.words = "OLD NEW",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "Names lost and won, key purposes, key, issuer (by name and by Authority Key Identifier),\n"
		 "dates. With --deployment and --node it says which boxes must get the new CA before the\n"
		 "certificate is installed. Exit status 1 where the two differ.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway csr new demo e1.acme.test\n"
		   "$ causeway ca sign --ca demo/ca/public-issuing -o new.pem demo/e1/e1.acme.test.csr\n"
		   "$ causeway cert diff -d demo --node e1.acme.test demo/e1/server.pem new.pem\n"
		   "old  e1.acme.test\n"
		   "new  e1.acme.test\n"
		   "  Names lost  collab-edge.acme.test\n"
		   "  Key         a new one, RSA 2048, was RSA 2048\n"
		   "  Valid       2026-11-28 to 2027-11-28 (365 days), was to 2027-11-28\n",
	.run = cert_diff,
};
