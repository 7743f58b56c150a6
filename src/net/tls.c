#include "net/tls.h"

#include "net/tls_alerts.h"
#include "net/tls_library.h"
#include "pki/error_mark.h"
#include "pki/pool.h"
#include "trust/judge.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

static int judge_index = -1;
static int context_index = -1; /* of a context that is not ours: all its connections have one judge */

/* secp256k1 is among them so that the judge sees such a certificate and says why, and not the library. */
#define GROUPS "X25519:P-256:P-384:P-521:secp256k1"

static int get_judge_index(void)
{
	if (judge_index < 0)
		judge_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return judge_index;
}

static int get_context_index(void)
{
	if (context_index < 0)
		context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return context_index;
}

bool cw_tls_set_judge(SSL *ssl, struct cw_tls_judge *judge)
{
	return get_judge_index() >= 0 && SSL_set_ex_data(ssl, get_judge_index(), judge) == 1;
}

static struct cw_cert *known_cert(const struct cw_pool *known, const uint8_t *der, size_t length)
{
	uint8_t sha256[CW_SHA256_SIZE];
	unsigned int size = sizeof sha256;
	if (!known || !EVP_Digest(der, length, sha256, &size, EVP_sha256(), NULL))
		return NULL;
	struct cw_cert *cert = cw_pool_find(known, sha256);
	return cert ? cw_cert_ref(cert) : NULL;
}

/* A certificate that is known is not parsed again: that costs 79 µs. */
static struct cw_cert *to_cert(const struct cw_tls_judge *judge, X509 *x509)
{
	unsigned char *der = NULL;
	int length = i2d_X509(x509, &der);
	if (length <= 0)
		return NULL;
	struct cw_cert *cert = known_cert(judge->known, der, (size_t)length);
	if (!cert)
		cert = cw_recent_certs_parse(judge->seen, der, (size_t)length);
	OPENSSL_free(der);
	return cert;
}

/* libssl takes the leaf's key from the very stack that it asks about; in its own certificates there is none
 * that can be used (net/tls_library.h). The certificate that takes its place has the same bytes. */
static void use_parsed(X509_STORE_CTX *context, STACK_OF(X509) * shown, int place, X509 *parsed)
{
	X509 *unparsed = sk_X509_value(shown, place);
	if (!X509_up_ref(parsed))
		return;
	sk_X509_set(shown, place, parsed);
	if (place == 0)
		X509_STORE_CTX_set_cert(context, parsed);
	X509_free(unparsed);
}

static int ask_judge(struct cw_tls_judge *judge, X509_STORE_CTX *context)
{
	STACK_OF(X509) *shown = X509_STORE_CTX_get0_untrusted(context);
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t count = 0;
	int alert = SSL_AD_BAD_CERTIFICATE; /* what cannot be parsed */
	while (count < CW_PATH_DEPTH_MAX && (int)count < sk_X509_num(shown)) {
		chain[count] = to_cert(judge, sk_X509_value(shown, (int)count));
		if (!chain[count])
			break;
		use_parsed(context, shown, (int)count, cw_cert_x509(chain[count]));
		count++;
	}
	bool whole = (int)count == sk_X509_num(shown) || count == CW_PATH_DEPTH_MAX;
	if (count && whole)
		alert = judge->ask(judge->context, chain, count);
	for (size_t i = 0; i < count; i++)
		cw_cert_free(chain[i]);
	return alert;
}

static struct cw_tls_judge *judge_of(SSL *ssl)
{
	struct cw_tls_judge *judge = SSL_get_ex_data(ssl, get_judge_index());
	return judge ? judge : SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), get_context_index());
}

static int verify(X509_STORE_CTX *context, void *nothing)
{
	(void)nothing;
	SSL *ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct cw_tls_judge *judge = judge_of(ssl);
	int alert = CW_TLS_ACCEPT;
	if (SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE) {
		AUTO_ERROR_MARK mark = cw_error_mark_open();
		alert = judge ? ask_judge(judge, context) : SSL_AD_INTERNAL_ERROR;
	}
	X509_STORE_CTX_set_error(
		context, alert == CW_TLS_ACCEPT ? X509_V_OK : cw_tls_alerts_verify_error(alert));
	return alert == CW_TLS_ACCEPT;
}

static bool set_versions(SSL_CTX *context, enum cw_tls_versions versions)
{
	int least = versions == CW_TLS_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION;
	int most = versions == CW_TLS_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
	return SSL_CTX_set_min_proto_version(context, least) && SSL_CTX_set_max_proto_version(context, most);
}

static bool set_identity(SSL_CTX *context, const struct cw_tls_setup *setup)
{
	if (!setup->chain_count)
		return !setup->server;
	if (SSL_CTX_use_certificate(context, cw_cert_x509(setup->chain[0])) != 1 ||
		SSL_CTX_use_PrivateKey(context, setup->key) != 1)
		return false;
	for (size_t i = 1; i < setup->chain_count; i++)
		if (SSL_CTX_add1_chain_cert(context, cw_cert_x509(setup->chain[i])) != 1)
			return false;
	return true;
}

static int keylog_index = -1;

/* One line, in one write: several processes may have the file open (NSS Key Log Format). */
static void log_key(const SSL *ssl, const char *line)
{
	FILE *file = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), keylog_index);
	if (!file)
		return;
	fprintf(file, "%s\n", line);
	fflush(file);
}

