#include "check/question_parts.h"

#include "base/buffer.h"

#include <string.h>

#define NOTES_TOLD_MAX 4 /* of an endpoint's list: a folder may hold thousands of odd files */

/* The link table's severity column: own_severity keeps what the judge said. */
static void weigh(const struct question_asking *asking, struct cw_finding *finding)
{
	if (finding->code == CW_CLIENT_AUTH_MISSING && asking->row->client_auth_warns &&
		finding->severity == CW_SEVERITY_REFUSED)
		finding->severity = CW_SEVERITY_WARN;
	if (asking->weight == CW_WEIGHT_WARNS && finding->severity == CW_SEVERITY_REFUSED)
		finding->severity = CW_SEVERITY_WARN;
	if (asking->weight == CW_WEIGHT_UNKNOWN && finding->severity == CW_SEVERITY_REFUSED)
		finding->severity = CW_SEVERITY_UNKNOWN;
	if (asking->weight == CW_WEIGHT_INFORMS && finding->severity != CW_SEVERITY_UNKNOWN)
		finding->severity = CW_SEVERITY_INFO;
	if (asking->link->kind == CW_LINK_TUNNEL && finding->layer == CW_LAYER_TLS)
		finding->layer = CW_LAYER_SSH;
	if (asking->link->kind == CW_LINK_SERVICE && finding->layer == CW_LAYER_TLS)
		finding->layer = CW_LAYER_SIP;
}

/*
 * One end may ask several questions (CUCM's tftp looks into two lists, the RSA counterpart of an ECDSA certificate is asked
 * about as well), and the same fault of a certificate then comes back from each. Merged is what says the same: the code, the
 * depth, the name and the judge. What is about a list is never merged, since each list wants its own repair. The first answer
 * stays, so that the order of the table decides which store is named.
 */
static bool told_already(
	const struct cw_link *link, const struct question_asking *asking, const struct cw_finding *finding)
{
	if (cw_check_code_is_about_list(finding->code))
		return false;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *other = &link->complaints.items[i];
		bool same_name = (!other->finding.name && !finding->name) ||
			(other->finding.name && finding->name &&
				strcmp(other->finding.name, finding->name) == 0);
		if (other->finding.code == finding->code && other->finding.depth == finding->depth &&
			same_name && other->judge == asking->judge->name)
			return true;
	}
	return false;
}

/* TLS as client, TLS as server, then what runs on top. */
static unsigned stage_of(enum cw_layer layer, bool by_client)
{
	switch (layer) {
	case CW_LAYER_TLS:
	case CW_LAYER_SSH:
	case CW_LAYER_FILE:
		return by_client ? 1 : 2;
	case CW_LAYER_DIGEST:
		return 3;
	case CW_LAYER_SIP:
		return 4;
	}
	return 4;
}

bool question_complain(
	const struct question_asking *asking, const struct cw_question *side, struct cw_finding *finding)
{
	weigh(asking, finding);
	if (told_already(asking->link, asking, finding))
		return true;
	struct cw_complaint *complaint = cw_check_complaints_take(&asking->link->complaints, finding);
	if (!complaint)
		return cw_error_memory(asking->error);
	complaint->judge = asking->judge->name;
	complaint->judge_node = asking->judge->node;
	complaint->store = cw_node_store_name(asking->row->store);
	complaint->stage = stage_of(complaint->finding.layer, asking->row->by_client);
	complaint->question = side;
	return true;
}

bool question_complain_all(
	const struct question_asking *asking, const struct cw_question *side, struct cw_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (!question_complain(asking, side, &findings->items[i]))
			return false;
	return true;
}

bool question_complain_not_known(
	const struct question_asking *asking, const struct cw_question *side, const char *format, ...)
{
	AUTO_FINDINGS findings = {0};
	struct cw_finding *finding = cw_findings_add(&findings, CW_NOT_KNOWN, 0, NULL);
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	cw_finding_detail(&findings, finding, "%s", cw_buffer_string(&text));
	if (text.failed || findings.failed)
		return cw_error_memory(asking->error);
	return question_complain_all(asking, side, &findings);
}

/* What was read over in an endpoint's list, which has no checks of a box by itself. */
bool question_tell_notes(const struct question_asking *asking, const struct cw_question *side)
{
	const struct cw_strings *notes = &asking->store->notes;
	if (!asking->judge->endpoint || !notes->count)
		return true;
	AUTO_BUFFER text = {0};
	for (size_t i = 0; i < notes->count && i < NOTES_TOLD_MAX; i++)
		cw_buffer_printf(&text, "%s%s", i ? "; " : "", notes->items[i]);
	if (notes->count > NOTES_TOLD_MAX)
		cw_buffer_printf(&text, "; and %zu more", notes->count - NOTES_TOLD_MAX);
	AUTO_FINDINGS findings = {0};
	struct cw_finding *finding = cw_findings_add(&findings, CW_ODD_FILE, 0, NULL);
	cw_finding_detail(&findings, finding, "%s", cw_buffer_string(&text));
	if (text.failed || findings.failed)
		return cw_error_memory(asking->error);
	return question_complain(asking, side, finding);
}
