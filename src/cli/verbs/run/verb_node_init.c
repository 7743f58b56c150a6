#include "cli/verbs.h"

#include "base/file.h"
#include "base/time.h"
#include "node/admin/admin_link.h"
#include "node/node_init.h"

#include <string.h>

static const struct cw_option options[] = {
	{"role", 0, "ROLE", "expressway-c|expressway-e|cucm", false, "what the node is"},
	{"fqdn", 0, "NAME", NULL, false, "its host name"},
	{"release", 0, "RELEASE", NULL, false, "X12.5 to X15.5 (default X14.2)"},
	{"peer", 0, "ADDRESS", NULL, true, "expressway-c: an Expressway-E, as it is typed in the zone"},
	{"tls-verify-name", 0, "NAME", NULL, false, "expressway-e: what must stand in C's certificate"},
	{"username", 0, "NAME", NULL, false, "of the traversal zone (default traversal)"},
	CW_OPTION_PASSWORD,
	{"host", 0, "NAME=ADDRESS", NULL, true, "an IPv4 address that a name stands for"},
	{"listen", 0, "ADDRESS", NULL, false, "the IPv4 address that it listens at (default: every one)"},
	{"server", 0, "FILE", NULL, false, "expressway: its certificate (PEM), copied"},
	{"key", 0, "FILE", NULL, false, "its private key (PEM, without a password), copied"},
	{"trusted-ca", 0, "FILE", NULL, false, "its trusted CA list (PEM), copied"},
	CW_OPTIONS_END,
};

#define FILE_MAX_BYTES (4 * 1024 * 1024)

/* What init copies. */
struct copies {
	struct cw_buffer server, key, trusted_ca;
	struct cw_buffer administrators, link; /* the address for the first password */
	struct cw_strings peers, hosts;
	char *password;
};

static void copies_finish(struct copies *copies)
{
	cw_buffer_finish(&copies->server);
	cw_buffer_finish(&copies->administrators);
	cw_buffer_finish(&copies->link);
	cw_buffer_finish(&copies->key);
	cw_buffer_finish(&copies->trusted_ca);
	cw_strings_finish(&copies->peers);
	cw_strings_finish(&copies->hosts);
	cw_call_password_finish(&copies->password);
}

#define AUTO_COPIES __attribute__((cleanup(copies_finish))) struct copies

static bool read_option(const struct cw_call *call, const char *name, struct cw_buffer *ret,
	const char **ret_text, struct cw_error *error)
{
	const char *path = cw_arguments_value(&call->arguments, name);
	if (!path)
		return true;
	if (!cw_file_read(path, FILE_MAX_BYTES, ret, error))
		return false;
	*ret_text = cw_buffer_string(ret);
	return true;
}

static bool read_hosts(const struct cw_call *call, struct cw_strings *ret, struct cw_error *error)
{
	const char *text;
	for (size_t i = 0; (text = cw_arguments_nth(&call->arguments, "host", i)); i++) {
		const char *equals = strchr(text, '=');
		if (!equals || strchr(text, ' '))
			return cw_error_set(
				error, CW_E_USAGE, "--host: wanted NAME=ADDRESS, found \"%s\"", text);
		if (!cw_strings_addf(ret, "%.*s %s", (int)(equals - text), text, equals + 1))
			return cw_error_memory(error);
	}
	return true;
}

static bool read_all(
	struct cw_call *call, struct copies *copies, struct cw_node_init *init, struct cw_error *error)
{
	const char *text;
	for (size_t i = 0; (text = cw_arguments_nth(&call->arguments, "peer", i)); i++)
		if (!cw_strings_add(&copies->peers, text))
			return cw_error_memory(error);
	init->peers = &copies->peers;
	init->hosts = &copies->hosts;
	if (!read_hosts(call, &copies->hosts, error) || !cw_call_password(call, &copies->password, error))
		return false;
	init->password = copies->password;
	copies->administrators.secret = copies->link.secret = true;
	if (!cw_admin_link_new(init->fqdn, CW_ADMIN_LINK_USER, cw_time_now(), &copies->administrators,
		    &copies->link, error))
		return false;
	init->administrators = cw_buffer_string(&copies->administrators);
	return read_option(call, "server", &copies->server, &init->server, error) &&
		read_option(call, "key", &copies->key, &init->server_key, error) &&
		read_option(call, "trusted-ca", &copies->trusted_ca, &init->trusted_ca, error);
}

