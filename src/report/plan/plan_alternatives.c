#include "report/plan/plan_alternatives.h"

#include "report/plan/plan_words.h"
#include "report/text/layout.h"

static void wrap(struct cw_buffer *marked, const char *prefix, struct cw_buffer *words)
{
	marked->failed |= words->failed;
	cw_layout_flow(marked, prefix, cw_layout_width(prefix), cw_buffer_string(words));
}

void cw_plan_alternatives_instead(struct cw_buffer *ret, const struct cw_repair_alternative *alternative)
{
	cw_buffer_text(ret, alternative->replaced_count == 1 ? "step " : "steps ");
	for (size_t i = 0; i < alternative->replaced_count; i++) {
		if (i)
			cw_buffer_text(ret, i + 1 == alternative->replaced_count ? " and " : ", ");
		cw_buffer_printf(ret, "%zu", alternative->replaced[i]);
	}
}

static void tell_steps(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair_alternative *alternative)
{
	for (size_t i = 0; i < alternative->count; i++) {
		AUTO_BUFFER words = {0};
		cw_plan_words_step(&words, deployment, &alternative->steps[i]);
		wrap(marked, "      - ", &words);
	}
}

static void tell_alternative(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair_alternative *alternative)
{
	AUTO_BUFFER words = {0};
	cw_buffer_text(&words, "instead of ");
	cw_plan_alternatives_instead(&words, alternative);
	cw_buffer_char(&words, ':');
	wrap(marked, "  ", &words);
	tell_steps(marked, deployment, alternative);
}

static void tell_workaround(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair_alternative *workaround)
{
	AUTO_BUFFER who = {0};
	AUTO_BUFFER loses = {0};
	AUTO_BUFFER undo = {0};
	cw_buffer_text(&who, workaround->name);
	if (workaround->restores.count)
		cw_buffer_printf(&who, ": better for %s", workaround->restores.items[0]);
	if (workaround->restores.count > 1)
		cw_buffer_printf(&who, " and %zu more", workaround->restores.count - 1);
	wrap(marked, "  ", &who);
	tell_steps(marked, deployment, workaround);
	cw_buffer_printf(&loses, "the price: %s", workaround->loses);
	wrap(marked, "      ", &loses);
	cw_buffer_printf(&undo, "undo: %s", workaround->undo);
	wrap(marked, "      ", &undo);
}

static void tell_all(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair *plan, bool workarounds, const char *heading)
{
	bool told = false;
	for (size_t i = 0; i < plan->alternative_count; i++) {
		const struct cw_repair_alternative *alternative = &plan->alternatives[i];
		if (alternative->workaround != workarounds)
			continue;
		if (!told)
			cw_buffer_printf(marked, "\n" CW_MARK_BOLD "%s" CW_MARK_END "\n", heading);
		told = true;
		if (workarounds)
			tell_workaround(marked, deployment, alternative);
		else
			tell_alternative(marked, deployment, alternative);
	}
}

void cw_plan_alternatives_text(
	struct cw_buffer *marked, const struct cw_deployment *deployment, const struct cw_repair *plan)
{
	tell_all(marked, deployment, plan, false, "What would do as well, proven too");
	tell_all(marked, deployment, plan, true, "Until then: workarounds, temporary, proven");
}

static void count_some(struct cw_buffer *ret, const struct cw_repair *plan, bool workarounds, const char *one,
	const char *many)
{
	size_t count = 0;
	for (size_t i = 0; i < plan->alternative_count; i++)
		count += plan->alternatives[i].workaround == workarounds;
	if (!count)
		return;
	cw_buffer_text(ret, ret->length ? ", " : "");
	cw_buffer_printf(ret, "%zu %s", count, count == 1 ? one : many);
}

void cw_plan_alternatives_count(struct cw_buffer *ret, const struct cw_repair *plan)
{
	AUTO_BUFFER found = {0};
	count_some(&found, plan, false, "other way", "other ways");
	count_some(&found, plan, true, "workaround for tonight", "workarounds for tonight");
	ret->failed |= found.failed;
	if (found.length)
		cw_buffer_printf(ret, "%s%s: \"causeway fix\" tells all", cw_buffer_string(&found),
			plan->alternatives_cut ? " at least" : "");
	else if (plan->alternatives_cut)
		cw_buffer_text(ret, "other ways, workarounds for tonight: \"causeway fix\" looks for them");
}
