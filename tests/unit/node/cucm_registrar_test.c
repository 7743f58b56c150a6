/*
 * The stand-in's registrar: what a client is answered, and what is kept of it.
 */
#include "node/sip/cucm_registrar.h"
#include "support/sip.h"

#include <stdio.h>
#include <string.h>

#define NOW ((cw_time)1800000000)

static void set_up(struct cw_cucm_registrar_line *line)
{
	struct cw_error error;
	*line = (struct cw_cucm_registrar_line){0};
	assert_true(cw_cucm_registrar_new("pub.acme.test", &line->registrar, &error));
}

static void tear_down(struct cw_cucm_registrar_line *line)
{
	cw_cucm_registrar_line_finish(line);
	cw_cucm_registrar_free(line->registrar);
}

static struct cw_sip_message *ask(struct cw_cucm_registrar_line *line, const char *method, const char *more)
{
	char text[2000];
	AUTO_BUFFER out = {0};
	snprintf(text, sizeof text,
		"%s sip:pub.acme.test SIP/2.0\r\nVia: SIP/2.0/TLS c1.acme.test;branch=z9hG4bK2\r\n"
		"Via: SIP/2.0/TLS a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
		"Call-ID: 1\r\nCSeq: 2 %s\r\n%sContent-Length: 0\r\n\r\n",
		method, method, more);
	(void)cw_cucm_registrar_take(line, text, strlen(text), NOW, &out);
	return out.length ? test_sip_bytes(out.data, out.length) : NULL;
}

/* Credentials for the challenge that came last. */
static void credentials(
	const struct cw_cucm_registrar_line *line, const char *user, const char *password, char ret[600])
{
	struct cw_error error;
	char response[CW_SIP_DIGEST_SIZE];
	struct cw_sip_digest digest = {.username = cw_sip_text_of(user),
		.realm = cw_sip_text_of("ccmsipline"),
		.nonce = cw_sip_text_of(line->auth.nonce),
		.uri = cw_sip_text_of("sip:pub.acme.test"),
		.cnonce = cw_sip_text_of("c"),
		.nc = cw_sip_text_of("00000001"),
		.qop = cw_sip_text_of("auth")};
	assert_true(cw_sip_digest_response(&digest, cw_sip_text_of("REGISTER"), password, response, &error));
	snprintf(ret, 600,
		"Authorization: Digest username=\"%s\", realm=\"ccmsipline\", nonce=\"%s\", uri=\"sip:pub.acme.test\", "
		"response=\"%s\", cnonce=\"c\", nc=00000001, qop=auth\r\n",
		user, line->auth.nonce, response);
}

static struct cw_sip_message *enroll(
	struct cw_cucm_registrar_line *line, const char *user, const char *password, const char *more)
{
	char text[1500], own[600];
	AUTO(cw_sip_message_free) struct cw_sip_message *challenge = ask(line, "REGISTER", "");
	assert_int_equal(challenge->start.status, 401);
	credentials(line, user, password, own);
	snprintf(text, sizeof text, "%s%s", own, more);
	return ask(line, "REGISTER", text);
}

#define CONTACT "Contact: <sip:CSF@10.0.0.7>;+u.sip!devicename.ccm.cisco.com=\"CSF\"\r\n"

static void a_registration_is_kept_for_its_time(void **state)
{
	(void)state;
	struct cw_cucm_registrar_line line;
	set_up(&line);
	AUTO(cw_sip_message_free)
	struct cw_sip_message *good =
		enroll(&line, "alice", "any", CONTACT "Expires: 3600\r\nPath: <sip:t@c1;lr>\r\n");
	assert_int_equal(good->start.status, 200);
	test_sip_equal(cw_sip_message_field(good, CW_SIP_EXPIRES, 0), "120");
	test_sip_equal(cw_sip_message_field(good, CW_SIP_PATH, 0), "<sip:t@c1;lr>");
	test_sip_equal(cw_sip_message_field(good, CW_SIP_DATE, 0), "Fri, 15 Jan 2027 08:00:00 GMT");
	assert_true(cw_sip_message_lists(good, CW_SIP_SUPPORTED, "X-cisco-sis-9.2.0"));
	const struct cw_sip_address *contact = cw_sip_message_address(good, CW_SIP_CONTACT, 0);
	test_sip_equal(cw_sip_address_parameter(contact, "+u.sip!userid.ccm.cisco.com"), "alice");
	test_sip_equal(cw_sip_address_parameter(contact, "expires"), "120");
	assert_int_equal(cw_cucm_registrar_count(line.registrar, NOW + 120), 1);
	assert_int_equal(cw_cucm_registrar_count(line.registrar, NOW + 121), 0);
	tear_down(&line);
}

static const struct {
	const char *name, *user, *password, *more;
	unsigned want;
	size_t want_count;
} rows[] = {
	{"any password is right", "alice", "x", CONTACT, 200, 1},
	{"but the wrong one", "alice", "wrong", CONTACT, 401, 0},
	{"and nobody is nobody", "nobody", "x", CONTACT, 401, 0},
	{"without a Contact it asks", "alice", "x", "", 200, 0},
	{"no time takes it back", "alice", "x", CONTACT "Expires: 0\r\n", 200, 0},
	{"a star with a time is no sense", "alice", "x", "Contact: *\r\nExpires: 60\r\n", 400, 0},
	{"a flow needs an instance", "alice", "x", "Contact: <sip:a@b>;reg-id=1\r\n", 400, 0},
	{"a first hop that cannot keep flows", "alice", "x",
		"Contact: <sip:a@b>;reg-id=1;+sip.instance=\"<urn:uuid:1>\"\r\nPath: <sip:e1;lr>\r\n", 439,
		0},
};

