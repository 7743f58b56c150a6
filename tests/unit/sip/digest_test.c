/*
 * Digest: the parameters, the RFCs' own examples, and a client and a server in conversation.
 */
#include "sip/sip_auth_client.h"
#include "sip/sip_auth_server.h"
#include "support/sip.h"

static void parameters_are_read_whatever_their_order_and_quotes(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		enum cw_sip_digest_kind want;
		const char *want_realm, *want_nonce;
	} rows[] = {
		{"Digest realm=\"a\", nonce=\"b\"", CW_SIP_DIGEST_READ, "a", "b"},
		{"digest algorithm=MD5, nonce=\"b\", realm=\"a\"", CW_SIP_DIGEST_READ, "a", "b"},
		{"Digest algorithm=MD5,realm=\"nonce=\\\"x\\\", y\" ,\tnonce = \"b\"", CW_SIP_DIGEST_READ,
			"nonce=\\\"x\\\", y", "b"},
		{"Digest nonce=b, realm=a, unknown=\"c, d\"", CW_SIP_DIGEST_READ, "a", "b"},
		{"Digest realm=\"\", nonce=\"\"", CW_SIP_DIGEST_READ, "", ""},
		{"Basic realm=\"a\"", CW_SIP_DIGEST_OTHER_SCHEME, NULL, NULL},
		{"NoOneKnowsThisScheme opaque-data=here", CW_SIP_DIGEST_OTHER_SCHEME, NULL, NULL},
		{"", CW_SIP_DIGEST_OTHER_SCHEME, NULL, NULL},
		{"Digest", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest ", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a\",", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a\" nonce=\"b\"", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a\",,nonce=\"b\"", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a\", REALM=\"b\"", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest =\"a\"", CW_SIP_DIGEST_BROKEN, NULL, NULL},
		{"Digest realm=\"a\"x", CW_SIP_DIGEST_BROKEN, NULL, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_digest digest = {0};
		enum cw_sip_digest_kind kind = cw_sip_digest_parse(cw_sip_text_of(rows[i].value), &digest);
		if (kind != rows[i].want)
			fail_msg("\"%s\": found %d", rows[i].value, kind);
		if (kind != CW_SIP_DIGEST_READ)
			continue;
		test_sip_equal(digest.realm, rows[i].want_realm);
		test_sip_equal(digest.nonce, rows[i].want_nonce);
	}
}

static void a_parameter_over_512_bytes_is_refused(void **state)
{
	(void)state;
	for (unsigned more = 0; more < 2; more++) {
		AUTO_BUFFER text = {0};
		struct cw_sip_digest digest;
		cw_buffer_text(&text, "Digest nonce=");
		for (unsigned i = 0; i < 512 + more; i++)
			cw_buffer_char(&text, 'x');
		assert_int_equal(cw_sip_digest_parse(cw_sip_text_of(text.data), &digest),
			more ? CW_SIP_DIGEST_BROKEN : CW_SIP_DIGEST_READ);
	}
}

/* RFC 2617 §3.5; RFC 7616 §3.9.1 (both algorithms); RFC 2069 §2.4 as its errata has it, without qop. */
static void responses_are_those_of_the_rfcs(void **state)
{
	(void)state;
	static const struct {
		const char *credentials, *password, *want;
	} rows[] = {
		{"Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
		 "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
		 "uri=\"/dir/index.html\", qop=auth, nc=00000001, cnonce=\"0a4f113b\"",
			"Circle Of Life", "6629fae49393a05397450978507c4ef1"},
		{"Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
		 "algorithm=MD5, "
		 "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
		 "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth",
			"Circle of Life", "8ca523f5e9506fed4657c9700eebdbec"},
		{"Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
		 "algorithm=SHA-256, "
		 "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
		 "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth",
			"Circle of Life", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
		{"Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
		 "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "
		 "uri=\"/dir/index.html\"",
			"CircleOfLife", "1949323746fe6a43ef61f9606e7febea"},
	};
	struct cw_error error;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_digest digest;
		char response[CW_SIP_DIGEST_SIZE];
		bool fits;
		assert_int_equal(cw_sip_digest_parse(cw_sip_text_of(rows[i].credentials), &digest),
			CW_SIP_DIGEST_READ);
		assert_true(cw_sip_digest_response(
			&digest, cw_sip_text_of("GET"), rows[i].password, response, &error));
		assert_string_equal(response, rows[i].want);
		digest.response = cw_sip_text_of(rows[i].want);
		assert_true(cw_sip_digest_matches(
			&digest, cw_sip_text_of("GET"), rows[i].password, &fits, &error));
		assert_true(fits);
		assert_true(cw_sip_digest_matches(&digest, cw_sip_text_of("GET"), "another", &fits, &error));
		assert_false(fits);
		assert_true(cw_sip_digest_matches(
			&digest, cw_sip_text_of("PUT"), rows[i].password, &fits, &error));
		assert_false(fits);
	}
}

