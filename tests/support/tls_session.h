/**
 * Real TLS sessions between two OpenSSL ends in memory: what they say becomes a struct test_talk, with its
 * key log.
 */
#ifndef TEST_SUPPORT_TLS_SESSION_H
#define TEST_SUPPORT_TLS_SESSION_H

#include "pki/cert.h"
#include "support/traffic.h"

/** Made once for a test program: a CA, and certificates of both sides. Keys are P-256 but the RSA one. */
struct test_tls_certs {
	EVP_PKEY *key, *rsa_key;
	struct cw_cert *root, *middle, *server, *client, *rsa_server, *stranger;
};

int test_tls_certs_make(void **state);
int test_tls_certs_free(void **state);
const struct test_tls_certs *test_tls_certs(void);

struct test_tls {
	int version;	     /* TLS1_2_VERSION …; 0: 1.2 */
	const char *ciphers; /* TLS 1.2 and older; NULL: all */
	const char *suites;  /* TLS 1.3; NULL: OpenSSL's */
	bool mutual;	     /* the server asks for a client certificate, and gets one */
	bool ask_only;	     /* it asks, and gets none, which is fine */
	bool rsa;	     /* the server's certificate */
	bool client_refuses, server_refuses;
	bool retry;	  /* HelloRetryRequest */
	bool resume;	  /* the second of two sessions */
	bool update_keys; /* TLS 1.3 */
	bool renegotiate; /* TLS 1.2: with a client certificate in the second handshake */
	bool post_auth;	  /* TLS 1.3: a client certificate after the handshake */
	bool no_encrypt_then_mac;
	bool data;	    /* some application data each way, then close_notify */
	size_t record;	    /* largest record; 0: 16384 */
	size_t extra_certs; /* of the server's chain, besides leaf and intermediate */
	const char *sni;
	const char *preface[6]; /* said in clear first, by client and server in turn */
};

/** Runs it. The talk and the key log (NUL-terminated) are the caller's. */
void test_tls_run(const struct test_tls *spec, struct test_talk *talk, struct cw_buffer *keylog);

/** What test_traffic_read says of a chain: " server:aaaaaaaa,bbbbbbbb". */
void test_chain_text(
	struct cw_buffer *text, const char *side, const struct cw_cert *const *certs, size_t count);

#endif
