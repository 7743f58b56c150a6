#include "cli/verbs.h"

#include "lab/lab_record.h"
#include "lab/lab_replant.h"

#include <string.h>

static bool add_faults(const struct cw_call *call, const struct cw_lab_record *record, struct cw_strings *ret)
{
	for (size_t i = 0; i < record->faults.count; i++)
		if (!cw_strings_add(ret, record->faults.items[i]))
			return false;
	for (size_t i = 1; i < call->arguments.word_count; i++)
		if (!cw_strings_contain(ret, call->arguments.words[i]) &&
			!cw_strings_add(ret, call->arguments.words[i]))
			return false;
	return true;
}

static bool keep_faults(const struct cw_call *call, const struct cw_lab_record *record,
	struct cw_strings *ret, struct cw_error *error)
{
	for (size_t i = 1; i < call->arguments.word_count; i++)
		if (!cw_strings_contain(&record->faults, call->arguments.words[i]))
			return cw_error_set(error, CW_E_USAGE, "%s: is not planted in %s",
				call->arguments.words[i], record->options.folder);
	for (size_t i = 0; i < record->faults.count; i++) {
		bool goes = call->arguments.word_count == 1;
		for (size_t k = 1; k < call->arguments.word_count; k++)
			goes |= strcmp(call->arguments.words[k], record->faults.items[i]) == 0;
		if (!goes && !cw_strings_add(ret, record->faults.items[i]))
			return cw_error_memory(error);
	}
	return true;
}

static bool replant(struct cw_call *call, bool breaks, struct cw_buffer *answer, struct cw_error *error)
{
	const char *folder = call->arguments.words[0];
	AUTO_LAB_RECORD record = {0};
	AUTO_STRINGS faults = {0}, changed = {0};
	if (!cw_lab_record_read(folder, &record, error) || !cw_call_lock_made(call, folder, error))
		return false;
	if (breaks && !add_faults(call, &record, &faults))
		return cw_error_memory(error);
	if (!breaks && !keep_faults(call, &record, &faults, error))
		return false;
	if (!cw_lab_replant(folder, (const char *const *)faults.items, faults.count, &changed, error))
		return false;
	for (size_t i = 1; breaks && i < call->arguments.word_count; i++)
		cw_buffer_printf(answer, "%s: %s\n", call->arguments.words[i],
			cw_lab_fault_find(call->arguments.words[i])->plants);
	for (size_t i = 0; i < changed.count; i++)
		cw_buffer_printf(answer, "changed %s/%s\n", folder, changed.items[i]);
	if (!changed.count)
		cw_buffer_text(answer, "nothing to change\n");
	return cw_buffer_ok(answer, error);
}

static enum cw_exit run(struct cw_call *call, bool breaks)
{
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!replant(call, breaks, &answer, &error) || !cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

static enum cw_exit lab_break(struct cw_call *call)
{
	return run(call, true);
}

static enum cw_exit lab_repair(struct cw_call *call)
{
	return run(call, false);
}

const struct cw_verb cw_verb_lab_break = {
	.name = "lab",
	.sub = "break",
	.summary = "plant a fault into a lab that was made before, running or not",
	.words = "DIR CODE...",
	.words_min = 2,
	.words_max = CW_WORDS_MANY,
	.about = "DIR is a folder that \"causeway lab new\" made. Only the files that the fault is about\n"
		 "change, each in one step; keys and all other certificates stay what they are. A\n"
		 "running \"causeway lab up DIR\" notices within seconds. \"causeway lab repair\" takes\n"
		 "the fault out again; repairing it by hand is what it is for.\n",
	.example = "$ causeway lab new demo\n"
		   "$ causeway lab break demo issuer-missing\n"
		   "$ causeway check demo\n"
		   "$ causeway lab repair demo\n",
	.run = lab_break,
};

const struct cw_verb cw_verb_lab_repair = {
	.name = "lab",
	.sub = "repair",
	.summary = "take planted faults out of a lab",
	.words = "DIR [CODE]...",
	.words_min = 1,
	.words_max = CW_WORDS_MANY,
	.about = "The reverse of \"causeway lab break\": without CODE every planted fault goes. Files that\n"
		 "no planted fault is about stay as they are, changed by hand or not.\n",
	.example = "$ causeway lab new demo --fault root-missing\n"
		   "$ causeway lab repair demo\n"
		   "$ causeway check demo\n",
	.run = lab_repair,
};
