#include "net/recent_certs.h"

#include <string.h>

/* Some hundred peers with three certificates each. */
#define SLOTS 1024

struct cw_recent_certs {
	struct cw_cert *slots[SLOTS];
};

struct cw_recent_certs *cw_recent_certs_new(void)
{
	return calloc(1, sizeof(struct cw_recent_certs));
}

void cw_recent_certs_free(struct cw_recent_certs *seen)
{
	for (size_t i = 0; seen && i < SLOTS; i++)
		cw_cert_free(seen->slots[i]);
	free(seen);
}

/* Of the signature, which is uniform for honest peers; whoever forges it gains a slot of his own making. */
static size_t slot_of(const uint8_t *der, size_t length)
{
	uint32_t hash = 2166136261U;
	size_t from = length > 64 ? length - 64 : 0;
	for (size_t i = from; i < length; i++)
		hash = (hash ^ der[i]) * 16777619U;
	return hash % SLOTS;
}

static bool same_bytes(const struct cw_cert *cert, const uint8_t *der, size_t length)
{
	size_t known_length;
	const uint8_t *known = cw_cert_der(cert, &known_length);
	return known_length == length && memcmp(known, der, length) == 0;
}

struct cw_cert *cw_recent_certs_parse(struct cw_recent_certs *seen, const uint8_t *der, size_t length)
{
	struct cw_cert **slot = seen ? &seen->slots[slot_of(der, length)] : NULL;
	if (slot && *slot && same_bytes(*slot, der, length))
		return cw_cert_ref(*slot);
	struct cw_cert *cert = NULL;
	struct cw_error ignored;
	if (!cw_cert_parse(der, length, &cert, &ignored))
		return NULL;
	if (slot) {
		cw_cert_free(*slot);
		*slot = cw_cert_ref(cert);
	}
	return cert;
}
