#include "node/worker/node_child.h"

#include <unistd.h>

#define PROGRAM CW_NODE_CHILD_PROGRAM
#define OF_RESOLVING 4 /* the last of the paths */

/* Nothing of the node's folder; what a program needs to begin, and in the end to find a host. */
static bool confine(bool resolves, struct cw_confine *ret, struct cw_error *error)
{
	static const struct cw_confine_path paths[] = {
		{PROGRAM, CW_CONFINE_READ},
		{"/usr", CW_CONFINE_READ},
		{"/lib", CW_CONFINE_READ},
		{"/lib64", CW_CONFINE_READ},
		{"/etc/ld.so.cache", CW_CONFINE_READ},
		{"/dev/null", CW_CONFINE_WRITE},
		{"/dev/urandom", CW_CONFINE_READ},
#ifdef __SANITIZE_ADDRESS__
		{"/proc", CW_CONFINE_READ},
#endif
		{"/etc/resolv.conf", CW_CONFINE_READ},
		{"/etc/hosts", CW_CONFINE_READ},
		{"/etc/nsswitch.conf", CW_CONFINE_READ},
		{"/etc/ssl", CW_CONFINE_READ},
	};
	size_t count = sizeof paths / sizeof paths[0];
	return cw_confine_prepare(paths, resolves ? count : count - OF_RESOLVING, ret, error);
}

bool cw_node_child_start(
	const struct cw_node_child_setup *setup, struct cw_child *ret, struct cw_error *error)
{
	const char *const arguments[] = {PROGRAM, setup->word, NULL};
	const struct cw_tunnel_account *account = setup->account;
	struct cw_confine confined = CW_CONFINE_NONE;
#ifdef __SANITIZE_ADDRESS__
	int errors = STDERR_FILENO;
#else
	int errors = CW_CHILD_NULL;
#endif
	const struct cw_child_setup child = {.arguments = arguments,
		.in = setup->in,
		.out = setup->out,
		.err = errors,
		.drops = account->drops,
		.uid = account->uid,
		.gid = account->gid,
		.confine = &confined};
	bool good = confine(setup->resolves, &confined, error) && cw_child_start(&child, ret, error);
	cw_confine_finish(&confined);
	return good;
}
