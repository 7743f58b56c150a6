#include "cli/verbs.h"

#include "base/escape.h"
#include "node/node_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A certificate's name may hold anything. */
static void say(void *context, const char *line)
{
	const struct cw_call *call = context;
	AUTO_BUFFER safe = {0};
	cw_escape(&safe, line, strlen(line), "");
	fprintf(call->err, "%s\n", cw_buffer_string(&safe));
	fflush(call->err);
}

static const struct cw_option options[] = {
	{"keylog", 0, "FILE", NULL, false,
		"append the secrets of every TLS connection, for Wireshark; for labs only"},
	CW_OPTIONS_END,
};

static void close_file(FILE *file)
{
	if (file)
		fclose(file);
}

CW_DEFINE_AUTO(FILE *, close_file)

/* Whoever reads the file reads everything: it is its owner's. */
static FILE *open_keylog(const char *path, struct cw_error *error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "a") : NULL;
	if (!file)
		cw_error_set(error, CW_E_IO, "%s: %s", path, strerror(errno));
	if (!file && fd >= 0)
		close(fd);
	return file;
}

static enum cw_exit node_run(struct cw_call *call)
{
	const char *keylog = cw_arguments_value(&call->arguments, "keylog");
	AUTO_STRINGS problems = {0};
	struct cw_error error = {0};
	AUTO(close_file) FILE *secrets = keylog ? open_keylog(keylog, &error) : NULL;
	if (keylog && !secrets)
		return cw_call_trouble(call, &error);
	const struct cw_node_run_owner owner = {.say = say, .context = call, .keylog = secrets};
	if (cw_node_run(call->arguments.words[0], &owner, &problems, &error))
		return CW_EXIT_GOOD;
	for (size_t i = 0; i < problems.count; i++)
		cw_call_tell(call, problems.items[i]);
	return problems.count ? CW_EXIT_TROUBLE : cw_call_trouble(call, &error);
}

const struct cw_verb cw_verb_node_run = {
	.name = "node",
	.sub = "run",
	.summary = "run a node in the foreground, until SIGTERM or Ctrl-C",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Runs the node whose state folder is DIR. An Expressway-C dials every address in\n"
		 "peers; an Expressway-E listens on the zone's port and on that of the SSH tunnels.\n"
		 "Both ends judge the other's certificate inside the handshake, as check does with\n"
		 "the same files; then user name and password are asked for (SIP OPTIONS, digest),\n"
		 "and tunnels are made by OpenSSH where both judges pass the whole chain.\n"
		 "\n"
		 "Files that change, or SIGHUP, are read anew: links that the new lists refuse end,\n"
		 "the others stay. What cannot be read is told, and the node goes on with what it\n"
		 "has. Names are looked up in hosts: of node.yaml, else asked of DNS. node history tells\n"
		 "what happened.\n",
	.example = "$ causeway node run c1\n"
		   "c1.acme.test (expressway-c) runs, process 4711\n"
		   "zone to e1.acme.test: Active\n"
		   "tunnel to e1.acme.test: Active\n",
	.run = node_run,
};
