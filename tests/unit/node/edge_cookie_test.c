/*
 * Session cookies of the edge: what is signed is read, everything else is refused, and keys change without anybody
 * losing a session.
 */
#include "node/edge/edge_cookie.h"
#include "node/edge/edge_told.h"
#include "report/json.h"
#include "support/cmocka.h"

#include <openssl/crypto.h>
#include <string.h>

#define NOW ((cw_time)1795000000)
#define HOUR ((cw_time)3600)

/* An Expressway-C with its keys, and an Expressway-E that was told of them. */
struct scene {
	struct cw_edge_key_signer signer;
	struct cw_edge_key_ring ring;
};

static void tell(struct scene *scene, const char *source, cw_time now)
{
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX];
	size_t count = cw_edge_key_signer_told(&scene->signer, told);
	assert_true(cw_edge_key_ring_take(&scene->ring, source, told, count, now));
}

static void turn(struct scene *scene, cw_time now, bool want_changed)
{
	struct cw_error error;
	bool changed;
	assert_true(cw_edge_key_signer_turn(&scene->signer, now, &changed, &error));
	assert_int_equal(changed, want_changed);
}

static void finish(struct scene *scene)
{
	cw_edge_key_signer_finish(&scene->signer);
	cw_edge_key_ring_finish(&scene->ring);
}

static void sign(
	const struct scene *scene, const char *user, cw_time from, cw_time lasts, struct cw_buffer *ret)
{
	struct cw_edge_session session = {
		.client = CW_EDGE_CLIENT_JABBER, .issued = from, .expires = from + lasts};
	struct cw_error error;
	snprintf(session.user, sizeof session.user, "%s", user);
	assert_true(
		cw_edge_cookie_sign(cw_edge_key_signer_current(&scene->signer, from), &session, ret, &error));
}

static enum cw_edge_cookie_end verify(const struct scene *scene, const struct cw_buffer *value, cw_time now)
{
	struct cw_edge_session session;
	return cw_edge_cookie_verify(
		&scene->ring, (struct cw_http_text){value->data, value->length}, now, &session);
}

static void a_cookie_says_who_signed_in(void **state)
{
	(void)state;
	struct scene scene = {0};
	struct cw_edge_session session;
	AUTO_BUFFER value = {0};
	turn(&scene, NOW, true);
	turn(&scene, NOW + 1, false);
	tell(&scene, "c1", NOW);
	sign(&scene, "hans.müller@acme.test", NOW, 8 * HOUR, &value);
	assert_int_equal(cw_edge_cookie_verify(&scene.ring, (struct cw_http_text){value.data, value.length},
				 NOW + HOUR, &session),
		CW_EDGE_COOKIE_GOOD);
	assert_string_equal(session.user, "hans.müller@acme.test");
	assert_int_equal(session.client, CW_EDGE_CLIENT_JABBER);
	assert_int_equal(session.expires, NOW + 8 * HOUR);
	finish(&scene);
}

static void times_decide(void **state)
{
	(void)state;
	static const struct {
		cw_time from, lasts, now;
		enum cw_edge_cookie_end want;
	} rows[] = {
		{NOW, 8 * HOUR, NOW, CW_EDGE_COOKIE_GOOD},
		{NOW, 8 * HOUR, NOW + 8 * HOUR - 1, CW_EDGE_COOKIE_GOOD},
		{NOW, 8 * HOUR, NOW + 8 * HOUR, CW_EDGE_COOKIE_EXPIRED},
		{NOW, 8 * HOUR, NOW - CW_EDGE_COOKIE_SKEW, CW_EDGE_COOKIE_GOOD},
		{NOW, 8 * HOUR, NOW - CW_EDGE_COOKIE_SKEW - 1, CW_EDGE_COOKIE_EARLY},
		{NOW, CW_EDGE_KEY_SESSION_MAX + 1, NOW, CW_EDGE_COOKIE_MALFORMED},
		{NOW, 0, NOW, CW_EDGE_COOKIE_MALFORMED},
		{NOW, 8 * HOUR, NOW + 40 * HOUR, CW_EDGE_COOKIE_STRANGE_KEY},
	};
	struct scene scene = {0};
	turn(&scene, NOW, true);
	tell(&scene, "c1", NOW);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER value = {0};
		sign(&scene, "u", rows[i].from, rows[i].lasts, &value);
		assert_int_equal(verify(&scene, &value, rows[i].now), rows[i].want);
	}
	finish(&scene);
}

