/*
 * Who is counted as registered, over which zone, and until when.
 */
#include "node/sip/sip_bindings.h"
#include "support/sip.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW ((cw_time)1800000000)

static const struct cw_sip_carry_shared zones = {.zones = {4, 9}, .zone_count = 2};

static void note(struct cw_sip_bindings *bindings, const char *device, unsigned expires, uint16_t zone)
{
	char text[600], contact[100] = "";
	if (expires)
		snprintf(contact, sizeof contact, "Contact: <sip:%s@10.0.0.7>;expires=%u\r\n", device,
			expires);
	snprintf(text, sizeof text,
		"SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nFrom: <sip:%s@b>;tag=1\r\n"
		"To: <sip:%s@b>;tag=2\r\nCall-ID: %s\r\nCSeq: 2 REGISTER\r\n%sContent-Length: 0\r\n\r\n",
		device, device, device, contact);
	AUTO(cw_sip_message_free) struct cw_sip_message *answer = test_sip(text);
	cw_sip_bindings_note(bindings, answer, zone, NOW);
}

static const struct {
	const char *name;
	struct {
		const char *device;
		unsigned expires;
		uint16_t zone;
	} steps[4];
	cw_time at;
	size_t want, want_first, want_second;
} rows[] = {
	{"two devices over two zones", {{"a", 120, 4}, {"b", 120, 9}}, NOW, 2, 1, 1},
	{"one that registers again is one", {{"a", 120, 4}, {"a", 120, 4}}, NOW, 1, 1, 0},
	{"one that comes by another zone has moved", {{"a", 120, 4}, {"a", 120, 9}}, NOW, 1, 0, 1},
	{"one that is taken back is gone", {{"a", 120, 4}, {"a", 0, 4}}, NOW, 0, 0, 0},
	{"the other one stays", {{"a", 120, 4}, {"b", 120, 4}, {"a", 0, 4}}, NOW, 1, 1, 0},
	{"its time is over", {{"a", 120, 4}, {"b", 300, 9}}, NOW + 121, 1, 0, 1},
	{"a year is two hours", {{"a", 31536000, 4}}, NOW + 7201, 0, 0, 0},
	{"its zone has gone", {{"a", 120, 5}, {"b", 120, 9}}, NOW, 1, 0, 1},
};

static void who_is_registered_is_counted_by_zone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_sip_bindings *bindings = calloc(1, sizeof *bindings);
		struct cw_sip_bindings_count count;
		assert_non_null(bindings);
		for (size_t k = 0; k < 4 && rows[i].steps[k].device; k++)
			note(bindings, rows[i].steps[k].device, rows[i].steps[k].expires,
				rows[i].steps[k].zone);
		cw_sip_bindings_count(bindings, &zones, rows[i].at, &count);
		if (count.all != rows[i].want || count.zones[0] != rows[i].want_first ||
			count.zones[1] != rows[i].want_second)
			fail_msg("%s: found %zu: %zu and %zu", rows[i].name, count.all, count.zones[0],
				count.zones[1]);
		free(bindings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(who_is_registered_is_counted_by_zone)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
