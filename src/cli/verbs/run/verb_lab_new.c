#include "cli/verbs.h"

#include "cli/progress.h"
#include "lab/lab.h"

static const struct cw_option options[] = {
	{"fault", 0, "CODE", NULL, true, "plant this fault (\"causeway lab faults\" lists them)"},
	{"size", 0, "SIZE", "small|cluster|large", false, "how much there is of everything (default small)"},
	{"key", 0, "KIND", "rsa|ec", false, "what keys are made (default rsa; ec is faster)"},
	{"at", 0, "TIME", NULL, false, "the time at which the deployment is sound (default now)"},
	CW_OPTIONS_END,
};

/* The codes of --fault as a list of their own. False: no memory. */
static bool collect_faults(const struct cw_call *call, const char ***ret, size_t *ret_count)
{
	AUTO(free) const char **faults = NULL;
	size_t count = 0;
	size_t capacity = 0;
	const char *code;
	while ((code = cw_arguments_nth(&call->arguments, "fault", count))) {
		if (!cw_memory_grow(&faults, &capacity, count, sizeof *faults))
			return false;
		faults[count++] = code;
	}
	*ret = TAKE(faults);
	*ret_count = count;
	return true;
}

static void show_progress(void *user, size_t done, size_t total)
{
	cw_progress_show(user, cw_time_now(), done, total);
}

static bool make_lab(struct cw_call *call, struct cw_lab_options *lab, struct cw_error *error)
{
	const char *size = cw_arguments_value(&call->arguments, "size");
	AUTO(free) const char **faults = NULL;
	if (!collect_faults(call, &faults, &lab->fault_count))
		return cw_error_memory(error);
	lab->folder = call->arguments.words[0];
	lab->key = cw_arguments_value(&call->arguments, "key");
	lab->faults = faults;
	struct cw_progress progress = cw_progress_begin(call, "keys");
	lab->comments = true;
	lab->progress = show_progress;
	lab->progress_user = &progress;
	bool made = (!size || cw_lab_size_from_name(size, &lab->size, error)) &&
		cw_call_time(call, &lab->at, error) && cw_lab_check(lab, error) &&
		cw_call_lock_made(call, lab->folder, error) && cw_lab_new(lab, error);
	cw_progress_end(&progress);
	return made;
}

static enum cw_exit lab_new(struct cw_call *call)
{
	struct cw_lab_options lab = {0};
	struct cw_error error;
	AUTO_BUFFER answer = {0};
	if (!make_lab(call, &lab, &error))
		return cw_call_trouble(call, &error);
	cw_buffer_printf(&answer, "made %s/deployment.yaml\n", lab.folder);
	for (size_t i = 0; i < lab.fault_count; i++) {
		const char *code = cw_arguments_nth(&call->arguments, "fault", i);
		cw_buffer_printf(&answer, "%s: %s\n", code, cw_lab_fault_find(code)->plants);
	}
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_new = {
	.name = "lab",
	.sub = "new",
	.summary = "make an example deployment, sound or with planted faults",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Writes DIR/deployment.yaml with every certificate, key and trust list that it\n"
		 "names. Without --fault everything passes. Each fault breaks what its name says:\n"
		 "a way to learn what a finding looks like, and to try a repair.\n"
		 "\n"
		 "DIR must be new or empty. DIR/README says what was planted; DIR/ca holds the CAs,\n"
		 "so that \"causeway ca sign\" can issue again. The keys protect nothing.\n",
	.example = "$ causeway lab new demo --fault issuer-missing\n"
		   "made demo/deployment.yaml\n"
		   "issuer-missing: E was renewed by a new issuing CA that nobody uploaded on C.\n"
		   "$ causeway check demo/deployment.yaml\n",
	.run = lab_new,
};
