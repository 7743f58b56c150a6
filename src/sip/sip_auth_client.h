/**
 * The side that has a password: takes a 401 or 407 and answers its challenge (RFC 3261 §22.2, RFC 7616 §3.4).
 *
 * The password is never sent twice against one no: a challenge that follows our credentials, and does not say
 * that only the nonce was stale, is a denial (who goes on guessing is locked out). Of several challenges the
 * first whose algorithm is spoken here is taken (RFC 8760 §2.4). Credentials that were called stale three
 * times in a row are denied: some server would have us hash for ever. Tell the client about a good answer
 * (cw_sip_auth_client_accepted).
 */
#ifndef CW_SIP_SIP_AUTH_CLIENT_H
#define CW_SIP_SIP_AUTH_CLIENT_H

#include "sip/sip_digest.h"
#include "sip/sip_writer.h"

enum cw_sip_auth_client_state {
	CW_SIP_AUTH_CLIENT_AGAIN,  /* send the request again, with credentials */
	CW_SIP_AUTH_CLIENT_DENIED, /* user name or password are not right */
	CW_SIP_AUTH_CLIENT_UNFIT,  /* no challenge that we could answer */
};

/* Zeros, and the credentials, are a new one. */
struct cw_sip_auth_client {
	const char *username, *password; /* borrowed */
	char *challenge;		 /* value of the challenge in use; NULL: none yet */
	bool proxy;			 /* it came with a 407 */
	bool sent;			 /* credentials for it went out */
	unsigned stale;			 /* how often in a row only the nonce was refused */
	uint32_t count;			 /* nc of the last credentials */
};

void cw_sip_auth_client_finish(struct cw_sip_auth_client *client);

/** An answer that was no challenge came: the next challenge is answered again. */
void cw_sip_auth_client_accepted(struct cw_sip_auth_client *client);

/** A 401 or 407 came. CW_E_MEMORY. */
CW_MUST_USE bool cw_sip_auth_client_take(struct cw_sip_auth_client *client,
	const struct cw_sip_message *response, enum cw_sip_auth_client_state *ret, struct cw_error *error);

/**
 * Writes Authorization or Proxy-Authorization for a request; nothing before a challenge came. The next nc,
 * and a new cnonce, where the challenge has qop. CW_E_CRYPTO, CW_E_MEMORY.
 */
CW_MUST_USE bool cw_sip_auth_client_write(struct cw_sip_auth_client *client, struct cw_sip_writer *writer,
	const char *method, const char *uri, struct cw_error *error);

#endif
