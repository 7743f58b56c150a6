#include "check/usage.h"

#include "trust/issuers.h"

void cw_usage_set_finish(struct cw_usage_set *set)
{
	for (size_t kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		free(set->items[kind]);
	*set = (struct cw_usage_set){0};
}

static bool holds(const struct cw_usage_set *set, size_t kind, const struct cw_cert *cert)
{
	for (size_t i = 0; i < set->counts[kind]; i++)
		if (cw_cert_same(set->items[kind][i], cert))
			return true;
	return false;
}

static bool add(struct cw_usage_set *set, size_t kind, const struct cw_cert *cert)
{
	if (holds(set, kind, cert))
		return true;
	if (!cw_memory_grow(&set->items[kind], &set->capacities[kind], set->counts[kind],
		    sizeof(const struct cw_cert *)))
		return false;
	set->items[kind][set->counts[kind]++] = cert;
	return true;
}

static bool is_on_path(const struct cw_path *path, const struct cw_cert *cert)
{
	for (size_t i = 0; i < path->count; i++)
		if (cw_cert_same(path->steps[i].cert, cert))
			return true;
	return false;
}

/* Sent, and the other side's path goes over it, or nobody knows: it is needed in whichever list it came from. */
static bool add_sent(struct cw_usage_set *set, const struct cw_question *side)
{
	for (size_t i = 1; i < side->chain_count; i++) {
		if (side->judged && !is_on_path(&side->judgement.path, side->chain[i]))
			continue;
		for (size_t kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
			if (!add(set, kind, side->chain[i]))
				return false;
	}
	return true;
}

/* Whether the path goes up to a root; what is above a missing CA that nobody knows may be any entry. */
static bool is_known_in_full(const struct cw_question *side)
{
	const struct cw_path *path = &side->judgement.path;
	return side->judged && path->count > 0 && cw_cert_self_issued(path->steps[path->count - 1].cert);
}

static bool add_judged(struct cw_usage_set *set, const struct cw_question *side)
{
	set->asked[side->store] = true;
	set->unknown[side->store] |= !is_known_in_full(side);
	for (size_t i = 0; i < side->judgement.path.count; i++) {
		const struct cw_step *step = &side->judgement.path.steps[i];
		if (step->origin == CW_FROM_LIST && !add(set, side->store, step->cert))
			return false;
	}
	return true;
}

/* The chain of this leaf, which the upload page wants in the list. A self-signed leaf is one by itself. */
static bool add_own_chain(const struct cw_check *check, const struct cw_trust_list *list,
	const struct cw_cert *leaf, struct cw_cache *cache, struct cw_usage_set *set)
{
	const struct cw_cert *at = leaf;
	for (unsigned depth = 0; depth < CW_PATH_DEPTH_MAX; depth++) {
		/* listed, or what the list will hold once it is put right */
		const struct cw_cert *issuer = cw_issuers_signer(at, list, check->deployment->pool, cache);
		if (!issuer)
			break; /* what comes above it nobody can say */
		if (!add(set, CW_STORE_TRUSTED_CA, issuer))
			return false;
		if (cw_cert_same(issuer, at) || cw_cert_self_issued(issuer))
			return true;
		at = issuer;
	}
	set->unknown[CW_STORE_TRUSTED_CA] = true;
	return true;
}

static bool add_own_chains(const struct cw_check *check, const struct cw_node *node, struct cw_cache *cache,
	struct cw_usage_set *set)
{
	const struct cw_trust_list *list = &node->stores[CW_STORE_TRUSTED_CA].list;
	set->unknown[CW_STORE_TRUSTED_CA] |= node->identities[CW_IDENTITY_SERVER].state != CW_KNOWN;
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (node->identities[kind].state == CW_KNOWN &&
			!add_own_chain(check, list, node->identities[kind].leaf, cache, set))
			return false;
	return true;
}

bool cw_usage_set_find(const struct cw_check *check, const struct cw_node *node, struct cw_cache *cache,
	struct cw_usage_set *ret)
{
	AUTO_USAGE_SET set = {0};
	for (size_t i = 0; i < check->link_count; i++) {
		for (size_t k = 0; k < check->links[i]->question_count; k++) {
			const struct cw_question *side = &check->links[i]->questions[k];
			if ((side->subject->node == node && !add_sent(&set, side)) ||
				(side->judge->node == node && !add_judged(&set, side)))
				return false;
		}
	}
	if (node->stores[CW_STORE_TRUSTED_CA].state != CW_ABSENT && !add_own_chains(check, node, cache, &set))
		return false;
	*ret = set;
	set = (struct cw_usage_set){0};
	return true;
}

enum cw_usage cw_usage_in(const struct cw_usage_set *set, enum cw_store_kind kind, const struct cw_cert *cert)
{
	if (holds(set, kind, cert))
		return CW_USED;
	return set->asked[kind] && !set->unknown[kind] ? CW_UNUSED : CW_USAGE_UNKNOWN;
}

enum cw_usage cw_usage_of(const struct cw_check *check, const struct cw_node *node, enum cw_store_kind kind,
	const struct cw_cert *cert)
{
	AUTO_USAGE_SET set = {0};
	if (!cw_usage_set_find(check, node, check->cache, &set))
		return CW_USAGE_UNKNOWN; /* nothing is proposed then */
	return cw_usage_in(&set, kind, cert);
}
