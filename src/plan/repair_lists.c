#include "plan/repair_parts.h"

#include "model/presented.h"
#include "trust/issuers.h"

#include <string.h>

/*
 * What lists lack. The chain that ought to be found is looked for among everything that is known: from the leaf
 * upwards, issuers by name, signature and date, those of the judge's list first, to a root that the judge's list
 * holds, or else to any root. It ends because no certificate stands in a chain twice and none is longer than
 * CW_PATH_DEPTH_MAX. Then two lists are compared with it: the judge's, and that from which the other side fills
 * up what it sends.
 */
struct chain {
	struct cw_cert *certs[CW_PATH_DEPTH_MAX]; /* the leaf first */
	size_t count;
	bool anchored; /* its top stands in the judge's list */
};

struct walk {
	struct repair_search *search;
	const struct cw_trust_list *judge;
	bool anchored; /* only a root of the judge's list will do */
	unsigned looks;
};

#define LOOKS_MAX 400 /* against graphs of cross-signed CAs */

/* One list that is to be changed, and whose it is. */
struct list_place {
	const struct cw_trust_list *list;
	const char *owner;
	const struct cw_node *node; /* NULL: an endpoint */
	enum cw_store_kind kind;
	bool first_subject;
};

static bool is_good_issuer(const struct walk *walk, const struct cw_cert *cert, const struct cw_cert *issuer)
{
	const struct cw_check_options *options = &walk->search->options;
	return cw_name_equal(cw_cert_subject(issuer), cw_cert_issuer(cert)) &&
		cw_cert_not_before(issuer) <= options->at && cw_cert_not_after(issuer) >= options->at &&
		cw_cache_signed_by(options->cache, cert, issuer);
}

static bool stands_in_chain(const struct chain *chain, const struct cw_cert *cert)
{
	for (size_t i = 0; i < chain->count; i++)
		if (cw_cert_same(chain->certs[i], cert))
			return true;
	return false;
}

static bool in_list(const struct cw_trust_list *list, const struct cw_cert *cert)
{
	return cw_trust_list_find(list, cert) < list->count;
}

static bool walk_up(struct walk *walk, struct chain *chain);

static bool step_up(struct walk *walk, struct chain *chain, struct cw_cert *issuer)
{
	if (stands_in_chain(chain, issuer) || ++walk->looks > LOOKS_MAX)
		return false;
	chain->certs[chain->count++] = issuer;
	if (walk_up(walk, chain))
		return true;
	chain->count--;
	return false;
}

static bool walk_up(struct walk *walk, struct chain *chain)
{
	struct cw_cert *top = chain->certs[chain->count - 1];
	if (cw_cert_self_issued(top) && cw_cert_self_signed(top)) {
		chain->anchored = in_list(walk->judge, top);
		return chain->anchored || !walk->anchored;
	}
	if (chain->count == CW_PATH_DEPTH_MAX)
		return false;
	for (size_t i = 0; i < walk->judge->count; i++) {
		struct cw_cert *entry = walk->judge->entries[i].cert;
		if (is_good_issuer(walk, top, entry) && step_up(walk, chain, entry))
			return true;
	}
	struct cw_issuers bearers =
		cw_issuers_named(cw_cert_issuer(top), NULL, walk->search->deployment->pool);
	struct cw_cert *known;
	while ((known = cw_issuers_next(&bearers, NULL)))
		if (is_good_issuer(walk, top, known) && step_up(walk, chain, known))
			return true;
	return false;
}

static bool find_chain(struct repair_search *search, struct cw_cert *leaf, const struct cw_trust_list *judge,
	struct chain *ret)
{
	struct walk walk = {search, judge, true, 0};
	*ret = (struct chain){.certs = {leaf}, .count = 1};
	if (walk_up(&walk, ret))
		return true;
	walk.anchored = false;
	walk.looks = 0;
	ret->count = 1;
	return walk_up(&walk, ret);
}

/* ---------------------------------------------------------------- steps */

