#include "capture/captured_certs.h"

#include "base/forward.h"

#include "capture/cert_names.h"
#include "capture/octets.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <sys/random.h>

#define BUCKETS 16384 /* a power of two */
#define NAME_BUCKETS 64
#define NAME_LISTS_MAX 256
/* CA names of one request that are kept; a full Windows or Debian list has 150. */
#define CA_NAMES_MAX 512

struct cw_captured_certs {
	struct cw_captured_cert *buckets[BUCKETS];
	struct cw_captured_names *name_buckets[NAME_BUCKETS];
	uint64_t seed, count, overflow;
	size_t kept, bytes, name_lists;
	struct cw_captured_cert *first, *last; /* in the order they were met */
	EVP_MD *sha256;
};

static void release_cert(struct cw_captured_cert *cert)
{
	if (!cert || --cert->owners > 0)
		return;
	free(cert->der);
	free(cert->subject);
	free(cert->issuer);
	free(cert->note);
	free(cert);
}

CW_DEFINE_AUTO(struct cw_captured_cert *, release_cert)

void cw_captured_certs_release_names(struct cw_captured_names *names)
{
	if (!names || --names->owners > 0)
		return;
	cw_strings_finish(&names->names);
	free(names->data);
	free(names);
}

CW_DEFINE_AUTO(struct cw_captured_names *, cw_captured_certs_release_names)

struct cw_captured_certs *cw_captured_certs_new(void)
{
	struct cw_captured_certs *certs = calloc(1, sizeof *certs);
	if (!certs)
		return NULL;
	/* Against certificates made to meet in one bucket. */
	if (getrandom(&certs->seed, sizeof certs->seed, GRND_NONBLOCK) != sizeof certs->seed)
		certs->seed = (uintptr_t)certs;
	/* OpenSSL 3.0 crashes in a fetch where memory ran out
	 * while it made its default context: that is asked for
	 * first. */
	if (OSSL_LIB_CTX_get0_global_default())
		certs->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (!certs->sha256) {
		cw_captured_certs_free(certs);
		return NULL;
	}
	return certs;
}

void cw_captured_certs_free(struct cw_captured_certs *certs)
{
	if (!certs)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct cw_captured_cert *next, *cert = certs->buckets[i]; cert; cert = next) {
			next = cert->chain;
			release_cert(cert);
		}
	for (size_t i = 0; i < NAME_BUCKETS; i++)
		for (struct cw_captured_names *next, *names = certs->name_buckets[i]; names; names = next) {
			next = names->chain;
			cw_captured_certs_release_names(names);
		}
	EVP_MD_free(certs->sha256);
	free(certs);
}

static uint64_t mix(uint64_t hash, const uint8_t *data)
{
	uint64_t word;
	memcpy(&word, data, sizeof word);
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

/* Two halves at once, for a multiplication takes its time. Equal hashes prove nothing: bytes are compared. */
static uint64_t quick_hash(uint64_t seed, const uint8_t *data, size_t length)
{
	uint64_t one = seed ^ length, two = ~seed;
	for (; length >= 16; length -= 16, data += 16) {
		one = mix(one, data);
		two = mix(two, data + 8);
	}
	uint8_t rest[16] = {0};
	memcpy(rest, data, length);
	one = mix(one, rest) + mix(two, rest + 8);
	return one ^ one >> 29;
}

static struct cw_captured_cert *find(
	const struct cw_captured_certs *certs, uint64_t quick, const uint8_t *der, size_t length)
{
	uint8_t sha256[CW_CAPTURED_HASH_SIZE];
	bool hashed = false;
	for (struct cw_captured_cert *cert = certs->buckets[quick % BUCKETS]; cert; cert = cert->chain) {
		if (cert->quick != quick || cert->length != length)
			continue;
		if (cert->der && memcmp(cert->der, der, length) == 0)
			return cert;
		if (cert->der)
			continue;
		hashed = hashed || EVP_Digest(der, length, sha256, NULL, certs->sha256, NULL);
		if (hashed && memcmp(cert->sha256, sha256, sizeof sha256) == 0)
			return cert;
	}
	return NULL;
}

static void to_hex(const uint8_t *data, size_t length, char *text)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < length; i++) {
		*text++ = digits[data[i] >> 4];
		*text++ = digits[data[i] & 15];
	}
	*text = '\0';
}

static bool make(const struct cw_captured_certs *certs, const uint8_t *der, size_t length,
	struct cw_captured_cert **ret, struct cw_error *error)
{
	AUTO(release_cert) struct cw_captured_cert *cert = calloc(1, sizeof *cert);
	if (!cert)
		return cw_error_memory(error);
	cert->owners = 1;
	cert->length = (uint32_t)length;
	cert->der = malloc(length ? length : 1);
	if (!cert->der)
		return cw_error_memory(error);
	memcpy(cert->der, der, length);
	if (!EVP_Digest(der, length, cert->sha256, NULL, certs->sha256, NULL))
		return cw_error_memory(error);
	to_hex(cert->sha256, sizeof cert->sha256, cert->sha256_text);
	if (!cw_cert_names(der, length, &cert->subject, &cert->issuer, error))
		return false;
	*ret = TAKE(cert);
	return true;
}

