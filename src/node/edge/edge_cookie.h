/**
 * The session cookie X-Auth of the edge: who signed in, with what, until when, signed by an Expressway-C with Ed25519.
 *
 *     base64url( version 1 | key id 8 | issued 8 | expires 8 | client 1 | length 1 | user | signature 64 )
 *
 * Numbers in network order, seconds. The signature is over "causeway X-Auth" and everything before it, so that nothing
 * else that is signed with the key can stand for a cookie. Every cookie has one text: another one is refused. Whoever
 * verifies holds public keys alone (edge_key.h). Does not know what a session may do, or keep any.
 *
 * The vendor's is a UUID that its Expressway-E looks up; Jabber drops an answer whose cookie has no valid expiry
 * ("XAuth Cookie expiration time is invalid").
 */
#ifndef CW_NODE_EDGE_EDGE_COOKIE_H
#define CW_NODE_EDGE_EDGE_COOKIE_H

#include "http/http_cookie.h"
#include "node/edge/edge_key.h"

#define CW_EDGE_COOKIE_NAME "X-Auth"
#define CW_EDGE_COOKIE_USER_MAX 255
/* Its bytes: what stands around the user, and the user. */
#define CW_EDGE_COOKIE_BYTES_MAX (1 + 8 + 8 + 8 + 1 + 1 + CW_EDGE_COOKIE_USER_MAX + 64)
/* How far the clocks of two nodes may be apart: the tunnel's own certificates want no less. */
#define CW_EDGE_COOKIE_SKEW 60

enum cw_edge_client {
	CW_EDGE_CLIENT_OTHER,
	CW_EDGE_CLIENT_JABBER,
	CW_EDGE_CLIENT_WEBEX,
	CW_EDGE_CLIENT_TELEPRESENCE,
	CW_EDGE_CLIENT_PHONE,
	CW_EDGE_CLIENT_COUNT
};

struct cw_edge_session {
	char user[CW_EDGE_COOKIE_USER_MAX + 1]; /* no control bytes */
	enum cw_edge_client client;
	cw_time issued, expires;
};

enum cw_edge_cookie_end {
	CW_EDGE_COOKIE_GOOD,
	CW_EDGE_COOKIE_MALFORMED,
	CW_EDGE_COOKIE_STRANGE_KEY, /* signed with a key that nobody told of, or that is over */
	CW_EDGE_COOKIE_FORGED,
	CW_EDGE_COOKIE_EXPIRED,
	CW_EDGE_COOKIE_EARLY, /* issued in the future: the clocks of the two Expressways are apart */
};

/** Appends the cookie's value. CW_E_CRYPTO; CW_E_HTTP for a user that no cookie can have. */
CW_MUST_USE bool cw_edge_cookie_sign(const struct cw_edge_key *key, const struct cw_edge_session *session,
	struct cw_buffer *ret, struct cw_error *error);

/** Verifies a value; `*ret` is written where it is good. */
enum cw_edge_cookie_end cw_edge_cookie_verify(const struct cw_edge_key_ring *ring, struct cw_http_text value,
	cw_time now, struct cw_edge_session *ret);

/** "expired", …: for logs. */
const char *cw_edge_cookie_end_name(enum cw_edge_cookie_end end);

/**
 * The Domain that a session cookie of these Expressway-E peers has: none for one, who alone gets it back; else their
 * longest common suffix of at least two labels, letters in lower case. False: there is none, and the cookie is for the
 * one peer that it came through. Where peers' names differ in case the vendor's fail ("DNS domain of E peers differs in
 * case"); ours do not.
 */
bool cw_edge_cookie_domain(const char *const *peers, size_t count, struct cw_buffer *ret);

/** Appends the value of the Set-Cookie field: Secure, HttpOnly, Path=/, Expires; `domain` may be "". */
CW_MUST_USE bool cw_edge_cookie_write(struct cw_buffer *buffer, struct cw_http_text value, const char *domain,
	cw_time expires, struct cw_error *error);

/** Which client says that it is one, by its User-Agent. */
enum cw_edge_client cw_edge_cookie_client(struct cw_http_text user_agent);
/** "jabber", "telepresence", … */
const char *cw_edge_cookie_client_name(enum cw_edge_client client);

#endif