/* Whatever single byte is another one: it is no cookie. */
static void every_changed_byte_is_refused(void **state)
{
	(void)state;
	struct scene scene = {0};
	AUTO_BUFFER value = {0};
	turn(&scene, NOW, true);
	tell(&scene, "c1", NOW);
	sign(&scene, "u", NOW, HOUR, &value);
	for (size_t i = 0; i < value.length; i++) {
		char kept = value.data[i];
		value.data[i] = kept == 'A' ? 'B' : 'A';
		assert_int_not_equal(verify(&scene, &value, NOW), CW_EDGE_COOKIE_GOOD);
		value.data[i] = kept;
	}
	for (size_t length = 0; length < value.length; length++) {
		const struct cw_http_text cut = {value.data, length};
		struct cw_edge_session session;
		assert_int_equal(
			cw_edge_cookie_verify(&scene.ring, cut, NOW, &session), CW_EDGE_COOKIE_MALFORMED);
	}
	cw_buffer_text(&value, "=");
	assert_int_equal(verify(&scene, &value, NOW), CW_EDGE_COOKIE_MALFORMED);
	finish(&scene);
}

static void another_key_with_the_same_id_is_forged(void **state)
{
	(void)state;
	struct scene scene = {0}, other = {0};
	AUTO_BUFFER value = {0};
	turn(&scene, NOW, true);
	turn(&other, NOW, true);
	tell(&scene, "c1", NOW);
	sign(&other, "u", NOW, HOUR, &value);
	assert_int_equal(verify(&scene, &value, NOW), CW_EDGE_COOKIE_STRANGE_KEY);
	memcpy(other.signer.keys[0].key.id, scene.signer.keys[0].key.id, CW_EDGE_KEY_ID_SIZE);
	value.length = 0;
	sign(&other, "u", NOW, HOUR, &value);
	assert_int_equal(verify(&scene, &value, NOW), CW_EDGE_COOKIE_FORGED);
	finish(&scene);
	finish(&other);
}

/* For three days, an hour at a time: what was signed is good for its 8 hours, whatever key is current by then. */
static void keys_change_and_no_session_is_lost(void **state)
{
	(void)state;
	enum { HOURS = 72, LASTS = 8 };
	struct scene scene = {0};
	struct cw_buffer values[HOURS] = {{0}};
	size_t most = 0;
	for (int hour = 0; hour < HOURS; hour++) {
		cw_time now = NOW + hour * HOUR;
		struct cw_error error;
		bool changed;
		assert_true(cw_edge_key_signer_turn(&scene.signer, now, &changed, &error));
		if (changed)
			tell(&scene, "c1", now);
		most = scene.signer.count > most ? scene.signer.count : most;
		sign(&scene, "u", now, LASTS * HOUR, &values[hour]);
		for (int past = 0; past <= hour; past++)
			assert_int_equal(verify(&scene, &values[past], now) == CW_EDGE_COOKIE_GOOD,
				hour - past < LASTS);
	}
	assert_in_range(most, 2, CW_EDGE_KEY_OWN_MAX);
	assert_in_range(scene.ring.count, 1, CW_EDGE_KEY_OWN_MAX);
	for (int hour = 0; hour < HOURS; hour++)
		cw_buffer_finish(&values[hour]);
	finish(&scene);
}

