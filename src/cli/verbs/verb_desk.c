#include "cli/verbs.h"

#include "admin/desk/desk.h"
#include "admin/desk/desk_users.h"
#include "cli/ask.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define PORT 8484

static const struct cw_option options[] = {
	{"listen", 0, "ADDR", NULL, false, "127.0.0.1:8484, unless given; port 0 is any free one"},
	{"certificate", 0, "FILE", NULL, false,
		"serve over TLS with it (PEM; its CAs behind it are sent along)"},
	{"key", 0, "FILE", NULL, false, "its private key, where that is another file"},
	{"users", 0, "FILE", NULL, false, "who may log in with a password"},
	{"client-ca", 0, "FILE", NULL, false, "let in who shows a certificate of these CAs"},
	{"add-user", 0, "NAME", NULL, false, "to --users, or another password for that user; then end"},
	{"password-file", 0, "FILE", NULL, false, "of that user: its first line; else the terminal is asked"},
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
			"--listen: wanted an IPv4 address with or without a port (127.0.0.1:8484), found \"%s\"",
			typed);
}

static void on_ready(void *context, const char *url)
{
	const struct cw_call *call = context;
	fprintf(call->out, "%s  (Ctrl-C ends it, and forgets everything)\n", url);
	fflush(call->out);
}

/* At the terminal it is typed twice: what is typed cannot be seen. */
static bool read_password(const struct cw_call *call, char **ret, struct cw_error *error)
{
	const char *file = cw_arguments_value(&call->arguments, "password-file");
	AUTO_PASSWORD again = NULL;
	if (file)
		return cw_ask_password_file(file, ret, error);
	if (!cw_ask_password("Password: ", ret, error) || !cw_ask_password("Once more: ", &again, error))
		return false;
	return strcmp(*ret, again) == 0 || cw_error_set(error, CW_E_USAGE, "the two passwords differ");
}

static bool add_user(const struct cw_call *call, struct cw_error *error)
{
	const char *users = cw_arguments_value(&call->arguments, "users");
	const char *name = cw_arguments_value(&call->arguments, "add-user");
	AUTO_PASSWORD password = NULL;
	if (!users)
		return cw_error_set(error, CW_E_USAGE, "--add-user: --users FILE is missing");
	if (!read_password(call, &password, error) || !cw_desk_users_add(users, name, password, error))
		return false;
	fprintf(call->out, "%s may log in by %s\n", name, users);
	return true;
}

static enum cw_exit desk(struct cw_call *call)
{
	const struct cw_arguments *typed = &call->arguments;
	struct cw_desk_setup setup = {.certificate = cw_arguments_value(typed, "certificate"),
		.key = cw_arguments_value(typed, "key"),
		.users = cw_arguments_value(typed, "users"),
		.client_ca = cw_arguments_value(typed, "client-ca"),
		.ready = on_ready,
		.context = call};
	struct cw_error error;
	if (cw_arguments_given(typed, "add-user"))
		return add_user(call, &error) ? CW_EXIT_GOOD : cw_call_trouble(call, &error);
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
		 "session, two hours after its last use, or when the desk ends.\n"
		 "\n"
		 "For a team: beyond loopback it serves over TLS alone, and lets in who logs in with a\n"
		 "password (--users), or shows a client certificate of --client-ca that is judged as a\n"
		 "node's pages judge it, or both. Everybody has sessions of their own. Passwords are kept\n"
		 "as argon2id; whoever guesses waits.\n",
	.example =
		"$ causeway desk\n"
		"$ causeway desk --users team.json --add-user alice\n"
		"$ causeway desk --listen 10.1.1.5 --certificate desk.pem --key desk.key --users team.json\n",
	.run = desk,
};
