#include "cli/verbs.h"

#include "base/file.h"
#include "node/node_status.h"
#include "report/json.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* The node ends, and "lab up" starts it again. */
static bool restart(const char *folder, const char *node, struct cw_error *error)
{
	AUTO(free) char *path = cw_file_path(folder, node);
	AUTO(json_decref) json_t *status = NULL;
	if (!path)
		return cw_error_memory(error);
	if (!cw_node_status_ask(path, &status, error))
		return false;
	pid_t pid = (pid_t)json_integer_value(json_object_get(status, "pid"));
	if (pid <= 1)
		return cw_error_set(error, CW_E_IO, "%s: does not say which process it is", path);
	if (kill(pid, SIGTERM) != 0)
		return cw_error_set(error, CW_E_IO, "%s: process %d: %s", path, (int)pid, strerror(errno));
	return true;
}

static enum cw_exit lab_restart(struct cw_call *call)
{
	struct cw_error error;
	for (size_t i = 1; i < call->arguments.word_count; i++)
		if (!restart(call->arguments.words[0], call->arguments.words[i], &error))
			return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_restart = {
	.name = "lab",
	.sub = "restart",
	.summary = "restart nodes of a running lab, as after a new certificate",
	.words = "DIR NODE...",
	.words_min = 2,
	.words_max = CW_WORDS_MANY,
	.about = "DIR is the folder that \"causeway lab up\" names, NODE a node's name in it. It ends\n"
		 "its links, and shows its present certificate when it is back a second later.\n",
	.example = "$ causeway lab restart /tmp/ex e1.acme.test\n",
	.run = lab_restart,
};
