#include "report/plan/renewal_words.h"

#include "plan/compare.h"
#include "report/cause_words.h"
#include "report/text/layout.h"

void cw_renewal_words_headline(struct cw_buffer *ret, const struct cw_renewal *renewal)
{
	if (renewal->break_count)
		cw_buffer_printf(ret, CW_MARK_BAD "%zu link%s cannot be kept up" CW_MARK_END ":",
			renewal->break_count, renewal->break_count == 1 ? "" : "s");
	else if (renewal->plan.count)
		cw_buffer_text(ret,
			CW_MARK_GOOD "No link that works stops working" CW_MARK_END
				     ", but while its own box restarts.");
	else if (!renewal->installed.count)
		cw_buffer_text(ret, "Nothing is to be renewed.");
}

void cw_renewal_words_break(struct cw_buffer *ret, const struct cw_renewal_break *found)
{
	cw_buffer_printf(ret, "%s is down from step %zu", found->link, found->from_step);
	if (found->to_step)
		cw_buffer_printf(ret, " to step %zu", found->to_step);
	cw_buffer_printf(ret, ": %s", found->why);
}

void cw_renewal_words_alone(struct cw_buffer *ret, const char *node)
{
	cw_buffer_printf(ret, "While %s restarts nobody signs in over it: it has no peer.", node);
}

void cw_renewal_words_installed(struct cw_buffer *ret, const char *which)
{
	cw_buffer_printf(ret,
		"%s: this certificate is installed already, nothing is planned for it; how its links are now says "
		"causeway check.",
		which);
}

void cw_renewal_words_finding(struct cw_buffer *ret, const struct cw_renewal_finding *found)
{
	const struct cw_finding *finding = &found->complaint->finding;
	cw_buffer_printf(ret, "%s%s" CW_MARK_END " (%s): ",
		cw_layout_verdict_mark(cw_finding_severity_verdict(finding->severity)),
		cw_finding_code_name(finding->code), cw_finding_severity_name(finding->severity));
	cw_cause_words_complaint(ret, found->complaint);
}

bool cw_renewal_words_told(const struct cw_renewal *renewal, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (cw_compare_same_complaint(
			    renewal->findings[i].complaint, renewal->findings[index].complaint))
			return true;
	return false;
}

struct cw_renewal_columns cw_renewal_words_columns(const struct cw_check *check)
{
	struct cw_renewal_columns columns = {.count = 0};
	for (int kind = 0; kind < CW_LINK_KIND_COUNT; kind++) {
		bool there = false;
		for (size_t i = 0; check && i < check->link_count && !there; i++)
			there = check->links[i]->kind == (enum cw_link_kind)kind;
		if (there)
			columns.kinds[columns.count++] = (enum cw_link_kind)kind;
	}
	return columns;
}

void cw_renewal_words_state(struct cw_buffer *ret, const struct cw_renewal_state *state)
{
	if (state->after_step)
		cw_buffer_printf(ret, "%s %zu", state->restarts ? "in step" : "after", state->after_step);
	else
		cw_buffer_text(ret, "now");
}

void cw_renewal_words_cell(
	struct cw_buffer *ret, const struct cw_renewal_state *state, enum cw_link_kind kind)
{
	if (state->broken_kinds[kind])
		cw_buffer_printf(ret, CW_MARK_BAD "%zu down" CW_MARK_END, state->broken_kinds[kind]);
	else if (state->restarting_kinds[kind])
		cw_buffer_printf(ret, CW_MARK_WARN "%zu wait" CW_MARK_END, state->restarting_kinds[kind]);
	else
		cw_buffer_text(ret, CW_MARK_GOOD "up" CW_MARK_END);
}