static void nobody_matches_no_password(void **state)
{
	(void)state;
	struct cw_sip_digest digest;
	struct cw_error error;
	char response[CW_SIP_DIGEST_SIZE];
	bool fits = true;
	assert_int_equal(
		cw_sip_digest_parse(
			cw_sip_text_of("Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\""),
			&digest),
		CW_SIP_DIGEST_READ);
	assert_true(cw_sip_digest_response(&digest, cw_sip_text_of("INFO"), "", response, &error));
	digest.response = cw_sip_text_of(response);
	assert_true(cw_sip_digest_matches(&digest, cw_sip_text_of("INFO"), NULL, &fits, &error));
	assert_false(fits); /* an unknown user's empty password is no password */
}

static void what_nobody_speaks_is_an_error_or_no_match(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		"algorithm=SHA-512",
		"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		"qop=auth-int, nc=00000001, cnonce=c",
		"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\", response=\"x\", qop=auth, "
		"nc=00000001",
		"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		"algorithm=MD5-sess",
		"Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"sip:e\"",
		"Digest username=\"u\", realm=\"r\", uri=\"sip:e\", response=\"x\"",
	};
	struct cw_error error;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_digest digest;
		char response[CW_SIP_DIGEST_SIZE];
		bool fits = true;
		assert_int_equal(cw_sip_digest_parse(cw_sip_text_of(rows[i]), &digest), CW_SIP_DIGEST_READ);
		assert_true(cw_sip_digest_matches(&digest, cw_sip_text_of("INFO"), "p", &fits, &error));
		assert_false(fits);
		if (i < 2)
			assert_false(cw_sip_digest_response(
				&digest, cw_sip_text_of("INFO"), "p", response, &error));
	}
}

static struct cw_sip_message *request_of(struct cw_sip_auth_client *client, const char *uri)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_writer writer = {.out = &out};
	cw_sip_writer_request(&writer, "OPTIONS", uri);
	cw_sip_writer_field(&writer, CW_SIP_VIA, "SIP/2.0/TLS c;branch=z9hG4bK1");
	cw_sip_writer_field(&writer, CW_SIP_FROM, "<sip:c>;tag=1");
	cw_sip_writer_field(&writer, CW_SIP_TO, "<sip:e>");
	cw_sip_writer_field(&writer, CW_SIP_CALL_ID, "1");
	cw_sip_writer_field(&writer, CW_SIP_CSEQ, "1 OPTIONS");
	assert_true(cw_sip_auth_client_write(client, &writer, "OPTIONS", uri, &error));
	assert_true(cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, &error));
	assert_null(strstr(out.data, "secret")); /* a password is never sent */
	struct cw_sip_message *message = test_sip_bytes(out.data, out.length);
	assert_int_equal(message->refusal.status, 0);
	return message;
}

static struct cw_sip_message *challenge_of(
	struct cw_sip_auth_server *server, const struct cw_sip_message *request, bool stale, cw_time now)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	struct cw_sip_writer writer = {.out = &out};
	cw_sip_writer_answer(&writer, request, server->proxy ? 407 : 401, NULL, "t");
	assert_true(cw_sip_auth_server_challenge(server, &writer, stale, now, &error));
	assert_true(cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, &error));
	return test_sip_bytes(out.data, out.length);
}

