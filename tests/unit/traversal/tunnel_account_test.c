/*
 * Which accounts ssh and sshd may run as.
 */
#include "traversal/tunnel_account.h"

#include "support/cmocka.h"

#include <pwd.h>
#include <unistd.h>

static void an_account_that_sshd_would_not_let_in_is_refused_with_what_to_do(void **state)
{
	(void)state;
	static const struct {
		const char *user;
		const char *want_of_root, *want_of_others; /* NULL: it is good */
	} rows[] = {
		{NULL, "started as root, and no account to give that up for", NULL},
		{"root", "tunnels do not run as root", "only root can run tunnels as root"},
		{"nobody", "sshd takes the account nobody for a locked one",
			"only root can run tunnels as nobody"},
		{"no-such-account", "there is no account no-such-account on this system (no such entry)",
			"there is no account no-such-account on this system (no such entry)"},
		{"", "there is no account  on this system", "there is no account  on this system"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_tunnel_account account;
		struct cw_error error;
		const char *want = geteuid() == 0 ? rows[i].want_of_root : rows[i].want_of_others;
		bool found = cw_tunnel_account_find(rows[i].user, &account, &error);
		assert_int_equal(found, !want);
		if (found)
			continue;
		assert_int_equal(error.code, CW_E_USAGE);
		if (!strstr(error.message, want))
			fail_msg("wanted \"%s\", found \"%s\"", want, error.message);
	}
}

/* Debian's own account for sshd is there wherever these tests have an sshd. */
static void of_a_good_account_number_group_and_name_are_told(void **state)
{
	(void)state;
	const struct passwd *own = geteuid() == 0 ? getpwnam("sshd") : getpwuid(geteuid());
	struct cw_tunnel_account account;
	struct cw_error error;
	if (!own)
		skip();
	if (!cw_tunnel_account_find(geteuid() == 0 ? "sshd" : NULL, &account, &error))
		fail_msg("%s", error.message);
	own = geteuid() == 0 ? getpwnam("sshd") : getpwuid(geteuid());
	assert_string_equal(account.name, own->pw_name);
	assert_int_equal(account.uid, own->pw_uid);
	assert_int_equal(account.gid, own->pw_gid);
	assert_int_equal(account.drops, geteuid() == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_that_sshd_would_not_let_in_is_refused_with_what_to_do),
		cmocka_unit_test(of_a_good_account_number_group_and_name_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
