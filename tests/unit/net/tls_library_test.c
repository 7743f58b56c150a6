/*
 * The library context of handshakes holds everything that a handshake uses, and nothing that reads keys.
 */
#include "net/tls_library.h"

#include "net/tls.h"
#include "support/certs.h"
#include "support/cmocka.h"

#include <openssl/err.h>

#define FLIGHTS_MAX 10

static struct cw_pool *known;

static int accept_any(void *context, struct cw_cert *const *chain, size_t count)
{
	size_t *shown = context;
	assert_non_null(chain[0]);
	*shown = count;
	return CW_TLS_ACCEPT;
}

static SSL_CTX *context_of(bool server, const char *name, enum cw_tls_versions versions)
{
	struct cw_error error;
	SSL_CTX *ret;
	struct cw_cert *chain[] = {test_cert(name), test_cert("root")};
	struct cw_tls_setup setup = {.server = server,
		.versions = versions,
		.chain = chain,
		.chain_count = 2,
		.key = test_key(name),
		.asks = true};
	assert_true(cw_tls_context(&setup, &ret, &error));
	return ret;
}

struct pair {
	SSL *ends[2]; /* server, client */
	size_t shown[2];
	struct cw_tls_judge judges[2];
};

static void open_pair(struct pair *pair, SSL_CTX *server, SSL_CTX *client)
{
	BIO *bios[2];
	*pair = (struct pair){.ends = {SSL_new(server), SSL_new(client)}};
	assert_int_equal(BIO_new_bio_pair(&bios[0], 0, &bios[1], 0), 1);
	for (size_t i = 0; i < 2; i++) {
		pair->judges[i] =
			(struct cw_tls_judge){.ask = accept_any, .context = &pair->shown[i], .known = known};
		assert_true(cw_tls_set_judge(pair->ends[i], &pair->judges[i]));
		SSL_set_bio(pair->ends[i], bios[i], bios[i]);
	}
	SSL_set_accept_state(pair->ends[0]);
	SSL_set_connect_state(pair->ends[1]);
}

static void close_pair(struct pair *pair)
{
	SSL_free(pair->ends[0]);
	SSL_free(pair->ends[1]);
}

/* A handshake, and a word from each end to the other. */
static bool talks(struct pair *pair)
{
	char word[4] = "";
	for (int i = 0; i < FLIGHTS_MAX; i++) {
		SSL_do_handshake(pair->ends[1]);
		SSL_do_handshake(pair->ends[0]);
	}
	for (size_t i = 0; i < 2; i++)
		if (SSL_write(pair->ends[i], "hey", 3) != 3 || SSL_read(pair->ends[!i], word, 3) != 3 ||
			memcmp(word, "hey", 3) != 0)
			return false;
	ERR_clear_error();
	return pair->shown[0] == 2 && pair->shown[1] == 2;
}

/* As the ordinary context has them at the same level of security. */
static SSL_CTX *ordinary_context(void)
{
	SSL_CTX *ret = SSL_CTX_new(TLS_method());
	assert_non_null(ret);
	SSL_CTX_set_security_level(ret, 0);
	return ret;
}

static void it_offers_every_cipher_that_the_ordinary_context_offers(void **state)
{
	(void)state;
	SSL_CTX *ordinary = ordinary_context(), *ours = context_of(false, "ec", CW_TLS_ANY);
	const STACK_OF(SSL_CIPHER) *want = SSL_CTX_get_ciphers(ordinary), *found = SSL_CTX_get_ciphers(ours);
	assert_int_equal(sk_SSL_CIPHER_num(want), sk_SSL_CIPHER_num(found));
	for (int i = 0; i < sk_SSL_CIPHER_num(want); i++)
		assert_ptr_equal(sk_SSL_CIPHER_value(want, i), sk_SSL_CIPHER_value(found, i));
	SSL_CTX_free(ordinary);
	SSL_CTX_free(ours);
}

static void choose_cipher(SSL *ssl, const SSL_CIPHER *cipher)
{
	const char *name = SSL_CIPHER_get_name(cipher);
	if (SSL_CIPHER_get_auth_nid(cipher) == NID_auth_any)
		assert_int_equal(SSL_set_ciphersuites(ssl, name), 1);
	else
		assert_int_equal(SSL_set_cipher_list(ssl, name), 1);
	SSL_set_security_level(ssl, 0);
}

/* True where two ends with such keys can agree on it: no shared secrets, no parameters for DHE. */
static bool is_for(const SSL_CIPHER *cipher, bool rsa)
{
	int exchange = SSL_CIPHER_get_kx_nid(cipher), auth = SSL_CIPHER_get_auth_nid(cipher);
	return (exchange == NID_kx_ecdhe || exchange == NID_kx_rsa || exchange == NID_kx_any) &&
		(auth == NID_auth_any || auth == (rsa ? NID_auth_rsa : NID_auth_ecdsa));
}

