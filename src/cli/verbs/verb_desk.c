#include "cli/verbs.h"

#include "admin/desk/desk.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PORT 8484

static const struct cw_option options[] = {
	{"listen", 0, "ADDR", NULL, false,
		"of loopback: 127.0.0.1:8484, unless given; port 0 is any free one"},
	CW_OPTIONS_END,
};

/* "127.0.0.1:8484", "127.0.0.1". */
static bool parse(const char *typed, struct sockaddr_in *ret)
{
	char host[INET_ADDRSTRLEN];
	const char *colon = strrchr(typed, ':');
	size_t length = colon ? (size_t)(colon - typed) : strlen(typed);
	unsigned long port = PORT;
	char *end = NULL;
	if (length >= sizeof host)
		return false;
	snprintf(host, sizeof host, "%.*s", (int)length, typed);
	if (colon)
		port = strtoul(colon + 1, &end, 10);
	if (colon && (*end || end == colon + 1 || port > 65535))
		return false;
	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	return inet_pton(AF_INET, host, &ret->sin_addr) == 1;
}

static bool read_address(const struct cw_call *call, struct sockaddr_in *ret, struct cw_error *error)
{
	const char *typed = cw_arguments_value(&call->arguments, "listen");
	return parse(typed ? typed : "127.0.0.1", ret) ||
		cw_error_set(error, CW_E_USAGE,
			"--listen: wanted an address of loopback with or without a port (127.0.0.1:8484), found \"%s\"",
			typed);
}

static void on_ready(void *context, const char *url)
{
	const struct cw_call *call = context;
	fprintf(call->out, "%s  (Ctrl-C ends it, and forgets everything)\n", url);
	fflush(call->out);
}

static enum cw_exit desk(struct cw_call *call)
{
	struct cw_desk_setup setup = {.ready = on_ready, .context = call};
	struct cw_error error;
	if (!read_address(call, &setup.address, &error) || !cw_desk(&setup, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_desk = {
	.name = "desk",
	.summary = "a page of this machine: drop the boxes' files, read the report, take the repair along",
	.words = "",
	.options = options,
	.about = "Opens a page at 127.0.0.1 for a browser of this machine. Drop archives, dumps, PEM\n"
		 "files and captures there; it says what was understood, asks what is missing, and has\n"
		 "the report, the plan with the files to upload, what a new certificate would do, and\n"
		 "what a log tells. Everything is as import, check, fix, renew, whatif and log say it.\n"
		 "\n"
		 "What is dropped is read by a process of its own that can open no other file and no\n"
		 "connection, and is in memory alone: nothing is written, and it is gone with the\n"
		 "session, two hours after its last use, or when the desk ends. For a team, put your own\n"
		 "front with TLS and client certificates before it on the same machine.\n",
	.example = "$ causeway desk\n"
		   "$ causeway desk --listen 127.0.0.1:0\n",
	.run = desk,
};
