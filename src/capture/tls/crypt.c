#include "capture/tls/crypt.h"

#include "capture/octets.h"
#include "capture/tls/key_schedule.h"
#include "capture/tls/suite.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#define LOST_RECORDS_MAX 64 /* sequence numbers that are tried after a hole */
#define EXPLICIT_NONCE 8
#define KEY_MAX 32
#define MAC_MAX 64
#define IV_MAX 16

struct cw_crypt {
	struct cw_suite suite;
	uint16_t version, cipher;
	bool encrypt_then_mac;
	bool lost;
	uint64_t sequence;
	uint8_t key[KEY_MAX], iv[IV_MAX], mac_key[MAC_MAX];
	uint8_t secret[CW_SECRET_MAX]; /* TLS 1.3: for the next key update */
	size_t secret_length;
	EVP_CIPHER *kind;
	EVP_CIPHER_CTX *context;
	EVP_MD *mac;
};

void cw_crypt_free(struct cw_crypt *crypt)
{
	if (!crypt)
		return;
	EVP_CIPHER_CTX_free(crypt->context);
	EVP_CIPHER_free(crypt->kind);
	EVP_MD_free(crypt->mac);
	OPENSSL_cleanse(crypt, sizeof *crypt);
	free(crypt);
}

/* An empty state for a suite; `*ret` NULL where the suite is not decrypted here. */
static bool make(uint16_t version, uint16_t cipher, struct cw_crypt **ret, struct cw_error *error)
{
	struct cw_suite suite;
	*ret = NULL;
	if (!cw_suite_find(cipher, &suite))
		return true;
	AUTO(cw_crypt_free) struct cw_crypt *crypt = calloc(1, sizeof *crypt);
	if (!crypt)
		return cw_error_memory(error);
	crypt->suite = suite;
	crypt->version = version;
	crypt->cipher = cipher;
	crypt->kind = EVP_CIPHER_fetch(NULL, suite.cipher, NULL);
	crypt->context = EVP_CIPHER_CTX_new();
	if (suite.mac)
		crypt->mac = EVP_MD_fetch(NULL, suite.mac, NULL);
	if (!crypt->kind || !crypt->context || (suite.mac && !crypt->mac))
		return cw_error_memory(error);
	*ret = TAKE(crypt);
	return true;
}

static bool derive_13(struct cw_crypt *crypt, struct cw_error *error)
{
	const struct cw_suite *suite = &crypt->suite;
	crypt->sequence = 0;
	return cw_key_schedule_expand_label(suite->digest, crypt->secret, crypt->secret_length, "key",
		       crypt->key, suite->key_length, error) &&
		cw_key_schedule_expand_label(
			suite->digest, crypt->secret, crypt->secret_length, "iv", crypt->iv, 12, error);
}

bool cw_crypt_new_13(
	uint16_t cipher, const uint8_t *secret, size_t length, struct cw_crypt **ret, struct cw_error *error)
{
	AUTO(cw_crypt_free) struct cw_crypt *crypt = NULL;
	if (!make(CW_VERSION_TLS_1_3, cipher, &crypt, error))
		return false;
	if (crypt && crypt->suite.mode != CW_SUITE_CBC) {
		memcpy(crypt->secret, secret, length);
		crypt->secret_length = length;
		if (!derive_13(crypt, error))
			return false;
		*ret = TAKE(crypt);
	}
	return true;
}

bool cw_crypt_update(struct cw_crypt *crypt, struct cw_error *error)
{
	uint8_t next[CW_SECRET_MAX];
	bool good = cw_key_schedule_expand_label(crypt->suite.digest, crypt->secret, crypt->secret_length,
		"traffic upd", next, crypt->secret_length, error);
	if (good)
		memcpy(crypt->secret, next, crypt->secret_length);
	OPENSSL_cleanse(next, sizeof next);
	return good && derive_13(crypt, error);
}

