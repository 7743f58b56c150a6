#include "issue/stand_in_keys.h"

#include "pki/error_mark.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <string.h>

CW_DEFINE_AUTO(BIGNUM *, BN_clear_free)
CW_DEFINE_AUTO(BN_CTX *, BN_CTX_free)
CW_DEFINE_AUTO(EVP_PKEY_CTX *, EVP_PKEY_CTX_free)
CW_DEFINE_AUTO(OSSL_PARAM_BLD *, OSSL_PARAM_BLD_free)
CW_DEFINE_AUTO(OSSL_PARAM *, OSSL_PARAM_free)

/* Primes of one size; the next key is primes[low] times primes[high], low < high. */
struct primes {
	unsigned bits;
	BIGNUM **items;
	size_t count;
	size_t capacity;
	size_t low, high;
};

struct cw_stand_in_keys {
	bool no_memory; /* for a prime: what failed then is no matter of the kind of key */
	struct primes *sizes;
	size_t count;
	size_t capacity;
};

struct cw_stand_in_keys *cw_stand_in_keys_new(void)
{
	return calloc(1, sizeof(struct cw_stand_in_keys));
}

void cw_stand_in_keys_free(struct cw_stand_in_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->count; i++) {
		for (size_t k = 0; k < keys->sizes[i].count; k++)
			BN_clear_free(keys->sizes[i].items[k]);
		free(keys->sizes[i].items);
	}
	free(keys->sizes);
	free(keys);
}

static struct primes *primes_of(struct cw_stand_in_keys *keys, unsigned bits)
{
	for (size_t i = 0; i < keys->count; i++)
		if (keys->sizes[i].bits == bits)
			return &keys->sizes[i];
	if (!cw_memory_grow(&keys->sizes, &keys->capacity, keys->count, sizeof *keys->sizes)) {
		keys->no_memory = true;
		return NULL;
	}
	struct primes *primes = &keys->sizes[keys->count++];
	*primes = (struct primes){.bits = bits, .low = 0, .high = 1};
	return primes;
}

static bool add_prime(struct cw_stand_in_keys *keys, struct primes *primes)
{
	AUTO(BN_clear_free) BIGNUM *prime = BN_new();
	if (!prime || !BN_generate_prime_ex(prime, (int)primes->bits, 0, NULL, NULL, NULL))
		return false;
	if (!cw_memory_grow(&primes->items, &primes->capacity, primes->count, sizeof *primes->items)) {
		keys->no_memory = true;
		return false;
	}
	primes->items[primes->count++] = TAKE(prime);
	return true;
}

/* The next pair; every pair is handed out once. */
static bool next_pair(
	struct cw_stand_in_keys *keys, struct primes *primes, const BIGNUM **p, const BIGNUM **q)
{
	while (primes->count <= primes->high)
		if (!add_prime(keys, primes))
			return false;
	*p = primes->items[primes->high];
	*q = primes->items[primes->low];
	if (++primes->low == primes->high) {
		primes->low = 0;
		primes->high++;
	}
	return true;
}

/* The private exponent; false also where `e` has none for this pair, then the next pair is tried. */
static bool private_exponent(const BIGNUM *p, const BIGNUM *q, const BIGNUM *e, BIGNUM *d, BN_CTX *context)
{
	AUTO(BN_clear_free) BIGNUM *p1 = BN_dup(p);
	AUTO(BN_clear_free) BIGNUM *q1 = BN_dup(q);
	AUTO(BN_clear_free) BIGNUM *phi = BN_new();
	return p1 && q1 && phi && BN_sub_word(p1, 1) && BN_sub_word(q1, 1) && BN_mul(phi, p1, q1, context) &&
		BN_mod_inverse(d, e, phi, context);
}

/* An RSA key by its numbers (RFC 8017 §3.2); p is the larger prime. */
struct rsa_numbers {
	const BIGNUM *n, *e, *d, *p, *q;
};

static EVP_PKEY *key_of_numbers(const char *kind, const struct rsa_numbers *numbers, BN_CTX *context)
{
	const BIGNUM *d = numbers->d, *p = numbers->p, *q = numbers->q;
	AUTO(BN_clear_free) BIGNUM *dp = BN_new();
	AUTO(BN_clear_free) BIGNUM *dq = BN_new();
	AUTO(BN_clear_free) BIGNUM *inverse = BN_new();
	AUTO(BN_clear_free) BIGNUM *less = BN_dup(p);
	AUTO(OSSL_PARAM_BLD_free) OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	if (!dp || !dq || !inverse || !less || !build || !BN_sub_word(less, 1) ||
		!BN_mod(dp, d, less, context) || !BN_copy(less, q) || !BN_sub_word(less, 1) ||
		!BN_mod(dq, d, less, context) || !BN_mod_inverse(inverse, q, p, context))
		return NULL;
	const struct {
		const char *name;
		const BIGNUM *value;
	} parts[] = {{OSSL_PKEY_PARAM_RSA_N, numbers->n}, {OSSL_PKEY_PARAM_RSA_E, numbers->e},
		{OSSL_PKEY_PARAM_RSA_D, d}, {OSSL_PKEY_PARAM_RSA_FACTOR1, p},
		{OSSL_PKEY_PARAM_RSA_FACTOR2, q}, {OSSL_PKEY_PARAM_RSA_EXPONENT1, dp},
		{OSSL_PKEY_PARAM_RSA_EXPONENT2, dq}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, inverse}};
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (!OSSL_PARAM_BLD_push_BN(build, parts[i].name, parts[i].value))
			return NULL;
	AUTO(OSSL_PARAM_free) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY *key = NULL;
	if (!params || !maker || EVP_PKEY_fromdata_init(maker) <= 0 ||
		EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, params) <= 0)
		return NULL;
	return key;
}

