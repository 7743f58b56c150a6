#include "rehearse/rehearsal_parts.h"

#include <string.h>

/* Something that anybody else would refuse. */
static bool is_asked(const struct cw_link *seen)
{
	for (size_t i = 0; i < seen->complaints.count; i++)
		if (seen->complaints.items[i].finding.own_severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

static bool remembers(const struct cw_rehearsal *rehearsal, const char *endpoint, const struct cw_cert *leaf)
{
	for (size_t i = 0; i < rehearsal->answer_count; i++)
		if (strcmp(rehearsal->answers[i].endpoint, endpoint) == 0 &&
			memcmp(rehearsal->answers[i].sha256, cw_cert_sha256(leaf), CW_SHA256_SIZE) == 0)
			return true;
	return false;
}

/* seed 000: "first-time users would be prompted to accept the untrusted certificate" */
bool cw_exchange_prompt_user(struct cw_exchange *exchange, const struct cw_cert *leaf)
{
	struct cw_rehearsal *rehearsal = exchange->rehearsal;
	struct cw_observed *observed = exchange->observed;
	const struct cw_endpoint *endpoint = observed->link->client.endpoint;
	if (!endpoint || endpoint->kind != CW_ENDPOINT_JABBER || !is_asked(observed->seen))
		return true;
	if (remembers(rehearsal, endpoint->name, leaf)) {
		snprintf(observed->note, sizeof observed->note, "its user accepted this certificate before");
		return true;
	}
	if (!cw_memory_grow(&rehearsal->answers, &rehearsal->answer_capacity, rehearsal->answer_count,
		    sizeof *rehearsal->answers))
		return false;
	struct cw_exchange_user_answer *answer = &rehearsal->answers[rehearsal->answer_count++];
	answer->endpoint = endpoint->name;
	memcpy(answer->sha256, cw_cert_sha256(leaf), CW_SHA256_SIZE);
	snprintf(observed->note, sizeof observed->note, "its user was asked and accepted");
	return true;
}
