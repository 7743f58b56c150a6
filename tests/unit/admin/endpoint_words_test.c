#include "admin/page/lab/endpoint_words.h"

#include "model/endpoint.h"
#include "model/link.h"
#include "support/cmocka.h"

static void what_is_seen_depends_on_what_refuses(void **state)
{
	static const struct {
		struct cw_endpoint_words_given given;
		const char *want;
	} rows[] = {
		{{"jabber", "prompts", "edge-https", "edge-domain-missing", "acme.test", "e1"},
			"Certificate not valid: the server's certificate does not name acme.test. Jabber asks whether to "
			"accept it, once."},
		{{"telepresence", "dead", "edge-https", "edge-domain-missing", "acme.test", "e1"},
			"\"Edge TLS verification failed: Edge domain 'acme.test' and corresponding SRVName "
			"'_collab-edge._tls.acme.test' not found in certificate SAN list\""},
		{{"phone-7800", "dead", "edge-https", "device-list-lacks-ca", "acme.test", "e1"},
			"The phone does not register: nobody is asked, since its list of CAs cannot be changed."},
		{{"phone-8800", "dead", "tunnel", "root-missing", "acme.test", "e1.acme.test"},
			"Sign-in fails: e1.acme.test answers \"502 Next Hop Connection Failed\"."},
		{{"jabber", "degraded", "sip-out", "phone-profile-missing", "", ""},
			"Phone services not connected: CUCM answers 403, \"Warning: 399 TLS authentication failure\"."},
		{{"jabber", "degraded", "sip-in", "root-missing", "", ""},
			"Signed in, phone services not connected."},
		{{"jabber", "dead", "", "", "", ""}, "Cannot sign in."},
		{{"jabber", "works", "edge-https", "", "", ""}, ""},
		{{"jabber", "unknown", "", "", "", ""}, ""},
		{{"", "", "", "", "", ""}, ""},
		{{"jabber", "prompts", "edge-https", "", "100%s", "%d%"},
			"Certificate not valid: the certificate of %d% is not signed by a CA that this computer trusts. "
			"Jabber asks whether to accept it, once."},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER words = {0};
		cw_endpoint_words(&rows[i].given, &words);
		assert_string_equal(cw_buffer_string(&words), rows[i].want);
	}
}

/* Whoever is out is told something, on whatever link and whatever the endpoint. */
static void nobody_who_is_out_sees_nothing(void **state)
{
	(void)state;
	for (int kind = CW_ENDPOINT_JABBER; kind <= CW_ENDPOINT_WEBEX; kind++)
		for (int link = 0; link < CW_LINK_KIND_COUNT; link++) {
			const struct cw_endpoint_words_given given = {
				cw_endpoint_kind_name((enum cw_endpoint_kind)kind), "dead",
				cw_link_kind_name((enum cw_link_kind)link), "root-missing", "acme.test",
				"e1"};
			AUTO_BUFFER words = {0};
			cw_endpoint_words(&given, &words);
			assert_true(words.length > 0);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_seen_depends_on_what_refuses),
		cmocka_unit_test(nobody_who_is_out_sees_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