static bool read_role(const struct cw_call *call, struct cw_node_init *init, struct cw_error *error)
{
	const char *role = cw_arguments_value(&call->arguments, "role");
	init->fqdn = cw_arguments_value(&call->arguments, "fqdn");
	if (!role || !init->fqdn)
		return cw_error_set(error, CW_E_USAGE, "node init: wanted --role and --fqdn");
	for (int kind = 0; kind < CW_NODE_KIND_COUNT; kind++)
		if (strcmp(cw_node_kind_name((enum cw_node_kind)kind), role) == 0)
			init->role = (enum cw_node_kind)kind;
	if (init->role == CW_NODE_EXPRESSWAY_C && !cw_arguments_given(&call->arguments, "peer"))
		return cw_error_set(
			error, CW_E_USAGE, "node init: an expressway-c dials somebody: wanted --peer");
	if (init->role != CW_NODE_CUCM && !cw_arguments_given(&call->arguments, "password-file"))
		return cw_error_set(error, CW_E_USAGE,
			"node init: the traversal zone needs a password: wanted --password-file");
	return true;
}

/* Beside the answer: it is a secret for an hour. */
static void tell_link(const struct cw_call *call, const struct cw_buffer *link, const char *folder)
{
	fprintf(call->err,
		"When it runs, set the administrator's password (user %s) within an hour at\n%s\n"
		"Later: causeway node link %s\n",
		CW_ADMIN_LINK_USER, cw_buffer_string(link), folder);
}

static enum cw_exit node_init(struct cw_call *call)
{
	const struct cw_arguments *arguments = &call->arguments;
	const char *username = cw_arguments_value(arguments, "username");
	struct cw_node_init init = {.folder = arguments->words[0],
		.release = cw_arguments_value(arguments, "release"),
		.tls_verify_name = cw_arguments_value(arguments, "tls-verify-name"),
		.username = username ? username : "traversal",
		.listen = cw_arguments_value(arguments, "listen")};
	AUTO_COPIES copies = {0};
	AUTO_BUFFER answer = {0};
	struct cw_error error;
	if (!read_role(call, &init, &error) || !read_all(call, &copies, &init, &error) ||
		!cw_call_lock_made(call, init.folder, &error) || !cw_node_init(&init, &error))
		return cw_call_trouble(call, &error);
	cw_buffer_printf(&answer, "made %s\n", init.folder);
	if (init.role != CW_NODE_CUCM && (!init.server || !init.server_key || !init.trusted_ca))
		cw_buffer_printf(&answer,
			"Before it can run it needs certs/server.pem, certs/server.key and certs/trusted-ca.pem there.\n");
	if (!cw_call_write(call, &answer, &error))
		return cw_call_trouble(call, &error);
	tell_link(call, &copies.link, init.folder);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_node_init = {
	.name = "node",
	.sub = "init",
	.summary = "make the state folder of a running node",
	.words = "DIR",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Makes DIR with node.yaml (the words of a deployment file, for this one node, and\n"
		 "listen:, hosts:, user:, apply:), certs/, secrets/ and run/. What it needs to know\n"
		 "of others is their names: an Expressway-C the addresses that it dials, an\n"
		 "Expressway-E the name that it verifies.\n"
		 "\n"
		 "node run DIR then runs it; node status DIR asks it. Files in certs/ can be changed\n"
		 "while it runs. On its error output it prints an\n"
		 "address at which the administrator sets a password, good once and for an hour.\n",
	.example = "$ causeway lab new demo && echo secret > zone.txt\n"
		   "$ causeway node init e1 --role expressway-e --fqdn e1.acme.test \\\n"
		   "    --tls-verify-name c1.acme.test --password-file zone.txt \\\n"
		   "    --server demo/e1/server.pem --key demo/e1/privkey.pem \\\n"
		   "    --trusted-ca demo/e1/ca.pem\n"
		   "made e1\n"
		   "When it runs, set the administrator's password (user admin) within an hour at\n"
		   "...\n",
	.run = node_init,
};
