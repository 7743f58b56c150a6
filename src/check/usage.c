#include "check/usage.h"

#include "trust/issuers.h"

static bool is_on_path(const struct cw_path *path, const struct cw_cert *cert)
{
	for (size_t i = 0; i < path->count; i++)
		if (cw_cert_same(path->steps[i].cert, cert))
			return true;
	return false;
}

static bool stands_on(const struct cw_path *path, const struct cw_cert *cert)
{
	for (size_t i = 0; i < path->count; i++)
		if (path->steps[i].origin == CW_FROM_LIST && cw_cert_same(path->steps[i].cert, cert))
			return true;
	return false;
}

/* It is sent, and the other side's path goes over it, or nobody knows. */
static bool is_sent(const struct cw_question *side, const struct cw_cert *cert)
{
	for (size_t i = 1; i < side->chain_count; i++)
		if (cw_cert_same(side->chain[i], cert))
			return !side->judged || is_on_path(&side->judgement.path, cert);
	return false;
}

/* In the chain of this leaf, which the upload page wants in the list? A self-signed leaf is one by itself. */
static enum cw_usage usage_in_chain(const struct cw_check *check, const struct cw_trust_list *list,
	const struct cw_cert *leaf, const struct cw_cert *cert)
{
	const struct cw_cert *at = leaf;
	for (unsigned depth = 0; depth < CW_PATH_DEPTH_MAX; depth++) {
		/* listed, or what the list will hold once it is put right */
		const struct cw_cert *issuer =
			cw_issuers_signer(at, list, check->deployment->pool, check->cache);
		if (!issuer)
			return CW_USAGE_UNKNOWN; /* what comes above it nobody can say */
		if (cw_cert_same(issuer, cert))
			return CW_USED;
		if (cw_cert_same(issuer, at) || cw_cert_self_issued(issuer))
			return CW_UNUSED;
		at = issuer;
	}
	return CW_USAGE_UNKNOWN;
}

static enum cw_usage usage_in_own_chains(
	const struct cw_check *check, const struct cw_node *node, const struct cw_cert *cert)
{
	const struct cw_trust_list *list = &node->stores[CW_STORE_TRUSTED_CA].list;
	enum cw_usage worst =
		node->identities[CW_IDENTITY_SERVER].state == CW_KNOWN ? CW_UNUSED : CW_USAGE_UNKNOWN;
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++) {
		if (node->identities[kind].state != CW_KNOWN)
			continue;
		enum cw_usage usage = usage_in_chain(check, list, node->identities[kind].leaf, cert);
		if (usage == CW_USED)
			return usage;
		worst = usage == CW_USAGE_UNKNOWN ? usage : worst;
	}
	return worst;
}

/* Whether the path goes up to a root; what is above a missing CA that nobody knows may be any entry. */
static bool is_known_in_full(const struct cw_question *side)
{
	const struct cw_path *path = &side->judgement.path;
	return side->judged && path->count > 0 && cw_cert_self_issued(path->steps[path->count - 1].cert);
}

enum cw_usage cw_usage_of(const struct cw_check *check, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_cert *cert)
{
	bool asked = false, unknown = false;
	for (size_t i = 0; i < check->link_count; i++) {
		for (size_t k = 0; k < check->links[i]->side_count; k++) {
			const struct cw_question *side = &check->links[i]->sides[k];
			if (side->subject->node == node && is_sent(side, cert))
				return CW_USED;
			if (side->judge->node != node || side->store != kind)
				continue;
			asked = true;
			unknown |= !is_known_in_full(side);
			if (stands_on(&side->judgement.path, cert))
				return CW_USED;
		}
	}
	if (kind == CW_STORE_TRUSTED_CA) {
		enum cw_usage own = usage_in_own_chains(check, node, cert);
		if (own == CW_USED)
			return own;
		unknown |= own == CW_USAGE_UNKNOWN;
	}
	return asked && !unknown ? CW_UNUSED : CW_USAGE_UNKNOWN;
}
