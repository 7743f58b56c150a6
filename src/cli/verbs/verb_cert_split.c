#include "cli/verbs.h"
#include "cli/workbench_call.h"
#include "workbench/convert.h"

static const struct cw_option options[] = {
	{"dir", 0, "DIR", NULL, false, "where the files go (default: the working folder)"},
	CW_OPTION_PASSWORD,
	CW_OPTIONS_END,
};

static bool split(struct cw_workbench_call *workbench, struct cw_error *error)
{
	const char *path = workbench->call->arguments.words[0];
	const char *folder = cw_arguments_value(&workbench->call->arguments, "dir");
	AUTO_PASSWORD password = NULL;
	AUTO_BUNDLE bundle = {0};
	if (!cw_call_password(workbench->call, &password, error) ||
		!cw_bundle_read(path, path, password, workbench->pool, &bundle, error))
		return false;
	if (!bundle.count)
		return cw_error_set(error, CW_E_FORMAT, "%s: holds no certificate", path);
	folder = folder ? folder : ".";
	return cw_call_lock_made(workbench->call, folder, error) &&
		cw_convert_split(&bundle, workbench->pool, folder, &workbench->text, error);
}

static enum cw_exit cert_split(struct cw_call *call)
{
	return cw_workbench_call_do(call, split);
}

const struct cw_verb cw_verb_cert_split = {
	.name = "cert",
	.sub = "split",
	.summary = "a chain file into one file for each certificate, leaf first",
	.words = "FILE",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "The upload page takes the leaf alone, trusted CA lists take the others. The files are\n"
		 "numbered from the leaf up to the root, whatever the order in FILE was. Nothing is\n"
		 "overwritten. Private keys stay where they are.\n",
	.example =
		"$ causeway lab new demo\n"
		"$ cat demo/e1/server.pem demo/ca/public-issuing/ca.pem > e1-chain.pem\n"
		"$ causeway cert split e1-chain.pem --dir parts\n"
		"parts/1-e1.acme.test.pem\n"
		"    C=US, O=Acme, CN=e1.acme.test, the leaf: for the server certificate page\n"
		"parts/2-Public_Trust_Issuing_CA.pem\n"
		"    C=US, O=Public Trust, CN=Public Trust Issuing CA, an intermediate CA: for trusted CA lists\n",
	.run = cert_split,
};