/* The store is one more owner, while it has room. */
static void remember(struct cw_captured_certs *certs, struct cw_captured_cert *cert)
{
	certs->count++;
	if (certs->kept == CW_CAPTURED_CERTS_MAX) {
		certs->overflow++;
		return;
	}
	certs->kept++;
	certs->bytes += cert->length;
	if (certs->last)
		certs->last->later = cert;
	else
		certs->first = cert;
	certs->last = cert;
	cert->owners++;
	struct cw_captured_cert **bucket = &certs->buckets[cert->quick % BUCKETS];
	cert->chain = *bucket;
	*bucket = cert;
}

/* The bytes were dropped for lack of room; now a session needs them once more. */
static bool give_bytes(struct cw_captured_certs *certs, struct cw_captured_cert *cert, const uint8_t *der,
	struct cw_error *error)
{
	cert->der = malloc(cert->length ? cert->length : 1);
	if (!cert->der)
		return cw_error_memory(error);
	memcpy(cert->der, der, cert->length);
	certs->bytes += cert->length;
	return true;
}

void cw_captured_certs_release(struct cw_captured_certs *certs, struct cw_captured_cert *cert)
{
	if (cert && cert->owners == 2 && certs->bytes > CW_CAPTURED_CERTS_BYTES_MAX && cert->der) {
		certs->bytes -= cert->length;
		free(TAKE(cert->der));
	}
	release_cert(cert);
}

bool cw_captured_certs_add(struct cw_captured_certs *certs, const uint8_t *der, size_t length, uint64_t frame,
	struct cw_captured_cert **ret, struct cw_error *error)
{
	uint64_t quick = quick_hash(certs->seed, der, length);
	struct cw_captured_cert *cert = find(certs, quick, der, length);
	if (cert) {
		if (!cert->der && !give_bytes(certs, cert, der, error))
			return false;
		cert->owners++;
	} else {
		if (!make(certs, der, length, &cert, error))
			return false;
		cert->quick = quick;
		cert->frame = frame;
		remember(certs, cert);
	}
	cert->count++;
	*ret = cert;
	return true;
}

static bool read_names(struct cw_captured_names *names, struct cw_error *error)
{
	struct cw_octets list = cw_octets(names->data, names->length);
	size_t unread = CW_FORWARD_BEGIN;
	while (cw_octets_left(&list) && names->names.count < CA_NAMES_MAX &&
		cw_forward(&unread, cw_octets_left(&list))) {
		struct cw_octets one = cw_octets_vector(&list, 2);
		AUTO(free) char *text = NULL;
		if (one.short_)
			break;
		if (!cw_cert_names_one(one.at, cw_octets_left(&one), &text, error))
			return false;
		if (!cw_strings_add(&names->names, text ? text : "(unreadable name)"))
			return cw_error_memory(error);
	}
	return true;
}

bool cw_captured_certs_add_names(struct cw_captured_certs *certs, const uint8_t *data, size_t length,
	struct cw_captured_names **ret, struct cw_error *error)
{
	uint64_t quick = quick_hash(certs->seed, data, length);
	struct cw_captured_names **bucket = &certs->name_buckets[quick % NAME_BUCKETS];
	for (struct cw_captured_names *names = *bucket; names; names = names->chain)
		if (names->quick == quick && names->length == length &&
			memcmp(names->data, data, length) == 0) {
			names->owners++;
			*ret = names;
			return true;
		}
	AUTO(cw_captured_certs_release_names) struct cw_captured_names *names = calloc(1, sizeof *names);
	if (!names)
		return cw_error_memory(error);
	names->owners = 1;
	names->quick = quick;
	names->length = length;
	names->data = malloc(length ? length : 1);
	if (!names->data)
		return cw_error_memory(error);
	if (length)
		memcpy(names->data, data, length);
	if (!read_names(names, error))
		return false;
	if (certs->name_lists < NAME_LISTS_MAX) {
		certs->name_lists++;
		names->owners++;
		names->chain = *bucket;
		*bucket = names;
	}
	*ret = TAKE(names);
	return true;
}

uint64_t cw_captured_certs_count(const struct cw_captured_certs *certs)
{
	return certs->count;
}

uint64_t cw_captured_certs_overflow(const struct cw_captured_certs *certs)
{
	return certs->overflow;
}

const struct cw_captured_cert *cw_captured_certs_each(
	const struct cw_captured_certs *certs, const struct cw_captured_cert *after)
{
	return after ? after->later : certs->first;
}
