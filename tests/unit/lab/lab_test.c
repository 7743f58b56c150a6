#include "lab/lab.h"

#include "base/file.h"
#include "base/strings.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/instant.h"
#include "trust/finding.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

static void make_lab(const char *name, enum cw_lab_size size, const char *const *faults, size_t count)
{
	const struct cw_lab_options options = {.folder = test_folder_path(name),
		.size = size,
		.key = "ec",
		.at = TEST_AT,
		.faults = faults,
		.fault_count = count};
	struct cw_error error;
	if (!cw_lab_new(&options, &error))
		fail_msg("%s: %s", name, error.message);
}

static void make_faulty(const char *name, const char *fault)
{
	make_lab(name, CW_LAB_SMALL, &fault, fault ? 1 : 0);
}

static const char *file_of(const char *lab, const char *file)
{
	char name[256];
	snprintf(name, sizeof name, "%s/%s", lab, file);
	return test_folder_path(name);
}

static void read_text(const char *path, struct cw_buffer *ret)
{
	struct cw_error error;
	if (!cw_file_read(path, 1024 * 1024, ret, &error))
		fail_msg("%s", error.message);
}

static bool deployment_says(const char *lab, const char *text)
{
	AUTO_BUFFER yaml = {0};
	read_text(file_of(lab, "deployment.yaml"), &yaml);
	return strstr(cw_buffer_string(&yaml), text) != NULL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);
	return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* Every word of the deployment that looks like a file. */
static void files_named(const char *lab, struct cw_strings *ret)
{
	AUTO_BUFFER yaml = {0};
	read_text(file_of(lab, "deployment.yaml"), &yaml);
	for (char *word = strtok(yaml.data, " \n{},[]"); word; word = strtok(NULL, " \n{},[]"))
		if (ends_with(word, ".pem") || ends_with(word, ".cer"))
			assert_true(cw_strings_add(ret, word));
}

static void check_files(const char *lab)
{
	AUTO_STRINGS files = {0};
	files_named(lab, &files);
	assert_true(files.count > 10);
	for (size_t i = 0; i < files.count; i++) {
		struct stat status;
		if (stat(file_of(lab, files.items[i]), &status) != 0)
			fail_msg("%s: %s is missing", lab, files.items[i]);
		bool is_key = ends_with(files.items[i], "privkey.pem");
		assert_int_equal(status.st_mode & 0777, is_key ? 0600 : 0644);
	}
}

static void every_fault_alone_makes_a_whole_deployment_with_private_keys(void **state)
{
	(void)state;
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		make_faulty(fault->code, fault->code);
		check_files(fault->code);
		AUTO_BUFFER readme = {0};
		read_text(file_of(fault->code, "README"), &readme);
		assert_non_null(strstr(cw_buffer_string(&readme), fault->plants));
	}
}

static void a_fault_of_clusters_raises_the_size(void **state)
{
	(void)state;
	make_faulty("raised", "shared-key");
	make_faulty("kept", "expired");
	assert_true(deployment_says("raised", "cluster: expc.acme.test"));
	assert_false(deployment_says("kept", "cluster:"));
}

static void all_faults_together_make_a_deployment(void **state)
{
	(void)state;
	const char *faults[CW_CODE_COUNT];
	size_t count = 0;
	for (const struct cw_lab_fault *fault; (fault = cw_lab_fault_at(count)); count++)
		faults[count] = fault->code;
	make_lab("all", CW_LAB_SMALL, faults, count);
	check_files("all");
}

static void a_fault_named_twice_is_planted_once(void **state)
{
	(void)state;
	const char *const faults[] = {"issuer-shadowed", "root-missing", "issuer-shadowed"};
	make_lab("twice", CW_LAB_SMALL, faults, 3);
}

static void every_size_is_made(void **state)
{
	(void)state;
	make_lab("small", CW_LAB_SMALL, NULL, 0);
	make_lab("cluster", CW_LAB_CLUSTER, NULL, 0);
	make_lab("large", CW_LAB_LARGE, NULL, 0);
	check_files("small");
	check_files("cluster");
	check_files("large");
}

static void every_finding_code_can_be_planted_or_says_why_not(void **state)
{
	(void)state;
#define X(name, text) text,
	static const char *const codes[] = {CW_CODE_LIST(X)};
#undef X
	size_t exception_count;
	const struct cw_lab_exception *exceptions = cw_lab_exceptions(&exception_count);
	for (size_t i = 0; i < CW_CODE_COUNT; i++) {
		bool excepted = false;
		for (size_t j = 0; j < exception_count; j++)
			excepted |= strcmp(exceptions[j].code, codes[i]) == 0;
		if (excepted == (cw_lab_fault_find(codes[i]) != NULL))
			fail_msg("%s is %s", codes[i], excepted ? "both" : "neither planted nor excepted");
	}
}

