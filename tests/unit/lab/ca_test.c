#include "issue/issue.h"
#include "issue/issue_request.h"
#include "lab/ca.h"

#include "base/file.h"
#include "issue/issue_key.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <sys/stat.h>

static void must(bool worked, const struct cw_error *error)
{
	if (!worked)
		fail_msg("%s", error->message);
}

static int set_up(void **state)
{
	(void)state;
	struct cw_error error;
	test_folder_make();
	const struct cw_ca_options root = {.common_name = "C=US, CN=Lab Root", .key = "ec", .at = TEST_AT};
	const struct cw_ca_options issuing = {.common_name = "Lab, Issuing CA",
		.key = "ec",
		.at = TEST_AT,
		.parent = test_folder_path("root")};
	must(cw_ca_new(test_folder_path("root"), &root, &error), &error);
	must(cw_ca_new(test_folder_path("issuing"), &issuing, &error), &error);
	return 0;
}

/* The DER of a request for e1.acme.test that asks for clientAuth, as an Expressway's does. */
static void make_request(struct cw_buffer *ret)
{
	struct cw_error error;
	AUTO(EVP_PKEY_free) EVP_PKEY *key = NULL;
	must(cw_issue_key("ec", &key, &error), &error);
	const struct cw_issue_spec spec = {
		.subject = "CN=e1.acme.test", .sans = "DNS:e1.acme.test, URI:sip:a@b", .eku = "client"};
	must(cw_issue_request(&spec, key, ret, &error), &error);
}

static struct cw_request *parsed(const struct cw_buffer *der)
{
	struct cw_error error;
	struct cw_request *csr = NULL;
	must(cw_request_parse((const uint8_t *)der->data, der->length, &csr, &error), &error);
	return csr;
}

static struct cw_cert *sign(const struct cw_ca_request *request)
{
	struct cw_error error;
	struct cw_cert *cert = NULL;
	AUTO_BUFFER der = {0};
	make_request(&der);
	AUTO(cw_request_free) struct cw_request *csr = parsed(&der);
	must(cw_ca_sign(request, csr, &cert, &error), &error);
	return cert;
}

static void a_ca_signs_itself_and_the_one_below_it(void **state)
{
	(void)state;
	struct stat status;
	assert_int_equal(stat(test_folder_path("root/privkey.pem"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	AUTO_BUFFER index = {0};
	struct cw_error error;
	must(cw_file_read(test_folder_path("root/index"), 4096, &index, &error), &error);
	assert_non_null(strstr(cw_buffer_string(&index), "2031-11-19\tCN=Lab"));
}

static void the_template_decides_what_a_certificate_is_good_for(void **state)
{
	(void)state;
	static const struct {
		enum cw_ca_template template;
		bool want_eku, want_server, want_client, want_ca;
	} rows[] = {
		{CW_CA_BOTH, true, true, true, false},
		{CW_CA_SERVER, true, true, false, false},
		{CW_CA_CLIENT, true, false, true, false},
		{CW_CA_NONE, false, false, false, false},
		{CW_CA_CA, false, false, false, true},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cw_ca_request request = {
			.folder = test_folder_path("issuing"), .template = rows[i].template, .at = TEST_AT};
		AUTO(cw_cert_free) struct cw_cert *cert = sign(&request);
		assert_int_equal(cw_cert_eku(cert)->present, rows[i].want_eku);
		assert_int_equal(cw_cert_eku(cert)->server_auth, rows[i].want_server);
		assert_int_equal(cw_cert_eku(cert)->client_auth, rows[i].want_client);
		assert_int_equal(cw_cert_is_ca(cert), rows[i].want_ca);
	}
}

static void names_come_from_the_request_unless_given(void **state)
{
	(void)state;
	static const char *const given[] = {"e2.acme.test", "10.0.0.2", "2001:db8::2", "URI:sip:c@d"};
	struct cw_ca_request request = {.folder = test_folder_path("issuing"), .at = TEST_AT};
	AUTO(cw_cert_free) struct cw_cert *kept = sign(&request);
	assert_string_equal(cw_cert_subject_text(kept), "CN=e1.acme.test");
	assert_int_equal(cw_cert_sans(kept)->count, 2);
	assert_string_equal(cw_cert_sans(kept)->items[0].text, "e1.acme.test");
	assert_string_equal(cw_cert_sans(kept)->items[1].text, "sip:a@b");
	assert_int_equal(cw_cert_not_after(kept), TEST_AT + 365 * CW_DAY);

	request.sans = given;
	request.san_count = 4;
	request.days = 30;
	AUTO(cw_cert_free) struct cw_cert *replaced = sign(&request);
	static const enum cw_san_kind kinds[] = {CW_SAN_DNS, CW_SAN_IP, CW_SAN_IP, CW_SAN_URI};
	assert_int_equal(cw_cert_sans(replaced)->count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(cw_cert_sans(replaced)->items[i].kind, kinds[i]);
	assert_int_equal(cw_cert_not_after(replaced), TEST_AT + 30 * CW_DAY);
}

static void a_request_with_a_broken_signature_is_refused(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO_BUFFER der = {0};
	make_request(&der);
	der.data[der.length - 1] ^= 1;
	AUTO(cw_request_free) struct cw_request *csr = parsed(&der);
	const struct cw_ca_request request = {.folder = test_folder_path("issuing"), .at = TEST_AT};
	struct cw_cert *cert;
	assert_false(cw_ca_sign(&request, csr, &cert, &error));
	assert_int_equal(error.code, CW_E_CRYPTO);
	assert_string_equal(error.message, "the request is not signed with its own key");
}

static void a_ca_is_never_overwritten(void **state)
{
	(void)state;
	struct cw_error error;
	const struct cw_ca_options options = {.common_name = "Again", .key = "ec", .at = TEST_AT};
	assert_false(cw_ca_new(test_folder_path("root"), &options, &error));
	assert_int_equal(error.code, CW_E_USAGE);
	assert_non_null(strstr(error.message, "holds no CA yet"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ca_signs_itself_and_the_one_below_it),
		cmocka_unit_test(the_template_decides_what_a_certificate_is_good_for),
		cmocka_unit_test(names_come_from_the_request_unless_given),
		cmocka_unit_test(a_request_with_a_broken_signature_is_refused),
		cmocka_unit_test(a_ca_is_never_overwritten),
	};
	return cmocka_run_group_tests(tests, set_up, test_folder_teardown);
}
