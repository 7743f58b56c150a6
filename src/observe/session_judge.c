#include "observe/session_judge.h"

#include "check/question.h"
#include "model/presented.h"

#include <string.h>

void cw_session_judge_finish(struct cw_session_judge *judge)
{
	cw_check_free(judge->check);
	cw_cache_free(judge->options.cache);
	cw_session_match_hosts_finish(&judge->hosts);
}

void cw_session_judge_verdict_finish(struct cw_session_verdict *verdict)
{
	cw_link_free(verdict->judged);
	cw_strings_finish(&verdict->remarks);
}

struct both_shown {
	struct cw_parsed_chain by[2]; /* enum cw_session_end */
};

static void shown_finish(struct both_shown *shown)
{
	for (int end = 0; end < 2; end++) {
		for (size_t i = 0; i < shown->by[end].count; i++)
			cw_cert_free(shown->by[end].certs[i]);
		free(shown->by[end].certs);
	}
}

/* The last chain that an end sent, as certificates of the pool. */
static bool read_shown(struct cw_pool *pool, const struct cw_session *session, enum cw_session_end end,
	struct cw_parsed_chain *ret, struct cw_error *error)
{
	const struct cw_session_chain *chain = NULL;
	for (size_t i = 0; i < session->chain_count; i++)
		if (session->chains[i].from == end)
			chain = &session->chains[i];
	if (!chain || !chain->count)
		return true;
	ret->certs = calloc(chain->count, sizeof *ret->certs);
	if (!ret->certs)
		return cw_error_memory(error);
	for (size_t i = 0; i < chain->count; i++) {
		const struct cw_captured_cert *cert = chain->certs[i];
		struct cw_error broken;
		if (cert->der &&
			cw_pool_parse(pool, cert->der, cert->length, &ret->certs[ret->count], &broken))
			ret->count++;
		else if (cert->der && broken.code == CW_E_MEMORY)
			return cw_error_memory(error);
		else
			ret->broken++;
	}
	return true;
}

static bool make_check(
	struct cw_session_judge *judge, const struct cw_session *session, struct cw_error *error)
{
	if (judge->check)
		return true;
	if (!judge->at_given && session->first_time > 0)
		judge->options.at = session->first_time / 1000000000;
	return cw_check_run(judge->deployment, &judge->options, &judge->check, error);
}

/* What `check` says that this end sends, leaf first; 0 where it does not know. */
static size_t predicted(
	const struct cw_link *link, enum cw_session_end end, struct cw_cert *chain[CW_PATH_DEPTH_MAX])
{
	const struct cw_party *party = end == CW_SESSION_SERVER ? &link->server : &link->client;
	const struct cw_link_ends ends = cw_link_ends(link);
	enum cw_identity_kind kind;
	if (!party->node || !cw_presented_identity(&ends, end == CW_SESSION_SERVER, &kind) ||
		party->node->identities[kind].state != CW_KNOWN)
		return 0;
	return cw_presented_chain(party->node, kind, chain);
}

static const struct cw_store *own_store(const struct cw_node *node)
{
	for (size_t i = 0; i < CW_STORE_KIND_COUNT; i++)
		if (node->stores[i].state == CW_KNOWN)
			return &node->stores[i];
	return NULL;
}

static const char *store_name(const struct cw_store *store)
{
	return store->paths.count ? store->paths.items[0] : "its trust list";
}

/* Leaf alone, though others issued it: whether its own list is the reason. */
static bool remark_leaf_alone(
	struct cw_strings *remarks, const struct cw_party *party, const struct cw_cert *leaf)
{
	if (cw_cert_self_issued(leaf))
		return true;
	const struct cw_store *store = party->node ? own_store(party->node) : NULL;
	const char *issuer = cw_cert_issuer_text(leaf);
	if (!store)
		return cw_strings_addf(remarks, "%s sends only its leaf here", party->name);
	if (cw_trust_list_search(&store->list, cw_cert_issuer(leaf), 0) == store->list.count)
		return cw_strings_addf(remarks, "%s sends only its leaf here; its %s lacks \"%s\"",
			party->name, store_name(store), issuer);
	return cw_strings_addf(remarks,
		"%s sends only its leaf here, though its %s holds \"%s\": "
		"the box does not run with this file",
		party->name, store_name(store), issuer);
}

static bool same_chain(const struct cw_parsed_chain *shown, struct cw_cert *const *chain, size_t count)
{
	if (shown->count != count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cw_cert_same(shown->certs[i], chain[i]))
			return false;
	return true;
}

