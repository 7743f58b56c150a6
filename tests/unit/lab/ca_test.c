#include "lab/ca.h"

#include "base/file.h"
#include "pki/issue_key.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

CW_DEFINE_AUTO(X509_REQ *, X509_REQ_free)

#define AT ((cw_time)1795176000) /* 2026-11-20T12:00:00Z */

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
	const struct cw_ca_options root = {.common_name = "C=US, CN=Lab Root", .key = "ec", .at = AT};
	const struct cw_ca_options issuing = {
		.common_name = "Lab, Issuing CA", .key = "ec", .at = AT, .parent = test_folder_path("root")};
	must(cw_ca_new(test_folder_path("root"), &root, &error), &error);
	must(cw_ca_new(test_folder_path("issuing"), &issuing, &error), &error);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	test_folder_remove();
	return 0;
}

/* A request for e1.acme.test that asks for clientAuth, as an Expressway's does. */
static X509_REQ *make_request(void)
{
	struct cw_error error;
	EVP_PKEY *made = NULL;
	must(cw_issue_key("ec", &made, &error), &error);
	AUTO(EVP_PKEY_free) EVP_PKEY *key = made;
	X509_REQ *csr = X509_REQ_new();
	assert_non_null(csr);
	X509_NAME *name = X509_REQ_get_subject_name(csr);
	assert_true(X509_NAME_add_entry_by_txt(
		name, "CN", MBSTRING_UTF8, (const unsigned char *)"e1.acme.test", -1, -1, 0));
	X509_EXTENSIONS *wanted = NULL;
	static const struct {
		int nid;
		const char *value;
	} rows[] = {
		{NID_subject_alt_name, "DNS:e1.acme.test, URI:sip:a@b"}, {NID_ext_key_usage, "clientAuth"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, rows[i].nid, rows[i].value);
		assert_true(extension && X509v3_add_ext(&wanted, extension, -1));
		X509_EXTENSION_free(extension);
	}
	assert_true(X509_REQ_add_extensions(csr, wanted) && X509_REQ_set_pubkey(csr, key) &&
		X509_REQ_sign(csr, key, EVP_sha256()) > 0);
	sk_X509_EXTENSION_pop_free(wanted, X509_EXTENSION_free);
	return csr;
}

static struct cw_cert *sign(const struct cw_ca_request *request)
{
	struct cw_error error;
	struct cw_cert *cert = NULL;
	AUTO(X509_REQ_free) X509_REQ *csr = make_request();
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
			.folder = test_folder_path("issuing"), .template = rows[i].template, .at = AT};
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
	struct cw_ca_request request = {.folder = test_folder_path("issuing"), .at = AT};
	AUTO(cw_cert_free) struct cw_cert *kept = sign(&request);
	assert_string_equal(cw_cert_subject_text(kept), "CN=e1.acme.test");
	assert_int_equal(cw_cert_sans(kept)->count, 2);
	assert_string_equal(cw_cert_sans(kept)->items[0].text, "e1.acme.test");
	assert_string_equal(cw_cert_sans(kept)->items[1].text, "sip:a@b");
	assert_int_equal(cw_cert_not_after(kept), AT + 365 * CW_DAY);

	request.sans = given;
	request.san_count = 4;
	request.days = 30;
	AUTO(cw_cert_free) struct cw_cert *replaced = sign(&request);
	static const enum cw_san_kind kinds[] = {CW_SAN_DNS, CW_SAN_IP, CW_SAN_IP, CW_SAN_URI};
	assert_int_equal(cw_cert_sans(replaced)->count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(cw_cert_sans(replaced)->items[i].kind, kinds[i]);
	assert_int_equal(cw_cert_not_after(replaced), AT + 30 * CW_DAY);
}

static void a_request_is_read_in_pem_and_der_and_nothing_else_is(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(X509_REQ_free) X509_REQ *csr = make_request();
	for (int pem = 0; pem < 2; pem++) {
		BIO *memory = BIO_new(BIO_s_mem());
		assert_true(memory &&
			(pem ? PEM_write_bio_X509_REQ(memory, csr) : i2d_X509_REQ_bio(memory, csr)));
		char *data;
		long length = BIO_get_mem_data(memory, &data);
		const char *path = test_folder_write("e1.csr", data, (size_t)length);
		BIO_free(memory);
		X509_REQ *read = NULL;
		must(cw_ca_read_request(path, &read, &error), &error);
		X509_REQ_free(read);
	}
	X509_REQ *none;
	assert_false(cw_ca_read_request(test_folder_path("root/ca.pem"), &none, &error));
	assert_non_null(strstr(error.message, "root/ca.pem: wanted a certificate request"));
}

static void a_request_with_a_broken_signature_is_refused(void **state)
{
	(void)state;
	struct cw_error error;
	AUTO(X509_REQ_free) X509_REQ *csr = make_request();
	X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(csr), "O", MBSTRING_UTF8,
		(const unsigned char *)"Other", -1, -1, 0);
	unsigned char *der = NULL;
	assert_true(i2d_re_X509_REQ_tbs(csr, &der) > 0); /* the cached encoding is made anew */
	OPENSSL_free(der);
	const struct cw_ca_request request = {.folder = test_folder_path("issuing"), .at = AT};
	struct cw_cert *cert;
	assert_false(cw_ca_sign(&request, csr, &cert, &error));
	assert_int_equal(error.code, CW_E_CRYPTO);
}

static void a_ca_is_never_overwritten(void **state)
{
	(void)state;
	struct cw_error error;
	const struct cw_ca_options options = {.common_name = "Again", .key = "ec", .at = AT};
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
		cmocka_unit_test(a_request_is_read_in_pem_and_der_and_nothing_else_is),
		cmocka_unit_test(a_request_with_a_broken_signature_is_refused),
		cmocka_unit_test(a_ca_is_never_overwritten),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
