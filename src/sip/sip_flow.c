#include "sip/sip_flow.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define VERSION 1
#define CLEAR 14
#define MAC 16
#define RAW (CLEAR + MAC) /* a multiple of three: no padding */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* version, worker, zone, connection, direction, and the first half of their HMAC-SHA-256. */
static bool add_mac(const uint8_t key[CW_SIP_FLOW_KEY], uint8_t raw[RAW])
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	if (!HMAC(EVP_sha256(), key, CW_SIP_FLOW_KEY, raw, CLEAR, mac, &length) || length < MAC)
		return false;
	memcpy(raw + CLEAR, mac, MAC);
	return true;
}

bool cw_sip_flow_write(const uint8_t key[CW_SIP_FLOW_KEY], const struct cw_sip_flow *flow,
	char ret[CW_SIP_FLOW_SIZE], struct cw_error *error)
{
	uint8_t raw[RAW] = {VERSION, (uint8_t)(flow->worker >> 8), (uint8_t)flow->worker,
		(uint8_t)(flow->zone >> 8), (uint8_t)flow->zone};
	for (unsigned i = 0; i < 8; i++)
		raw[5 + i] = (uint8_t)(flow->connection >> (56 - 8 * i));
	raw[13] = flow->towards_server;
	if (!add_mac(key, raw))
		return cw_error_set(error, CW_E_CRYPTO, "OpenSSL makes no HMAC with SHA-256");
	for (unsigned i = 0; i < RAW / 3; i++) {
		uint32_t three = (uint32_t)raw[3 * i] << 16 | (uint32_t)raw[3 * i + 1] << 8 | raw[3 * i + 2];
		for (unsigned k = 0; k < 4; k++)
			ret[4 * i + k] = alphabet[three >> (18 - 6 * k) & 63];
	}
	ret[CW_SIP_FLOW_SIZE - 1] = '\0';
	return true;
}

static bool decode(const char *token, uint8_t raw[RAW])
{
	if (strlen(token) != CW_SIP_FLOW_SIZE - 1)
		return false;
	for (unsigned i = 0; i < RAW / 3; i++) {
		uint32_t three = 0;
		for (unsigned k = 0; k < 4; k++) {
			const char *digit = strchr(alphabet, token[4 * i + k]);
			if (!digit)
				return false;
			three = three << 6 | (uint32_t)(digit - alphabet);
		}
		raw[3 * i] = (uint8_t)(three >> 16);
		raw[3 * i + 1] = (uint8_t)(three >> 8);
		raw[3 * i + 2] = (uint8_t)three;
	}
	return true;
}

bool cw_sip_flow_read(const uint8_t key[CW_SIP_FLOW_KEY], const char *token, struct cw_sip_flow *ret)
{
	uint8_t raw[RAW], wanted[RAW];
	if (!decode(token, raw))
		return false;
	memcpy(wanted, raw, CLEAR);
	if (!add_mac(key, wanted) || CRYPTO_memcmp(wanted + CLEAR, raw + CLEAR, MAC) != 0 ||
		raw[0] != VERSION)
		return false;
	struct cw_sip_flow flow = {
		(uint16_t)(raw[1] << 8 | raw[2]), (uint16_t)(raw[3] << 8 | raw[4]), 0, raw[13]};
	for (unsigned i = 0; i < 8; i++)
		flow.connection = flow.connection << 8 | raw[5 + i];
	*ret = flow;
	return true;
}