static bool add_step(struct repair_search *search, const struct list_place *place, enum cw_action action,
	struct cw_cert *cert, struct cw_cert *other, struct repair_steps *ret)
{
	struct cw_repair_step step = {
		.remedy = {.action = action,
			.node = place->owner,
			.store = cw_node_store_name(place->kind),
			.cert = cw_cert_ref(cert),
			.before = other},
		.unit = search->units,
	};
	if (action == CW_ACTION_APPEND)
		step.remedy.from = cw_pool_path(search->deployment->pool, cert);
	if (other)
		cw_cert_ref(other);
	return repair_steps_take(ret, &step) || cw_error_memory(search->error);
}

static const struct cw_node *publisher_of(const struct cw_node *node)
{
	for (size_t i = 0; node->group && i < node->group->count; i++)
		if (node->group->nodes[i]->publisher)
			return node->group->nodes[i];
	return NULL;
}

/* The MRA certificates guide: a trust certificate goes to the publisher and "must replicate over to the subscribers". */
static bool append_in_cluster(struct repair_search *search, const struct list_place *place,
	struct cw_cert *cert, struct repair_steps *ret)
{
	const struct cw_node *publisher = publisher_of(place->node);
	const struct cw_group *group = place->node->group;
	if (!publisher || publisher->stores[place->kind].state != CW_KNOWN ||
		in_list(&publisher->stores[place->kind].list, cert))
		return add_step(search, place, CW_ACTION_APPEND, cert, NULL, ret);
	struct list_place at = *place;
	at.owner = publisher->fqdn;
	if (!add_step(search, &at, CW_ACTION_APPEND, cert, NULL, ret))
		return false;
	for (size_t i = 0; i < group->count; i++) {
		const struct cw_node *node = group->nodes[i];
		const struct cw_store *store = &node->stores[place->kind];
		if (node == publisher || node->same_as || store->state != CW_KNOWN ||
			in_list(&store->list, cert))
			continue;
		size_t before = ret->count;
		at.owner = node->fqdn;
		if (!add_step(search, &at, CW_ACTION_APPEND, cert, NULL, ret))
			return false;
		if (ret->count > before)
			ret->items[ret->count - 1].replicated = true;
	}
	return true;
}

static bool append(struct repair_search *search, const struct list_place *place, struct cw_cert *cert,
	struct cw_cert *before, struct repair_steps *ret)
{
	if (place->node && place->node->kind == CW_NODE_CUCM && !before)
		return append_in_cluster(search, place, cert, ret);
	return add_step(search, place, CW_ACTION_APPEND, cert, before, ret);
}

/* The entry that a first-subject search takes instead, or NULL. */
static struct cw_cert *hides(const struct list_place *place, const struct cw_cert *cert)
{
	size_t first = cw_trust_list_search(place->list, cw_cert_subject(cert), 0);
	bool other = first < place->list->count && !cw_cert_same(place->list->entries[first].cert, cert);
	return other ? place->list->entries[first].cert : NULL;
}

/* What is done to a list so that it holds `cert`, and a search finds it. */
enum manner { MOVE, APPEND, IN_FRONT, REPLACE, REMOVE };

static bool put_right(struct repair_search *search, const struct list_place *place, struct cw_cert *cert,
	enum manner manner, struct repair_steps *ret)
{
	struct cw_cert *upper =
		place->first_subject || manner == MOVE || manner == REMOVE ? hides(place, cert) : NULL;
	if (!in_list(place->list, cert)) {
		if (manner == MOVE || manner == REMOVE || (upper && manner == APPEND))
			return true;
		if (upper && manner == IN_FRONT)
			return append(search, place, cert, upper, ret);
		size_t before = ret->count;
		if (!append(search, place, cert, NULL, ret))
			return false;
		if (upper && manner == REPLACE && ret->count > before)
			ret->items[before].remedy.replaces = cw_cert_ref(upper);
		return true;
	}
	if (!upper)
		return true;
	if (manner == REMOVE || manner == REPLACE)
		return add_step(search, place, CW_ACTION_REMOVE, upper, NULL, ret);
	return add_step(search, place, CW_ACTION_MOVE_BEFORE, cert, upper, ret);
}