static void the_next_key_is_told_before_it_signs(void **state)
{
	(void)state;
	struct scene scene = {0};
	turn(&scene, NOW, true);
	const uint8_t first = scene.signer.keys[0].key.bytes[0];
	cw_time later = NOW + CW_EDGE_KEY_SIGNS;
	turn(&scene, later, true);
	assert_int_equal(scene.signer.count, 2);
	assert_ptr_equal(cw_edge_key_signer_current(&scene.signer, later), &scene.signer.keys[0].key);
	assert_int_equal(scene.signer.keys[0].key.bytes[0], first);
	assert_ptr_equal(cw_edge_key_signer_current(&scene.signer, later + CW_EDGE_KEY_TOLD_BEFORE),
		&scene.signer.keys[1].key);
	finish(&scene);
}

static void a_key_that_is_not_told_any_more_counts_no_longer(void **state)
{
	(void)state;
	struct scene one = {0}, two = {0};
	AUTO_BUFFER first = {0}, second = {0};
	turn(&one, NOW, true);
	turn(&two, NOW, true);
	tell(&one, "c1", NOW);
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX];
	size_t count = cw_edge_key_signer_told(&two.signer, told);
	assert_true(cw_edge_key_ring_take(&one.ring, "c2", told, count, NOW));
	sign(&one, "u", NOW, HOUR, &first);
	sign(&two, "u", NOW, HOUR, &second);
	assert_int_equal(verify(&one, &first, NOW), CW_EDGE_COOKIE_GOOD);
	assert_int_equal(verify(&one, &second, NOW), CW_EDGE_COOKIE_GOOD);
	assert_true(cw_edge_key_ring_take(&one.ring, "c1", NULL, 0, NOW));
	assert_int_equal(verify(&one, &first, NOW), CW_EDGE_COOKIE_STRANGE_KEY);
	assert_int_equal(verify(&one, &second, NOW), CW_EDGE_COOKIE_GOOD);
	finish(&one);
	finish(&two);
}

static void a_ring_that_is_full_keeps_what_it_has(void **state)
{
	(void)state;
	struct cw_edge_key_ring ring = {0};
	struct cw_edge_key_told told[CW_EDGE_KEY_OWN_MAX + 1];
	for (size_t i = 0; i < CW_EDGE_KEY_OWN_MAX + 1; i++) {
		memset(told[i].bytes, (int)i + 1, sizeof told[i].bytes);
		told[i].until = NOW + HOUR;
	}
	assert_false(cw_edge_key_ring_take(&ring, "too many", told, CW_EDGE_KEY_OWN_MAX + 1, NOW));
	assert_int_equal(ring.count, CW_EDGE_KEY_OWN_MAX);
	for (int i = 0; i < CW_EDGE_KEY_RING_MAX; i++) {
		char source[16];
		snprintf(source, sizeof source, "c%d", i);
		(void)cw_edge_key_ring_take(&ring, source, told, 1, NOW);
	}
	assert_int_equal(ring.count, CW_EDGE_KEY_RING_MAX);
	assert_false(cw_edge_key_ring_take(&ring, "one more", told, 1, NOW));
	assert_true(cw_edge_key_ring_take(&ring, "later", told, 0, NOW + HOUR));
	assert_int_equal(ring.count, 0);
	cw_edge_key_ring_finish(&ring);
}

