/**
 * Makes what the fuzz targets of src/pki begin with: certificates, CRLs and keys in every form.
 *
 *     pki_seeds FOLDER
 */
#include "base/file.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

#include "pki/bundle/pem_write.h"

#include <openssl/evp.h>
#include <stdio.h>

static const char *target;

static void write_seed(const char *fuzz, const char *name, const void *data, size_t length)
{
	char path[512];
	struct cw_error error;
	snprintf(path, sizeof path, "%s/%s", target, fuzz);
	if (!cw_file_make_folder(path, &error))
		fail_msg("%s", error.message);
	snprintf(path, sizeof path, "%s/%s/%s", target, fuzz, name);
	if (!cw_file_write(path, data, length, 0644, &error))
		fail_msg("%s", error.message);
}

/* The same behind an edit and its places (list_fuzz.c), as it is and with a NUL between the blocks. */
static void seed_lists(const char *name, const struct cw_buffer *bytes)
{
	static const char edits[][2] = {{0, 0}, {1, 0x10}, {1, 0x01}, {2, 0x01}};
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
		AUTO_BUFFER seed = {0};
		char file[64];
		cw_buffer_append(&seed, edits[i], 2);
		cw_buffer_append(&seed, cw_buffer_string(bytes), bytes->length);
		if (i == 0) {
			cw_buffer_append(&seed, "\0\n", 2);
			cw_buffer_append(&seed, cw_buffer_string(bytes), bytes->length);
		}
		snprintf(file, sizeof file, "%zu-%s", i, name);
		write_seed("list", file, cw_buffer_string(&seed), seed.length);
	}
}

static void seed_files(void)
{
	static const char *const files[] = {"chain.pem", "chain.p7b", "c1.der", "c1.p12", "both.pem",
		"crl.pem", "ca-and-crl.pem", "locked-key.pem", "utf16.pem", "broken.pem", "words.txt"};
	test_deployment_files();
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		AUTO_BUFFER bytes = {0};
		struct cw_error error;
		if (!cw_file_read(test_folder_path(files[i]), 1024 * 1024, &bytes, &error))
			fail_msg("%s", error.message);
		write_seed("bundle", files[i], cw_buffer_string(&bytes), bytes.length);
		seed_lists(files[i], &bytes);
	}
	test_folder_remove();
}

static void seed_cert(const char *name, const struct cw_cert *cert)
{
	size_t length;
	const uint8_t *der = cw_cert_der(cert, &length);
	write_seed("cert", name, der, length);
}

static void seed_crl(const char *name, const struct cw_crl *crl)
{
	unsigned char *der = NULL;
	int length = i2d_X509_CRL(cw_crl_x509(crl), &der);
	assert_true(length > 0);
	write_seed("crl", name, der, (size_t)length);
	OPENSSL_free(der);
}

static void seed_key(const char *name, const EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int length = i2d_PrivateKey(key, &der);
	assert_true(length > 0);
	write_seed("key", name, der, (size_t)length);
	OPENSSL_free(der);
}

/* A chain with its CRL in one file, as `cert verify` gets it. */
static void seed_verify(const char *name, const char *certs, const struct cw_crl *crl)
{
	AUTO_BUFFER text = {0};
	struct cw_cert *items[8];
	struct cw_error error;
	size_t count = test_certs(certs, items, 8);
	for (size_t i = 0; i < count; i++)
		assert_true(cw_pem_write_cert(&text, items[i], &error));
	unsigned char *der = NULL;
	int length = i2d_X509_CRL(cw_crl_x509(crl), &der);
	assert_true(length > 0 && cw_pem_write_block(&text, "X509 CRL", der, (size_t)length, &error));
	OPENSSL_free(der);
	write_seed("verify", name, cw_buffer_string(&text), text.length);
}

static void seeds(void **state)
{
	(void)state;
	seed_files();
	test_make_certs("root ca; inter ca by=root pathlen=0 permit=acme.test exclude=bad.test; "
			"leaf by=inter eku=server,client san=DNS:e1.acme.test,IP:10.0.0.1,URI:sip:a@b.test "
			"ku=sign+encipher crls=http://a.test/crl aia=http://a.test/ca; "
			"rsa by=root kind=rsa:1024 key=rsa digest=SHA1; ed by=root kind=ed25519 key=ed; "
			"odd by=root critical v1; wild by=root san=DNS:*.acme.test broken");
	static const char *const names[] = {"root", "inter", "leaf", "rsa", "ed", "odd", "wild"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		seed_cert(names[i], test_cert(names[i]));
	struct cw_crl *crl = test_crl("by=root revoked=inter,leaf");
	seed_crl("revoked", crl);
	seed_crl("none", test_crl("by=inter"));
	seed_key("ec", test_key("leaf"));
	seed_key("rsa", test_key("rsa"));
	seed_key("ed", test_key("ed"));
	seed_verify("chain", "leaf inter root", crl);
	seed_verify("alone", "root root", crl);
}

int main(int count, char **arguments)
{
	if (count != 2)
		return 2;
	target = arguments[1];
	const struct CMUnitTest tests[] = {cmocka_unit_test(seeds)};
	int status = cmocka_run_group_tests(tests, NULL, NULL);
	test_certs_finish();
	test_keys_finish();
	return status;
}
