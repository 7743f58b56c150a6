#include "report/summary.h"

#include "report/text/layout.h"

size_t cw_summary_refused_boxes(const struct cw_check *check)
{
	size_t count = 0;
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_complaints *complaints = &check->nodes[i].complaints;
		bool refused = false;
		for (size_t k = 0; k < complaints->count; k++)
			refused |= complaints->items[k].finding.severity == CW_SEVERITY_REFUSED;
		count += refused;
	}
	return count;
}

static bool has_chat(const struct cw_deployment *deployment)
{
	for (size_t i = 0; i < deployment->group_count; i++)
		if (deployment->groups[i]->kind == CW_NODE_IMP && deployment->groups[i]->count)
			return true;
	return false;
}

void cw_summary_sentence(struct cw_buffer *ret, const struct cw_check *check)
{
	char at[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret, CW_MARK_BOLD "%s" CW_MARK_END ", judged as of %s: %zu links",
		check->deployment->name, cw_time_format(check->at, at), check->link_count);
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++)
		cw_buffer_printf(ret, ", %zu %s", check->verdicts[verdict],
			cw_finding_verdict_name((enum cw_verdict)verdict));
	size_t boxes = cw_summary_refused_boxes(check);
	if (boxes)
		cw_buffer_printf(ret, "; %zu box%s with a certificate that is no good by itself", boxes,
			boxes == 1 ? "" : "es");
	if (has_chat(check->deployment)) /* sign-in may work and XMPP not: its links are not among these */
		cw_buffer_text(ret, "; chat is not judged");
}