/* One request, the challenge, the request again. What the server makes of it. */
static bool converse(
	struct cw_sip_auth_client *client, struct cw_sip_auth_server *server, const char *password)
{
	struct cw_error error;
	struct cw_sip_digest digest;
	enum cw_sip_auth_client_state again;
	bool fits;
	AUTO(cw_sip_message_free)
	struct cw_sip_message *first = request_of(client, "sip:e1:7001;transport=tls");
	assert_int_equal(cw_sip_auth_server_read(server, first, 0, &digest), CW_SIP_AUTH_SERVER_NONE);
	AUTO(cw_sip_message_free) struct cw_sip_message *challenge = challenge_of(server, first, false, 0);
	assert_true(cw_sip_auth_client_take(client, challenge, &again, &error));
	assert_int_equal(again, CW_SIP_AUTH_CLIENT_AGAIN);
	AUTO(cw_sip_message_free)
	struct cw_sip_message *second = request_of(client, "sip:e1:7001;transport=tls");
	assert_int_equal(cw_sip_auth_server_read(server, second, 0, &digest), CW_SIP_AUTH_SERVER_READ);
	assert_true(cw_sip_auth_server_judge(server, second, &digest, password, &fits, &error));
	return fits;
}

static void client_and_server_agree_on_each_algorithm(void **state)
{
	(void)state;
	static const char *const names[] = {"traversal", "a\"b", "back\\slash", "two words, and=more",
		"line\r\nX-Evil: 1", "Gr\xc3\xbc\xc3\x9f", ""};
	for (unsigned algorithm = 0; algorithm < CW_SIP_DIGEST_UNKNOWN; algorithm++) {
		for (size_t i = 0; i < 2 * sizeof names / sizeof names[0]; i++) {
			struct cw_sip_auth_client client = {.username = names[i / 2], .password = "secret"};
			struct cw_sip_auth_server server = {.realm = "traversal \"(cluster 1)\"",
				.algorithm = (enum cw_sip_digest_algorithm)algorithm,
				.proxy = i % 2};
			assert_true(converse(&client, &server, "secret"));
			cw_sip_auth_client_finish(&client);
		}
	}
}

static void a_wrong_password_is_asked_about_once(void **state)
{
	(void)state;
	struct cw_error error;
	enum cw_sip_auth_client_state again;
	struct cw_sip_auth_client client = {.username = "traversal", .password = "wrong"};
	struct cw_sip_auth_server server = {.realm = "zone", .algorithm = CW_SIP_DIGEST_MD5};
	assert_false(converse(&client, &server, "secret"));
	AUTO(cw_sip_message_free) struct cw_sip_message *request = request_of(&client, "sip:e");
	AUTO(cw_sip_message_free) struct cw_sip_message *second = challenge_of(&server, request, false, 0);
	assert_true(cw_sip_auth_client_take(&client, second, &again, &error));
	assert_int_equal(again, CW_SIP_AUTH_CLIENT_DENIED);
	cw_sip_auth_client_finish(&client);
}

static void credentials_are_good_once_for_one_request_and_a_while(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_sip_digest digest;
	bool fits;
	struct cw_sip_auth_client client = {.username = "traversal", .password = "secret"};
	struct cw_sip_auth_server server = {.realm = "zone", .algorithm = CW_SIP_DIGEST_SHA256};
	assert_true(converse(&client, &server, "secret"));
	assert_int_equal(server.count, 1);
	AUTO(cw_sip_message_free) struct cw_sip_message *next = request_of(&client, "sip:e");
	assert_int_equal(cw_sip_auth_server_read(&server, next, CW_SIP_AUTH_SERVER_NONCE_AGE, &digest),
		CW_SIP_AUTH_SERVER_STALE);
	assert_int_equal(cw_sip_auth_server_read(&server, next, 1, &digest), CW_SIP_AUTH_SERVER_READ);
	assert_true(cw_sip_auth_server_judge(&server, next, &digest, "secret", &fits, &error));
	assert_true(fits);
	assert_int_equal(server.count, 2);
	assert_int_equal(
		cw_sip_auth_server_read(&server, next, 1, &digest), CW_SIP_AUTH_SERVER_STALE); /* again */
	next->start.uri.whole = cw_sip_text_of("sip:other");
	assert_int_equal(cw_sip_auth_server_read(&server, next, 1, &digest), CW_SIP_AUTH_SERVER_REFUSED);
	cw_sip_auth_client_finish(&client);
}

