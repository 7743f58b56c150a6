#include "capture/captured_certs.h"
#include "capture/tls/cert_compression.h"
#include "capture/tls/hello.h"
#include "capture/tls/keylog.h"
#include "capture/tls/suite.h"
#include "pki/alert.h"
#include "support/cmocka.h"
#include "support/tls_session.h"

#include <stdio.h>
#include <zlib.h>
#include <zstd.h>

#define RANDOM "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct cw_keylog *keylog_of(const char *text)
{
	struct cw_keylog *keylog = cw_keylog_new();
	struct cw_error error;
	assert_non_null(keylog);
	assert_true(cw_keylog_add(keylog, (const uint8_t *)text, strlen(text), &error));
	return keylog;
}

static void key_logs_are_read_in_every_spelling(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t want, want_bad;
	} rows[] = {
		{"", 0, 0},
		{"# a comment\n\n", 0, 0},
		{"CLIENT_RANDOM " RANDOM " aabb\n", 1, 0},
		{"CLIENT_RANDOM " RANDOM " AABB\r\n", 1, 0},
		{"CLIENT_RANDOM " RANDOM " aabb", 1, 0},
		{"CLIENT_RANDOM " RANDOM " aabb\nCLIENT_RANDOM " RANDOM " ccdd\n", 1, 0},
		{"CLIENT_HANDSHAKE_TRAFFIC_SECRET " RANDOM " aa\nSERVER_HANDSHAKE_TRAFFIC_SECRET " RANDOM
		 " aa\nCLIENT_TRAFFIC_SECRET_0 " RANDOM " aa\nSERVER_TRAFFIC_SECRET_0 " RANDOM
		 " aa\nCLIENT_EARLY_TRAFFIC_SECRET " RANDOM " aa\n",
			5, 0},
		{"EXPORTER_SECRET " RANDOM " aabb\n", 0, 0},
		{"CLIENT_RANDOM " RANDOM "\n", 0, 1},
		{"CLIENT_RANDOM " RANDOM " aab\n", 0, 1},
		{"CLIENT_RANDOM " RANDOM " aabb more\n", 0, 1},
		{"CLIENT_RANDOM 0011 aabb\n", 0, 1},
		{"CLIENT_RANDOM " RANDOM " zz\n", 0, 1},
		{"nonsense\n", 0, 1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(cw_keylog_free) struct cw_keylog *keylog = keylog_of(rows[i].text);
		if (cw_keylog_count(keylog) != rows[i].want ||
			cw_keylog_bad_lines(keylog) != rows[i].want_bad)
			fail_msg("row %zu: %zu secrets, %zu bad lines", i, cw_keylog_count(keylog),
				cw_keylog_bad_lines(keylog));
	}
}

static void secrets_are_found_among_thousands(void **state)
{
	(void)state;
	AUTO_BUFFER text = {0};
	for (unsigned i = 0; i < 5000; i++)
		cw_buffer_printf(&text, "CLIENT_RANDOM %064x %08x\n", i * 7919, i);
	AUTO(cw_keylog_free) struct cw_keylog *keylog = keylog_of(text.data);
	assert_int_equal(cw_keylog_count(keylog), 5000);
	for (unsigned i = 0; i < 5000; i++) {
		uint8_t random[CW_RANDOM_SIZE] = {0};
		size_t length = 0;
		for (size_t k = 0; k < 4; k++)
			random[31 - k] = (uint8_t)(i * 7919 >> 8 * k);
		const uint8_t *secret = cw_keylog_find(keylog, CW_SECRET_MASTER, random, &length);
		assert_non_null(secret);
		assert_int_equal(length, 4);
		assert_int_equal(secret[3] | secret[2] << 8, i);
		assert_null(cw_keylog_find(keylog, CW_SECRET_CLIENT_TRAFFIC, random, &length));
	}
}