/* The order of the key block: both MAC keys, both keys, both IVs; the client's first (RFC 5246 §6.3). */
bool cw_crypt_new_12(const struct cw_crypt_parameters *session, const uint8_t *master, size_t length,
	struct cw_crypt **ret, struct cw_error *error)
{
	AUTO(cw_crypt_free) struct cw_crypt *crypt = NULL;
	if (!make(session->version, session->cipher, &crypt, error))
		return false;
	if (!crypt || session->version < CW_VERSION_TLS_1_0)
		return true;
	const struct cw_suite *suite = &crypt->suite;
	uint8_t block[2 * (MAC_MAX + KEY_MAX + IV_MAX)];
	size_t wanted = 2 * ((size_t)suite->mac_length + suite->key_length + suite->iv_length);
	if (!cw_key_schedule_block(session->version >= CW_VERSION_TLS_1_2 ? suite->digest : "MD5-SHA1",
		    master, length, session->server_random, session->client_random, block, wanted, error))
		return false;
	const uint8_t *at = block;
	size_t own = session->from_client ? 0 : 1;
	memcpy(crypt->mac_key, at + own * suite->mac_length, suite->mac_length);
	at += 2U * suite->mac_length;
	memcpy(crypt->key, at + own * suite->key_length, suite->key_length);
	at += 2U * suite->key_length;
	memcpy(crypt->iv, at + own * suite->iv_length, suite->iv_length);
	OPENSSL_cleanse(block, sizeof block);
	crypt->encrypt_then_mac = session->encrypt_then_mac;
	*ret = TAKE(crypt);
	return true;
}

static void put64(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}

/* What is authenticated beside the content: sequence number, type, version and length (RFC 5246 §6.2.3.3). */
static void put_header(uint8_t at[13], uint64_t sequence, const uint8_t header[5], size_t length)
{
	put64(at, sequence);
	memcpy(at + 8, header, 3);
	at[11] = (uint8_t)(length >> 8);
	at[12] = (uint8_t)length;
}

static bool run_aead(struct cw_crypt *crypt, const uint8_t nonce[12], const uint8_t *extra,
	size_t extra_length, const uint8_t *body, size_t length, uint8_t *plain)
{
	EVP_CIPHER_CTX *context = crypt->context;
	int tag = crypt->suite.tag_length, count;
	bool ccm = crypt->suite.mode == CW_SUITE_CCM;
	return EVP_DecryptInit_ex2(context, crypt->kind, NULL, NULL, NULL) &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) &&
		EVP_CIPHER_CTX_ctrl(
			context, EVP_CTRL_AEAD_SET_TAG, tag, (void *)(uintptr_t)(body + length)) &&
		EVP_DecryptInit_ex2(context, NULL, crypt->key, nonce, NULL) &&
		(!ccm || EVP_DecryptUpdate(context, NULL, &count, NULL, (int)length)) &&
		EVP_DecryptUpdate(context, NULL, &count, extra, (int)extra_length) &&
		EVP_DecryptUpdate(context, plain, &count, body, (int)length) &&
		(ccm || EVP_DecryptFinal_ex(context, plain + count, &count) > 0);
}

static bool open_aead(struct cw_crypt *crypt, uint64_t sequence, const uint8_t header[5], const uint8_t *body,
	size_t length, uint8_t *plain, size_t *plain_length)
{
	uint8_t nonce[12], extra[13];
	bool new = crypt->version == CW_VERSION_TLS_1_3,
	     explicit_nonce = !new && crypt->suite.mode != CW_SUITE_CHACHA;
	size_t overhead = crypt->suite.tag_length + (explicit_nonce ? EXPLICIT_NONCE : 0U);
	if (length < overhead)
		return false;
	size_t content = length - overhead;
	memcpy(nonce, crypt->iv, sizeof nonce);
	if (explicit_nonce) {
		memcpy(nonce + 4, body, EXPLICIT_NONCE);
		body += EXPLICIT_NONCE;
	} else {
		uint8_t number[8];
		put64(number, sequence);
		for (size_t i = 0; i < 8; i++)
			nonce[4 + i] ^= number[i];
	}
	put_header(extra, sequence, header, content);
	if (!run_aead(crypt, nonce, new ? header : extra, new ? 5 : 13, body, content, plain))
		return false;
	*plain_length = content;
	return true;
}

