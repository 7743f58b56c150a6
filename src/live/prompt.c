#include "live/rehearsal_parts.h"

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
bool cw_play_prompt(struct cw_play *play, const struct cw_cert *leaf)
{
	struct cw_rehearsal *rehearsal = play->rehearsal;
	struct cw_reality *reality = play->reality;
	const struct cw_endpoint *endpoint = reality->link->client.endpoint;
	if (!endpoint || endpoint->kind != CW_ENDPOINT_JABBER || !is_asked(reality->seen))
		return true;
	if (remembers(rehearsal, endpoint->name, leaf)) {
		snprintf(reality->note, sizeof reality->note, "its user accepted this certificate before");
		return true;
	}
	if (!cw_array_grow(&rehearsal->answers, &rehearsal->answer_capacity, rehearsal->answer_count,
		    sizeof *rehearsal->answers))
		return false;
	struct cw_stage_answer *answer = &rehearsal->answers[rehearsal->answer_count++];
	answer->endpoint = endpoint->name;
	memcpy(answer->sha256, cw_cert_sha256(leaf), CW_SHA256_SIZE);
	snprintf(reality->note, sizeof reality->note, "its user was asked and accepted");
	return true;
}