static void what_comes_is_answered_by_its_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_cucm_registrar_line line;
		set_up(&line);
		AUTO(cw_sip_message_free)
		struct cw_sip_message *answer = enroll(&line, rows[i].user, rows[i].password, rows[i].more);
		size_t count = cw_cucm_registrar_count(line.registrar, NOW);
		if (answer->start.status != rows[i].want || count != rows[i].want_count)
			fail_msg("%s: wanted %u and %zu, found %u and %zu", rows[i].name, rows[i].want,
				rows[i].want_count, answer->start.status, count);
		tear_down(&line);
	}
}

static struct cw_sip_message *enroll_as(struct cw_cucm_registrar_line *line, const char *more)
{
	line->auth.nonce[0] = '\0';
	return enroll(line, "alice", "any", more);
}

static void a_star_takes_all_back_and_the_same_contact_is_kept_once(void **state)
{
	(void)state;
	struct cw_cucm_registrar_line line;
	static const struct {
		const char *more;
		size_t want_count;
	} steps[] = {
		{"Contact: <sip:CSF@10.0.0.7>\r\nExpires: 60\r\n", 1},
		{"Contact: <sip:CSF@10.0.0.7>\r\nExpires: 60\r\n", 1},
		{"Contact: <sip:CSF@10.0.0.8>\r\nExpires: 60\r\n", 2},
		{"Contact: <sip:CSF@10.0.0.7>\r\nExpires: 0\r\n", 1},
		{"Contact: <sip:CSF@10.0.0.9>\r\nExpires: 60\r\n", 2},
		{"Contact: *\r\nExpires: 0\r\n", 0},
	};
	set_up(&line);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		AUTO(cw_sip_message_free) struct cw_sip_message *answer = enroll_as(&line, steps[i].more);
		assert_int_equal(answer->start.status, 200);
		assert_int_equal(cw_cucm_registrar_count(line.registrar, NOW), steps[i].want_count);
	}
	tear_down(&line);
}

static void broken_credentials_are_no_credentials(void **state)
{
	(void)state;
	struct cw_cucm_registrar_line line;
	set_up(&line);
	AUTO(cw_sip_message_free) struct cw_sip_message *challenge = ask(&line, "REGISTER", "");
	assert_int_equal(challenge->start.status, 401);
	AUTO(cw_sip_message_free)
	struct cw_sip_message *answer =
		ask(&line, "REGISTER", CONTACT "Authorization: Digest realm=\"ccmsipline\r\n");
	assert_int_equal(answer->start.status, 400);
	assert_int_equal(cw_cucm_registrar_count(line.registrar, NOW), 0);
	tear_down(&line);
}

/* RFC 5626 §4.4.2: whether the connection is alive. */
static void stun_is_answered(void **state)
{
	(void)state;
	static const char binding[] = "\0\1\0\0\x21\x12\xa4\x42identifier12";
	struct cw_cucm_registrar_line line;
	AUTO_BUFFER out = {0};
	set_up(&line);
	assert_true(cw_cucm_registrar_take(&line, binding, 20, NOW, &out));
	assert_true(out.length >= 20);
	assert_memory_equal(out.data, "\1\1", 2);
	assert_memory_equal(out.data + 4, binding + 4, 16);
	assert_null(line.trouble);
	tear_down(&line);
}

static void a_missing_profile_is_forbidden(void **state)
{
	(void)state;
	struct cw_cucm_registrar_line line;
	set_up(&line);
	line.forbid = true;
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = ask(&line, "REGISTER", CONTACT);
	assert_int_equal(answer->start.status, 403);
	test_sip_equal(cw_sip_message_field(answer, CW_SIP_WARNING, 0),
		"399 pub.acme.test \"TLS authentication failure\"");
	tear_down(&line);
}

static void other_requests_and_keep_alives(void **state)
{
	(void)state;
	struct cw_cucm_registrar_line line;
	AUTO_BUFFER out = {0};
	set_up(&line);
	AUTO(cw_sip_message_free) struct cw_sip_message *options = ask(&line, "OPTIONS", "");
	AUTO(cw_sip_message_free) struct cw_sip_message *invite = ask(&line, "INVITE", "");
	assert_int_equal(options->start.status, 200);
	assert_int_equal(invite->start.status, 405);
	assert_null(ask(&line, "ACK", ""));
	assert_true(cw_cucm_registrar_take(&line, "\r\n\r\n", 4, NOW, &out));
	assert_string_equal(cw_buffer_string(&out), "\r\n");
	assert_true(cw_cucm_registrar_take(&line, "no SIP\r\n\r\n", 10, NOW, &out));
	assert_non_null(line.trouble);
	tear_down(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registration_is_kept_for_its_time),
		cmocka_unit_test(what_comes_is_answered_by_its_row),
		cmocka_unit_test(a_star_takes_all_back_and_the_same_contact_is_kept_once),
		cmocka_unit_test(broken_credentials_are_no_credentials),
		cmocka_unit_test(stun_is_answered),
		cmocka_unit_test(a_missing_profile_is_forbidden),
		cmocka_unit_test(other_requests_and_keep_alives),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
