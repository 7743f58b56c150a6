#include "support/tls_session.h"
#include "support/instant.h"

#include "issue/issue.h"
#include "support/cmocka.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

static struct test_tls_certs made;

static EVP_PKEY *new_key(const char *kind, size_t bits)
{
	EVP_PKEY *key = bits ? EVP_PKEY_Q_keygen(NULL, NULL, kind, bits)
			     : EVP_PKEY_Q_keygen(NULL, NULL, kind, "P-256");
	assert_non_null(key);
	return key;
}

static struct cw_cert *issue(const char *subject, const char *sans, EVP_PKEY *key,
	const struct cw_cert *issuer, enum cw_issue_constraints constraints)
{
	struct cw_issue_spec spec = {
		.subject = subject,
		.sans = sans,
		.not_before = TEST_AT - 30 * CW_DAY,
		.not_after = TEST_AT + 3650 * CW_DAY,
		.constraints = constraints,
	};
	struct cw_cert *cert;
	struct cw_error error;
	if (!cw_issue(&spec, key, issuer, issuer ? made.key : NULL, &cert, &error))
		fail_msg("%s", error.message);
	return cert;
}

int test_tls_certs_make(void **state)
{
	(void)state;
	made.key = new_key("EC", 0);
	made.rsa_key = new_key("RSA", 2048);
	made.root = issue("CN=Acme Root", NULL, made.key, NULL, CW_ISSUE_CA);
	made.middle = issue("CN=Acme Issuing CA", NULL, made.key, made.root, CW_ISSUE_CA);
	made.server =
		issue("CN=e1.acme.test", "DNS:e1.acme.test", made.key, made.middle, CW_ISSUE_END_ENTITY);
	made.client =
		issue("CN=c1.acme.test", "DNS:c1.acme.test", made.key, made.middle, CW_ISSUE_END_ENTITY);
	made.rsa_server = issue("CN=rsa.acme.test", NULL, made.rsa_key, made.middle, CW_ISSUE_END_ENTITY);
	made.stranger = issue("CN=Stranger", NULL, made.key, NULL, CW_ISSUE_CA);
	return 0;
}

int test_tls_certs_free(void **state)
{
	(void)state;
	cw_cert_free(made.root);
	cw_cert_free(made.middle);
	cw_cert_free(made.server);
	cw_cert_free(made.client);
	cw_cert_free(made.rsa_server);
	cw_cert_free(made.stranger);
	EVP_PKEY_free(made.key);
	EVP_PKEY_free(made.rsa_key);
	return 0;
}

const struct test_tls_certs *test_tls_certs(void)
{
	return &made;
}

struct ends {
	const struct test_tls *spec;
	SSL *ssl[2]; /* [0]: client */
	struct test_talk *talk;
};

static struct cw_buffer *log_to;

static void log_keys(const SSL *ssl, const char *line)
{
	(void)ssl;
	cw_buffer_text(log_to, line);
	cw_buffer_char(log_to, '\n');
}

static int accept_all(X509_STORE_CTX *context, void *unused)
{
	(void)context;
	(void)unused;
	return 1;
}

static int refuse_all(X509_STORE_CTX *context, void *unused)
{
	(void)unused;
	X509_STORE_CTX_set_error(context, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	return 0;
}

static SSL_CTX *new_context(const struct test_tls *spec, bool server)
{
	SSL_CTX *context = SSL_CTX_new(server ? TLS_server_method() : TLS_client_method());
	int version = spec->version ? spec->version : TLS1_2_VERSION;
	assert_non_null(context);
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, version);
	SSL_CTX_set_max_proto_version(context, version);
	assert_true(SSL_CTX_set_cipher_list(context, spec->ciphers ? spec->ciphers : "ALL:@SECLEVEL=0"));
	if (spec->suites)
		assert_true(SSL_CTX_set_ciphersuites(context, spec->suites));
	if (spec->no_encrypt_then_mac)
		SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC);
	SSL_CTX_set_options(context, SSL_OP_ALLOW_CLIENT_RENEGOTIATION);
	SSL_CTX_set_keylog_callback(context, log_keys);
	SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	if (spec->record)
		SSL_CTX_set_max_send_fragment(context, (long)spec->record);
	bool refuses = server ? spec->server_refuses : spec->client_refuses;
	SSL_CTX_set_cert_verify_callback(context, refuses ? refuse_all : accept_all, NULL);
	SSL_CTX_set_session_id_context(context, (const unsigned char *)"test", 4);
	return context;
}

static void add_chain(SSL_CTX *context, const struct cw_cert *leaf, EVP_PKEY *key, size_t extra)
{
	assert_true(SSL_CTX_use_certificate(context, cw_cert_x509(leaf)));
	assert_true(SSL_CTX_use_PrivateKey(context, key));
	assert_true(SSL_CTX_add1_chain_cert(context, cw_cert_x509(made.middle)));
	for (size_t i = 0; i < extra; i++)
		assert_true(SSL_CTX_add1_chain_cert(context, cw_cert_x509(made.root)));
}

static void set_up_server(SSL_CTX *context, const struct test_tls *spec)
{
	add_chain(context, spec->rsa ? made.rsa_server : made.server, spec->rsa ? made.rsa_key : made.key,
		spec->extra_certs);
	if (spec->mutual || spec->ask_only) {
		SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
		assert_true(SSL_CTX_add_client_CA(context, cw_cert_x509(made.root)));
	}
	if (spec->retry)
		assert_true(SSL_CTX_set1_groups_list(context, "P-384"));
}

