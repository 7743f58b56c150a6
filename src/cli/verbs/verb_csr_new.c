#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/pending.h"
#include "workbench/request_text.h"

#include <string.h>

static const struct cw_option options[] = {
	{"identity", 0, "NAME", NULL, false,
		"server, client (X15.5), tomcat, callmanager, tomcat-ecdsa, ..."},
	{"key", 0, "KIND", "rsa:2048|rsa:4096|ecdsa:256|ecdsa:384|ecdsa:521", false,
		"rsa:2048 (default), rsa:4096, ecdsa:256, ecdsa:384, ecdsa:521"},
	{"digest", 0, "NAME", "sha256|sha384|sha512", false, "sha256 (default), sha384, sha512"},
	{"subject", 0, "NAMES", NULL, false, "in front of the CN: \"C=US, O=Acme\""},
	{"cn", 0, "NAME", NULL, false, "the CN (default: the cluster FQDN, else the node's own)"},
	{"san", 0, "NAME", NULL, true, "a further name: host or IP address"},
	{"edge", 0, "FORM", "dns|collab-edge", false, "how edge domains are written (default dns)"},
	{"shared", 0, NULL, NULL, false, "one request for all peers of the cluster; not recommended"},
	{"discard", 0, NULL, NULL, false, "discard a request in progress: its key is destroyed"},
	{"password-file", 0, "FILE", NULL, false, "its first line encrypts the private key"},
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

/* The values of --san as an array. */
static bool collect_sans(const struct cw_call *call, const char ***ret, size_t *count, struct cw_error *error)
{
	size_t capacity = 0;
	const char *san;
	for (*count = 0; (san = cw_arguments_nth(&call->arguments, "san", *count)); ++*count) {
		if (!cw_memory_grow(ret, &capacity, *count, sizeof **ret))
			return cw_error_memory(error);
		(*ret)[*count] = san;
	}
	return true;
}

static bool make(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	const struct cw_node *node;
	enum cw_identity_kind kind;
	AUTO(free) const char **sans = NULL;
	AUTO_PASSWORD password = NULL;
	AUTO_NODE_FILES files = {0};
	AUTO_REQUEST_SPEC composed = {0};
	struct cw_request_spec_options options_of = {
		.subject = cw_arguments_value(arguments, "subject"),
		.common_name = cw_arguments_value(arguments, "cn"),
		.key = cw_arguments_value(arguments, "key"),
		.digest = cw_arguments_value(arguments, "digest"),
		.shared = cw_arguments_given(arguments, "shared"),
	};
	const char *edge = cw_arguments_value(arguments, "edge");
	options_of.collab_edge = edge && strcmp(edge, "collab-edge") == 0;
	if (!collect_sans(workbench->call, &sans, &options_of.san_count, error))
		return false;
	options_of.sans = sans;
	if (!cw_call_password(workbench->call, &password, error) ||
		!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		!cw_node_files_choose_node(workbench->deployment, arguments->words[1], &node, error) ||
		!cw_node_files_choose_identity(
			node, cw_arguments_value(arguments, "identity"), &kind, error) ||
		!cw_node_files_find(workbench->deployment, node, kind, &files, error) ||
		!cw_request_spec_make(workbench->deployment, node, kind, &options_of, &composed, error))
		return false;
	cw_workbench_call_look(workbench, &files);
	const struct cw_pending_options pending = {
		password, cw_arguments_given(arguments, "discard"), workbench->at};
	bool discarded;
	if (!cw_call_lock_made(workbench->call, files.folder, error) ||
		!cw_pending_make(&files, &composed, &pending, &discarded, error))
		return false;
	const struct cw_request_told told = {workbench->deployment, node, kind, &composed, &files,
		options_of.shared, discarded, password != NULL};
	cw_request_text_made(&workbench->text, &told);
	return true;
}

static enum cw_exit csr_new(struct cw_call *call)
{
	return cw_workbench_call_do(call, make);
}

const struct cw_verb cw_verb_csr_new = {
	.name = "csr",
	.sub = "new",
	.summary = "make a certificate request with exactly the names that a node needs, and say why",
	.words = "DEPLOYMENT NODE",
	.words_min = 2,
	.words_max = 2,
	.options = options,
	.about = "Subject and names come from the deployment: cluster, peer, domains, phone profiles, chat\n"
		 "aliases, federation domains, whatever the node's role and release want. Key and request\n"
		 "are kept beside the node's certificate, the key readable for its owner only. There is one\n"
		 "request at a time. The key purposes of the certificate come from the CA's template, not\n"
		 "from the request: \"causeway explain sign\".\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway csr new demo c1.acme.test --subject \"C=US, O=Acme\"\n"
		   "c1.acme.test: a request for its server certificate\n"
		   "  Subject    C=US, O=Acme, CN=c1.acme.test\n"
		   "  Names      c1.acme.test                            the box's own FQDN\n"
		   "             secure-jabber.acme.test                 secure phone profile\n"
		   "...\n"
		   "$ causeway ca sign --ca demo/ca/private-issuing -o new.pem demo/c1/c1.acme.test.csr\n"
		   "$ causeway cert accept demo c1.acme.test new.pem --install\n",
	.run = csr_new,
};
