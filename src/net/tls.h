/**
 * TLS contexts with the judge inside: OpenSSL does the handshake, somebody else decides about trust.
 *
 * The judge is asked from OpenSSL's certificate verify callback, on either side, so that nothing of OpenSSL's
 * own search, clock or purpose checks decides; what it answers sets the alert. There is no resumption (a
 * resumed session shows no certificate) and no renegotiation. What is sent is exactly the chain given. The
 * certificates of a peer are those that were parsed for the judge, by their bytes: libssl's own, which have
 * no key (net/tls_library.h), go when it asks.
 */
#ifndef CW_NET_TLS_H
#define CW_NET_TLS_H

#include "net/recent_certs.h"
#include "pki/alert.h"
#include "pki/key.h"
#include "trust/trust_list.h"

#include <openssl/ssl.h>
#include <stdio.h>

/* Against memory exhaustion by one peer's chain (OpenSSL's own default for a message). */
#define CW_TLS_CHAIN_BYTES_MAX (100 * 1024)

enum cw_tls_versions { CW_TLS_ANY, CW_TLS_1_2, CW_TLS_1_3 };

/** What one end of a connection is made from. Everything borrowed, for the time of the call. */
struct cw_tls_setup {
	bool server;
	enum cw_tls_versions versions;
	/* 0 for rehearsals and probes, so that the judge refuses and not the library; a running node has 2 */
	int security_level;
	struct cw_cert *const *chain; /* leaf first, sent as it is; NULL: shows none (clients only) */
	size_t chain_count;
	EVP_PKEY *key;
	bool asks; /* wants the other's certificate and judges it */
	/* servers that ask: whose subjects are the CA names of the request */
	const struct cw_trust_list *const *ca_lists;
	size_t ca_list_count;
	FILE *keylog; /* gets the secrets of every connection (labs only), and outlives the context; NULL: none */
};

/** The caller frees the context (SSL_CTX_free). CW_E_CRYPTO says what OpenSSL refused. */
CW_MUST_USE bool cw_tls_context(const struct cw_tls_setup *setup, SSL_CTX **ret, struct cw_error *error);
CW_DEFINE_AUTO(SSL_CTX *, SSL_CTX_free)

/** Replaces the CA names that a server sends, for handshakes that begin later. */
CW_MUST_USE bool cw_tls_set_ca_names(
	SSL_CTX *context, const struct cw_trust_list *const *lists, size_t count, struct cw_error *error);

/**
 * Asked once in each handshake in which the other side shows certificates: leaf first, as they came; never
 * empty. Returns the alert to refuse with (SSL3_AD_…, TLS1_AD_…), or CW_TLS_ACCEPT. Must not keep the chain.
 */
typedef int cw_tls_ask(void *context, struct cw_cert *const *chain, size_t count);
#define CW_TLS_ACCEPT (-1)

/** The judge of one connection. Stays where it is as long as the connection lives. */
struct cw_tls_judge {
	cw_tls_ask *ask;
	void *context;
	const struct cw_pool *known;  /* certificates parsed already, or NULL */
	struct cw_recent_certs *seen; /* those that peers showed lately, or NULL */
};

/** Gives the connection its judge. False: no memory. */
CW_MUST_USE bool cw_tls_set_judge(SSL *ssl, struct cw_tls_judge *judge);

/**
 * Has the judge asked in all handshakes of a client's context that another library made (libcurl), in place of
 * whatever that one set up. False: no memory. The judge stays where it is as long as the context lives.
 */
CW_MUST_USE bool cw_tls_adopt(SSL_CTX *context, struct cw_tls_judge *judge);

/** The TLS versions with which OpenSSL can use this leaf's key at all. False: with none. */
bool cw_tls_usable(const struct cw_cert *leaf, bool *with_1_2, bool *with_1_3);

#endif