/* ---------------------------------------------------------------- whose lists */

static const struct cw_node *owner_of(const struct cw_node *node)
{
	return node->same_as ? node->same_as : node;
}

static bool node_place(const struct cw_node *node, enum cw_store_kind kind, struct list_place *ret)
{
	node = owner_of(node);
	*ret = (struct list_place){.list = &node->stores[kind].list,
		.owner = node->fqdn,
		.node = node,
		.kind = kind,
		.first_subject = cw_node_is_expressway(node)};
	return node->stores[kind].state == CW_KNOWN;
}

static enum cw_store_kind kind_named(const char *name)
{
	for (unsigned kind = 0; name && kind < CW_STORE_KIND_COUNT; kind++)
		if (strcmp(cw_node_store_name((enum cw_store_kind)kind), name) == 0)
			return (enum cw_store_kind)kind;
	return CW_STORE_TRUSTED_CA;
}

static bool can_be_changed(const struct cw_endpoint *endpoint)
{
	return endpoint->kind == CW_ENDPOINT_JABBER || endpoint->kind == CW_ENDPOINT_TELEPRESENCE;
}

/* The list of who judges. False: nobody can change it, or it is not known. */
static bool judges_place(const struct repair_target *target, bool to_change, struct list_place *ret)
{
	const struct cw_complaint *complaint = target->complaint;
	const struct cw_node *node = complaint->judge_node;
	if (node)
		return node_place(node,
			complaint->question ? complaint->question->store : kind_named(complaint->store), ret);
	const struct cw_endpoint *endpoint = target->link ? target->link->client.endpoint : NULL;
	if (!endpoint)
		return false;
	*ret = (struct list_place){
		.list = &endpoint->trust.list, .owner = endpoint->name, .kind = CW_STORE_TRUST};
	return endpoint->trust.state == CW_KNOWN && (!to_change || can_be_changed(endpoint));
}

/* The list from which the other side fills up what it sends. */
static bool senders_place(
	const struct repair_search *search, const struct repair_target *target, struct list_place *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (!target->link || !target->complaint->question ||
		!repair_presenter(search, target, &node, &kind) || node->kind == CW_NODE_FRONT)
		return false;
	return node_place(node, cw_presented_store(kind), ret);
}

static bool is_about_chain(const struct cw_complaint *complaint)
{
	switch (complaint->finding.code) {
	case CW_ISSUER_MISSING:
	case CW_ROOT_MISSING:
	case CW_SELF_SIGNED_UNTRUSTED:
	case CW_ISSUER_SHADOWED:
	case CW_SIGNATURE_INVALID:
	case CW_DEVICE_LIST_LACKS_CA:
	case CW_ECDSA_TWIN_UNTRUSTED:
		return true;
	default: /* of the others only what is wrong with a CA */
		return complaint->finding.depth > 0;
	}
}

static bool came_along(const struct cw_question *side, const struct cw_cert *cert)
{
	for (size_t i = 1; side && i < side->chain_count; i++)
		if (cw_cert_same(side->chain[i], cert))
			return true;
	return false;
}

/* A judge that takes what is sent needs only what nobody sends; the top always. */
static bool is_sent_anyway(const struct repair_target *target, const struct list_place *place,
	const struct chain *chain, size_t i)
{
	return !place->first_subject && i + 1 < chain->count &&
		came_along(target->complaint->question, chain->certs[i]);
}

/* The MRA certificates guide wants intermediates and root in the trust stores: what is uploaded takes along those that
 * the other side happens to send today. */
