#include "cli/call_import.h"
#include "cli/verbs.h"

#include <string.h>
#include <sys/stat.h>

static const struct cw_option options[] = {
	{"output", 'o', "DIR", NULL, false,
		"the folder to write (made; an import in it is brought up to date)"},
	{"all", 'a', NULL, NULL, false,
		"tell every file that was not used, and every secret that was dropped"},
	CW_OPTIONS_END,
};

static bool gather(struct cw_call *call, struct cw_evidence *evidence, struct cw_error *error)
{
	for (size_t i = 0; i < call->arguments.word_count; i++)
		if (!cw_call_import_source(call, call->arguments.words[i], evidence, error))
			return false;
	return true;
}

/* Sources and what is made of them in one folder: the next import would read what this one wrote. */
static bool is_apart(const struct cw_call *call, const char *folder, struct cw_error *error)
{
	struct stat there, source;
	for (size_t i = 0; stat(folder, &there) == 0 && i < call->arguments.word_count; i++) {
		const char *word = call->arguments.words[i];
		if (strcmp(word, "-") != 0 && stat(word, &source) == 0 && source.st_dev == there.st_dev &&
			source.st_ino == there.st_ino)
			return cw_error_set(error, CW_E_USAGE,
				"-o %s: is a source as well, and the next import would read what this one writes; "
				"wanted another folder",
				folder);
	}
	return true;
}

static enum cw_exit import(struct cw_call *call)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_EVIDENCE evidence = {.pool = pool};
	struct cw_error error;
	const char *folder = cw_arguments_value(&call->arguments, "output");
	if (!pool)
		cw_error_memory(&error);
	else if (!folder)
		cw_error_set(&error, CW_E_USAGE, "where to? wanted -o DIR");
	else if (is_apart(call, folder, &error) && gather(call, &evidence, &error))
		return cw_call_import(call, &evidence, folder, cw_arguments_given(&call->arguments, "all"));
	return cw_call_trouble(call, &error);
}

const struct cw_verb cw_verb_import = {
	.name = "import",
	.summary = "make a deployment of what the boxes hand out: archives, dumps, answers, PEM files",
	.words = "SOURCE...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.options = options,
	.about =
		"SOURCE is a file, a folder, an archive (tar.gz, zip) or - for standard input, in any\n"
		"mix: Expressway diagnostic archives, xConfiguration and xStatus dumps, REST answers,\n"
		"CUCM certificate snapshots and command line sessions, ITL and CTL files, certificates in\n"
		"any form, \"openssl s_client -showcerts\" texts, captures. Each is known by its content.\n"
		"\n"
		"Writes DIR/deployment.yaml, a folder for each node, and import.json with the same for\n"
		"programs. Each value says where it was found. What no source says is unknown, and asked;\n"
		"what contradicts is told, and the newer taken. Passwords and private keys are dropped.\n"
		"Importing again into DIR keeps what you changed and says what is new.\n"
		"\n"
		"Returns 0 where nothing is left to ask, 1 where something is, 2 where nothing could be made.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway lab export demo --as bundle -o sources\n"
		   "$ causeway lab export demo --as certmgr -o sources\n"
		   "$ causeway import sources -o acme\n"
		   "$ causeway check acme\n",
	.run = import,
};
