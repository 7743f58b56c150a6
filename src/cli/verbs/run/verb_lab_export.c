#include "cli/verbs.h"

#include "cli/call_deployment.h"
#include "lab/export/lab_export.h"

static const struct cw_option options[] = {
	{"as", 0, "FORM", CW_LAB_EXPORT_FORMS, false,
		"what the boxes hand out: an archive, answers, a session, files"},
	{"output", 'o', "DIR", NULL, false, "the folder to write"},
	CW_OPTION_AT,
	CW_OPTIONS_END,
};

static enum cw_exit lab_export(struct cw_call *call)
{
	AUTO_CALL_DEPLOYMENT opened = {0};
	struct cw_error error;
	enum cw_lab_export_form form = CW_LAB_EXPORT_BUNDLE;
	const char *word = cw_arguments_value(&call->arguments, "as");
	const char *folder = cw_arguments_value(&call->arguments, "output");
	cw_time at;
	if (!word || !cw_lab_export_form(word, &form) || !folder) {
		cw_error_set(&error, CW_E_USAGE, "wanted --as FORM and -o DIR");
		return cw_call_trouble(call, &error);
	}
	if (!cw_call_time(call, &at, &error))
		return cw_call_trouble(call, &error);
	if (!cw_call_deployment_load(call, call->arguments.words[0], &opened))
		return CW_EXIT_TROUBLE;
	if (!cw_call_lock_made(call, folder, &error) ||
		!cw_lab_export_write(opened.deployment, form, folder, at, &error))
		return cw_call_trouble(call, &error);
	fprintf(call->out, "made %s\n", folder);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_export = {
	.name = "lab",
	.sub = "export",
	.summary = "write a deployment as its boxes would hand it out, to try an import",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "bundle: a diagnostic archive for each Expressway, with dumps, certificates, a log and a\n"
		 "capture of its links. rest: the answers of each Expressway's REST interface. certmgr: the\n"
		 "certificate snapshot of each CUCM, IM and Presence and Unity Connection node, and answers\n"
		 "of AXL. cli: a session with the command line of each of these. folder: loose files.\n"
		 "\n"
		 "What a box does not hand out is in none of them: no zone password, no private key of\n"
		 "CUCM. docs/corpus.md says how a whole corpus is made.\n",
	.example = "$ causeway lab new demo --fault issuer-missing\n"
		   "$ causeway lab export demo --as bundle -o sources\n"
		   "$ causeway lab export demo --as certmgr -o sources\n"
		   "$ causeway import sources -o again\n"
		   "$ causeway check again\n",
	.run = lab_export,
};
