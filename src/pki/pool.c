#include "pki/pool.h"

#include "pki/error_mark.h"

#include <openssl/sha.h>
#include <stdint.h>
#include <string.h>

#define BUCKETS_MIN 64 /* a power of two, as every size after it */

struct member {
	struct cw_cert *cert;
	char *path; /* or NULL */
	struct member *next_met;
	struct member *next_bytes;   /* in the same bucket by SHA-256 */
	struct member *next_subject; /* in the same bucket by subject, in the order they were met */
};

struct bucket {
	struct member *by_bytes;
	struct member *by_subject, *last_by_subject;
};

struct cw_pool {
	struct member *first, *last;
	size_t count;
	struct bucket *buckets;
	size_t bucket_count;
};

struct cw_pool *cw_pool_new(void)
{
	AUTO(cw_pool_free) struct cw_pool *pool = calloc(1, sizeof *pool);
	if (!pool)
		return NULL;
	pool->buckets = calloc(BUCKETS_MIN, sizeof *pool->buckets);
	if (!pool->buckets)
		return NULL;
	pool->bucket_count = BUCKETS_MIN;
	return TAKE(pool);
}

void cw_pool_free(struct cw_pool *pool)
{
	if (!pool)
		return;
	for (struct member *member = pool->first, *next; member; member = next) {
		next = member->next_met;
		cw_cert_free(member->cert);
		free(member->path);
		free(member);
	}
	free(pool->buckets);
	free(pool);
}

static struct bucket *bytes_bucket(const struct cw_pool *pool, const uint8_t sha256[CW_SHA256_SIZE])
{
	size_t hash;
	memcpy(&hash, sha256, sizeof hash);
	return &pool->buckets[hash & (pool->bucket_count - 1)];
}

static struct bucket *subject_bucket(const struct cw_pool *pool, const struct cw_name *subject)
{
	return &pool->buckets[subject->hash & (pool->bucket_count - 1)];
}

static void link_member(struct cw_pool *pool, struct member *member)
{
	struct bucket *bytes = bytes_bucket(pool, cw_cert_sha256(member->cert));
	member->next_bytes = bytes->by_bytes;
	bytes->by_bytes = member;

	struct bucket *subject = subject_bucket(pool, cw_cert_subject(member->cert));
	member->next_subject = NULL;
	if (subject->last_by_subject)
		subject->last_by_subject->next_subject = member;
	else
		subject->by_subject = member;
	subject->last_by_subject = member;
}

static bool make_room(struct cw_pool *pool)
{
	if (pool->count < pool->bucket_count)
		return true;
	struct bucket *buckets = calloc(pool->bucket_count * 2, sizeof *buckets);
	if (!buckets)
		return false;
	free(pool->buckets);
	pool->buckets = buckets;
	pool->bucket_count *= 2;
	for (struct member *member = pool->first; member; member = member->next_met)
		link_member(pool, member);
	return true;
}

static struct member *find(const struct cw_pool *pool, const uint8_t sha256[CW_SHA256_SIZE])
{
	struct member *member = bytes_bucket(pool, sha256)->by_bytes;
	while (member && memcmp(cw_cert_sha256(member->cert), sha256, CW_SHA256_SIZE) != 0)
		member = member->next_bytes;
	return member;
}

/* Takes one more reference to `cert`. NULL: no memory. */
static struct member *add(struct cw_pool *pool, struct cw_cert *cert)
{
	if (!make_room(pool))
		return NULL;
	struct member *member = calloc(1, sizeof *member);
	if (!member)
		return NULL;
	member->cert = cw_cert_ref(cert);
	link_member(pool, member);
	if (pool->last)
		pool->last->next_met = member;
	else
		pool->first = member;
	pool->last = member;
	pool->count++;
	return member;
}

bool cw_pool_parse(
	struct cw_pool *pool, const uint8_t *der, size_t length, struct cw_cert **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	uint8_t sha256[CW_SHA256_SIZE];
	if (!SHA256(der, length, sha256))
		return cw_error_memory(error);
	struct member *known = find(pool, sha256);
	if (known) {
		*ret = cw_cert_ref(known->cert);
		return true;
	}
	AUTO(cw_cert_free) struct cw_cert *cert = NULL;
	if (!cw_cert_parse(der, length, &cert, error))
		return false;
	if (!add(pool, cert))
		return cw_error_memory(error);
	*ret = TAKE(cert);
	return true;
}

bool cw_pool_note(struct cw_pool *pool, struct cw_cert *cert, const char *path)
{
	struct member *member = find(pool, cw_cert_sha256(cert));
	if (!member)
		member = add(pool, cert);
	if (member && !member->path)
		member->path = strdup(path);
	return member && member->path;
}

const char *cw_pool_path(const struct cw_pool *pool, const struct cw_cert *cert)
{
	const struct member *member = find(pool, cw_cert_sha256(cert));
	return member ? member->path : NULL;
}

struct cw_cert *cw_pool_next(const struct cw_pool *pool, const struct cw_name *subject, const void **after)
{
	const struct member *last = *after;
	const struct member *member = last ? last->next_subject : subject_bucket(pool, subject)->by_subject;
	while (member && !cw_name_equal(cw_cert_subject(member->cert), subject))
		member = member->next_subject;
	*after = member;
	return member ? member->cert : NULL;
}

struct cw_cert *cw_pool_each(const struct cw_pool *pool, const void **after)
{
	const struct member *last = *after;
	const struct member *member = last ? last->next_met : pool->first;
	*after = member;
	return member ? member->cert : NULL;
}

struct cw_cert *cw_pool_find(const struct cw_pool *pool, const uint8_t sha256[CW_SHA256_SIZE])
{
	const struct member *member = find(pool, sha256);
	return member ? member->cert : NULL;
}
