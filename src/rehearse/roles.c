#include "rehearse/roles.h"
#include "check/question.h"
#include "model/presented.h"
#include "rehearse/rehearsal_parts.h"

#include <string.h>

/* What one end shows. */
struct shown {
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t count;
	EVP_PKEY *key;
};

static bool refuse(char why[240], const char *what, const struct cw_party *party, const char *reason)
{
	snprintf(why, 240, "no stand-in of %.80s can be made, which %.60s shows: %s", what, party->name,
		reason);
	return false;
}

/* False with `why`: this certificate cannot be shown. */
static bool show(const struct cw_stand_ins *stand_ins, const struct cw_link *link, bool server,
	struct shown *ret, char why[240])
{
	const struct cw_party *party = server ? &link->server : &link->client;
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(link);
	if (!cw_presented_identity(&ends, server, &kind))
		return true;
	const struct cw_identity *identity = &party->node->identities[kind];
	if (identity->state != CW_KNOWN) {
		snprintf(why, 240, "the %s certificate of %s is not known", cw_node_identity_name(kind),
			party->name);
		return false;
	}
	ret->key = cw_stand_ins_key(stand_ins, identity->leaf);
	ret->count = cw_presented_chain(party->node, kind, ret->chain);
	for (size_t i = 0; i < ret->count; i++) {
		const char *trouble = cw_stand_ins_trouble(stand_ins, ret->chain[i]);
		if (trouble)
			return refuse(why, cw_cert_label(ret->chain[i]), party, trouble);
		ret->chain[i] = cw_stand_ins_of(stand_ins, ret->chain[i]);
	}
	return true;
}

/* A certificate that judges will meet and that has no stand-in would make a difference of our own. */
static bool paths_are_whole(const struct cw_stand_ins *stand_ins, const struct cw_link *link, char why[240])
{
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_path *path = &link->questions[i].judgement.path;
		for (size_t k = 0; k < path->count; k++) {
			const char *trouble = cw_stand_ins_trouble(stand_ins, path->steps[k].cert);
			if (trouble)
				return refuse(why, cw_cert_label(path->steps[k].cert),
					link->questions[i].subject, trouble);
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
	*ret = v2 ? CW_TLS_1_2 : CW_TLS_1_3;
	if (v2 && v3)
		*ret = rehearsal->options.versions;
	if (!v2 && !v3)
		snprintf(why, 240, "OpenSSL has no TLS version for the keys of both ends");
	return v2 || v3;
}

/* Every store that the server looks into on this link. */
static size_t asked_lists(const struct cw_stand_ins *stand_ins, const struct cw_link *link,
	const struct cw_trust_list *ret[CW_LINK_QUESTIONS_MAX])
{
	size_t count = 0;
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *side = &link->questions[i];
		const struct cw_trust_list *list = side->by_client || !side->judge->node
			? NULL
			: cw_stand_ins_list(stand_ins, &side->judge->node->stores[side->store]);
		if (list)
			ret[count++] = list;
	}
	return count;
}

static bool make_context(struct cw_exchange_end *end, const struct shown *shown,
	enum cw_tls_versions versions, struct cw_error *error)
{
	const struct cw_link *link = end->exchange->observed->link;
	const struct cw_link_ends ends = cw_link_ends(link);
	const struct cw_trust_list *lists[CW_LINK_QUESTIONS_MAX];
	struct cw_tls_setup setup = {
		.server = !end->is_client,
		.versions = versions,
		.security_level = 0, /* docs/design.md: the judge and not the library refuses */
		.chain = shown->chain,
		.chain_count = shown->count,
		.key = shown->key,
		.asks = cw_presented_asked(&ends, end->is_client),
		.ca_lists = lists,
		.ca_list_count = asked_lists(end->exchange->rehearsal->stand_ins, link, lists),
	};
	return cw_tls_context(&setup, &end->tls, error);
}

bool cw_exchange_assign_roles(struct cw_exchange *exchange, char why[240], struct cw_error *error)
{
	const struct cw_rehearsal *rehearsal = exchange->rehearsal;
	const struct cw_link *link = exchange->observed->link;
	const struct cw_link_ends ends = cw_link_ends(link);
	struct shown client = {0}, server = {0};
	enum cw_tls_versions versions;
	*why = '\0';
	if (!show(rehearsal->stand_ins, link, true, &server, why) ||
		(cw_presented_asked(&ends, false) &&
			!show(rehearsal->stand_ins, link, false, &client, why)) ||
		!paths_are_whole(rehearsal->stand_ins, link, why) ||
		!choose_versions(rehearsal, &client, &server, &versions, why))
		return true;
	return make_context(&exchange->client, &client, versions, error) &&
		make_context(&exchange->server, &server, versions, error);
}

static struct cw_cert *stand_in(const void *context, struct cw_cert *original)
{
	return cw_stand_ins_of(context, original);
}

void cw_roles_evidence(
	const struct cw_rehearsal *rehearsal, const struct cw_party *judge, struct cw_question_evidence *ret)
{
	*ret = (struct cw_question_evidence){.known = cw_stand_ins_pool(rehearsal->stand_ins),
		.stand_in = stand_in,
		.context = rehearsal->stand_ins};
	if (!judge->node) {
		ret->lists[CW_STORE_TRUST] = cw_stand_ins_list(rehearsal->stand_ins, &judge->endpoint->trust);
		return;
	}
	for (int kind = 0; kind < CW_STORE_KIND_COUNT; kind++)
		ret->lists[kind] = cw_stand_ins_list(rehearsal->stand_ins, &judge->node->stores[kind]);
	ret->crls = cw_stand_ins_crls(rehearsal->stand_ins, judge->node);
}

int cw_exchange_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_exchange_end *end = context;
	struct cw_exchange *exchange = end->exchange;
	const struct cw_rehearsal *rehearsal = exchange->rehearsal;
	struct cw_link *seen = exchange->observed->seen;
	const struct cw_party *judge = end->is_client ? &seen->client : &seen->server;
	struct cw_question_evidence evidence;
	cw_roles_evidence(rehearsal, judge, &evidence);
	evidence.chain = chain;
	evidence.chain_count = count;
	bool refuses;
	const struct cw_question_terms terms =
		cw_check_terms(rehearsal->check->deployment, &rehearsal->options.check);
	if (!cw_question_ask_end(&terms, seen, end->is_client, &evidence, &refuses, &exchange->error)) {
		exchange->failed = true;
		return SSL_AD_INTERNAL_ERROR;
	}
	cw_stand_ins_say_originals(rehearsal->stand_ins, &seen->complaints);
	struct cw_observed_end *observed =
		end->is_client ? &exchange->observed->client : &exchange->observed->server;
	observed->judged = true;
	if (end->is_client && !refuses && !cw_exchange_prompt_user(exchange, chain[0])) {
		exchange->failed = true;
		cw_error_memory(&exchange->error);
		return SSL_AD_INTERNAL_ERROR;
	}
	return refuses ? cw_observed_alert(seen, judge->name) : CW_TLS_ACCEPT;
}
