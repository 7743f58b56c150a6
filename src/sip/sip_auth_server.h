/**
 * The side that asks for a password: challenges, and judges credentials (RFC 3261 §22, RFC 7616 §3.3, §5.5).
 * One of these for each connection: its nonce is known to nobody else, and each nc is taken once.
 *
 * First the credentials are read (cw_sip_auth_server_read), which says whose they claim to be; then they are
 * judged with that user's password (cw_sip_auth_server_judge). A user that is not known is judged too, with
 * no password, so that neither answer nor time tell which of the two was wrong.
 */
#ifndef CW_SIP_SIP_AUTH_SERVER_H
#define CW_SIP_SIP_AUTH_SERVER_H

#include "base/random.h"
#include "base/time.h"
#include "sip/sip_digest.h"
#include "sip/sip_writer.h"

/* Seconds for which a nonce is good: after that the right password gets `stale`. */
#define CW_SIP_AUTH_SERVER_NONCE_AGE 300
#define CW_SIP_AUTH_SERVER_NONCE_BYTES 16

enum cw_sip_auth_server_state {
	CW_SIP_AUTH_SERVER_READ,    /* judge them */
	CW_SIP_AUTH_SERVER_NONE,    /* no credentials for this realm: challenge */
	CW_SIP_AUTH_SERVER_STALE,   /* old nonce, or an nc that was there: see below */
	CW_SIP_AUTH_SERVER_REFUSED, /* broken, or for another request: 400 */
};

/* Realm, algorithm, and zeros are a new one. */
struct cw_sip_auth_server {
	const char *realm; /* borrowed */
	enum cw_sip_digest_algorithm algorithm;
	bool proxy; /* Proxy-Authenticate and 407 */
	bool plain; /* also take credentials without qop (RFC 2069), as old boxes send them */
	char nonce[CW_RANDOM_HEX_SIZE(CW_SIP_AUTH_SERVER_NONCE_BYTES)]; /* "": none yet */
	cw_time made;
	uint32_t count; /* the highest nc that was taken */
};

/**
 * Writes WWW-Authenticate or Proxy-Authenticate; a new nonce where there is none or it is old. CW_E_CRYPTO,
 * CW_E_MEMORY.
 */
CW_MUST_USE bool cw_sip_auth_server_challenge(struct cw_sip_auth_server *server, struct cw_sip_writer *writer,
	bool stale, cw_time now, struct cw_error *error);

/** Finds the request's credentials for this realm. `ret` lives as long as the request. */
enum cw_sip_auth_server_state cw_sip_auth_server_read(struct cw_sip_auth_server *server,
	const struct cw_sip_message *request, cw_time now, struct cw_sip_digest *ret);

/**
 * Judges what was read. `*ret` true: they fit, and their nc is used up. `password` NULL: no such user.
 * CW_E_CRYPTO.
 *
 * Stale credentials are judged as well: where they fit, challenge with `stale`, so that the client does not
 * ask its user for another password; where they do not, deny (RFC 2617 §3.2.1, stale).
 */
CW_MUST_USE bool cw_sip_auth_server_judge(struct cw_sip_auth_server *server,
	const struct cw_sip_message *request, const struct cw_sip_digest *digest, const char *password,
	bool *ret, struct cw_error *error);

#endif
