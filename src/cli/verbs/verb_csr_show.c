#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/request_text.h"

#include <string.h>

static const struct cw_option options[] = {
	CW_OPTION_FORMAT("text|json"),
	{"style", 0, "STYLE", "people|openssl", false, "people (default), or openssl: as \"Show decoded\""},
	CW_OPTION_OUTPUT,
	CW_OPTIONS_END,
};

static bool show(struct cw_workbench_call *workbench, const char *path, bool several, struct cw_error *error)
{
	const char *style = cw_arguments_value(&workbench->call->arguments, "style");
	AUTO(cw_request_free) struct cw_request *request = NULL;
	if (!cw_request_read(path, &request, error))
		return false;
	if (workbench->json)
		return cw_workbench_call_json(workbench, cw_request_text_json(path, request), several, error);
	if (style && strcmp(style, "openssl") == 0)
		return cw_request_text_openssl(&workbench->text, request, error);
	cw_buffer_text(&workbench->text, workbench->text.length ? "\n" : "");
	cw_request_text(&workbench->text, path, request);
	return true;
}

static enum cw_exit csr_show(struct cw_call *call)
{
	return cw_workbench_call_show_all(call, show);
}

const struct cw_verb cw_verb_csr_show = {
	.name = "csr",
	.sub = "show",
	.summary = "what a certificate request asks for: who, for whom, for what, with which key",
	.words = "FILE...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about = "Reads PEM and DER, and says whether the request is signed with its own key, without which\n"
		 "no CA takes it.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway csr new demo c1.acme.test\n"
		   "$ causeway csr show demo/c1/c1.acme.test.csr\n"
		   "demo/c1/c1.acme.test.csr, a certificate request\n"
		   "  Who        CN=c1.acme.test\n"
		   "  For        c1.acme.test, secure-jabber.acme.test, conference.acme.test, acme.test\n"
		   "  Asks for   server and client (serverAuth, clientAuth)\n"
		   "  Key        RSA 2048, SHA256\n"
		   "...\n",
	.run = csr_show,
};
