#include "cli/verbs.h"

#include "lab/lab.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"

#include <openssl/bio.h>
#include <openssl/pem.h>

/* Runs the program; what it prints on both streams ends in `ret`. */
static enum cw_exit run(const char *const *words, struct cw_buffer *ret)
{
	char *text = NULL;
	size_t length = 0;
	size_t count = 0;
	while (words[count])
		count++;
	FILE *stream = open_memstream(&text, &length);
	assert_non_null(stream);
	enum cw_exit status = cw_verbs_run((char *const *)words, count, stream, stream, TEST_AT, false);
	fclose(stream);
	cw_buffer_append(ret, text, length);
	free(text);
	return status;
}

static void expect(enum cw_exit want_status, const char *want, const char *const *words)
{
	AUTO_BUFFER got = {0};
	enum cw_exit status = run(words, &got);
	if (status != want_status || !strstr(cw_buffer_string(&got), want))
		fail_msg("%s %s: ended with %d and said: %s", words[0], words[1], status,
			cw_buffer_string(&got));
}

#define WORDS(...) \
	(const char *const[]) \
	{ \
		__VA_ARGS__, NULL \
	}

static void a_lab_is_made_and_says_what_was_planted(void **state)
{
	(void)state;
	const char *folder = test_folder_path("demo");
	expect(CW_EXIT_GOOD, "issuer-missing: E was renewed",
		WORDS("lab", "new", folder, "--key", "ec", "--fault", "issuer-missing", "--fault",
			"weak-key"));
	expect(CW_EXIT_TROUBLE, "is not empty", WORDS("lab", "new", folder));
	expect(CW_EXIT_TROUBLE, "did you mean \"weak-key\"?",
		WORDS("lab", "new", test_folder_path("other"), "--fault", "weak-kye"));
	expect(CW_EXIT_TROUBLE, "--at", WORDS("lab", "new", test_folder_path("other"), "--at", "noon"));
}

static void every_fault_is_listed(void **state)
{
	(void)state;
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++)
		expect(CW_EXIT_GOOD, fault->plants, WORDS("lab", "faults"));
	expect(CW_EXIT_GOOD, "Not planted: other-check-failed", WORDS("lab", "faults"));
	expect(CW_EXIT_GOOD, "issuer-missing\n    E was renewed", WORDS("lab", "faults", "issuer-missing"));
	expect(CW_EXIT_GOOD, "Not planted: other-check-failed", WORDS("lab", "faults", "other-check-failed"));
	expect(CW_EXIT_TROUBLE, "there is no fault \"nonsense\"", WORDS("lab", "faults", "nonsense"));
}

/* A request made with the private key of a certificate in a file, as an Expressway makes one. */
static const char *write_request(const char *key_path)
{
	struct cw_error error;
	EVP_PKEY *key;
	if (!cw_key_read(key_path, NULL, &key, &error))
		fail_msg("%s", error.message);
	X509_REQ *csr = X509_REQ_new();
	BIO *memory = BIO_new(BIO_s_mem());
	assert_true(csr && memory && X509_REQ_set_pubkey(csr, key));
	assert_true(X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(csr), "CN", MBSTRING_UTF8,
		(const unsigned char *)"c1.acme.test", -1, -1, 0));
	assert_true(X509_REQ_sign(csr, key, EVP_sha256()) > 0 && PEM_write_bio_X509_REQ(memory, csr));
	char *data;
	long length = BIO_get_mem_data(memory, &data);
	const char *path = test_folder_write("c1.csr", data, (size_t)length);
	BIO_free(memory);
	X509_REQ_free(csr);
	EVP_PKEY_free(key);
	return path;
}

static void a_small_ca_signs_a_request(void **state)
{
	(void)state;
	const char *root = test_folder_path("root");
	const char *issuing = test_folder_path("issuing");
	expect(CW_EXIT_GOOD, "root/ca.pem", WORDS("ca", "new", root, "--cn", "Root", "--key", "ec"));
	expect(CW_EXIT_GOOD, "issuing/ca.pem",
		WORDS("ca", "new", issuing, "--cn", "Issuing", "--key", "ec", "--parent", root, "--days",
			"10"));
	const char *csr = write_request(test_folder_path("issuing/privkey.pem"));
	const char *out = test_folder_path("c1.pem");
	expect(CW_EXIT_GOOD, "",
		WORDS("ca", "sign", "--ca", issuing, "--template", "server", "--san", "c1.acme.test", "--san",
			"10.0.0.1", "-o", out, csr));

	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO_BUNDLE bundle = {0};
	struct cw_error error;
	assert_non_null(pool);
	if (!cw_bundle_read(out, out, NULL, pool, &bundle, &error))
		fail_msg("%s", error.message);
	const struct cw_cert *cert = bundle.entries[0].cert;
	assert_string_equal(cw_cert_subject_text(cert), "CN=c1.acme.test");
	assert_string_equal(cw_cert_issuer_text(cert), "CN=Issuing");
	assert_int_equal(cw_cert_sans(cert)->count, 2);
	assert_true(cw_cert_eku(cert)->server_auth && !cw_cert_eku(cert)->client_auth);
}

static void what_a_ca_cannot_do_is_said(void **state)
{
	(void)state;
	const char *ca = test_folder_path("some");
	expect(CW_EXIT_GOOD, "", WORDS("ca", "new", ca, "--cn", "Some", "--key", "ec"));
	expect(CW_EXIT_TROUBLE, "holds no CA yet", WORDS("ca", "new", ca, "--cn", "Some", "--key", "ec"));
	expect(CW_EXIT_TROUBLE, "wanted a name", WORDS("ca", "new", test_folder_path("new")));
	expect(CW_EXIT_TROUBLE, "--days: wanted a number from 1 to 36500, found \"0\"",
		WORDS("ca", "new", test_folder_path("new"), "--cn", "New", "--days", "0"));
	expect(CW_EXIT_TROUBLE, "unknown kind of key \"rsa2048\"",
		WORDS("ca", "new", test_folder_path("new"), "--cn", "New", "--key", "rsa2048"));
	expect(CW_EXIT_TROUBLE, "wanted the folder of a CA", WORDS("ca", "sign", "x.csr"));
	expect(CW_EXIT_TROUBLE, "wanted a certificate request",
		WORDS("ca", "sign", "--ca", ca, test_folder_path("some/ca.pem")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lab_is_made_and_says_what_was_planted),
		cmocka_unit_test(every_fault_is_listed),
		cmocka_unit_test(a_small_ca_signs_a_request),
		cmocka_unit_test(what_a_ca_cannot_do_is_said),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
