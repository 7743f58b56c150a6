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

static struct cw_key_schedule_secret secret_of(const struct cw_crypt *crypt)
{
	return (struct cw_key_schedule_secret){crypt->suite.digest, crypt->secret, crypt->secret_length};
}

static bool derive_13(struct cw_crypt *crypt, struct cw_error *error)
{
	const struct cw_suite *suite = &crypt->suite;
	crypt->sequence = 0;
	const struct cw_key_schedule_secret secret = secret_of(crypt);
	return cw_key_schedule_expand_label(&secret, "key", crypt->key, suite->key_length, error) &&
		cw_key_schedule_expand_label(&secret, "iv", crypt->iv, 12, error);
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
	const struct cw_key_schedule_secret secret = secret_of(crypt);
	bool good = cw_key_schedule_expand_label(&secret, "traffic upd", next, crypt->secret_length, error);
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
	const struct cw_key_schedule_secret secret = {
		session->version >= CW_VERSION_TLS_1_2 ? suite->digest : "MD5-SHA1", master, length};
	if (!cw_key_schedule_block(
		    &secret, session->server_random, session->client_random, block, wanted, error))
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

/* Ciphertext in AEAD's terms (RFC 5116 §2.1); the tag follows the text. */
struct aead_text {
	uint8_t nonce[12];
	uint8_t extra[13]; /* authenticated beside it */
	size_t extra_length;
	const uint8_t *data;
	size_t length;
};

static bool run_aead(struct cw_crypt *crypt, const struct aead_text *text, uint8_t *plain)
{
	EVP_CIPHER_CTX *context = crypt->context;
	int tag = crypt->suite.tag_length, length = (int)text->length, count;
	void *tag_at = (void *)(uintptr_t)(text->data + text->length);
	bool ccm = crypt->suite.mode == CW_SUITE_CCM;
	return EVP_DecryptInit_ex2(context, crypt->kind, NULL, NULL, NULL) &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, 12, NULL) &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag, tag_at) &&
		EVP_DecryptInit_ex2(context, NULL, crypt->key, text->nonce, NULL) &&
		(!ccm || EVP_DecryptUpdate(context, NULL, &count, NULL, length)) &&
		EVP_DecryptUpdate(context, NULL, &count, text->extra, (int)text->extra_length) &&
		EVP_DecryptUpdate(context, plain, &count, text->data, length) &&
		(ccm || EVP_DecryptFinal_ex(context, plain + count, &count) > 0);
}

/* TLS 1.3 authenticates the record header as it stands (RFC 8446 §5.2). */
static void put_extra(
	const struct cw_crypt *crypt, uint64_t sequence, const uint8_t *header, struct aead_text *text)
{
	text->extra_length = crypt->version == CW_VERSION_TLS_1_3 ? 5 : 13;
	if (crypt->version == CW_VERSION_TLS_1_3)
		memcpy(text->extra, header, 5);
	else
		put_header(text->extra, sequence, header, text->length);
}

static bool open_aead(struct cw_crypt *crypt, uint64_t sequence, const struct cw_sealed_record *record,
	struct cw_plain_record *ret)
{
	bool new = crypt->version == CW_VERSION_TLS_1_3,
	     explicit_nonce = !new && crypt->suite.mode != CW_SUITE_CHACHA;
	size_t before = explicit_nonce ? EXPLICIT_NONCE : 0, overhead = crypt->suite.tag_length + before;
	if (record->length < overhead)
		return false;
	struct aead_text text = {.data = record->body + before, .length = record->length - overhead};
	memcpy(text.nonce, crypt->iv, sizeof text.nonce);
	if (explicit_nonce) {
		memcpy(text.nonce + 4, record->body, EXPLICIT_NONCE);
	} else {
		uint8_t number[8];
		put64(number, sequence);
		for (size_t i = 0; i < 8; i++)
			text.nonce[4 + i] ^= number[i];
	}
	put_extra(crypt, sequence, record->header, &text);
	if (!run_aead(crypt, &text, ret->data))
		return false;
	ret->length = text.length;
	return true;
}

