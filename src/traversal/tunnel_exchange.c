#include "traversal/tunnel_exchange.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

static const uint8_t magic[4] = {'C', 'W', 'T', '1'};

#define HELLO_SIZE (sizeof magic + 1 + CW_TUNNEL_NONCE_SIZE)

static bool begin(struct cw_tunnel_exchange *exchange, const uint8_t *secret, struct cw_error *error)
{
	memcpy(exchange->secret, secret, CW_TUNNEL_SECRET_SIZE);
	if (RAND_bytes(exchange->ours, CW_TUNNEL_NONCE_SIZE) == 1)
		return true;
	cw_tunnel_exchange_finish(exchange);
	return cw_error_set(error, CW_E_CRYPTO, "no random bytes for a nonce");
}

static void say(struct cw_tunnel_exchange *exchange, const void *data, size_t length)
{
	memcpy(exchange->out + exchange->out_length, data, length);
	exchange->out_length += length;
}

/* False: OpenSSL failed. The dialling side's nonce always goes first. */
static bool make_mac(
	const struct cw_tunnel_exchange *exchange, const char *label, uint8_t mac[CW_TUNNEL_MAC_SIZE])
{
	uint8_t said[8 + 1 + 2 * CW_TUNNEL_NONCE_SIZE] = {0};
	const uint8_t *first = exchange->dials ? exchange->ours : exchange->theirs;
	const uint8_t *second = exchange->dials ? exchange->theirs : exchange->ours;
	memcpy(said, label, strlen(label));
	said[8] = (uint8_t)exchange->purpose;
	memcpy(said + 9, first, CW_TUNNEL_NONCE_SIZE);
	memcpy(said + 9 + CW_TUNNEL_NONCE_SIZE, second, CW_TUNNEL_NONCE_SIZE);
	unsigned size = 0;
	return HMAC(EVP_sha256(), exchange->secret, CW_TUNNEL_SECRET_SIZE, said, sizeof said, mac, &size) &&
		size == CW_TUNNEL_MAC_SIZE;
}

static bool fits(const struct cw_tunnel_exchange *exchange, const char *label, const uint8_t *mac)
{
	uint8_t wanted[CW_TUNNEL_MAC_SIZE];
	return make_mac(exchange, label, wanted) && CRYPTO_memcmp(wanted, mac, sizeof wanted) == 0;
}

bool cw_tunnel_exchange_dial(struct cw_tunnel_exchange *exchange, const uint8_t secret[CW_TUNNEL_SECRET_SIZE],
	enum cw_tunnel_purpose purpose, struct cw_error *error)
{
	*exchange = (struct cw_tunnel_exchange){.dials = true, .purpose = purpose};
	if (!begin(exchange, secret, error))
		return false;
	const uint8_t byte = (uint8_t)purpose;
	say(exchange, magic, sizeof magic);
	say(exchange, &byte, 1);
	say(exchange, exchange->ours, CW_TUNNEL_NONCE_SIZE);
	exchange->in_wanted = CW_TUNNEL_NONCE_SIZE + CW_TUNNEL_MAC_SIZE;
	return true;
}

bool cw_tunnel_exchange_answer(struct cw_tunnel_exchange *exchange,
	const uint8_t secret[CW_TUNNEL_SECRET_SIZE], struct cw_error *error)
{
	*exchange = (struct cw_tunnel_exchange){.in_wanted = HELLO_SIZE};
	return begin(exchange, secret, error);
}

size_t cw_tunnel_exchange_wants(const struct cw_tunnel_exchange *exchange)
{
	return exchange->state == CW_TUNNEL_EXCHANGING ? exchange->in_wanted - exchange->in_length : 0;
}

/* The answering side: what the other began with. */
static void take_hello(struct cw_tunnel_exchange *exchange)
{
	uint8_t mac[CW_TUNNEL_MAC_SIZE];
	uint8_t purpose = exchange->in[sizeof magic];
	exchange->state = CW_TUNNEL_DISAGREED;
	if (memcmp(exchange->in, magic, sizeof magic) != 0 ||
		(purpose != CW_TUNNEL_STREAM && purpose != CW_TUNNEL_PROBE))
		return;
	exchange->purpose = (enum cw_tunnel_purpose)purpose;
	memcpy(exchange->theirs, exchange->in + sizeof magic + 1, CW_TUNNEL_NONCE_SIZE);
	if (!make_mac(exchange, "answer", mac))
		return;
	say(exchange, exchange->ours, CW_TUNNEL_NONCE_SIZE);
	say(exchange, mac, sizeof mac);
	exchange->state = CW_TUNNEL_EXCHANGING;
	exchange->proof_comes = true;
	exchange->in_wanted = CW_TUNNEL_MAC_SIZE;
}

static void take_answer(struct cw_tunnel_exchange *exchange)
{
	uint8_t mac[CW_TUNNEL_MAC_SIZE];
	memcpy(exchange->theirs, exchange->in, CW_TUNNEL_NONCE_SIZE);
	exchange->state = CW_TUNNEL_DISAGREED;
	if (!fits(exchange, "answer", exchange->in + CW_TUNNEL_NONCE_SIZE) ||
		!make_mac(exchange, "proof", mac))
		return;
	say(exchange, mac, sizeof mac);
	exchange->state = CW_TUNNEL_AGREED;
}

void cw_tunnel_exchange_take(struct cw_tunnel_exchange *exchange, const void *data, size_t length)
{
	size_t wants = cw_tunnel_exchange_wants(exchange);
	if (length > wants)
		length = wants;
	memcpy(exchange->in + exchange->in_length, data, length);
	exchange->in_length += length;
	if (exchange->in_length < exchange->in_wanted || exchange->state != CW_TUNNEL_EXCHANGING)
		return;
	exchange->in_length = 0;
	if (exchange->dials)
		take_answer(exchange);
	else if (!exchange->proof_comes)
		take_hello(exchange);
	else
		exchange->state =
			fits(exchange, "proof", exchange->in) ? CW_TUNNEL_AGREED : CW_TUNNEL_DISAGREED;
}

void cw_tunnel_exchange_finish(struct cw_tunnel_exchange *exchange)
{
	OPENSSL_cleanse(exchange->secret, sizeof exchange->secret);
}
