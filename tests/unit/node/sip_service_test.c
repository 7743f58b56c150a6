/*
 * SERVICE: what Expressway-E writes is what Expressway-C reads; and what is no such message.
 */
#include "node/sip/sip_carry.h"
#include "node/sip/sip_service.h"
#include "report/json.h"
#include "support/certs.h"
#include "support/sip.h"

#include <stdio.h>
#include <string.h>

static const uint8_t key[CW_SIP_FLOW_KEY] = "key";

static struct cw_sip_message *registration(const char *credentials)
{
	char text[1000];
	snprintf(text, sizeof text,
		"REGISTER sip:pub.acme.test SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
		"From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 2 REGISTER\r\n%sContent-Length: 0\r\n\r\n",
		credentials);
	return test_sip(text);
}

static struct cw_sip_message *service_for(
	const char *credentials, struct cw_sip_hop *hop, struct cw_cert *own)
{
	AUTO_BUFFER out = {0};
	struct cw_error error;
	const struct cw_sip_flow flow = {1, 2, 3, true};
	AUTO(cw_sip_message_free) struct cw_sip_message *asked = registration(credentials);
	assert_true(cw_sip_service_write(hop, &flow, asked, own, &out, &error));
	return test_sip_bytes(out.data, out.length);
}

static void what_one_end_writes_the_other_reads(void **state)
{
	(void)state;
	struct cw_sip_hop hop = {.host = "e1.acme.test", .port = 5061, .key = key};
	struct cw_cert *read = NULL;
	struct cw_sip_flow flow;
	uint64_t sent;
	const char *reason;
	size_t length, again;
	test_make_certs("leaf");
	struct cw_cert *own = test_cert("leaf");
	AUTO(cw_sip_message_free)
	struct cw_sip_message *service = service_for(
		"Authorization: Digest username=\"a<b\", realm=\"r\", nonce=\"n\", uri=\"sip:x\", response=\"0\"\r\n",
		&hop, own);
	assert_true(cw_sip_message_is(service, "SERVICE"));
	assert_non_null(strstr(service->body.data, "<username>a&#60;b</username><realm>r</realm>"));
	assert_non_null(strstr(service->body.data, "<methodName>DigestAuth</methodName>"));
	test_sip_equal(cw_sip_message_field(service, CW_SIP_EVENT, 0), "service");
	assert_true(cw_sip_hop_read_branch(key, service, &flow, &sent));
	assert_int_equal(flow.connection, 3);
	assert_true(cw_sip_service_read(service, &read, &reason));
	const uint8_t *der = cw_cert_der(own, &length), *der_again = cw_cert_der(read, &again);
	assert_int_equal(length, again);
	assert_memory_equal(der, der_again, length);
	cw_cert_free(read);
}

#define HEAD \
	"SERVICE sip:s@x SIP/2.0\r\nVia: SIP/2.0/TLS a;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n" \
	"To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 2 SERVICE\r\n"
static const struct {
	const char *name, *type, *body;
} unfit[] = {
	{"no body", "", ""},
	{"another type", "Content-Type: text/plain\r\n", "--b\r\n"},
	{"no boundary", "Content-Type: multipart/mixed\r\n", "--b\r\n"},
	{"no part", "Content-Type: multipart/mixed;boundary=b\r\n", "nothing"},
	{"a part without an empty line", "Content-Type: multipart/mixed;boundary=b\r\n",
		"--b\r\nContent-Type: application/x-x509-ca-cert\r\n--b--\r\n"},
	{"no certificate in it", "Content-Type: multipart/mixed;boundary=b\r\n",
		"--b\r\nContent-Type: application/x-x509-ca-cert\r\n\r\nhello\r\n--b--\r\n"},
	{"a certificate without an end", "Content-Type: multipart/mixed;boundary=b\r\n",
		"--b\r\nContent-Type: application/x-x509-ca-cert\r\n\r\n-----BEGIN CERTIFICATE-----\r\nAAAA\r\n--b--\r\n"},
	{"no base64", "Content-Type: multipart/mixed;boundary=b\r\n",
		"--b\r\nContent-Type: application/x-x509-ca-cert\r\n\r\n-----BEGIN CERTIFICATE-----\r\n!!!!\r\n"
		"-----END CERTIFICATE-----\r\n--b--\r\n"},
	{"its parts have no end", "Content-Type: multipart/mixed;boundary=b\r\n", "--b--b--b--b--b--b--b--b"},
};

static void what_is_no_certificate_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unfit / sizeof unfit[0]; i++) {
		struct cw_cert *read = NULL;
		const char *reason = NULL;
		char text[2000];
		snprintf(text, sizeof text, HEAD "%sContent-Length: %zu\r\n\r\n%s", unfit[i].type,
			strlen(unfit[i].body), unfit[i].body);
		AUTO(cw_sip_message_free) struct cw_sip_message *service = test_sip(text);
		if (cw_sip_service_read(service, &read, &reason) || !reason)
			fail_msg("%s: read", unfit[i].name);
	}
}

static void a_check_is_about_a_registration_with_credentials(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free) struct cw_sip_message *without = registration("");
	AUTO(cw_sip_message_free)
	struct cw_sip_message *with = registration("Authorization: Digest realm=\"r\"\r\n");
	assert_false(cw_sip_service_wanted(without));
	assert_true(cw_sip_service_wanted(with));
}

static void a_frame_holds_one_whole_message(void **state)
{
	(void)state;
	AUTO(cw_sip_message_free)
	struct cw_sip_message *sent = registration("Subject: \xff\xfe\r\n"),
			      *read = NULL;
	uint16_t zone;
	AUTO(json_decref) json_t *frame = cw_sip_carry_write(7, sent->bytes, sent->length);
	AUTO(json_decref) json_t *cut = cw_sip_carry_write(7, sent->bytes, sent->length - 1);
	AUTO(json_decref) json_t *two = cw_sip_carry_write(7, "\r\n", 2);
	assert_true(cw_sip_carry_read(frame, &zone, &read));
	assert_int_equal(zone, 7);
	assert_int_equal(read->length, sent->length);
	assert_memory_equal(read->bytes, sent->bytes, sent->length);
	struct cw_sip_message *none = NULL;
	assert_false(cw_sip_carry_read(cut, &zone, &none));
	assert_false(cw_sip_carry_read(two, &zone, &none));
	json_object_set_new(frame, "zone", json_integer(0));
	assert_false(cw_sip_carry_read(frame, &zone, &none));
}

static void what_is_shared_comes_out_again(void **state)
{
	(void)state;
	struct cw_sip_carry_shared sent = {.key = {1, 2, 255}, .zones = {9, 65535}, .zone_count = 2}, read;
	AUTO(json_decref) json_t *value = cw_sip_carry_share(&sent);
	cw_sip_carry_shared(value, &read);
	assert_true(read.keyed);
	assert_memory_equal(read.key, sent.key, sizeof read.key);
	assert_true(cw_sip_carry_has(&read, 65535));
	assert_false(cw_sip_carry_has(&read, 0));
	cw_sip_carry_shared(NULL, &read);
	assert_false(read.keyed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_end_writes_the_other_reads),
		cmocka_unit_test(what_is_no_certificate_is_refused),
		cmocka_unit_test(a_check_is_about_a_registration_with_credentials),
		cmocka_unit_test(a_frame_holds_one_whole_message),
		cmocka_unit_test(what_is_shared_comes_out_again),
	};
	return cmocka_run_group_tests(tests, NULL, test_certs_teardown);
}