static void keys_outlive_the_process(void **state)
{
	(void)state;
	struct scene scene = {0};
	struct cw_edge_key_signer again;
	struct cw_error error;
	AUTO_BUFFER text = {.secret = true};
	turn(&scene, NOW, true);
	turn(&scene, NOW + CW_EDGE_KEY_SIGNS, true);
	cw_edge_key_signer_write(&scene.signer, &text);
	assert_true(cw_edge_key_signer_read(text.data, text.length, &again, &error));
	assert_int_equal(again.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_memory_equal(
			again.keys[i].key.bytes, scene.signer.keys[i].key.bytes, CW_EDGE_KEY_SIZE);
		assert_int_equal(again.keys[i].from, scene.signer.keys[i].from);
		assert_int_equal(again.keys[i].key.until, scene.signer.keys[i].key.until);
	}
	for (size_t cut = 1; cut < text.length; cut++) {
		struct cw_edge_key_signer part;
		if (cut == text.length / 2)
			continue; /* one whole line */
		assert_false(cw_edge_key_signer_read(text.data, cut, &part, &error));
		assert_int_equal(error.code, CW_E_FORMAT);
	}
	cw_edge_key_signer_finish(&again);
	finish(&scene);
}

static void keys_and_domains_are_told_in_a_document(void **state)
{
	(void)state;
	struct scene scene = {0};
	AUTO_EDGE_TOLD told = {0};
	AUTO_BUFFER allow = {0};
	for (int i = 0; i < 32; i++)
		cw_buffer_text(&allow, "5a");
	turn(&scene, NOW, true);
	AUTO(json_decref)
	json_t *document = json_pack("{s:i, s:[s,s,s], s:o}", "version", 1, "domains", "acme.test",
		"no domain", "chat.acme.test", "edge",
		cw_edge_told_write(&scene.signer, cw_buffer_string(&allow)));
	AUTO(free) char *text = json_dumps(document, JSON_COMPACT);
	assert_true(cw_edge_told_read(text, strlen(text), &told));
	assert_int_equal(told.domains.count, 2);
	assert_string_equal(told.domains.items[1], "chat.acme.test");
	assert_string_equal(told.allow, cw_buffer_string(&allow));
	assert_int_equal(told.key_count, 1);
	assert_memory_equal(told.keys[0].bytes, scene.signer.keys[0].key.bytes, CW_EDGE_KEY_SIZE);
	assert_int_equal(told.keys[0].until, scene.signer.keys[0].key.until);
	finish(&scene);
}

static void what_does_not_fit_counts_as_not_told(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool want_read;
		size_t want_keys;
	} rows[] = {
		{"", false, 0},
		{"{\"version\":1}", false, 0},
		{"{\"version\":2,\"edge\":{}}", false, 0},
		{"{\"version\":1,\"edge\":[]}", false, 0},
		{"{\"version\":1,\"edge\":{}}", true, 0},
		{"{\"version\":1,\"edge\":{\"cookies\":7,\"allow\":\"x\"}}", true, 0},
		{"{\"version\":1,\"edge\":{\"cookies\":[{\"key\":\"00\",\"until\":5}]}}", true, 0},
		{"{\"version\":1,\"edge\":{\"cookies\":[{\"key\":"
		 "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\"until\":-1}]}}",
			true, 0},
		{"{\"version\":1,\"edge\":{\"cookies\":[{\"key\":"
		 "\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\"until\":9}]}}",
			true, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_EDGE_TOLD told = {0};
		assert_int_equal(
			cw_edge_told_read(rows[i].text, strlen(rows[i].text), &told), rows[i].want_read);
		assert_int_equal(told.key_count, rows[i].want_keys);
		assert_string_equal(told.allow, "");
	}
}