static bool carry_along(struct repair_search *search, const struct repair_target *target,
	const struct list_place *place, const struct chain *chain, struct repair_steps *ret)
{
	for (size_t i = 1; i < chain->count; i++) {
		size_t before = ret->count;
		if (!is_sent_anyway(target, place, chain, i) || in_list(place->list, chain->certs[i]))
			continue;
		if (!append(search, place, chain->certs[i], NULL, ret))
			return false;
		for (size_t k = before; k < ret->count; k++)
			ret->items[k].carried = true;
	}
	return true;
}

static bool mend_judge(struct repair_search *search, const struct repair_target *target, struct cw_cert *leaf,
	enum manner manner, struct repair_steps *ret)
{
	struct list_place place;
	struct chain chain;
	size_t before = ret->count;
	if (!judges_place(target, true, &place) || !find_chain(search, leaf, place.list, &chain))
		return true;
	for (size_t i = chain.count == 1 ? 0 : 1; i < chain.count; i++)
		if (!is_sent_anyway(target, &place, &chain, i) &&
			!put_right(search, &place, chain.certs[i], manner, ret))
			return false;
	bool uploads = manner == APPEND && place.node && ret->count > before;
	return !uploads || carry_along(search, target, &place, &chain, ret);
}

/* Every certificate of a box by itself: its own list lacks what signed one of them. */
static bool mend_own(struct repair_search *search, const struct repair_target *target, enum manner manner,
	struct repair_steps *ret)
{
	const struct cw_node *node = target->complaint->judge_node;
	for (size_t kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (node->identities[kind].state == CW_KNOWN &&
			!mend_judge(search, target, node->identities[kind].leaf, manner, ret))
			return false;
	return true;
}

static bool at_judge(struct repair_search *search, const struct repair_target *target, enum manner manner,
	struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (!is_about_chain(target->complaint) || !target->complaint->judge_node)
		return true;
	search->units++;
	if (!target->link)
		return mend_own(search, target, manner, ret);
	if (!repair_presenter(search, target, &node, &kind) || node->identities[kind].state != CW_KNOWN)
		return true;
	return mend_judge(search, target, node->identities[kind].leaf, manner, ret);
}

static bool at_sender(struct repair_search *search, const struct repair_target *target, enum manner manner,
	struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	struct list_place judge, sender;
	struct chain chain;
	if (!is_about_chain(target->complaint) || !repair_presenter(search, target, &node, &kind) ||
		node->identities[kind].state != CW_KNOWN || !judges_place(target, false, &judge) ||
		!senders_place(search, target, &sender))
		return true;
	if (!find_chain(search, node->identities[kind].leaf, judge.list, &chain) || !chain.anchored)
		return true;
	search->units++;
	for (size_t i = 1; i + 1 < chain.count; i++)
		if (!put_right(search, &sender, chain.certs[i], manner, ret))
			return false;
	return true;
}

bool repair_move_in_judges_list(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_judge(search, target, MOVE, ret);
}

bool repair_move_in_senders_list(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_sender(search, target, MOVE, ret);
}

bool repair_append_what_is_missing(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_judge(search, target, APPEND, ret);
}

bool repair_append_at_sender(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_sender(search, target, APPEND, ret);
}

bool repair_append_in_front(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_judge(search, target, IN_FRONT, ret);
}

bool repair_replace_what_hides(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_judge(search, target, REPLACE, ret);
}

bool repair_remove_what_hides(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_judge(search, target, REMOVE, ret);
}

bool repair_replace_at_sender(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_sender(search, target, REPLACE, ret);
}

bool repair_remove_at_sender(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	return at_sender(search, target, REMOVE, ret);
}

/* An app or a room system whose list can be changed by who owns it. */
bool repair_append_at_endpoint(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret)
{
	const struct cw_node *node = NULL;
	enum cw_identity_kind kind = CW_IDENTITY_SERVER;
	if (!is_about_chain(target->complaint) || target->complaint->judge_node || !target->link ||
		!repair_presenter(search, target, &node, &kind) || node->identities[kind].state != CW_KNOWN)
		return true;
	search->units++;
	return mend_judge(search, target, node->identities[kind].leaf, APPEND, ret);
}
