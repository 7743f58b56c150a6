#include "deploy/presents.h"
#include "live/rehearsal_parts.h"

#include <string.h>

/* What one end shows. */
struct shown {
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t count;
	EVP_PKEY *key;
};

static bool refuse(char why[240], const char *what, const struct cw_party *party, const char *reason)
{
	snprintf(
		why, 240, "no shadow of %.80s can be made, which %.60s shows: %s", what, party->name, reason);
	return false;
}

/* False with `why`: this certificate cannot be shown. */
static bool show(
	const struct cw_twin *twin, const struct cw_link *link, bool server, struct shown *ret, char why[240])
{
	const struct cw_party *party = server ? &link->server : &link->client;
	enum cw_identity_kind kind;
	if (!cw_link_presents(link, server, &kind))
		return true;
	const struct cw_identity *identity = &party->node->identities[kind];
	if (identity->state != CW_KNOWN) {
		snprintf(why, 240, "the %s certificate of %s is not known", cw_identity_name(kind),
			party->name);
		return false;
	}
	ret->key = cw_twin_key(twin, identity->leaf);
	ret->count = cw_node_sends(party->node, kind, ret->chain);
	for (size_t i = 0; i < ret->count; i++) {
		const char *trouble = cw_twin_trouble(twin, ret->chain[i]);
		if (trouble)
			return refuse(why, cw_cert_label(ret->chain[i]), party, trouble);
		ret->chain[i] = cw_twin_shadow(twin, ret->chain[i]);
	}
	return true;
}

/* A certificate that judges will meet and that has no shadow would make a difference of our own. */
static bool paths_are_whole(const struct cw_twin *twin, const struct cw_link *link, char why[240])
{
	for (size_t i = 0; i < link->side_count; i++) {
		const struct cw_path *path = &link->sides[i].judgement.path;
		for (size_t k = 0; k < path->count; k++) {
			const char *trouble = cw_twin_trouble(twin, path->steps[k].cert);
			if (trouble)
				return refuse(why, cw_cert_label(path->steps[k].cert), link->sides[i].subject,
					trouble);
		}
	}
	return true;
}

static bool choose_versions(const struct cw_rehearsal *rehearsal, const struct shown *client,
	const struct shown *server, enum cw_tls_versions *ret, char why[240])
{
	bool v2 = true, v3 = true;
	const struct shown *ends[] = {client, server};
	for (size_t i = 0; i < 2; i++) {
		bool end_v2, end_v3;
		if (!ends[i]->count)
			continue;
		(void)cw_tls_usable(ends[i]->chain[0], &end_v2, &end_v3);
		v2 = v2 && end_v2;
		v3 = v3 && end_v3;
	}
	*ret = v2 && v3 ? rehearsal->options.versions : v2 ? CW_TLS_1_2 : CW_TLS_1_3;
	if (!v2 && !v3)
		snprintf(why, 240, "OpenSSL has no TLS version for the keys of both ends");
	return v2 || v3;
}

/* Every store that the server looks into on this link. */
static size_t asked_lists(const struct cw_twin *twin, const struct cw_link *link,
	const struct cw_trust_list *ret[CW_LINK_SIDES_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < link->side_count; i++) {
		const struct cw_side *side = &link->sides[i];
		const struct cw_trust_list *list = side->by_client || !side->judge->node
			? NULL
			: cw_twin_list(twin, &side->judge->node->stores[side->store]);
		if (list)
			ret[count++] = list;
	}
	return count;
}

static bool make_context(struct cw_play_end *end, const struct shown *shown, enum cw_tls_versions versions,
	struct cw_error *error)
{
	const struct cw_link *link = end->play->reality->link;
	const struct cw_trust_list *lists[CW_LINK_SIDES_MAX];
	struct cw_tls_setup setup = {
		.server = !end->is_client,
		.versions = versions,
		.security_level = 0, /* design.md §8: the judge and not the library refuses */
		.chain = shown->chain,
		.chain_count = shown->count,
		.key = shown->key,
		.asks = cw_link_end_asks(link, end->is_client),
		.ca_lists = lists,
		.ca_list_count = asked_lists(end->play->rehearsal->twin, link, lists),
	};
	return cw_tls_context(&setup, &end->tls, error);
}

bool cw_play_cast(struct cw_play *play, char why[240], struct cw_error *error)
{
	const struct cw_rehearsal *rehearsal = play->rehearsal;
	const struct cw_link *link = play->reality->link;
	struct shown client = {0}, server = {0};
	enum cw_tls_versions versions;
	*why = '\0';
	if (!show(rehearsal->twin, link, true, &server, why) ||
		(cw_link_end_asks(link, false) && !show(rehearsal->twin, link, false, &client, why)) ||
		!paths_are_whole(rehearsal->twin, link, why) ||
		!choose_versions(rehearsal, &client, &server, &versions, why))
		return true;
	return make_context(&play->client, &client, versions, error) &&
		make_context(&play->server, &server, versions, error);
}

static struct cw_cert *stand_in(const void *context, struct cw_cert *original)
{
	return cw_twin_shadow(context, original);
}

int cw_play_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_play_end *end = context;
	struct cw_play *play = end->play;
	const struct cw_rehearsal *rehearsal = play->rehearsal;
	struct cw_link *seen = play->reality->seen;
	const struct cw_party *judge = end->is_client ? &seen->client : &seen->server;
	struct cw_evidence evidence = {.chain = chain,
		.chain_count = count,
		.known = cw_twin_pool(rehearsal->twin),
		.stand_in = stand_in,
		.context = rehearsal->twin};
	if (judge->node) {
		for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
			evidence.lists[kind] = cw_twin_list(rehearsal->twin, &judge->node->stores[kind]);
		evidence.crls = cw_twin_crls(rehearsal->twin, judge->node);
	} else {
		evidence.lists[CW_STORE_TRUST] = cw_twin_list(rehearsal->twin, &judge->endpoint->trust);
	}
	bool refuses;
	if (!cw_link_ask_end(rehearsal->check, &rehearsal->options.check, seen, end->is_client, &evidence,
		    &refuses, &play->error)) {
		play->failed = true;
		return SSL_AD_INTERNAL_ERROR;
	}
	struct cw_reality_end *reality = end->is_client ? &play->reality->client : &play->reality->server;
	reality->judged = true;
	if (end->is_client && !refuses && !cw_play_prompt(play, chain[0])) {
		play->failed = true;
		cw_error_memory(&play->error);
		return SSL_AD_INTERNAL_ERROR;
	}
	return refuses ? cw_reality_alert(seen, judge->name) : CW_TLS_ACCEPT;
}