static unsigned try_ciphers(const char *name, enum cw_tls_versions versions)
{
	unsigned tried = 0;
	SSL_CTX *server = context_of(true, name, versions), *client = context_of(false, name, versions);
	const STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(client);
	for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); i++) {
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
		bool is_1_3 = SSL_CIPHER_get_auth_nid(cipher) == NID_auth_any;
		struct pair pair;
		if (is_1_3 != (versions == CW_TLS_1_3) || !is_for(cipher, strcmp(name, "rsa") == 0))
			continue;
		open_pair(&pair, server, client);
		choose_cipher(pair.ends[1], cipher);
		if (!talks(&pair))
			fail_msg("%s does not work", SSL_CIPHER_get_name(cipher));
		assert_ptr_equal(SSL_get_current_cipher(pair.ends[0]), cipher);
		close_pair(&pair);
		tried++;
	}
	SSL_CTX_free(server);
	SSL_CTX_free(client);
	return tried;
}

static void every_cipher_works(void **state)
{
	(void)state;
	assert_in_range(try_ciphers("rsa", CW_TLS_1_2), 10, 100);
	assert_in_range(try_ciphers("ec", CW_TLS_1_2), 5, 100);
	assert_int_equal(try_ciphers("rsa", CW_TLS_1_3), 3);
}

static void every_kind_of_key_shakes_hands(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		enum cw_tls_versions versions;
	} rows[] = {
		{"rsa", CW_TLS_1_2},
		{"rsa", CW_TLS_1_3},
		{"ec", CW_TLS_1_2},
		{"ec", CW_TLS_1_3},
		{"p384", CW_TLS_1_2},
		{"p384", CW_TLS_1_3},
		{"p521", CW_TLS_1_3},
		{"k1", CW_TLS_1_2},
		{"ed25519", CW_TLS_1_2},
		{"ed25519", CW_TLS_1_3},
		{"ed448", CW_TLS_1_3},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		SSL_CTX *server = context_of(true, rows[i].name, rows[i].versions);
		SSL_CTX *client = context_of(false, rows[i].name, rows[i].versions);
		struct pair pair;
		open_pair(&pair, server, client);
		if (!talks(&pair))
			fail_msg("row %zu: %s does not work", i, rows[i].name);
		close_pair(&pair);
		SSL_CTX_free(server);
		SSL_CTX_free(client);
	}
}

/* Otherwise each certificate of each handshake pays for the decoders again. */
static void certificates_parsed_in_it_have_no_key(void **state)
{
	(void)state;
	size_t length;
	const uint8_t *der = cw_cert_der(test_cert("ec"), &length);
	X509 *parsed = X509_new_ex(cw_tls_library(), NULL);
	assert_non_null(cw_tls_library());
	assert_non_null(d2i_X509(&parsed, &der, (long)length));
	assert_null(X509_get0_pubkey(parsed));
	X509_free(parsed);
	ERR_clear_error();
}

static void the_peer_of_a_connection_is_the_certificate_that_was_judged(void **state)
{
	(void)state;
	SSL_CTX *server = context_of(true, "ec", CW_TLS_ANY), *client = context_of(false, "rsa", CW_TLS_ANY);
	struct pair pair;
	open_pair(&pair, server, client);
	assert_true(talks(&pair));
	assert_ptr_equal(SSL_get0_peer_certificate(pair.ends[0]), cw_cert_x509(test_cert("rsa")));
	assert_ptr_equal(SSL_get0_peer_certificate(pair.ends[1]), cw_cert_x509(test_cert("ec")));
	close_pair(&pair);
	SSL_CTX_free(server);
	SSL_CTX_free(client);
}

static int make(void **state)
{
	(void)state;
	test_make_certs(
		"root ca; rsa by=root kind=rsa; ec by=root; p384 by=root kind=ec:P-384;"
		"p521 by=root kind=ec:P-521; k1 by=root kind=ec:secp256k1; ed25519 by=root kind=ed25519;"
		"ed448 by=root kind=ed448");
	known = test_pool("root rsa ec p384");
	return known == NULL;
}

static int finish(void **state)
{
	(void)state;
	cw_pool_free(known);
	test_certs_finish();
	test_keys_finish();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_offers_every_cipher_that_the_ordinary_context_offers),
		cmocka_unit_test(every_cipher_works),
		cmocka_unit_test(every_kind_of_key_shakes_hands),
		cmocka_unit_test(certificates_parsed_in_it_have_no_key),
		cmocka_unit_test(the_peer_of_a_connection_is_the_certificate_that_was_judged),
	};
	return cmocka_run_group_tests(tests, make, finish);
}
