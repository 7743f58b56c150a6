#include "capture/packet/data_link.h"

#include "support/cmocka.h"

#define IPV4 "\x45ip"
#define ADDRESSES "\2\0\0\0\0\1\2\0\0\0\0\2"

static const struct {
	const char *name;
	uint32_t data_link_type;
	const char *bytes;
	size_t length;
	bool want;
} rows[] = {
#define ROW(name, type, bytes, want) \
	{ \
		name, type, bytes, sizeof bytes - 1, want \
	}
	ROW("Ethernet", 1, ADDRESSES "\x08\0" IPV4, true),
	ROW("Ethernet, IPv6", 1, ADDRESSES "\x86\xdd" IPV4, true),
	ROW("VLAN", 1, ADDRESSES "\x81\0\0\5\x08\0" IPV4, true),
	ROW("QinQ", 1, ADDRESSES "\x88\xa8\0\5\x81\0\0\6\x08\0" IPV4, true),
	ROW("old QinQ", 1, ADDRESSES "\x91\0\0\5\x91\0\0\6\x86\xdd" IPV4, true),
	ROW("802.3 with SNAP", 1, ADDRESSES "\0\x20\xaa\xaa\x03\0\0\0\x08\0" IPV4, true),
	ROW("PPPoE", 1, ADDRESSES "\x88\x64\x11\0\0\1\0\5\0\x21" IPV4, true),
	ROW("ARP", 1, ADDRESSES "\x08\6" IPV4, false),
	ROW("nine tags", 1,
		ADDRESSES "\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1\x81\0\0\1"
			  "\x81\0\0\1\x08\0" IPV4,
		false),
	ROW("Ethernet, cut", 1, ADDRESSES "\x08", false),
	ROW("VLAN, cut", 1, ADDRESSES "\x81\0\0", false),
	ROW("nothing behind the header", 1, ADDRESSES "\x08\0", false),
	ROW("raw", 101, IPV4, true),
	ROW("raw, as Linux numbers it", 12, IPV4, true),
	ROW("raw, as OpenBSD numbers it", 14, IPV4, true),
	ROW("raw IPv4", 228, IPV4, true),
	ROW("raw IPv6", 229, IPV4, true),
	ROW("cooked", 113, "\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x08\0" IPV4, true),
	ROW("cooked, VLAN", 113, "\0\0\0\1\0\6\2\0\0\0\0\1\0\0\x81\0\0\7\x08\0" IPV4, true),
	ROW("cooked v2", 276, "\x86\xdd\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" IPV4, true),
	ROW("cooked v2, ARP", 276, "\x08\6\0\0\0\0\0\1\0\1\0\6\2\0\0\0\0\1\0\0" IPV4, false),
	ROW("null, little-endian", 0, "\2\0\0\0" IPV4, true),
	ROW("null, big-endian", 0, "\0\0\0\2" IPV4, true),
	ROW("null, IPv6 on FreeBSD", 0, "\x1c\0\0\0" IPV4, true),
	ROW("null, IPv6 on macOS", 0, "\0\0\0\x1e" IPV4, true),
	ROW("null, something else", 0, "\x07\0\0\0" IPV4, false),
	ROW("loopback", 108, "\0\0\0\x18" IPV4, true),
	ROW("a link type that is not known", 127, IPV4, false),
};

static void ip_is_found_behind_every_link_layer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_packet packet = {
			.data = (const uint8_t *)rows[i].bytes,
			.length = rows[i].length,
			.wire_length = rows[i].length,
			.data_link_type = rows[i].data_link_type,
		};
		const uint8_t *ip = NULL;
		size_t length = 0;
		if (cw_data_link_find_ip(&packet, &ip, &length) != rows[i].want)
			fail_msg("%s: wanted %d", rows[i].name, rows[i].want);
		if (rows[i].want && (length != 3 || memcmp(ip, IPV4, 3) != 0))
			fail_msg("%s: %zu bytes", rows[i].name, length);
	}
}

static void unknown_data_links_are_told_apart_from_other_protocols(void **state)
{
	(void)state;
	assert_true(cw_data_link_known(1));
	assert_true(cw_data_link_known(276));
	assert_false(cw_data_link_known(127));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ip_is_found_behind_every_link_layer),
		cmocka_unit_test(unknown_data_links_are_told_apart_from_other_protocols),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