static void faults_and_their_companions_are_finding_codes(void **state)
{
	(void)state;
	const struct cw_lab_fault *fault;
	for (size_t i = 0; (fault = cw_lab_fault_at(i)); i++) {
		enum cw_code code;
		char companions[256];
		assert_true(cw_finding_code_named(fault->code, &code));
		snprintf(companions, sizeof companions, "%s", fault->companions);
		for (char *word = strtok(companions, " "); word; word = strtok(NULL, " "))
			if (!cw_finding_code_named(word, &code))
				fail_msg("%s brings along \"%s\"", fault->code, word);
		assert_true(fault->plants[strlen(fault->plants) - 1] == '.' && *fault->shows);
	}
}

/* A file of a lab, read with the project's own reader. */
struct reader {
	struct cw_pool *pool;
	struct cw_bundle bundle;
};

static const struct cw_bundle *read_bundle(struct reader *reader, const char *lab, const char *file)
{
	struct cw_error error;
	reader->pool = cw_pool_new();
	assert_non_null(reader->pool);
	const char *path = file_of(lab, file);
	if (!cw_bundle_read(path, path, NULL, reader->pool, &reader->bundle, &error))
		fail_msg("%s", error.message);
	return &reader->bundle;
}

static void reader_finish(struct reader *reader)
{
	cw_bundle_finish(&reader->bundle);
	cw_pool_free(reader->pool);
}
#define AUTO_READER __attribute__((cleanup(reader_finish))) struct reader

/* What OpenSSL says of `leaf` before `store`, with nothing from the wire. */
static int openssl_says(const char *lab, const char *leaf, const char *store, int purpose, const char *host)
{
	AUTO_READER leaf_reader = {0};
	AUTO_READER store_reader = {0};
	const struct cw_bundle *presented = read_bundle(&leaf_reader, lab, leaf);
	const struct cw_bundle *trusted = read_bundle(&store_reader, lab, store);
	X509_STORE *openssl_store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	assert_true(openssl_store && context);
	for (size_t i = 0; i < trusted->count; i++)
		assert_true(X509_STORE_add_cert(openssl_store, cw_cert_x509(trusted->entries[i].cert)));
	assert_true(
		X509_STORE_CTX_init(context, openssl_store, cw_cert_x509(presented->entries[0].cert), NULL));
	X509_STORE_CTX_set_time(context, 0, TEST_AT);
	X509_STORE_CTX_set_purpose(context, purpose);
	if (host)
		X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context), host, 0);
	int result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	X509_STORE_free(openssl_store);
	return result;
}

#define SERVER X509_PURPOSE_SSL_SERVER
#define CLIENT X509_PURPOSE_SSL_CLIENT

