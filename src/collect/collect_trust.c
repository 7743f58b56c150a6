#include "collect/collect_trust.h"

#include "check/question.h"

#include <string.h>

static void say(struct cw_collect_box *box, const char *why)
{
	free(box->why);
	box->why = strdup(why);
}

static bool is_pinned(const struct cw_collect_box *box, const struct cw_cert *leaf)
{
	return cw_strings_contain_name(&box->pins, cw_cert_sha256_text(leaf));
}

static int judge(struct cw_collect_box *box, struct cw_cert *const *chain, size_t count)
{
	const struct cw_wanted_name wanted = {
		.names = {box->host, NULL}, .mismatch = CW_PEER_NAME_MISMATCH, .layer = CW_LAYER_TLS};
	const struct cw_judge_question question = {.chain = chain,
		.chain_count = count,
		.list = box->list,
		.names = &wanted,
		.name_count = 1,
		.at = box->time};
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error error;
	if (!cw_question_ask_alone(CW_ALONE_BOX, &question, &judgement, &error)) {
		say(box, error.message);
		return SSL_AD_INTERNAL_ERROR;
	}
	if (judgement.verdict != CW_VERDICT_REFUSED && judgement.verdict != CW_VERDICT_UNKNOWN)
		return CW_TLS_ACCEPT;
	for (size_t i = 0; i < judgement.findings.count; i++)
		if (judgement.findings.items[i].severity == CW_SEVERITY_REFUSED) {
			say(box, judgement.findings.items[i].detail);
			break;
		}
	return SSL_AD_UNKNOWN_CA;
}

int cw_collect_trust_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_collect_box *box = context;
	box->reached = true;
	box->trusted = false;
	cw_cert_free(box->leaf);
	box->leaf = cw_cert_ref(chain[0]);
	int alert = CW_TLS_ACCEPT;
	if (is_pinned(box, chain[0])) {
		box->trusted = true;
		return CW_TLS_ACCEPT;
	}
	if (box->list && !box->pins.count) {
		alert = judge(box, chain, count);
	} else if (box->pins.count) {
		say(box, "another certificate than the pinned one");
		alert = SSL_AD_BAD_CERTIFICATE;
	} else {
		say(box, "there is nothing to judge its certificate by");
		alert = SSL_AD_UNKNOWN_CA;
	}
	box->trusted = alert == CW_TLS_ACCEPT;
	return alert;
}