static void the_domain_is_what_all_peers_share(void **state)
{
	(void)state;
	static const struct {
		const char *peers[3];
		bool want;
		const char *want_domain;
	} rows[] = {
		{{NULL}, false, ""},
		{{"e1.acme.test"}, true, ""},
		{{"e1.acme.test", "e2.acme.test"}, true, "acme.test"},
		{{"e1.edge.acme.test", "e2.edge.acme.test"}, true, "edge.acme.test"},
		{{"e1.edge.acme.test", "e2.edge.acme.test", "e3.acme.test"}, true, "acme.test"},
		{{"e1.Edge.acme.test", "e2.edge.ACME.test"}, true, "edge.acme.test"},
		{{"one.acme.test", "someone.acme.test"}, true, "acme.test"},
		{{"edge.acme.test", "e2.edge.acme.test"}, true, "edge.acme.test"},
		{{"e1.acme.test", "e1.other.test"}, false, ""},
		{{"e1.macme.test", "e2.acme.test"}, false, ""},
		{{"192.0.2.1", "198.51.2.1"}, false, ""},
		{{"e1", "e2"}, false, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER domain = {0};
		size_t count = 0;
		while (count < 3 && rows[i].peers[count])
			count++;
		assert_int_equal(cw_edge_cookie_domain(rows[i].peers, count, &domain), rows[i].want);
		assert_string_equal(cw_buffer_string(&domain), rows[i].want_domain);
	}
}

static void the_field_is_secure_and_for_no_script(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO_BUFFER one = {0}, several = {0};
	assert_true(cw_edge_cookie_write(&one, cw_http_text("AQ"), "", NOW, &error));
	assert_true(cw_edge_cookie_write(&several, cw_http_text("AQ"), "acme.test", NOW, &error));
	assert_non_null(strstr(one.data, "X-Auth=AQ; "));
	assert_null(strstr(one.data, "Domain"));
	assert_non_null(strstr(one.data, "Secure"));
	assert_non_null(strstr(one.data, "HttpOnly"));
	assert_non_null(strstr(one.data, "Expires="));
	assert_non_null(strstr(several.data, "Domain=acme.test"));
}

static void clients_are_told_by_their_user_agent(void **state)
{
	(void)state;
	static const struct {
		const char *agent;
		enum cw_edge_client want;
	} rows[] = {
		{"Jabber-Win-844", CW_EDGE_CLIENT_JABBER},
		{"Cisco/TC", CW_EDGE_CLIENT_TELEPRESENCE},
		{"Cisco-CP8865/12.0.1", CW_EDGE_CLIENT_PHONE},
		{"webex-client", CW_EDGE_CLIENT_WEBEX},
		{"curl/7.88.1", CW_EDGE_CLIENT_OTHER},
		{"", CW_EDGE_CLIENT_OTHER},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(cw_edge_cookie_client(cw_http_text(rows[i].agent)), rows[i].want);
}

static void no_cookie_has_a_user_with_control_bytes(void **state)
{
	(void)state;
	struct scene scene = {0};
	struct cw_error error;
	AUTO_BUFFER value = {0};
	struct cw_edge_session session = {.user = "a\r\nb", .issued = NOW, .expires = NOW + HOUR};
	turn(&scene, NOW, true);
	assert_false(cw_edge_cookie_sign(&scene.signer.keys[0].key, &session, &value, &error));
	session.user[0] = '\0';
	assert_false(cw_edge_cookie_sign(&scene.signer.keys[0].key, &session, &value, &error));
	finish(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cookie_says_who_signed_in),
		cmocka_unit_test(times_decide),
		cmocka_unit_test(every_changed_byte_is_refused),
		cmocka_unit_test(another_key_with_the_same_id_is_forged),
		cmocka_unit_test(keys_change_and_no_session_is_lost),
		cmocka_unit_test(the_next_key_is_told_before_it_signs),
		cmocka_unit_test(a_key_that_is_not_told_any_more_counts_no_longer),
		cmocka_unit_test(a_ring_that_is_full_keeps_what_it_has),
		cmocka_unit_test(keys_outlive_the_process),
		cmocka_unit_test(keys_and_domains_are_told_in_a_document),
		cmocka_unit_test(what_does_not_fit_counts_as_not_told),
		cmocka_unit_test(the_domain_is_what_all_peers_share),
		cmocka_unit_test(the_field_is_secure_and_for_no_script),
		cmocka_unit_test(clients_are_told_by_their_user_agent),
		cmocka_unit_test(no_cookie_has_a_user_with_control_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