static bool mac_fits(const struct cw_crypt *crypt, uint64_t sequence, const uint8_t header[5],
	const uint8_t *data, size_t length, const uint8_t *mac)
{
	uint8_t text[13 + CW_RECORD_MAX], found[EVP_MAX_MD_SIZE];
	unsigned found_length;
	if (length > CW_RECORD_MAX)
		return false;
	put_header(text, sequence, header, length);
	memcpy(text + 13, data, length);
	return HMAC(crypt->mac, crypt->mac_key, crypt->suite.mac_length, text, 13 + length, found,
		       &found_length) &&
		memcmp(found, mac, crypt->suite.mac_length) == 0;
}

static bool run_cbc(
	struct cw_crypt *crypt, const uint8_t *iv, const uint8_t *body, size_t length, uint8_t *plain)
{
	int count;
	return EVP_DecryptInit_ex2(crypt->context, crypt->kind, crypt->key, iv, NULL) &&
		EVP_CIPHER_CTX_set_padding(crypt->context, 0) &&
		EVP_DecryptUpdate(crypt->context, plain, &count, body, (int)length);
}

/* RFC 5246 §6.2.3.2, and RFC 7366 where the MAC is around the ciphertext. */
static bool open_cbc(struct cw_crypt *crypt, uint64_t sequence, const uint8_t header[5], const uint8_t *body,
	size_t length, uint8_t *plain, size_t *plain_length)
{
	size_t block = crypt->suite.iv_length, mac = crypt->suite.mac_length;
	bool around = crypt->encrypt_then_mac, explicit_iv = crypt->version >= CW_VERSION_TLS_1_1;
	size_t overhead = (explicit_iv ? block : 0) + (around ? mac : 0);
	if (length < overhead + block || length > CW_RECORD_MAX)
		return false;
	size_t covered = length - (around ? mac : 0);
	if (around && !mac_fits(crypt, sequence, header, body, covered, body + covered))
		return false;
	const uint8_t *iv = explicit_iv ? body : crypt->iv, *text = body + (explicit_iv ? block : 0);
	size_t count = covered - (explicit_iv ? block : 0);
	if (count % block || !run_cbc(crypt, iv, text, count, plain))
		return false;
	size_t padding = plain[count - 1] + 1U, trailer = padding + (around ? 0 : mac);
	if (trailer > count)
		return false;
	size_t content = count - trailer;
	if (!around && !mac_fits(crypt, sequence, header, plain, content, plain + content))
		return false;
	if (!explicit_iv) /* TLS 1.0: the last block of ciphertext is the next IV */
		memcpy(crypt->iv, text + count - block, block);
	*plain_length = content;
	return true;
}

/* TLS 1.3 puts the type behind the content, and zeros behind that (RFC 8446 §5.4). */
static bool strip_inner(const uint8_t *plain, size_t *length, uint8_t *type)
{
	size_t count = *length;
	while (count && plain[count - 1] == 0)
		count--;
	if (count == 0)
		return false;
	*type = plain[count - 1];
	*length = count - 1;
	return true;
}

bool cw_crypt_open(struct cw_crypt *crypt, const uint8_t header[5], const uint8_t *body, size_t length,
	uint8_t *plain, size_t *plain_length, uint8_t *type)
{
	uint64_t tries = crypt->lost ? LOST_RECORDS_MAX : 1;
	for (uint64_t i = 0; i < tries; i++) {
		uint64_t sequence = crypt->sequence + i;
		bool opened = crypt->suite.mode == CW_SUITE_CBC
			? open_cbc(crypt, sequence, header, body, length, plain, plain_length)
			: open_aead(crypt, sequence, header, body, length, plain, plain_length);
		if (!opened)
			continue;
		crypt->sequence = sequence + 1;
		crypt->lost = false;
		return crypt->version != CW_VERSION_TLS_1_3 || strip_inner(plain, plain_length, type);
	}
	return false;
}

void cw_crypt_lost(struct cw_crypt *crypt)
{
	crypt->lost = true;
}
