/**
 * A certificate's key as SSH has it: a line of text, a fingerprint, and which algorithms go with it.
 *
 * The tunnels' host key and user key are the keys of the nodes' certificates. OpenSSH reads the private key as
 * PKCS#8 PEM as it is; the public one is written here as known_hosts and authorized_keys want it
 * (RFC 4253 section 6.6, RFC 5656 section 3.1). Does not judge: whether a certificate is accepted is its
 * caller's business.
 */
#ifndef CW_TRAVERSAL_TUNNEL_KEY_H
#define CW_TRAVERSAL_TUNNEL_KEY_H

#include "base/buffer.h"
#include "model/node.h"

#include <openssl/evp.h>

/* What `tunnel-key-algorithms` can name; a set is the sum of some. */
enum cw_tunnel_algorithm {
	CW_TUNNEL_RSA = 1,
	CW_TUNNEL_NISTP256 = 2,
	CW_TUNNEL_NISTP384 = 4,
	CW_TUNNEL_NISTP521 = 8,
	CW_TUNNEL_ALL = 15
};

#define CW_TUNNEL_FINGERPRINT_SIZE 52

/** Which algorithm the key goes with; 0: SSH cannot use it. */
unsigned cw_tunnel_key_algorithm(const EVP_PKEY *key);

/** Whether SSH can use the key, and the set has its algorithm. CW_E_KEY says which of the two is not so. */
CW_MUST_USE bool cw_tunnel_key_check(const EVP_PKEY *key, unsigned set, struct cw_error *error);

/** Appends "ssh-rsa AAAA…" without a comment. CW_E_KEY for a key that SSH cannot use. */
CW_MUST_USE bool cw_tunnel_key_line(const EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error);

/** "SHA256:…" in base64 without padding, as ssh-keygen -l and the logs of ssh and sshd have it. */
CW_MUST_USE bool cw_tunnel_key_fingerprint(
	const EVP_PKEY *key, char ret[CW_TUNNEL_FINGERPRINT_SIZE], struct cw_error *error);

/** Appends the private key as PKCS#8 PEM, unencrypted. */
CW_MUST_USE bool cw_tunnel_key_pem(EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error);

/** The set that `tunnel-key-algorithms` of this Expressway allows; all of them where it has none. */
unsigned cw_tunnel_key_allowed(const struct cw_group *group);

/** Appends the signature algorithms of the set, as HostKeyAlgorithms wants them:
 * "rsa-sha2-512,rsa-sha2-256,…". */
void cw_tunnel_key_algorithms(unsigned set, struct cw_buffer *ret);

#endif
