#include "support/deployment_files.h"

#include "base/file.h"
#include "issue/issue.h"
#include "issue/issue_key.h"
#include "pki/bundle/pem_write.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <stdio.h>

struct signer {
	EVP_PKEY *key;
	struct cw_cert *cert;
};

static struct signer sign(
	const char *subject, enum cw_issue_constraints constraints, const struct signer *issuer)
{
	struct cw_error error;
	struct signer made = {0};
	struct cw_issue_spec spec = {.subject = subject,
		.constraints = constraints,
		.not_before = 0,
		.not_after = cw_time_from_utc(2100, 1, 1, 0, 0, 0)};
	if (!cw_issue_key("ec", &made.key, &error) ||
		!cw_issue(&spec, made.key, issuer ? issuer->cert : NULL, issuer ? issuer->key : NULL,
			&made.cert, &error))
		fail_msg("%s", error.message);
	return made;
}

static void signer_free(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	cw_cert_free(signer->cert);
}

static void append(struct cw_buffer *pem, const struct cw_cert *cert)
{
	struct cw_error error;
	assert_true(cw_pem_write_cert(pem, cert, &error));
}

static void write_buffer(const char *name, struct cw_buffer *content)
{
	test_folder_write(name, cw_buffer_string(content), content->length);
	cw_buffer_finish(content);
}

static void write_text(const char *name, const char *text)
{
	test_folder_write(name, text, strlen(text));
}

static void write_cert(const char *name, const struct cw_cert *cert)
{
	struct cw_buffer pem = {0};
	append(&pem, cert);
	write_buffer(name, &pem);
}

static void write_der(const char *name, const struct cw_cert *cert)
{
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	test_folder_write(name, der, length);
}

static void write_key(const char *name, const EVP_PKEY *key, const char *password)
{
	struct cw_error error;
	if (!cw_pem_write_key(test_folder_path(name), key, password, &error))
		fail_msg("%s", error.message);
}

static void write_both(const char *name, const struct signer *leaf)
{
	struct cw_error error;
	struct cw_buffer pem = {0}, key = {0};
	append(&pem, leaf->cert);
	write_key("both.key", leaf->key, NULL);
	assert_true(cw_file_read(test_folder_path("both.key"), 65536, &key, &error));
	cw_buffer_append(&pem, key.data, key.length);
	cw_buffer_finish(&key);
	write_buffer(name, &pem);
}

static void write_crl(const char *name, const struct signer *issuer, const struct cw_cert *before)
{
	struct cw_error error;
	struct cw_buffer der = {0}, pem = {0};
	struct cw_issue_crl_spec spec = {.next_update = cw_time_from_utc(2100, 1, 1, 0, 0, 0), .number = 1};
	if (before)
		append(&pem, before);
	assert_true(cw_issue_crl_der(&spec, cw_cert_x509(issuer->cert), issuer->key, &der, &error));
	assert_true(cw_pem_write_block(&pem, "X509 CRL", der.data, der.length, &error));
	cw_buffer_finish(&der);
	write_buffer(name, &pem);
}

static void write_pkcs12(const char *name, const struct signer *leaf, const struct signer *root)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	sk_X509_push(others, cw_cert_x509(root->cert));
	PKCS12 *made =
		PKCS12_create("secret", "c1", leaf->key, cw_cert_x509(leaf->cert), others, 0, 0, 1, 1, 0);
	unsigned char *der = NULL;
	int length = i2d_PKCS12(made, &der);
	assert_true(length > 0);
	test_folder_write(name, der, (size_t)length);
	OPENSSL_free(der);
	PKCS12_free(made);
	sk_X509_free(others);
}

static void write_pkcs7(const char *name, const struct cw_cert *const *certs, size_t count)
{
	PKCS7 *made = PKCS7_new();
	assert_int_equal(PKCS7_set_type(made, NID_pkcs7_signed), 1);
	assert_int_equal(PKCS7_content_new(made, NID_pkcs7_data), 1);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(PKCS7_add_certificate(made, cw_cert_x509(certs[i])), 1);
	unsigned char *der = NULL;
	int length = i2d_PKCS7(made, &der);
	assert_true(length > 0);
	test_folder_write(name, der, (size_t)length);
	OPENSSL_free(der);
	PKCS7_free(made);
}

static void write_leaves(const struct signer *root, const struct signer *issuing)
{
	static const char *const names[] = {"c1", "c2", "e1", "e2", "pub", "front"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char subject[64], path[64];
		snprintf(subject, sizeof subject, "CN=%s.acme.test", names[i]);
		struct signer leaf = sign(subject, CW_ISSUE_END_ENTITY, root);
		snprintf(path, sizeof path, "%s/server.pem", names[i]);
		write_cert(path, leaf.cert);
		snprintf(path, sizeof path, "%s/key.pem", names[i]);
		write_key(path, leaf.key, NULL);
		if (i == 0) {
			struct cw_buffer pem = {0};
			append(&pem, leaf.cert);
			append(&pem, issuing->cert);
			append(&pem, root->cert);
			write_buffer("chain.pem", &pem);
			const struct cw_cert *const reversed[] = {root->cert, leaf.cert};
			write_pkcs7("chain.p7b", reversed, 2);
			write_der("c1.der", leaf.cert);
			write_pkcs12("c1.p12", &leaf, root);
			write_both("both.pem", &leaf);
			write_key("locked-key.pem", leaf.key, "secret");
		}
		signer_free(&leaf);
	}
}

static void write_oddities(void)
{
	write_text("secret.txt", "secret\r\n");
	write_text("wrong.txt", "guess\n");
	write_text("empty.pem", "");
	write_text("words.txt", "no certificate here\n");
	write_text("broken.pem", "notes\n-----BEGIN CERTIFICATE-----\nMIIB\n");
	write_text("odd/a.pem", "words\n");
	write_text("odd-fingerprints.txt",
		"# a comment\n"
		"da:39:a3:ee:5e:6b:4b:0d:32:55:bf:ef:95:60:18:90:af:d8:07:09\n"
		"12:34\n"
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\n"
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555\n"
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 good\n");
	test_folder_write("utf16.pem", "\xff\xfe-\0-\0-\0-\0-\0B\0", 14);
}

void test_deployment_files(void)
{
	test_folder_make();
	struct signer root = sign("O=Acme, CN=Acme Root", CW_ISSUE_CA, NULL);
	struct signer issuing = sign("O=Acme, CN=Acme Issuing", CW_ISSUE_CA, &root);
	struct signer other = sign("CN=other", CW_ISSUE_END_ENTITY, NULL);
	write_cert("root.pem", root.cert);
	write_cert("issuing.pem", issuing.cert);
	write_leaves(&root, &issuing);
	write_crl("crl.pem", &root, NULL);
	write_crl("ca-and-crl.pem", &root, root.cert);
	write_key("other-key.pem", other.key, NULL);
	write_cert("store/a.pem", issuing.cert);
	write_der("store/b.der", root.cert);
	write_text("store/.hidden", "notes\n");
	write_cert("store/sub/c.pem", root.cert);
	write_oddities();
	signer_free(&root);
	signer_free(&issuing);
	signer_free(&other);
}

int test_deployment_setup(void **state)
{
	(void)state;
	test_deployment_files();
	return 0;
}
