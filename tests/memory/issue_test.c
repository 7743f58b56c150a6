/**
 * Every allocation, our own and OpenSSL's, fails in turn while certificates, CRLs and requests are made: each
 * time the answer is "out of memory" and nothing is appended, or the whole thing is made.
 *
 * What signs is Ed25519, which draws no random numbers, so that each run allocates as the one before it.
 */
#include "failing.h"

#include "issue/issue.h"
#include "issue/issue_key.h"
#include "issue/issue_request.h"
#include "pki/bundle/pem_write.h"
#include "pki/request.h"
#include "support/cmocka.h"
#include "support/instant.h"

#include <openssl/err.h>
#include <string.h>

static EVP_PKEY *key;
static struct cw_cert *root;
static struct cw_buffer request;

/* Every extension that there is. */
static const struct cw_issue_spec everything = {
	.subject = "C=US, O=Acme, CN=e1.acme.test",
	.sans = "DNS:e1.acme.test, IP:10.0.0.1, URI:sip:a@b, email:a@b",
	.serial = "1002",
	.not_before = TEST_AT,
	.not_after = TEST_AT + CW_DAY,
	.constraints = CW_ISSUE_CA,
	.path_limited = true,
	.path_length = 1,
	.key_usage = KU_KEY_CERT_SIGN | KU_DECIPHER_ONLY,
	.eku = "server, client",
	.authority_key_id = CW_ISSUE_KEY_ID_ALWAYS,
	.permitted_dns = "acme.test, example.test",
	.excluded_dns = "e2.acme.test",
	.crl_urls = "http://a/crl",
	.issuer_urls = "http://a/ca, http://b/ca",
	.unknown_critical = true,
};

static bool issue(struct cw_buffer *ret, struct cw_error *error)
{
	return cw_issue_der(&everything, key, cw_cert_x509(root), key, ret, error);
}

static bool issue_with_a_random_serial(struct cw_buffer *ret, struct cw_error *error)
{
	static const struct cw_issue_spec spec = {
		.subject = "CN=a", .not_before = TEST_AT, .not_after = TEST_AT};
	return cw_issue_der(&spec, key, NULL, NULL, ret, error);
}

static bool issue_crl(struct cw_buffer *ret, struct cw_error *error)
{
	static const struct cw_issue_crl_spec spec = {.this_update = TEST_AT,
		.next_update = TEST_AT + CW_DAY,
		.serials = "1002, 1003",
		.number = 1};
	return cw_issue_crl_der(&spec, cw_cert_x509(root), key, ret, error);
}

static bool ask(struct cw_buffer *ret, struct cw_error *error)
{
	return cw_issue_request(&everything, key, ret, error);
}

static bool read_request(struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(cw_request_free) struct cw_request *read = NULL;
	if (!cw_request_parse((const uint8_t *)request.data, request.length, &read, error))
		return false;
	cw_buffer_text(ret, cw_cert_subject_text(cw_request_shape(read)));
	return cw_buffer_ok(ret, error);
}

static bool write_pem(struct cw_buffer *ret, struct cw_error *error)
{
	return cw_pem_write_cert(ret, root, error);
}

static bool name_key(struct cw_buffer *ret, struct cw_error *error)
{
	char id[CW_SHA256_TEXT_SIZE];
	if (!cw_key_id_of_cert(root, id, error))
		return false;
	cw_buffer_text(ret, id);
	return cw_buffer_ok(ret, error);
}

static bool make_key(struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(EVP_PKEY_free) EVP_PKEY *made = NULL;
	if (!cw_issue_key("ec", &made, error))
		return false;
	cw_buffer_text(ret, "made"); /* asking the key anything allocates */
	return cw_buffer_ok(ret, error);
}

static const struct {
	const char *name;
	bool (*make)(struct cw_buffer *, struct cw_error *);
	bool same; /* byte for byte in every run */
} rows[] = {
	{"a certificate", issue, true},
	{"one with a random serial number", issue_with_a_random_serial, false},
	{"a CRL", issue_crl, true},
	{"a request", ask, true},
	{"a request, read", read_request, true},
	{"PEM", write_pem, true},
	{"the name of a key", name_key, true},
	{"a key", make_key, true},
};

/* False: it succeeded with something else, or failed for another reason than memory. */
static bool is_clean(size_t row, bool worked, const struct cw_buffer *made, const struct cw_buffer *wanted,
	const struct cw_error *error)
{
	if (!worked)
		return error->code == CW_E_MEMORY && strcmp(error->message, "out of memory") == 0;
	return made->length == wanted->length &&
		(!rows[row].same || memcmp(made->data, wanted->data, made->length) == 0);
}

static void try_all(size_t row, enum failing_kind kind)
{
	AUTO_BUFFER wanted = {0};
	struct cw_error error;
	unsigned long unclean = 0, failed = 0, count = 1;
	assert_true(rows[row].make(&wanted, &error));		    /* what OpenSSL builds at first use */
	for (unsigned long number = 0; number <= count; number++) { /* 0: none fails, they are counted */
		AUTO_BUFFER made = {0};
		failing_arm(kind, number, false);
		bool worked = rows[row].make(&made, &error);
		failing_disarm();
		count = number ? count : failing_count(kind);
		failed += !worked;
		if (is_clean(row, worked, &made, &wanted, &error) && !ERR_peek_error())
			continue;
		print_error("%s, kind %d, allocation %lu: \"%s\"%s\n", rows[row].name, (int)kind, number,
			worked ? "something else" : error.message,
			ERR_peek_error() ? ", and an error left in OpenSSL's queue" : "");
		ERR_clear_error();
		unclean++;
	}
	print_message("%s, kind %d: %lu allocations, %lu answers \"out of memory\"\n", rows[row].name,
		(int)kind, count, failed);
	assert_int_equal(LEAKS(), 0);
	assert_int_equal(unclean, 0);
}

static void each_allocation_of_ours_fails_in_turn(void **state)
{
	(void)state;
	for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
		try_all(row, FAILING_OWN);
}

static void each_allocation_of_openssl_fails_in_turn(void **state)
{
	(void)state;
	for (size_t row = 0; row < sizeof rows / sizeof *rows; row++)
		try_all(row, FAILING_OPENSSL);
}

static int make(void **state)
{
	(void)state;
	static const struct cw_issue_spec spec = {.subject = "CN=Root",
		.serial = "1001",
		.not_before = TEST_AT,
		.not_after = TEST_AT + CW_DAY,
		.constraints = CW_ISSUE_CA,
		.no_subject_key_id = true};
	struct cw_error error;
	return cw_issue_key("ed25519", &key, &error) && cw_issue(&spec, key, NULL, NULL, &root, &error) &&
			cw_issue_request(&everything, key, &request, &error)
		? 0
		: -1;
}

static int unmake(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	cw_cert_free(root);
	cw_buffer_finish(&request);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_allocation_of_ours_fails_in_turn),
		cmocka_unit_test(each_allocation_of_openssl_fails_in_turn),
	};
	return failing_start() ? cmocka_run_group_tests(tests, make, unmake) : 1;
}
