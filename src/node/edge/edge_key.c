#include "node/edge/edge_key.h"

#include "base/forward.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

static void name_key(struct cw_edge_key *key)
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA256(key->bytes, sizeof key->bytes, digest);
	memcpy(key->id, digest, sizeof key->id);
}

/* --- public halves --- */

void cw_edge_key_ring_finish(struct cw_edge_key_ring *ring)
{
	for (size_t i = 0; i < ring->count; i++)
		EVP_PKEY_free(ring->keys[i].key.key);
	ring->count = 0;
}

static void drop(struct cw_edge_key_ring *ring, size_t index)
{
	EVP_PKEY_free(ring->keys[index].key.key);
	ring->count--;
	memmove(&ring->keys[index], &ring->keys[index + 1], (ring->count - index) * sizeof ring->keys[0]);
}

static bool add(struct cw_edge_key_ring *ring, const char *source, const struct cw_edge_key_told *told)
{
	if (ring->count == CW_EDGE_KEY_RING_MAX)
		return false;
	struct cw_edge_key key = {.until = told->until};
	memcpy(key.bytes, told->bytes, sizeof key.bytes);
	name_key(&key);
	key.key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key.bytes, sizeof key.bytes);
	if (!key.key)
		return false;
	ring->keys[ring->count].key = key;
	snprintf(ring->keys[ring->count].source, sizeof ring->keys[0].source, "%s", source);
	ring->count++;
	return true;
}

bool cw_edge_key_ring_take(struct cw_edge_key_ring *ring, const char *source,
	const struct cw_edge_key_told *told, size_t count, cw_time now)
{
	char name[sizeof ring->keys[0].source];
	bool all = true;
	snprintf(name, sizeof name, "%s", source);
	for (size_t i = ring->count; i-- > 0;)
		if (strcmp(ring->keys[i].source, name) == 0 || ring->keys[i].key.until <= now)
			drop(ring, i);
	for (size_t i = 0; i < count; i++)
		if (told[i].until > now && (i >= CW_EDGE_KEY_OWN_MAX || !add(ring, name, &told[i])))
			all = false;
	return all;
}

const struct cw_edge_key *cw_edge_key_ring_find(
	const struct cw_edge_key_ring *ring, const uint8_t id[CW_EDGE_KEY_ID_SIZE], cw_time now)
{
	for (size_t i = 0; i < ring->count; i++) {
		const struct cw_edge_key *key = &ring->keys[i].key;
		if (memcmp(key->id, id, CW_EDGE_KEY_ID_SIZE) == 0 && now < key->until)
			return key;
	}
	return NULL;
}

/* --- an Expressway-C's own --- */

static void wipe(struct cw_edge_key_own *own)
{
	EVP_PKEY_free(own->key.key);
	OPENSSL_cleanse(own, sizeof *own);
}

void cw_edge_key_signer_finish(struct cw_edge_key_signer *signer)
{
	for (size_t i = 0; i < signer->count; i++)
		wipe(&signer->keys[i]);
	signer->count = 0;
}

static void drop_oldest(struct cw_edge_key_signer *signer)
{
	wipe(&signer->keys[0]);
	signer->count--;
	memmove(signer->keys, signer->keys + 1, signer->count * sizeof signer->keys[0]);
	OPENSSL_cleanse(&signer->keys[signer->count], sizeof signer->keys[0]);
}

/* The key of these secret bytes. */
static bool fill(struct cw_edge_key_own *own)
{
	size_t length = sizeof own->key.bytes;
	own->key.key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, own->secret, sizeof own->secret);
	if (!own->key.key)
		return false;
	if (EVP_PKEY_get_raw_public_key(own->key.key, own->key.bytes, &length) != 1 ||
		length != sizeof own->key.bytes) {
		EVP_PKEY_free(own->key.key);
		own->key.key = NULL;
		return false;
	}
	name_key(&own->key);
	return true;
}

static bool make(struct cw_edge_key_signer *signer, cw_time from, struct cw_error *error)
{
	struct cw_edge_key_own own = {.from = from};
	own.key.until = from + CW_EDGE_KEY_SIGNS + CW_EDGE_KEY_TOLD_BEFORE + CW_EDGE_KEY_SESSION_MAX;
	if (RAND_priv_bytes(own.secret, sizeof own.secret) != 1 || !fill(&own)) {
		OPENSSL_cleanse(&own, sizeof own);
		return cw_error_set(error, CW_E_CRYPTO, "no key for session cookies can be made");
	}
	if (signer->count == CW_EDGE_KEY_OWN_MAX)
		drop_oldest(signer);
	signer->keys[signer->count++] = own;
	OPENSSL_cleanse(own.secret, sizeof own.secret);
	return true;
}

