#include "report/topic.h"
#include "support/cmocka.h"
#include "support/verb.h"

#include "trust/finding.h"

/* As wide as a chain drawn as the seeds draw it. */
#define TOPIC_COLUMNS 94

static void topics_and_codes_are_listed(void **state)
{
	(void)state;
	TEST_ANSWER got = {0};
	RUN(&got, "explain");
	assert_int_equal(got.status, CW_EXIT_GOOD);
	assert_non_null(strstr(got.out, "  trust-list "));
	assert_non_null(strstr(got.out, "  issuer-shadowed "));
}

static void a_topic_is_found_however_it_is_typed(void **state)
{
	(void)state;
	static const char *const typed[] = {
		"eku", "EKU", "Trust-List", "tunnels", "sign", "trust", "tunnel", "degraded"};
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
		TEST_ANSWER got = {0};
		RUN(&got, "explain", typed[i]);
		assert_int_equal(got.status, CW_EXIT_GOOD);
		assert_non_null(strchr(got.out, ':'));
	}
}

static void the_seeds_drawings_are_there(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{"chain", "Self-signed top-level certificate is trusted and chain complete!"},
		{"chain", " - Not Trusted!"},
		{"handshake", "<----- Certificate Request -----"},
		{"handshake", "tears the connection down"},
		{"eku", "1.3.6.1.5.5.7.3.2"},
		{"trust-list", "stops\nat the first entry whose subject fits"},
		{"tunnels", "No SSH tunnels\nhave been established"},
		{"sign", "extendedKeyUsage = serverAuth, clientAuth"},
		{"sign", "CertificateTemplate:"},
		{"trust", "stops\nat the first entry"},
		{"degraded", "Repair it as if it were dead."},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (!strstr(cw_topic_find(rows[i][0])->text, rows[i][1]))
			fail_msg("%s lacks \"%s\"", rows[i][0], rows[i][1]);
}

static void did_you_mean_looks_at_codes_and_topics(void **state)
{
	(void)state;
	static const char *const rows[][2] = {{"trust-lst", "\"trust-list\""}, {"handshke", "\"handshake\""},
		{"issuer-mising", "\"issuer-missing\""}, {"xyzzy", "\"causeway explain\" lists them"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		TEST_ANSWER got = {0};
		RUN(&got, "explain", rows[i][0]);
		assert_int_equal(got.status, CW_EXIT_TROUBLE);
		assert_string_equal(got.out, "");
		if (!strstr(got.err, rows[i][1]))
			fail_msg("%s: got %s", rows[i][0], got.err);
	}
}

/* "explain NAME" in a topic: the name, up to the first character that no name has. */
static void check_reference(const struct cw_topic *topic, const char *at)
{
	char name[64] = "";
	size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
	enum cw_code code;
	assert_in_range(length, 1, sizeof name - 1);
	memcpy(name, at, length);
	if (!cw_topic_find(name) && !cw_finding_code_named(name, &code))
		fail_msg("%s sends the reader to \"explain %s\", which there is not", topic->name, name);
}

static void every_topic_keeps_its_form(void **state)
{
	(void)state;
	static const char word[] = "explain ";
	size_t count, length;
	const struct cw_topic *topics = cw_topic_all(&count);
	for (size_t i = 0; i < count; i++) {
		assert_memory_equal(topics[i].text, topics[i].name, strlen(topics[i].name));
		assert_int_equal(topics[i].text[strlen(topics[i].name)], ':');
		cw_topic_title(&topics[i], &length);
		assert_in_range(length, 10, 70);
		for (const char *at = topics[i].text; (at = strstr(at, word)); at += sizeof word - 1)
			check_reference(&topics[i], at + sizeof word - 1);
		for (const char *line = topics[i].text; *line; line += strcspn(line, "\n") + 1)
			if (strcspn(line, "\n") > TOPIC_COLUMNS)
				fail_msg("%s has a line of %zu columns", topics[i].name, strcspn(line, "\n"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topics_and_codes_are_listed),
		cmocka_unit_test(a_topic_is_found_however_it_is_typed),
		cmocka_unit_test(the_seeds_drawings_are_there),
		cmocka_unit_test(did_you_mean_looks_at_codes_and_topics),
		cmocka_unit_test(every_topic_keeps_its_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
