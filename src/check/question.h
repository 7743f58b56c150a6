/**
 * Questions: what one row of the link table asks, with the judging node's own configuration and the evidence.
 *
 * This is the only place that calls the judge. A check asks about files, a live connection asks the very same
 * questions, by the same table, with the same weighing, about what came over the wire: only the evidence is
 * another (the chain that came, and the lists, revocation lists and certificates that the judging end holds
 * now). A question needs no whole check, and nothing of the other end but its name where evidence is given.
 * Questions about a certificate by itself (a certificate judged against a list, the client certificate test,
 * an upload) are rows of the link table too.
 */
#ifndef CW_CHECK_QUESTION_H
#define CW_CHECK_QUESTION_H

#include "check/links.h"

/** On what terms is asked. Everything borrowed. */
struct cw_question_terms {
	const struct cw_deployment *deployment; /* domains and the pool of known certificates */
	cw_time at;
	bool force_profile; /* every judge but the tunnels' uses `profile` */
	enum cw_profile profile;
	struct cw_cache *cache; /* or NULL */
};

/** Everything borrowed, for the time of the call. */
struct cw_question_evidence {
	struct cw_cert *const *chain;				/* as it came, leaf first */
	size_t chain_count;					/* at least 1 */
	const struct cw_trust_list *lists[CW_STORE_KIND_COUNT]; /* the judge's; NULL: as in the deployment */
	const struct cw_crl_set *crls;				/* the judge's; NULL: as in the deployment */
	const struct cw_pool *known; /* where to look for what is missing; NULL: the deployment's */
	/* what stands for a certificate of the deployment (the RSA counterpart of an ECDSA identity is asked
	   about as well); NULL: itself */
	struct cw_cert *(*stand_in)(const void *context, struct cw_cert *original);
	const void *context;
};

/** Asks every question of the link about the files of the deployment; fills its questions and adds their
 * complaints, not yet in handshake order. */
CW_MUST_USE bool cw_question_ask_link(
	const struct cw_question_terms *terms, struct cw_link *link, struct cw_error *error);

/**
 * What one end of the link asks about the chain that came. Adds its questions and complaints to `link`, which
 * must not have had them before, and puts them in order (cw_handshake_settle). `*ret`: that end refuses in TLS
 * itself.
 */
CW_MUST_USE bool cw_question_ask_end(const struct cw_question_terms *terms, struct cw_link *link,
	bool by_client, const struct cw_question_evidence *evidence, bool *ret, struct cw_error *error);

/**
 * A question without a link: its row of the link table says which of purpose and profile are fixed; the rest
 * is as given.
 */
/**
 * The same of a list without an order (question->list->unordered): what hangs on the order is not known, and its findings
 * are replaced by not-known.
 */
CW_MUST_USE bool cw_question_ask_unordered(enum cw_link_alone kind, const struct cw_judge_question *question,
	struct cw_judgement *ret, struct cw_error *error);

CW_MUST_USE bool cw_question_ask_alone(enum cw_link_alone kind, const struct cw_judge_question *given,
	struct cw_judgement *ret, struct cw_error *error);

#endif