static bool mac_fits(const struct cw_crypt *crypt, uint64_t sequence, const uint8_t header[5],
	const uint8_t *data, size_t length, const uint8_t *mac)
{
	uint8_t text[13 + CW_RECORD_MAX], computed[EVP_MAX_MD_SIZE];
	unsigned computed_length;
	if (length > CW_RECORD_MAX)
		return false;
	put_header(text, sequence, header, length);
	memcpy(text + 13, data, length);
	return HMAC(crypt->mac, crypt->mac_key, crypt->suite.mac_length, text, 13 + length, computed,
		       &computed_length) &&
		memcmp(computed, mac, crypt->suite.mac_length) == 0;
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
static bool open_cbc(struct cw_crypt *crypt, uint64_t sequence, const struct cw_sealed_record *record,
	struct cw_plain_record *ret)
{
	const uint8_t *header = record->header, *body = record->body, *plain = ret->data;
	size_t block = crypt->suite.iv_length, mac = crypt->suite.mac_length;
	bool explicit_iv = crypt->version >= CW_VERSION_TLS_1_1;
	/* Where they stand: the IV before the text, the MAC behind the ciphertext or inside of it. */
	size_t before = explicit_iv ? block : 0;
	size_t outer_mac = crypt->encrypt_then_mac ? mac : 0;
	size_t inner_mac = mac - outer_mac;
	if (record->length < before + outer_mac + block || record->length > CW_RECORD_MAX)
		return false;
	size_t covered = record->length - outer_mac, count = covered - before;
	if (outer_mac && !mac_fits(crypt, sequence, header, body, covered, body + covered))
		return false;
	const uint8_t *iv = explicit_iv ? body : crypt->iv, *text = body + before;
	if (count % block || !run_cbc(crypt, iv, text, count, ret->data))
		return false;
	size_t padding = plain[count - 1] + 1U, trailer = padding + inner_mac;
	if (trailer > count)
		return false;
	size_t content = count - trailer;
	if (inner_mac && !mac_fits(crypt, sequence, header, plain, content, plain + content))
		return false;
	if (!explicit_iv) /* TLS 1.0: the last block of ciphertext is the next IV */
		memcpy(crypt->iv, text + count - block, block);
	ret->length = content;
	return true;
}

/* TLS 1.3 puts the type behind the content, and zeros behind that (RFC 8446 §5.4). */
static bool strip_inner(struct cw_plain_record *plain)
{
	size_t count = plain->length;
	while (count && plain->data[count - 1] == 0)
		count--;
	if (count == 0)
		return false;
	plain->type = plain->data[count - 1];
	plain->length = count - 1;
	return true;
}

/*
 * Trial decryption. A record carries no sequence number, yet is authenticated with it. As long as no byte is
 * missing it is known, and one try decides. After a hole it is not: how many records were in the hole cannot be
 * told. Then the number that would come next is tried first and after it the following ones, up to
 * LOST_RECORDS_MAX. Only a number that authenticates is believed, so a wrong one is never taken; with it the
 * direction is in step again. Where none fits, the number stays and the next record is tried in the same way.
 */
bool cw_crypt_open(struct cw_crypt *crypt, const struct cw_sealed_record *record, struct cw_plain_record *ret)
{
	uint64_t tries = crypt->lost ? LOST_RECORDS_MAX : 1;
	ret->type = record->header[0];
	for (uint64_t i = 0; i < tries; i++) {
		uint64_t sequence = crypt->sequence + i;
		bool decrypted = crypt->suite.mode == CW_SUITE_CBC ? open_cbc(crypt, sequence, record, ret)
								   : open_aead(crypt, sequence, record, ret);
		if (!decrypted)
			continue;
		crypt->sequence = sequence + 1;
		crypt->lost = false;
		return crypt->version != CW_VERSION_TLS_1_3 || strip_inner(ret);
	}
	return false;
}

void cw_crypt_lost(struct cw_crypt *crypt)
{
	crypt->lost = true;
}
