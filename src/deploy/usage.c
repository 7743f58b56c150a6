#include "deploy/usage.h"

static bool stands_on(const struct cw_path *path, const struct cw_cert *cert)
{
	for (size_t i = 0; i < path->count; i++)
		if (path->steps[i].origin == CW_FROM_LIST && cw_cert_same(path->steps[i].cert, cert))
			return true;
	return false;
}

static bool is_sent(const struct cw_side *side, const struct cw_cert *cert)
{
	for (size_t i = 1; i < side->chain_count; i++)
		if (cw_cert_same(side->chain[i], cert))
			return true;
	return false;
}

/* The node's own chain: its issuers by name, as the upload page wants them in the list. */
static bool is_own_issuer(const struct cw_node *node, const struct cw_cert *cert)
{
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		const struct cw_cert *at =
			node->identities[kind].state == CW_KNOWN ? node->identities[kind].leaf : NULL;
		const struct cw_trust_list *list = &node->stores[CW_STORE_TRUSTED_CA].list;
		for (unsigned depth = 0; at && depth < CW_PATH_DEPTH_MAX; depth++) {
			size_t index = cw_trust_list_search(list, cw_cert_issuer(at), 0);
			at = index < list->count && !cw_cert_same(list->entries[index].cert, at)
				? list->entries[index].cert
				: NULL;
			if (at && cw_cert_same(at, cert))
				return true;
		}
	}
	return false;
}

enum cw_usage cw_usage_of(const struct cw_check *check, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_cert *cert)
{
	bool asked = false, unknown = false;
	for (size_t i = 0; i < check->link_count; i++) {
		for (size_t k = 0; k < check->links[i]->side_count; k++) {
			const struct cw_side *side = &check->links[i]->sides[k];
			if (side->subject->node == node && is_sent(side, cert))
				return CW_USED;
			if (side->judge->node != node || side->store != kind)
				continue;
			asked = true;
			unknown |= !side->judged;
			if (stands_on(&side->judgement.path, cert))
				return CW_USED;
		}
	}
	if (kind == CW_STORE_TRUSTED_CA) {
		if (is_own_issuer(node, cert))
			return CW_USED;
		unknown |= node->identities[CW_IDENTITY_SERVER].state !=
			CW_KNOWN; /* its own chain may need it */
	}
	return asked && !unknown ? CW_UNUSED : CW_USAGE_UNKNOWN;
}