static void suites_are_named_and_read_out_of_their_names(void **state)
{
	(void)state;
	static const struct {
		uint16_t number;
		const char *name, *cipher, *digest, *mac; /* cipher NULL: not decrypted */
	} rows[] = {
		{0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES-128-CBC", "SHA256", "SHA1"},
		{0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "DES-EDE3-CBC", "SHA256", "SHA1"},
		{0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "AES-256-CBC", "SHA384", "SHA384"},
		{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "AES-256-GCM", "SHA384", NULL},
		{0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "AES-128-CCM", "SHA256", NULL},
		{0x1301, "TLS_AES_128_GCM_SHA256", "AES-128-GCM", "SHA256", NULL},
		{0x1303, "TLS_CHACHA20_POLY1305_SHA256", "ChaCha20-Poly1305", "SHA256", NULL},
		{0x0005, "TLS_RSA_WITH_RC4_128_SHA", NULL, NULL, NULL},
		{0x0000, "TLS_NULL_WITH_NULL_NULL", NULL, NULL, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_suite suite = {0};
		assert_string_equal(cw_suite_name(rows[i].number), rows[i].name);
		assert_int_equal(cw_suite_find(rows[i].number, &suite), rows[i].cipher != NULL);
		if (!rows[i].cipher)
			continue;
		assert_string_equal(suite.cipher, rows[i].cipher);
		assert_string_equal(suite.digest, rows[i].digest);
		assert_int_equal(suite.mac != NULL, rows[i].mac != NULL);
		if (rows[i].mac)
			assert_string_equal(suite.mac, rows[i].mac);
	}
	assert_null(cw_suite_name(0x0a0a));
}

/* Of SSL 2.0 only the hello is in clear; a certificate in it is read, none says that a session is resumed. */
static void the_hello_of_an_ssl_2_server_is_read(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		size_t length;
		bool want;
		size_t want_cert;
	} rows[] = {
		{"\4\0\1\0\2\0\3\0\0\0\0abc", 14, true, 3},
		{"\4\1\0\0\2\0\0\0\0\0\0", 11, true, 0},
		{"\4\0\1\0\2\0\4\0\0\0\0abc", 14, false, 0},
		{"\1\0\1\0\2\0\3\0\0\0\0abc", 14, false, 0},
		{"\4\0\1", 3, false, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint16_t version = 0;
		const uint8_t *cert = NULL;
		size_t length = 0;
		assert_int_equal(cw_hello_read_server_v2((const uint8_t *)rows[i].body, rows[i].length,
					 &version, &cert, &length),
			rows[i].want);
		if (!rows[i].want)
			continue;
		assert_string_equal(cw_hello_version_name(version), "SSL 2.0");
		assert_int_equal(length, rows[i].want_cert);
		assert_int_equal(cert != NULL, rows[i].want_cert != 0);
	}
}

/* RFC 5246, Appendix E.2: the challenge stands at the right, and of a longer one the last 32 bytes count. */
static void the_challenge_of_an_ssl_2_hello_is_the_random(void **state)
{
	(void)state;
	static const size_t lengths[] = {16, 32, 40};
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		uint8_t body[64] = {1, 3, 1, 0, 3, 0, 0, 0, (uint8_t)lengths[i], 0, 0, 47};
		uint8_t wanted[32] = {0};
		struct cw_client_hello hello;
		for (size_t k = 0; k < lengths[i]; k++)
			body[12 + k] = (uint8_t)(k + 1);
		for (size_t k = 0; k < 32 && k < lengths[i]; k++)
			wanted[31 - k] = (uint8_t)(lengths[i] - k);
		assert_true(cw_hello_read_client_v2(body, 12 + lengths[i], &hello));
		assert_int_equal(hello.version, 0x301);
		assert_memory_equal(hello.random, wanted, 32);
		assert_false(cw_hello_read_client_v2(body, 11 + lengths[i], &hello));
	}
}

static void versions_have_the_names_of_the_field(void **state)
{
	(void)state;
	static const struct {
		uint16_t version;
		const char *want;
	} rows[] = {{0x002, "SSL 2.0"}, {0x300, "SSL 3.0"}, {0x301, "TLS 1.0"}, {0x302, "TLS 1.1"},
		{0x303, "TLS 1.2"}, {0x304, "TLS 1.3"}, {0x7f17, "unknown version"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(cw_hello_version_name(rows[i].version), rows[i].want);
}

static void alerts_about_certificates_are_told_apart(void **state)
{
	(void)state;
	assert_string_equal(cw_alert_kind(48)->name, "unknown_ca");
	assert_true(cw_alert_kind(48)->about_certificate);
	assert_string_equal(cw_alert_kind(116)->name, "certificate_required");
	assert_false(cw_alert_kind(40)->about_certificate);
	assert_null(cw_alert_kind(1));
}

static void packed_certificates_come_out_whole_or_not_at_all(void **state)
{
	(void)state;
	static const char text[] = "certificate certificate certificate";
	uint8_t packed[200], plain[200];
	uLongf zlib_length = sizeof packed;
	assert_int_equal(compress(packed, &zlib_length, (const Bytef *)text, sizeof text), Z_OK);
	assert_true(cw_cert_compression_undo(1, packed, zlib_length, plain, sizeof text));
	assert_memory_equal(plain, text, sizeof text);
	assert_false(cw_cert_compression_undo(1, packed, zlib_length, plain, sizeof text - 1));
	assert_false(cw_cert_compression_undo(1, packed, zlib_length, plain, sizeof text + 1));
	assert_false(cw_cert_compression_undo(1, packed, zlib_length - 5, plain, sizeof text));
	size_t zstd_length = ZSTD_compress(packed, sizeof packed, text, sizeof text, 1);
	assert_true(cw_cert_compression_undo(3, packed, zstd_length, plain, sizeof text));
	assert_memory_equal(plain, text, sizeof text);
	assert_false(cw_cert_compression_undo(3, packed, zstd_length, plain, sizeof text - 1));
	/* An empty-window brotli stream of one literal: "a" (RFC 7932 §9). */
	static const uint8_t brotli[] = {0x0b, 0x00, 0x80, 0x61, 0x03};
	assert_true(cw_cert_compression_undo(2, brotli, sizeof brotli, plain, 1));
	assert_int_equal(plain[0], 'a');
	assert_false(cw_cert_compression_undo(2, brotli, sizeof brotli, plain, 2));
	assert_false(cw_cert_compression_undo(4, packed, zstd_length, plain, sizeof text));
}

static void a_certificate_is_met_once(void **state)
{
	(void)state;
	AUTO(cw_captured_certs_free) struct cw_captured_certs *certs = cw_captured_certs_new();
	struct cw_error error;
	struct cw_captured_cert *first, *again, *other;
	size_t length;
	const uint8_t *der = cw_cert_der(test_tls_certs()->server, &length);
	assert_true(cw_captured_certs_add(certs, der, length, 7, &first, &error));
	assert_int_equal(first->count, 1);
	assert_string_equal(first->subject, "CN=e1.acme.test");
	assert_string_equal(first->issuer, "CN=Acme Issuing CA");
	assert_string_equal(first->sha256_text, cw_cert_sha256_text(test_tls_certs()->server));
	assert_true(cw_captured_certs_add(certs, der, length, 9, &again, &error));
	assert_ptr_equal(first, again);
	assert_int_equal(first->count, 2);
	assert_int_equal(first->frame, 7);
	assert_true(cw_captured_certs_add(certs, der, length - 1, 9, &other, &error));
	assert_int_equal(other->count, 1);
	assert_null(other->subject); /* it is no certificate, and kept all the same */
	assert_int_equal(cw_captured_certs_count(certs), 2);
	assert_ptr_equal(cw_captured_certs_each(certs, cw_captured_certs_each(certs, NULL)), other);
	cw_captured_certs_release(certs, first);
	cw_captured_certs_release(certs, again);
	cw_captured_certs_release(certs, other);
}

/* Past the bytes that are kept, a certificate is known by its SHA-256, and whole while a connection holds it.
 */
static void certificates_beyond_the_bytes_that_are_kept_are_still_known(void **state)
{
	(void)state;
	AUTO(cw_captured_certs_free) struct cw_captured_certs *certs = cw_captured_certs_new();
	struct cw_error error;
	static uint8_t bytes[128 * 1024];
	for (int round = 0; round < 2; round++)
		for (uint8_t i = 0; i < 200; i++) {
			struct cw_captured_cert *cert;
			bytes[0] = i;
			assert_true(cw_captured_certs_add(certs, bytes, sizeof bytes, 1, &cert, &error));
			assert_int_equal(cert->count, round + 1);
			assert_memory_equal(cert->der, bytes, sizeof bytes);
			cw_captured_certs_release(certs, cert);
		}
	size_t kept = 0;
	for (const struct cw_captured_cert *cert = cw_captured_certs_each(certs, NULL); cert;
		cert = cw_captured_certs_each(certs, cert))
		kept += cert->der ? cert->length : 0;
	assert_true(kept <= CW_CAPTURED_CERTS_BYTES_MAX);
	assert_int_equal(cw_captured_certs_count(certs), 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_logs_are_read_in_every_spelling),
		cmocka_unit_test(secrets_are_found_among_thousands),
		cmocka_unit_test(suites_are_named_and_read_out_of_their_names),
		cmocka_unit_test(the_hello_of_an_ssl_2_server_is_read),
		cmocka_unit_test(the_challenge_of_an_ssl_2_hello_is_the_random),
		cmocka_unit_test(versions_have_the_names_of_the_field),
		cmocka_unit_test(alerts_about_certificates_are_told_apart),
		cmocka_unit_test(packed_certificates_come_out_whole_or_not_at_all),
		cmocka_unit_test(a_certificate_is_met_once),
		cmocka_unit_test(certificates_beyond_the_bytes_that_are_kept_are_still_known),
	};
	return cmocka_run_group_tests(tests, test_tls_certs_make, test_tls_certs_free);
}
