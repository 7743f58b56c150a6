#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/gate_report.h"

static const struct cw_option options[] = {
	{"identity", 0, "NAME", NULL, false,
		"server (default), client, tomcat, callmanager, tomcat-ecdsa, ..."},
	{"key", 0, "FILE", NULL, false, "a private key that is uploaded with it (a shared certificate, say)"},
	{"install", 0, NULL, NULL, false, "put it into the node's folder, and keep the former one"},
	CW_OPTION_FORMAT("text|json"),
	CW_OPTION_AT,
	CW_OPTION_OUTPUT,
	CW_OPTION_PASSWORD,
	CW_OPTIONS_END,
};

static bool answer(struct cw_workbench_call *workbench, const struct cw_gate_question *question,
	const struct cw_gate *gate, struct cw_error *error)
{
	bool install = cw_arguments_given(&workbench->call->arguments, "install") && !gate->refused;
	AUTO_CONSEQUENCES consequences = {0};
	AUTO_INSTALLED installed = {0};
	const struct cw_consequences_change change = {question->node, question->kind, gate->leaf};
	cw_gate_report_text(&workbench->text, question, gate);
	if (gate->leaf &&
		!cw_consequences_find(workbench->deployment, &change, question->at, &consequences, error))
		return false;
	if (install && !cw_install(question, gate, &installed, error))
		return false;
	if (install)
		cw_gate_report_installed(&workbench->text, question, gate, &installed);
	if (gate->leaf)
		cw_gate_report_consequences(&workbench->text, question, gate, &consequences, install);
	return true;
}

static bool accept_file(
	struct cw_workbench_call *workbench, const char *password, bool *refused, struct cw_error *error)
{
	const struct cw_arguments *arguments = &workbench->call->arguments;
	AUTO_NODE_FILES files = {0};
	AUTO_GATE gate = {0};
	struct cw_gate_question question = {
		.files = &files,
		.path = arguments->words[2],
		.key_path = cw_arguments_value(arguments, "key"),
		.password = password,
		.pool = workbench->pool,
		.at = workbench->at,
	};
	if (!cw_workbench_call_load(workbench, arguments->words[0], error) ||
		!cw_node_files_choose_node(
			workbench->deployment, arguments->words[1], &question.node, error) ||
		!cw_node_files_choose_identity(
			question.node, cw_arguments_value(arguments, "identity"), &question.kind, error) ||
		!cw_node_files_find(workbench->deployment, question.node, question.kind, &files, error))
		return false;
	question.deployment = workbench->deployment;
	if (cw_arguments_given(arguments, "install") &&
		(!cw_call_lock_made(workbench->call, files.folder, error) ||
			!cw_call_lock_for(workbench->call, files.certificate, error) ||
			!cw_call_lock_for(workbench->call, files.key, error)))
		return false;
	cw_workbench_call_look(workbench, &files);
	if (!cw_gate_ask(&question, &gate, error))
		return false;
	*refused = gate.refused;
	if (!workbench->json)
		return answer(workbench, &question, &gate, error);
	AUTO_INSTALLED installed = {0};
	bool install = cw_arguments_given(arguments, "install") && !gate.refused;
	return (!install || cw_install(&question, &gate, &installed, error)) &&
		cw_workbench_call_json(workbench, cw_gate_report_json(&question, &gate), false, error);
}

static enum cw_exit cert_accept(struct cw_call *call)
{
	AUTO_WORKBENCH_CALL workbench = {0};
	AUTO_PASSWORD password = NULL;
	struct cw_error error;
	bool refused = false;
	if (!cw_workbench_call_open(call, &workbench, &error) || !cw_call_password(call, &password, &error) ||
		!accept_file(&workbench, password, &refused, &error))
		return cw_call_trouble(call, &error);
	return cw_workbench_call_end(&workbench, refused ? CW_EXIT_REFUSED : CW_EXIT_GOOD);
}

const struct cw_verb cw_verb_cert_accept = {
	.name = "cert",
	.sub = "accept",
	.summary = "what a node's upload page says to a certificate, before it is uploaded; install it",
	.words = "DEPLOYMENT NODE FILE",
	.words_min = 3,
	.words_max = 3,
	.options = options,
	.about = "Checks what the page of this node and release checks, all at once: the format (and what\n"
		 "the file really is), key purposes, the chain in the node's own list, the key of the "
		 "request\n"
		 "in progress or of --key, names, dates, strength. Says who else must trust what before it\n"
		 "is installed. CUCM accepts more than an Expressway does.\n"
		 "\n"
		 "--install writes the leaf and its key into the node's folder, each in one step, keeps the\n"
		 "former ones beside them, and says what must be restarted.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ causeway cert convert demo/c1/server.pem --to der -o new.cer\n"
		"$ causeway cert accept demo c1.acme.test new.cer\n"
		"c1.acme.test server: refused\n"
		"  C=US, O=Acme, CN=c1.acme.test, until 2027-11-28, signed by C=US, O=Acme, CN=Acme Issuing CA\n"
		"  Key: the one in use, demo/c1/privkey.pem\n"
		"  not-pem (refused): new.cer is DER; the upload page wants PEM (Base-64)\n"
		"    The box shows: Invalid certificate: The file provided is not a valid X.509 PEM certificate file.\n"
		"    > causeway cert convert new.cer -o new.cer.pem\n",
	.run = cert_accept,
};
