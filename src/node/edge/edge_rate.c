#include "node/edge/edge_rate.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>

#define KEY_SIZE 32

struct count {
	uint64_t name; /* 0: nobody's */
	cw_time since;
	unsigned number;
};

struct cw_edge_rate {
	uint8_t key[KEY_SIZE];
	struct count counts[CW_EDGE_RATE_BUCKETS][CW_EDGE_RATE_WAYS];
};

struct cw_edge_rate *cw_edge_rate_new(void)
{
	AUTO(cw_edge_rate_free) struct cw_edge_rate *rate = calloc(1, sizeof *rate);
	if (!rate || RAND_bytes(rate->key, sizeof rate->key) != 1)
		return NULL;
	return TAKE(rate);
}

void cw_edge_rate_free(struct cw_edge_rate *rate)
{
	if (rate)
		OPENSSL_cleanse(rate->key, sizeof rate->key);
	free(rate);
}

static uint64_t hash(const struct cw_edge_rate *rate, struct cw_http_text user)
{
	uint8_t bytes[KEY_SIZE + 256] = {0}, digest[SHA256_DIGEST_LENGTH];
	uint64_t name;
	memcpy(bytes, rate->key, KEY_SIZE);
	for (size_t i = 0; i < user.length && i < sizeof bytes - KEY_SIZE; i++)
		bytes[KEY_SIZE + i] = (uint8_t)tolower((unsigned char)user.at[i]);
	SHA256(bytes, sizeof bytes, digest);
	memcpy(&name, digest, sizeof name);
	return name ? name : 1;
}

/* The name's count, else the one that gives way. */
static struct count *find(struct count *bucket, uint64_t name)
{
	struct count *oldest = bucket;
	for (size_t i = 0; i < CW_EDGE_RATE_WAYS; i++) {
		if (bucket[i].name == name)
			return &bucket[i];
		if (!bucket[i].name || (oldest->name && bucket[i].since < oldest->since))
			oldest = &bucket[i];
	}
	*oldest = (struct count){0};
	return oldest;
}

bool cw_edge_rate_take(struct cw_edge_rate *rate, struct cw_http_text user, unsigned most, unsigned period,
	cw_time now, unsigned *ret_wait)
{
	uint64_t name = hash(rate, user);
	struct count *count = find(rate->counts[name % CW_EDGE_RATE_BUCKETS], name);
	if (!count->name || now < count->since || now - count->since >= (cw_time)period)
		*count = (struct count){.name = name, .since = now};
	*ret_wait = (unsigned)(count->since + (cw_time)period - now);
	if (count->number >= most)
		return false;
	count->number++;
	return true;
}
