/**
 * The first bytes of every stream through a tunnel: a nonce and a MAC each way, under a key agreed over the
 * zone.
 *
 * Any process on Expressway-E can dial the port that a tunnel's streams begin at, or hold that port before the
 * tunnel does, and passwords go through it. So whoever dials shows that it holds the key, and sees that
 * Expressway-C at the other end does, before any byte of HTTP:
 *
 *     dialling side    "CWT1", purpose, nonce a (32)
 *     answering side   nonce b (32), MAC "answer"(purpose, a, b)
 *     dialling side    MAC "proof"(purpose, a, b)
 *
 * The MAC is HMAC-SHA256; its two labels differ, so that none can be sent back to who made it. After the
 * answer the dialling side has seen bytes go through and back, after the proof the answering side has: the
 * health probe is this exchange and nothing more. A machine without sockets and clock.
 */
#ifndef CW_TRAVERSAL_TUNNEL_EXCHANGE_H
#define CW_TRAVERSAL_TUNNEL_EXCHANGE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define CW_TUNNEL_SECRET_SIZE 32
#define CW_TUNNEL_NONCE_SIZE 32
#define CW_TUNNEL_MAC_SIZE 32

enum cw_tunnel_purpose { CW_TUNNEL_STREAM = 1, CW_TUNNEL_PROBE = 2 };

enum cw_tunnel_exchange_state {
	CW_TUNNEL_EXCHANGING,
	CW_TUNNEL_AGREED,
	CW_TUNNEL_DISAGREED, /* the other side does not hold the key, or does not speak this */
};

struct cw_tunnel_exchange {
	bool dials;
	enum cw_tunnel_exchange_state state;
	enum cw_tunnel_purpose purpose;
	uint8_t secret[CW_TUNNEL_SECRET_SIZE];
	uint8_t ours[CW_TUNNEL_NONCE_SIZE], theirs[CW_TUNNEL_NONCE_SIZE];
	uint8_t in[CW_TUNNEL_NONCE_SIZE + CW_TUNNEL_MAC_SIZE];
	size_t in_length, in_wanted;
	uint8_t out[5 + CW_TUNNEL_NONCE_SIZE +
		CW_TUNNEL_MAC_SIZE]; /* to be sent; the caller sets out_length to 0 */
	size_t out_length;
	bool proof_comes; /* answering: the nonce came already */
};

/** The dialling side; `out` holds what it says first. CW_E_CRYPTO where there are no random bytes. */
CW_MUST_USE bool cw_tunnel_exchange_dial(struct cw_tunnel_exchange *exchange,
	const uint8_t secret[CW_TUNNEL_SECRET_SIZE], enum cw_tunnel_purpose purpose, struct cw_error *error);

/** The answering side; it learns the purpose from the other. */
CW_MUST_USE bool cw_tunnel_exchange_answer(struct cw_tunnel_exchange *exchange,
	const uint8_t secret[CW_TUNNEL_SECRET_SIZE], struct cw_error *error);

/** How many bytes it still wants now: whoever reads no more than that leaves what follows in the socket. */
size_t cw_tunnel_exchange_wants(const struct cw_tunnel_exchange *exchange);

/** Takes at most as many bytes as it wants; `state` and `out` say what comes of it. */
void cw_tunnel_exchange_take(struct cw_tunnel_exchange *exchange, const void *data, size_t length);

/** Forgets the key. */
void cw_tunnel_exchange_finish(struct cw_tunnel_exchange *exchange);

#endif