/* A pair is of no use where the exponent divides p-1 or q-1: one in some thousand. */
#define PAIRS_TRIED_MAX 64

static EVP_PKEY *rsa_key(struct cw_stand_in_keys *keys, const char *kind, unsigned bits, const BIGNUM *e)
{
	struct primes *primes = primes_of(keys, bits / 2);
	AUTO(BN_CTX_free) BN_CTX *context = BN_CTX_new();
	AUTO(BN_clear_free) BIGNUM *n = BN_new();
	AUTO(BN_clear_free) BIGNUM *d = BN_new();
	if (!primes || !context || !n || !d)
		return NULL;
	for (unsigned tried = 0; tried < PAIRS_TRIED_MAX; tried++) {
		const BIGNUM *p, *q;
		if (!next_pair(keys, primes, &p, &q))
			return NULL;
		if (BN_cmp(p, q) == 0 || !private_exponent(p, q, e, d, context) ||
			!BN_mul(n, p, q, context) || BN_num_bits(n) != (int)bits)
			continue;
		struct rsa_numbers numbers = {.n = n, .e = e, .d = d, .p = p, .q = q};
		if (BN_cmp(p, q) < 0) {
			numbers.p = q;
			numbers.q = p;
		}
		return key_of_numbers(kind, &numbers, context);
	}
	return NULL;
}

static EVP_PKEY *generated(EVP_PKEY_CTX *maker)
{
	EVP_PKEY *key = NULL;
	if (!maker || EVP_PKEY_keygen_init(maker) <= 0 || EVP_PKEY_keygen(maker, &key) <= 0)
		return NULL;
	return key;
}

static EVP_PKEY *rsa_like(struct cw_stand_in_keys *keys, EVP_PKEY *like, const char *kind)
{
	AUTO(BN_clear_free) BIGNUM *e = NULL;
	unsigned bits = (unsigned)EVP_PKEY_get_bits(like);
	if (!EVP_PKEY_get_bn_param(like, OSSL_PKEY_PARAM_RSA_E, &e))
		return NULL;
	if (bits % 2 == 0)
		return rsa_key(keys, kind, bits, e);
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	if (!maker || EVP_PKEY_keygen_init(maker) <= 0 ||
		EVP_PKEY_CTX_set_rsa_keygen_bits(maker, (int)bits) <= 0)
		return NULL;
	EVP_PKEY *key = NULL;
	return EVP_PKEY_keygen(maker, &key) > 0 ? key : NULL;
}

static EVP_PKEY *other_like(EVP_PKEY *like)
{
	AUTO(EVP_PKEY_CTX_free) EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_pkey(NULL, like, NULL);
	return generated(maker);
}

static bool no_key(struct cw_stand_in_keys *keys, const struct cw_error_mark *mark, struct cw_error *error)
{
	bool no_memory = keys->no_memory;
	keys->no_memory = false;
	return no_memory ? cw_error_memory(error)
			 : cw_error_mark_report(mark, error, CW_E_CRYPTO, "no key of this kind can be made");
}

bool cw_stand_in_keys_like(
	struct cw_stand_in_keys *keys, EVP_PKEY *like, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	EVP_PKEY *key;
	if (EVP_PKEY_is_a(like, "RSA"))
		key = rsa_like(keys, like, "RSA");
	else if (EVP_PKEY_is_a(like, "RSA-PSS"))
		key = rsa_like(keys, like, "RSA-PSS");
	else
		key = other_like(like);
	if (!key)
		return no_key(keys, &mark, error);
	*ret = key;
	return true;
}

bool cw_stand_in_keys_rsa(
	struct cw_stand_in_keys *keys, unsigned bits, EVP_PKEY **ret, struct cw_error *error)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(BN_clear_free) BIGNUM *e = BN_new();
	EVP_PKEY *key = e && BN_set_word(e, RSA_F4) ? rsa_key(keys, "RSA", bits & ~1U, e) : NULL;
	if (!key)
		return no_key(keys, &mark, error);
	*ret = key;
	return true;
}
