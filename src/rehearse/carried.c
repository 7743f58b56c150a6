#include "rehearse/carried.h"

#include "check/handshake.h"
#include "check/question.h"
#include "rehearse/rehearsal_parts.h"
#include "rehearse/roles.h"

static const struct cw_observed *carrier_of(
	const struct cw_rehearsal *rehearsal, const struct cw_observed *observed)
{
	for (size_t i = 0; i < rehearsal->check->link_count; i++)
		if (rehearsal->observed.items[i].link == observed->link->carrier)
			return &rehearsal->observed.items[i];
	return NULL;
}

/* The server's chain as the zone's client kept it. */
static const struct cw_question *chain_seen(const struct cw_observed *carrier)
{
	for (size_t i = 0; i < carrier->seen->question_count; i++)
		if (carrier->seen->questions[i].by_client && carrier->seen->questions[i].chain_count)
			return &carrier->seen->questions[i];
	return NULL;
}

static void conclude(struct cw_observed *observed)
{
	observed->verdict = observed->seen->verdict;
	observed->refused_by = observed->seen->refused_by;
	observed->layer = CW_LAYER_SIP;
	observed->state = observed->refused_by ? CW_OBSERVED_REFUSED : CW_OBSERVED_UP;
}

static bool judge(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_question *shown, struct cw_error *error)
{
	struct cw_question_evidence evidence;
	cw_roles_evidence(rehearsal, &observed->seen->server, &evidence);
	evidence.chain = shown->chain;
	evidence.chain_count = shown->chain_count;
	const struct cw_question_terms terms =
		cw_check_terms(rehearsal->check->deployment, &rehearsal->options.check);
	bool refuses;
	if (!cw_question_ask_end(&terms, observed->seen, false, &evidence, &refuses, error))
		return false;
	cw_stand_ins_say_originals(rehearsal->stand_ins, &observed->seen->complaints);
	observed->server.judged = true;
	conclude(observed);
	return true;
}

bool cw_carried_conclude(struct cw_rehearsal *rehearsal, struct cw_observed *observed, struct cw_error *error)
{
	const struct cw_observed *carrier = carrier_of(rehearsal, observed);
	if (carrier && carrier->state == CW_OBSERVED_REFUSED) {
		if (!cw_handshake_deny_carrier(observed->seen, carrier->refused_by, error))
			return false;
		conclude(observed);
		return true;
	}
	const struct cw_question *shown =
		carrier && carrier->state == CW_OBSERVED_UP ? chain_seen(carrier) : NULL;
	if (shown) {
		observed->version = carrier->version;
		return judge(rehearsal, observed, shown, error);
	}
	observed->state = CW_OBSERVED_NOT_REHEARSABLE;
	snprintf(observed->note, sizeof observed->note, "the traversal link that carries it was not made");
	return true;
}
