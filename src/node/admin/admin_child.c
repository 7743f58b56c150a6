#include "node/admin/admin_child.h"

#include <unistd.h>

#define PROGRAM CW_ADMIN_CHILD_PROGRAM

/* Nothing of the node's folder; what a program needs to begin. */
static bool confine(struct cw_confine *ret, struct cw_error *error)
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
	};
	return cw_confine_prepare(paths, sizeof paths / sizeof paths[0], ret, error);
}

bool cw_admin_child_start(const char *word, const struct cw_tunnel_account *account, int in, int out,
	struct cw_child *ret, struct cw_error *error)
{
	const char *const arguments[] = {PROGRAM, word, NULL};
	struct cw_confine confined = CW_CONFINE_NONE;
#ifdef __SANITIZE_ADDRESS__
	int errors = STDERR_FILENO;
#else
	int errors = CW_CHILD_NULL;
#endif
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = in,
		.out = out,
		.err = errors,
		.drops = account->drops,
		.uid = account->uid,
		.gid = account->gid,
		.confine = &confined};
	bool good = confine(&confined, error) && cw_child_start(&setup, ret, error);
	cw_confine_finish(&confined);
	return good;
}