bool cw_edge_key_signer_turn(
	struct cw_edge_key_signer *signer, cw_time now, bool *ret_changed, struct cw_error *error)
{
	bool changed = false;
	while (signer->count && signer->keys[0].key.until <= now) { /* ends: one fewer each time */
		drop_oldest(signer);
		changed = true;
	}
	const struct cw_edge_key_own *newest = signer->count ? &signer->keys[signer->count - 1] : NULL;
	if (!newest || now >= newest->from + CW_EDGE_KEY_SIGNS) {
		if (!make(signer, newest ? now + CW_EDGE_KEY_TOLD_BEFORE : now, error))
			return false;
		changed = true;
	}
	*ret_changed = changed;
	return true;
}

const struct cw_edge_key *cw_edge_key_signer_current(const struct cw_edge_key_signer *signer, cw_time now)
{
	for (size_t i = signer->count; i-- > 0;)
		if (signer->keys[i].from <= now)
			return &signer->keys[i].key;
	return signer->count ? &signer->keys[0].key : NULL; /* the clock was set back */
}

size_t cw_edge_key_signer_told(
	const struct cw_edge_key_signer *signer, struct cw_edge_key_told ret[CW_EDGE_KEY_OWN_MAX])
{
	for (size_t i = 0; i < signer->count; i++) {
		memcpy(ret[i].bytes, signer->keys[i].key.bytes, sizeof ret[i].bytes);
		ret[i].until = signer->keys[i].key.until;
	}
	return signer->count;
}

void cw_edge_key_signer_write(const struct cw_edge_key_signer *signer, struct cw_buffer *ret)
{
	for (size_t i = 0; i < signer->count; i++) {
		cw_buffer_hex(ret, signer->keys[i].secret, sizeof signer->keys[i].secret);
		cw_buffer_printf(
			ret, " %" PRId64 " %" PRId64 "\n", signer->keys[i].from, signer->keys[i].key.until);
	}
}

/* --- the file --- */

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_secret(const char *text, uint8_t ret[CW_EDGE_KEY_SIZE])
{
	for (size_t i = 0; i < CW_EDGE_KEY_SIZE; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		ret[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* A number of at most 15 digits and the byte behind it. */
static bool read_number(const char **at, const char *end, char behind, cw_time *ret)
{
	cw_time number = 0;
	const char *begin = *at;
	while (*at < end && **at >= '0' && **at <= '9' && *at - begin < 15)
		number = number * 10 + (*(*at)++ - '0');
	if (*at == begin || *at == end || **at != behind)
		return false;
	(*at)++;
	*ret = number;
	return true;
}

static bool read_line(const char **at, const char *end, struct cw_edge_key_own *ret)
{
	if (end - *at < 2 * CW_EDGE_KEY_SIZE + 1 || !read_secret(*at, ret->secret) ||
		(*at)[2 * CW_EDGE_KEY_SIZE] != ' ')
		return false;
	*at += 2 * CW_EDGE_KEY_SIZE + 1;
	return read_number(at, end, ' ', &ret->from) && read_number(at, end, '\n', &ret->key.until) &&
		fill(ret);
}

bool cw_edge_key_signer_read(
	const char *text, size_t length, struct cw_edge_key_signer *ret, struct cw_error *error)
{
	struct cw_edge_key_signer signer = {0};
	const char *at = text, *end = text + length;
	size_t unread = CW_FORWARD_BEGIN;
	while (at < end && cw_forward(&unread, (size_t)(end - at))) {
		if (signer.count < CW_EDGE_KEY_OWN_MAX && read_line(&at, end, &signer.keys[signer.count])) {
			signer.count++;
			continue;
		}
		cw_edge_key_signer_finish(&signer);
		OPENSSL_cleanse(&signer, sizeof signer);
		return cw_error_set(error, CW_E_FORMAT,
			"wanted at most %d lines of a key (64 hexadecimal digits) and two times, and found something else; "
			"remove the file, and everybody signs in anew",
			CW_EDGE_KEY_OWN_MAX);
	}
	*ret = signer;
	OPENSSL_cleanse(&signer, sizeof signer);
	return true;
}