static void a_stale_nonce_is_replaced_and_not_for_ever(void **state)
{
	(void)state;
	struct cw_error error;
	enum cw_sip_auth_client_state again;
	struct cw_sip_auth_client client = {.username = "traversal", .password = "secret"};
	struct cw_sip_auth_server server = {.realm = "zone", .algorithm = CW_SIP_DIGEST_MD5};
	assert_true(converse(&client, &server, "secret"));
	for (unsigned i = 0; i < 5; i++) {
		AUTO(cw_sip_message_free) struct cw_sip_message *request = request_of(&client, "sip:e");
		AUTO(cw_sip_message_free)
		struct cw_sip_message *stale = challenge_of(&server, request, true, 1);
		assert_true(cw_sip_auth_client_take(&client, stale, &again, &error));
		assert_int_equal(again, i < 3 ? CW_SIP_AUTH_CLIENT_AGAIN : CW_SIP_AUTH_CLIENT_DENIED);
	}
	cw_sip_auth_client_accepted(&client);
	AUTO(cw_sip_message_free) struct cw_sip_message *request = request_of(&client, "sip:e");
	AUTO(cw_sip_message_free) struct cw_sip_message *stale = challenge_of(&server, request, true, 1);
	assert_true(cw_sip_auth_client_take(&client, stale, &again, &error));
	assert_int_equal(again, CW_SIP_AUTH_CLIENT_AGAIN);
	cw_sip_auth_client_finish(&client);
}

#define ANSWER \
	"SIP/2.0 401 No\r\nVia: SIP/2.0/TLS c\r\nFrom: <sip:c>;tag=1\r\nTo: <sip:e>\r\nCall-ID: 1\r\nCSeq: " \
	"1 INFO\r\n"

static void the_first_challenge_that_is_spoken_is_taken(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		enum cw_sip_auth_client_state want;
		const char *want_nonce;
	} rows[] = {
		{ANSWER "WWW-Authenticate: Digest algorithm=SHA-512-256, realm=\"a\", nonce=\"1\"\r\n"
			"WWW-Authenticate: Digest algorithm=SHA-256, realm=\"a\", nonce=\"2\"\r\n"
			"WWW-Authenticate: Digest realm=\"a\", nonce=\"3\"\r\nl: 0\r\n\r\n",
			CW_SIP_AUTH_CLIENT_AGAIN, "nonce=\"2\""},
		{ANSWER "WWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Digest realm=\"a\", "
			"nonce=\"3\"\r\n"
			"l: 0\r\n\r\n",
			CW_SIP_AUTH_CLIENT_AGAIN, "nonce=\"3\""},
		{ANSWER "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\", qop=\"auth-int\"\r\nl: 0\r\n\r\n",
			CW_SIP_AUTH_CLIENT_UNFIT, NULL},
		{ANSWER "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\", qop=\"auth-int, auth\"\r\nl: "
			"0\r\n\r\n",
			CW_SIP_AUTH_CLIENT_AGAIN, "nonce=\"1\""},
		{ANSWER "WWW-Authenticate: Digest realm=\"a\"\r\nl: 0\r\n\r\n", CW_SIP_AUTH_CLIENT_UNFIT,
			NULL},
		{ANSWER "Proxy-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\nl: 0\r\n\r\n",
			CW_SIP_AUTH_CLIENT_UNFIT, NULL},
		{ANSWER "l: 0\r\n\r\n", CW_SIP_AUTH_CLIENT_UNFIT, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		enum cw_sip_auth_client_state got;
		struct cw_sip_auth_client client = {.username = "u", .password = "p"};
		AUTO(cw_sip_message_free) struct cw_sip_message *answer = test_sip(rows[i].bytes);
		assert_true(cw_sip_auth_client_take(&client, answer, &got, &error));
		assert_int_equal(got, rows[i].want);
		if (rows[i].want_nonce)
			assert_non_null(strstr(client.challenge, rows[i].want_nonce));
		cw_sip_auth_client_finish(&client);
	}
}

