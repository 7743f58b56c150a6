#include "report/remedy_words.h"

#include "support/cmocka.h"

#define EXPRESSWAY CW_TOLD_EXPRESSWAY
#define UC CW_TOLD_UC

static void every_list_and_identity_has_the_words_of_its_box(void **state)
{
	(void)state;
	static const struct {
		enum cw_told told;
		enum cw_action action;
		const char *key;
		const char *want; /* in `where` or `what` */
	} rows[] = {
		{EXPRESSWAY, CW_ACTION_APPEND, "trusted-ca", "Trusted CA certificate"},
		{EXPRESSWAY, CW_ACTION_REMOVE, "trusted-ca", "delete it"},
		{EXPRESSWAY, CW_ACTION_MOVE_BEFORE, "trusted-ca", "append it again"},
		{EXPRESSWAY, CW_ACTION_REISSUE, "server", "Generate CSR"},
		{EXPRESSWAY, CW_ACTION_REISSUE, "client", "Client certificate"},
		{EXPRESSWAY, CW_ACTION_INSTALL, "crl", "CRL management"},
		{EXPRESSWAY, CW_ACTION_INSTALL, "server", "Server certificate"},
		{EXPRESSWAY, CW_ACTION_SET, "peer address", "Zones > %z"},
		{EXPRESSWAY, CW_ACTION_SET, "tls-verify-name", "TLS verify subject name"},
		{EXPRESSWAY, CW_ACTION_SET, "server address", "Unified Communications"},
		{EXPRESSWAY, CW_ACTION_SET, "traversal zone user name and password",
			"Connection credentials"},
		{EXPRESSWAY, CW_ACTION_SET, "order of the trusted CA list", "order of the first peer"},
		{EXPRESSWAY, CW_ACTION_RESTART, NULL, "Restart"},
		{UC, CW_ACTION_APPEND, "tomcat-trust", "purpose tomcat-trust"},
		{UC, CW_ACTION_APPEND, "callmanager-trust", "purpose CallManager-trust"},
		{UC, CW_ACTION_REMOVE, "callmanager-trust", "CallManager-trust"},
		{UC, CW_ACTION_REISSUE, "tomcat", "purpose tomcat"},
		{UC, CW_ACTION_REISSUE, "callmanager", "purpose CallManager"},
		{UC, CW_ACTION_REISSUE, "tomcat-ecdsa", "tomcat-ECDSA"},
		{UC, CW_ACTION_REISSUE, "callmanager-ecdsa", "CallManager-ECDSA"},
		{CW_TOLD_FRONT, CW_ACTION_APPEND, "trusted-ca", "front"},
		{CW_TOLD_FRONT, CW_ACTION_REISSUE, "server", "front"},
		{CW_TOLD_JABBER, CW_ACTION_APPEND, "trust", "system's trust store"},
		{CW_TOLD_TELEPRESENCE, CW_ACTION_APPEND, "trust", "certificate authorities"},
		{CW_TOLD_PHONE, CW_ACTION_APPEND, "trust", "nothing can be added"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_remedy_words *words =
			cw_remedy_words_find(rows[i].told, rows[i].action, rows[i].key);
		if (!words || (!strstr(words->where, rows[i].want) && !strstr(words->what, rows[i].want)))
			fail_msg("row %zu (%s): wanted \"%s\"", i, rows[i].key ? rows[i].key : "any",
				rows[i].want);
	}
}

static void a_change_that_is_used_after_a_restart_says_so(void **state)
{
	(void)state;
	const struct cw_remedy_words *words = cw_remedy_words_find(EXPRESSWAY, CW_ACTION_REISSUE, "server");
	assert_string_equal(words->then, "Maintenance > Restart options > Restart");
	words = cw_remedy_words_find(UC, CW_ACTION_APPEND, "tomcat-trust");
	assert_string_equal(words->then, "utils service restart Cisco Tomcat");
	words = cw_remedy_words_find(UC, CW_ACTION_APPEND, "callmanager-trust");
	assert_non_null(strstr(words->then, "Cisco CallManager"));
	words = cw_remedy_words_find(EXPRESSWAY, CW_ACTION_SET, "tls-verify-name");
	assert_null(words->then);
}

static void a_list_of_an_expressway_is_looked_at_before_its_box_is_restarted(void **state)
{
	(void)state;
	static const enum cw_action actions[] = {CW_ACTION_APPEND, CW_ACTION_REMOVE, CW_ACTION_MOVE_BEFORE};
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		assert_null(cw_remedy_words_find(EXPRESSWAY, actions[i], "trusted-ca")->then);
	assert_non_null(strstr(CW_REMEDY_WORDS_LOOK, "only if not: Maintenance > Restart options > Restart"));
}

static void what_no_row_tells_is_not_made_up(void **state)
{
	(void)state;
	assert_null(cw_remedy_words_find(EXPRESSWAY, CW_ACTION_APPEND, "tomcat-trust"));
	assert_null(cw_remedy_words_find(UC, CW_ACTION_APPEND, "trusted-ca"));
	assert_null(cw_remedy_words_find(EXPRESSWAY, CW_ACTION_SET, "colour"));
	assert_null(cw_remedy_words_find(EXPRESSWAY, CW_ACTION_SET, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_list_and_identity_has_the_words_of_its_box),
		cmocka_unit_test(a_change_that_is_used_after_a_restart_says_so),
		cmocka_unit_test(a_list_of_an_expressway_is_looked_at_before_its_box_is_restarted),
		cmocka_unit_test(what_no_row_tells_is_not_made_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
