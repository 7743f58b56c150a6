#include "pki/bundle/kdf.h"

#include "pki/bundle/der.h"

#include <openssl/objects.h>

static const uint8_t scrypt_oid[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b};

static uint64_t number(const struct cw_der_item *item)
{
	uint64_t value = 0;
	for (size_t i = 0; i < item->content.left; i++) {
		if (value > UINT32_MAX)
			return UINT32_MAX; /* too much anyhow */
		value = value << 8 | item->content.at[i];
	}
	return value < UINT32_MAX ? value : UINT32_MAX;
}

/* The salt, then the first number, or the first three multiplied for scrypt (RFC 7914 §7.1: N, r, p). */
static uint64_t cost_of(struct cw_der parameters, bool scrypt)
{
	struct cw_der_item item;
	uint64_t cost = 1;
	if (!cw_der_next(&parameters, &item))
		return 0;
	for (int i = 0; i < (scrypt ? 3 : 1) && cw_der_take(&parameters, CW_DER_INTEGER, &item); i++) {
		uint64_t factor = number(&item);
		if (factor && cost > UINT64_MAX / factor)
			return UINT64_MAX;
		cost *= factor;
	}
	return cost;
}

/* RFC 8018 appendix A.4: PBES2 holds the key derivation and its
 * parameters one level down; PBES1 has them at once. */
static uint64_t cost_of_scheme(struct cw_der content)
{
	struct cw_der scheme = content;
	struct cw_der_item item, kdf, parameters;
	if (!cw_der_take(&scheme, CW_DER_SEQUENCE, &item))
		return cost_of(content, false);
	if (!cw_der_take(&item.content, CW_DER_OID, &kdf) ||
		!cw_der_take(&item.content, CW_DER_SEQUENCE, &parameters))
		return 0;
	return cost_of(parameters.content, cw_der_is(&kdf, scrypt_oid, sizeof scrypt_oid));
}

bool cw_kdf_spend_count(uint64_t iterations, uint64_t *spent, struct cw_error *error)
{
	if (iterations > CW_KDF_COST_MAX - *spent)
		return cw_error_set(error, CW_E_LIMIT,
			"the password would have to be hashed more than %d times, "
			"which no honest file asks for",
			CW_KDF_COST_MAX);
	*spent += iterations;
	return true;
}

bool cw_kdf_spend(const X509_ALGOR *algorithm, uint64_t *spent, struct cw_error *error)
{
	const void *value = NULL;
	int type = V_ASN1_UNDEF;
	struct cw_der_item parameters;
	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	if (type != V_ASN1_SEQUENCE)
		return true;
	struct cw_der der = {ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)};
	if (!cw_der_take(&der, CW_DER_SEQUENCE, &parameters))
		return true;
	return cw_kdf_spend_count(cost_of_scheme(parameters.content), spent, error);
}