static const struct {
	const char *fault; /* NULL: a sound lab */
	const char *leaf, *store;
	int purpose;
	const char *host;
	int want;
} openssl_rows[] = {
	{NULL, "e1/server.pem", "c1/ca.pem", SERVER, "e1.acme.test", X509_V_OK},
	{NULL, "c1/server.pem", "e1/ca.pem", CLIENT, "c1.acme.test", X509_V_OK},
	{NULL, "pub/tomcat.pem", "c1/ca.pem", SERVER, "pub.acme.test", X509_V_OK},
	{NULL, "sub1/CallManager.pem", "c1/ca.pem", SERVER, "sub1.acme.test", X509_V_OK},
	{NULL, "c1/server.pem", "pub/tomcat-trust.pem", CLIENT, NULL, X509_V_OK},
	{NULL, "c1/server.pem", "sub1/CallManager-trust.pem", CLIENT, "secure-jabber.acme.test", X509_V_OK},
	{"issuer-missing", "e1/server.pem", "c1/ca.pem", SERVER, NULL,
		X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
	{"issuer-missing", "e1/server.pem", "e1/ca.pem", SERVER, NULL, X509_V_OK},
	{"root-missing", "e1/server.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT},
	{"self-signed-untrusted", "pub/tomcat.pem", "c1/ca.pem", SERVER, NULL,
		X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
	{"signature-invalid", "pub/tomcat.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_CERT_SIGNATURE_FAILURE},
	{"expired", "e1/server.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_CERT_HAS_EXPIRED},
	{"not-yet-valid", "e1/server.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_CERT_NOT_YET_VALID},
	{"server-auth-missing", "sub1/tomcat.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_INVALID_PURPOSE},
	{"client-auth-missing", "c1/server.pem", "e1/ca.pem", CLIENT, NULL, X509_V_ERR_INVALID_PURPOSE},
	{"key-usage-unfit", "sub1/CallManager.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_INVALID_CA},
	{"not-a-ca", "pub/CallManager.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_INVALID_CA},
	{"path-too-long", "sub1/tomcat.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_PATH_LENGTH_EXCEEDED},
	{"name-constraint", "pub/tomcat.pem", "c1/ca.pem", SERVER, NULL, X509_V_ERR_PERMITTED_VIOLATION},
	{"critical-extension", "pub/tomcat.pem", "c1/ca.pem", SERVER, NULL,
		X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION},
	{"phone-profile-missing", "c1/server.pem", "pub/CallManager-trust.pem", CLIENT,
		"secure-jabber.acme.test", X509_V_ERR_HOSTNAME_MISMATCH},
	{"edge-domain-missing", "e1/server.pem", "c1/ca.pem", SERVER, "acme.test",
		X509_V_ERR_HOSTNAME_MISMATCH},
	{"temporary-certificate", "c1/server.pem", "e1/ca.pem", CLIENT, "c1.acme.test", X509_V_OK},
};

static void openssl_agrees_with_what_was_planted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof openssl_rows / sizeof openssl_rows[0]; i++) {
		char lab[64];
		snprintf(lab, sizeof lab, "openssl-%zu", i);
		make_faulty(lab, openssl_rows[i].fault);
		int got = openssl_says(lab, openssl_rows[i].leaf, openssl_rows[i].store,
			openssl_rows[i].purpose, openssl_rows[i].host);
		if (got != openssl_rows[i].want)
			fail_msg("%s: %s: %s", openssl_rows[i].fault ? openssl_rows[i].fault : "sound",
				openssl_rows[i].leaf, X509_verify_cert_error_string(got));
	}
}

static void the_key_file_fits_but_where_the_fault_is_that_it_does_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *lab = i ? "key-other" : "key-own";
		make_faulty(lab, i ? "key-mismatch" : NULL);
		struct cw_error error;
		EVP_PKEY *key;
		AUTO_READER reader = {0};
		const struct cw_bundle *leaf = read_bundle(&reader, lab, "c1/server.pem");
		if (!cw_key_read(file_of(lab, "c1/privkey.pem"), NULL, &key, &error))
			fail_msg("%s", error.message);
		assert_int_equal(cw_key_fits(key, leaf->entries[0].cert), i == 0);
		EVP_PKEY_free(key);
	}
}

static void crl_faults_write_the_crls_that_they_mean(void **state)
{
	(void)state;
	static const struct {
		const char *fault;
		size_t want_crls; /* of two roots and two issuing CAs */
		int want_revoked, want_expired;
	} rows[] = {{"revoked", 4, 1, 0}, {"crl-missing", 3, 0, 0}, {"crl-expired", 4, 0, 1}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char lab[32];
		snprintf(lab, sizeof lab, "crl-%zu", i);
		make_faulty(lab, rows[i].fault);
		AUTO_READER reader = {0};
		const struct cw_bundle *bundle = read_bundle(&reader, lab, "c1/crl.pem");
		assert_int_equal(bundle->crl_count, rows[i].want_crls);
		int revoked = 0, expired = 0;
		for (size_t j = 0; j < bundle->crl_count; j++) {
			cw_time next;
			assert_true(cw_crl_next_update(bundle->crls[j], &next));
			expired += next < TEST_AT;
			STACK_OF(X509_REVOKED) *list = X509_CRL_get_REVOKED(cw_crl_x509(bundle->crls[j]));
			revoked += list ? sk_X509_REVOKED_num(list) : 0;
		}
		assert_int_equal(revoked, rows[i].want_revoked);
		assert_int_equal(expired, rows[i].want_expired);
	}
}

static void what_cannot_be_made_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *fault, *key, *folder, *want;
	} rows[] = {
		{"issuer-mising", NULL, "new",
			"did you mean \"issuer-missing\"? There are: issuer-missing root-missing"},
		{"zzz", NULL, "new", "unknown fault \"zzz\". There are: "},
		{"other-check-failed", NULL, "new", "cannot be planted"},
		{NULL, "dsa", "new", "unknown kind of key \"dsa\"; wanted rsa or ec"},
		{NULL, "ec", "taken", "is not empty"},
	};
	make_faulty("taken", NULL);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct cw_error error;
		const struct cw_lab_options options = {.folder = test_folder_path(rows[i].folder),
			.key = rows[i].key,
			.at = TEST_AT,
			.faults = &rows[i].fault,
			.fault_count = rows[i].fault ? 1 : 0};
		assert_false(cw_lab_new(&options, &error));
		assert_int_equal(error.code, CW_E_USAGE);
		if (!strstr(error.message, rows[i].want))
			fail_msg("\"%s\" is not in \"%s\"", rows[i].want, error.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_alone_makes_a_whole_deployment_with_private_keys),
		cmocka_unit_test(a_fault_of_clusters_raises_the_size),
		cmocka_unit_test(all_faults_together_make_a_deployment),
		cmocka_unit_test(a_fault_named_twice_is_planted_once),
		cmocka_unit_test(every_size_is_made),
		cmocka_unit_test(every_finding_code_can_be_planted_or_says_why_not),
		cmocka_unit_test(faults_and_their_companions_are_finding_codes),
		cmocka_unit_test(openssl_agrees_with_what_was_planted),
		cmocka_unit_test(the_key_file_fits_but_where_the_fault_is_that_it_does_not),
		cmocka_unit_test(crl_faults_write_the_crls_that_they_mean),
		cmocka_unit_test(what_cannot_be_made_is_refused),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