static bool set_keylog(SSL_CTX *context, FILE *file)
{
	if (!file)
		return true;
	if (keylog_index < 0)
		keylog_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	SSL_CTX_set_keylog_callback(context, log_key);
	return keylog_index >= 0 && SSL_CTX_set_ex_data(context, keylog_index, file) == 1;
}

static bool set_up(SSL_CTX *context, const struct cw_tls_setup *setup)
{
	SSL_CTX_set_security_level(context, setup->security_level);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_num_tickets(context, 0);
	SSL_CTX_set_mode(context,
		SSL_MODE_NO_AUTO_CHAIN | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
			SSL_MODE_RELEASE_BUFFERS);
	/* against a peer whose records carry nothing: OpenSSL would stay inside one SSL_read for ever */
	SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
	SSL_CTX_set_max_cert_list(context, CW_TLS_CHAIN_BYTES_MAX);
	SSL_CTX_set_cert_verify_callback(context, verify, NULL);
	SSL_CTX_set_verify(context,
		setup->asks ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, NULL);
	return set_keylog(context, setup->keylog) && set_versions(context, setup->versions) &&
		SSL_CTX_set1_groups_list(context, GROUPS) == 1 && set_identity(context, setup);
}

static SSL_CTX *new_context(const struct cw_tls_setup *setup)
{
	const SSL_METHOD *method = setup->server ? TLS_server_method() : TLS_client_method();
	return SSL_CTX_new_ex(setup->server || setup->asks ? cw_tls_library() : NULL, NULL, method);
}

bool cw_tls_context(const struct cw_tls_setup *setup, SSL_CTX **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(SSL_CTX_free)
	SSL_CTX *context = new_context(setup);
	if (!context || !set_up(context, setup))
		return cw_error_mark_report(&mark, error, CW_E_CRYPTO, "TLS cannot be set up");
	if (setup->server && setup->asks &&
		!cw_tls_set_ca_names(context, setup->ca_lists, setup->ca_list_count, error))
		return false;
	*ret = TAKE(context);
	return true;
}

bool cw_tls_adopt(SSL_CTX *context, struct cw_tls_judge *judge)
{
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_max_cert_list(context, CW_TLS_CHAIN_BYTES_MAX);
	SSL_CTX_set_cert_verify_callback(context, verify, NULL);
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	return get_context_index() >= 0 && SSL_CTX_set_ex_data(context, get_context_index(), judge) == 1;
}

static void free_names(STACK_OF(X509_NAME) * names)
{
	sk_X509_NAME_pop_free(names, X509_NAME_free);
}

CW_DEFINE_AUTO(STACK_OF(X509_NAME) *, free_names)

/* A list may hold one name many times. */
static bool add_name(STACK_OF(X509_NAME) * names, const X509_NAME *name)
{
	for (int i = 0; i < sk_X509_NAME_num(names); i++)
		if (X509_NAME_cmp(sk_X509_NAME_value(names, i), name) == 0)
			return true;
	X509_NAME *copy = X509_NAME_dup(name);
	if (copy && sk_X509_NAME_push(names, copy) > 0)
		return true;
	X509_NAME_free(copy);
	return false;
}

/* Against a request that no client reads: OpenSSL takes 100 kB, other libraries less. */
#define CA_NAMES_MAX 500

bool cw_tls_set_ca_names(
	SSL_CTX *context, const struct cw_trust_list *const *lists, size_t count, struct cw_error *error)
{
	AUTO(free_names) STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
	if (!names)
		return cw_error_memory(error);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < lists[i]->count && sk_X509_NAME_num(names) < CA_NAMES_MAX; k++)
			if (!add_name(names, cw_cert_subject(lists[i]->entries[k].cert)->x509))
				return cw_error_memory(error);
	SSL_CTX_set_client_CA_list(context, TAKE(names));
	return true;
}

/* RSA-PSS with SHA-256, the least that TLS 1.3 has for RSA, needs 32 + 32 + 2 bytes (RFC 8017 §9.1.1). */
#define RSA_1_3_BITS_MIN 528

bool cw_tls_usable(const struct cw_cert *leaf, bool *with_1_2, bool *with_1_3)
{
	const struct cw_key_info *key = cw_cert_key(leaf);
	*with_1_2 = *with_1_3 = true;
	switch (key->kind) {
	case CW_KEY_RSA:
	case CW_KEY_RSA_PSS:
		*with_1_3 = key->bits >= RSA_1_3_BITS_MIN;
		break;
	case CW_KEY_EC:
		*with_1_2 = (cw_cert_key_usage(leaf) & KU_DIGITAL_SIGNATURE) != 0;
		*with_1_3 = key->curve &&
			(strcmp(key->curve, "prime256v1") == 0 || strcmp(key->curve, "secp384r1") == 0 ||
				strcmp(key->curve, "secp521r1") == 0);
		if (!*with_1_3 && (!key->curve || strcmp(key->curve, "secp256k1") != 0))
			*with_1_2 = false; /* not among the groups */
		break;
	case CW_KEY_ED25519:
	case CW_KEY_ED448:
		break;
	case CW_KEY_DSA:
	case CW_KEY_OTHER:
		*with_1_2 = *with_1_3 = false;
		break;
	}
	return *with_1_2 || *with_1_3;
}