static void set_up_client(SSL_CTX *context, const struct test_tls *spec)
{
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	if (spec->mutual || spec->renegotiate || spec->post_auth)
		add_chain(context, made.client, made.key, 0);
	if (spec->retry)
		assert_true(SSL_CTX_set1_groups_list(context, "P-256:P-384"));
	SSL_CTX_set_post_handshake_auth(context, spec->post_auth);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
}

/* Carries what one side has written to the other one, and into the talk. */
static bool carry(const struct ends *ends, int from)
{
	char bytes[32768];
	bool moved = false;
	int count;
	while ((count = BIO_read(SSL_get_wbio(ends->ssl[from]), bytes, sizeof bytes)) > 0) {
		test_talk_add(ends->talk, from, bytes, (size_t)count);
		assert_int_equal(BIO_write(SSL_get_rbio(ends->ssl[!from]), bytes, count), count);
		moved = true;
	}
	return moved;
}

/* Both sides go on until nothing moves any more. */
static void pump(const struct ends *ends)
{
	char bytes[256];
	bool moved = true;
	for (int i = 0; moved && i < 100; i++) {
		moved = false;
		for (int side = 0; side < 2; side++) {
			if (!SSL_is_init_finished(ends->ssl[side]))
				SSL_do_handshake(ends->ssl[side]);
			else
				SSL_read(ends->ssl[side], bytes, sizeof bytes);
			moved = carry(ends, side) || moved;
		}
	}
	ERR_clear_error();
}

static void after_handshake(const struct ends *ends)
{
	const struct test_tls *spec = ends->spec;
	if (spec->update_keys) {
		assert_true(SSL_key_update(ends->ssl[0], SSL_KEY_UPDATE_REQUESTED));
		SSL_write(ends->ssl[0], "x", 1);
		pump(ends);
		SSL_write(ends->ssl[1], "y", 1);
		pump(ends);
	}
	if (spec->renegotiate) {
		SSL_set_verify(ends->ssl[1], SSL_VERIFY_PEER, NULL);
		assert_true(SSL_renegotiate(ends->ssl[0]));
		SSL_do_handshake(ends->ssl[0]);
		pump(ends);
	}
	if (spec->post_auth) {
		SSL_set_verify(ends->ssl[1], SSL_VERIFY_PEER, NULL);
		assert_true(SSL_verify_client_post_handshake(ends->ssl[1]));
		SSL_do_handshake(ends->ssl[1]);
		pump(ends);
	}
	if (!spec->data)
		return;
	static const char data[3000] = "application data";
	for (int side = 0; side < 2; side++) {
		SSL_write(ends->ssl[side], data, sizeof data);
		pump(ends);
	}
	for (int side = 0; side < 2; side++) {
		SSL_shutdown(ends->ssl[side]);
		carry(ends, side);
	}
}

static void run_once(struct ends *ends, SSL_CTX *contexts[2], SSL_SESSION *session)
{
	for (int side = 0; side < 2; side++) {
		ends->ssl[side] = SSL_new(contexts[side]);
		SSL_set_bio(ends->ssl[side], BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
	}
	SSL_set_connect_state(ends->ssl[0]);
	SSL_set_accept_state(ends->ssl[1]);
	if (ends->spec->sni)
		SSL_set_tlsext_host_name(ends->ssl[0], ends->spec->sni);
	if (session)
		assert_true(SSL_set_session(ends->ssl[0], session));
	pump(ends);
	if (!ends->spec->client_refuses && !ends->spec->server_refuses)
		after_handshake(ends);
}

static SSL_SESSION *last_session;

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	SSL_SESSION_free(last_session);
	last_session = session;
	return 1;
}

void test_tls_run(const struct test_tls *spec, struct test_talk *talk, struct cw_buffer *keylog)
{
	SSL_CTX *contexts[2] = {new_context(spec, false), new_context(spec, true)};
	struct ends ends = {.spec = spec, .talk = talk};
	log_to = keylog;
	set_up_client(contexts[0], spec);
	set_up_server(contexts[1], spec);
	SSL_CTX_sess_set_new_cb(contexts[0], keep_session);
	if (spec->resume) {
		struct test_talk first = {0};
		ends.talk = &first;
		run_once(&ends, contexts, NULL);
		for (int side = 0; side < 2; side++) { /* a session that broke off is not resumed */
			SSL_set_shutdown(ends.ssl[side], SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
			SSL_free(ends.ssl[side]);
		}
		test_talk_finish(&first);
		ends.talk = talk;
		assert_non_null(last_session);
	}
	for (size_t i = 0; i < 6 && spec->preface[i]; i++)
		test_talk_add(talk, (int)(i % 2), spec->preface[i], strlen(spec->preface[i]));
	run_once(&ends, contexts, spec->resume ? last_session : NULL);
	if (spec->resume)
		assert_true(SSL_session_reused(ends.ssl[0]));
	for (int side = 0; side < 2; side++) {
		SSL_free(ends.ssl[side]);
		SSL_CTX_free(contexts[side]);
	}
	SSL_SESSION_free(last_session);
	last_session = NULL;
	cw_buffer_char(keylog, '\n');
	assert_false(keylog->failed);
}

void test_chain_text(
	struct cw_buffer *text, const char *side, const struct cw_cert *const *certs, size_t count)
{
	cw_buffer_printf(text, " %s:", side);
	for (size_t i = 0; i < count; i++)
		cw_buffer_printf(text, "%s%.8s", i ? "," : "", cw_cert_sha256_text(certs[i]));
}