/* How what an end sent differs from the files. */
static bool remark_chain(struct cw_strings *remarks, const struct cw_link *link, enum cw_session_end end,
	const struct cw_parsed_chain *shown, bool *differs)
{
	const struct cw_party *party = end == CW_SESSION_SERVER ? &link->server : &link->client;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t count = predicted(link, end, chain);
	if (!shown->count || !party->node)
		return true;
	if (shown->count == 1 && !remark_leaf_alone(remarks, party, shown->certs[0]))
		return false;
	if (!count || same_chain(shown, chain, count))
		return true;
	*differs = true;
	if (!cw_cert_same(shown->certs[0], chain[0]))
		return cw_strings_addf(remarks,
			"%s presents another certificate than the deployment's file: "
			"\"%s\", valid until %s, in place of \"%s\"",
			party->name, cw_cert_subject_text(shown->certs[0]),
			cw_time_format_date(cw_cert_not_after(shown->certs[0]), (char[CW_TIME_TEXT_SIZE]){0}),
			cw_cert_subject_text(chain[0]));
	return cw_strings_addf(remarks,
		"%s sends %zu certificates here; by the deployment's files it would send %zu", party->name,
		shown->count, count);
}

/* Asks what one end asks about the chain of the other, where it came. */
static bool ask(struct cw_session_judge *judge, struct cw_link *link, enum cw_session_end about,
	const struct cw_parsed_chain *shown, struct cw_error *error)
{
	bool by_client = about == CW_SESSION_SERVER, refuses;
	const struct cw_link_ends ends = cw_link_ends(link);
	bool asked = cw_presented_asked(&ends, by_client);
	if (!shown->count || !asked)
		return true;
	struct cw_question_evidence evidence = {.chain = shown->certs, .chain_count = shown->count};
	const struct cw_question_terms terms = cw_check_terms(judge->deployment, &judge->options);
	return cw_question_ask_end(&terms, link, by_client, &evidence, &refuses, error);
}

static bool judge_link(struct cw_session_judge *judge, const struct cw_session *session,
	const struct cw_parsed_chain shown[2], struct cw_session_verdict *verdict, struct cw_error *error)
{
	const struct cw_link *link = verdict->match.link;
	verdict->judged = cw_link_bare(link);
	if (!verdict->judged)
		return cw_error_memory(error);
	if (!ask(judge, verdict->judged, CW_SESSION_SERVER, &shown[CW_SESSION_SERVER], error) ||
		!ask(judge, verdict->judged, CW_SESSION_CLIENT, &shown[CW_SESSION_CLIENT], error))
		return false;
	struct cw_strings *remarks = &verdict->remarks;
	if (!remark_chain(remarks, link, CW_SESSION_SERVER, &shown[CW_SESSION_SERVER], &verdict->differs) ||
		!remark_chain(remarks, link, CW_SESSION_CLIENT, &shown[CW_SESSION_CLIENT], &verdict->differs))
		return cw_error_memory(error);
	const struct cw_link_ends ends = cw_link_ends(link);
	bool asks = cw_presented_asked(&ends, false);
	if (asks && session->version && !session->asked && !session->hidden && !session->resumed &&
		session->chain_count &&
		!cw_strings_addf(remarks,
			"%s does not ask for a client certificate here, as the deployment says it does",
			link->server.name))
		return cw_error_memory(error);
	if (session->asked && !shown[CW_SESSION_CLIENT].count && session->outcome != CW_OUTCOME_UNFINISHED &&
		!cw_strings_addf(remarks, "%s was asked for a certificate and sent none", link->client.name))
		return cw_error_memory(error);
	bool refused = session->outcome == CW_OUTCOME_REFUSED;
	verdict->differs = verdict->differs || verdict->judged->verdict != link->verdict ||
		(refused && link->verdict != CW_VERDICT_REFUSED);
	return true;
}

bool cw_session_judge_one(struct cw_session_judge *judge, const struct cw_session *session,
	struct cw_session_verdict *ret, struct cw_error *error)
{
	struct both_shown shown __attribute__((cleanup(shown_finish))) = {0};
	if (!make_check(judge, session, error) ||
		!read_shown(judge->pool, session, CW_SESSION_CLIENT, &shown.by[CW_SESSION_CLIENT], error) ||
		!read_shown(judge->pool, session, CW_SESSION_SERVER, &shown.by[CW_SESSION_SERVER], error))
		return false;
	ret->match = cw_session_match(judge->check, &judge->hosts, session, shown.by);
	if (!ret->match.link) {
		judge->unmatched++;
		return true;
	}
	judge->matched++;
	if (!judge_link(judge, session, shown.by, ret, error))
		return false;
	judge->refused += ret->judged->verdict == CW_VERDICT_REFUSED;
	judge->differing += ret->differs;
	return true;
}
