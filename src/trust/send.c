#include "trust/send.h"

#include "trust/shadow.h"

static bool sent_already(struct cw_cert *const *chain, size_t count, const struct cw_cert *cert)
{
	for (size_t i = 0; i < count; i++)
		if (cw_cert_same(chain[i], cert))
			return true;
	return false;
}

/* An Expressway takes the first entry of the name; others take the one whose key identifiers fit. */
static size_t own_issuer(
	const struct cw_trust_list *list, const struct cw_cert *cert, enum cw_profile profile)
{
	if (profile == CW_PROFILE_RFC5280) {
		size_t fitting = cw_shadow_openssl_choice(list, cert, cw_cert_not_before(cert));
		if (fitting < list->count)
			return fitting;
	}
	return cw_trust_list_search(list, cw_cert_issuer(cert), 0);
}

size_t cw_send_chain(struct cw_cert *leaf, const struct cw_trust_list *list, enum cw_profile profile,
	struct cw_cert *ret[CW_PATH_DEPTH_MAX])
{
	size_t count = 0;
	ret[count++] = leaf;
	while (count < CW_PATH_DEPTH_MAX && !cw_cert_self_issued(ret[count - 1])) {
		size_t index = own_issuer(list, ret[count - 1], profile);
		if (index == list->count || sent_already(ret, count, list->entries[index].cert))
			break;
		ret[count++] = list->entries[index].cert;
	}
	return count;
}