static void credentials_that_cannot_be_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *credentials;
		enum cw_sip_auth_server_state want;
	} rows[] = {
		{"Digest username=\"u\", realm=\"other\", nonce=\"n\", uri=\"sip:e\", response=\"x\"",
			CW_SIP_AUTH_SERVER_NONE},
		{"Bearer abc", CW_SIP_AUTH_SERVER_NONE},
		{"Digest realm=\"zone", CW_SIP_AUTH_SERVER_REFUSED},
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:e\", response=\"x\"",
			CW_SIP_AUTH_SERVER_REFUSED}, /* without qop */
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		 "qop=auth, nc=1, cnonce=c",
			CW_SIP_AUTH_SERVER_REFUSED},
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		 "qop=auth, nc=0000000g, "
		 "cnonce=c",
			CW_SIP_AUTH_SERVER_REFUSED},
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:x\", response=\"x\", "
		 "qop=auth, nc=00000001, "
		 "cnonce=c",
			CW_SIP_AUTH_SERVER_REFUSED},
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		 "qop=auth, nc=00000001, "
		 "cnonce=c, algorithm=SHA-256",
			CW_SIP_AUTH_SERVER_REFUSED},
		{"Digest username=\"u\", realm=\"zone\", nonce=\"n\", uri=\"sip:e\", response=\"x\", "
		 "qop=auth, nc=00000001, "
		 "cnonce=c",
			CW_SIP_AUTH_SERVER_STALE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO_BUFFER text = {0};
		struct cw_sip_digest digest;
		struct cw_sip_auth_server server = {
			.realm = "zone", .algorithm = CW_SIP_DIGEST_MD5, .nonce = "another"};
		cw_buffer_printf(&text,
			"INFO sip:e SIP/2.0\r\nVia: SIP/2.0/TLS c\r\nFrom: <sip:c>;tag=1\r\nTo: "
			"<sip:e>\r\nCall-ID: 1\r\n"
			"CSeq: 1 INFO\r\nAuthorization: %s\r\nl: 0\r\n\r\n",
			rows[i].credentials);
		AUTO(cw_sip_message_free) struct cw_sip_message *request = test_sip(text.data);
		if (cw_sip_auth_server_read(&server, request, 0, &digest) != rows[i].want)
			fail_msg("row %zu", i);
	}
}

/* Boxes of old send no qop: taken where it was asked for. */
static void credentials_without_qop_are_taken_where_that_is_on(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_sip_digest digest;
	bool fits;
	struct cw_sip_auth_server server = {.realm = "zone",
		.algorithm = CW_SIP_DIGEST_MD5,
		.plain = true,
		.nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c0"};
	struct cw_sip_auth_client client = {.username = "u", .password = "p"};
	client.challenge = strdup("Digest realm=\"zone\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c0\"");
	AUTO(cw_sip_message_free) struct cw_sip_message *request = request_of(&client, "sip:e");
	assert_int_equal(cw_sip_auth_server_read(&server, request, 0, &digest), CW_SIP_AUTH_SERVER_READ);
	assert_null(digest.cnonce.data);
	assert_true(cw_sip_auth_server_judge(&server, request, &digest, "p", &fits, &error));
	assert_true(fits);
	cw_sip_auth_client_finish(&client);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_read_whatever_their_order_and_quotes),
		cmocka_unit_test(a_parameter_over_512_bytes_is_refused),
		cmocka_unit_test(responses_are_those_of_the_rfcs),
		cmocka_unit_test(nobody_matches_no_password),
		cmocka_unit_test(what_nobody_speaks_is_an_error_or_no_match),
		cmocka_unit_test(client_and_server_agree_on_each_algorithm),
		cmocka_unit_test(a_wrong_password_is_asked_about_once),
		cmocka_unit_test(credentials_are_good_once_for_one_request_and_a_while),
		cmocka_unit_test(a_stale_nonce_is_replaced_and_not_for_ever),
		cmocka_unit_test(the_first_challenge_that_is_spoken_is_taken),
		cmocka_unit_test(credentials_that_cannot_be_are_refused),
		cmocka_unit_test(credentials_without_qop_are_taken_where_that_is_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
