#include "report/text/text_parts.h"

#include "check/doubt.h"
#include "report/cause_words.h"
#include "report/plan/plan_alternatives.h"
#include "report/plan/plan_report.h"
#include "report/service_groups.h"
#include "report/summary.h"

void cw_text_heading(struct cw_text *text, const char *heading)
{
	cw_buffer_printf(
		&text->out, "%s" CW_MARK_BOLD "%s" CW_MARK_END "\n", text->out.length ? "\n" : "", heading);
}

size_t cw_text_cause_number(const struct cw_text *text, const struct cw_cause *cause)
{
	return (size_t)(cause - text->causes.items) + 1;
}

/* --- who signs in, who does not, and how much repairs it --- */

/* More names than this are only shown with --all. */
#define OTHERS_MAX 12

/* "and 2 more" are people too: their names, in small print. */
static void others(struct cw_text *text, const struct cw_service_group *group)
{
	bool works = group->first->state == CW_SERVICE_WORKS;
	bool few = text->options->all || group->endpoint_count - 1 <= OTHERS_MAX;
	if (works || group->endpoint_count <= 2 || !few)
		return;
	AUTO_BUFFER names = {0};
	cw_service_group_others(&names, group);
	text->out.failed |= names.failed;
	cw_layout_flow(&text->out, "    also ", 9, cw_buffer_string(&names));
}

static bool tell_group(struct cw_text *text, const struct cw_service_group *group, struct cw_error *error)
{
	AUTO_BUFFER line = {0};
	if (!cw_service_group_sentence(&line, text->check, group, error))
		return false;
	cw_service_group_causes(&line, group);
	text->out.failed |= line.failed;
	cw_layout_flow(&text->out, "", 2, cw_buffer_string(&line));
	others(text, group);
	return true;
}

/* Whoever opens the report sees the plan and the links without scrolling: so many groups stand before them. */
#define GROUPS_FIRST 4

static size_t groups_first(const struct cw_text *text, const struct cw_service_groups *groups)
{
	bool all = text->options->all || groups->count <= GROUPS_FIRST + 1;
	return all ? groups->count : GROUPS_FIRST;
}

static bool tell_first_groups(
	struct cw_text *text, const struct cw_service_groups *groups, struct cw_error *error)
{
	size_t first = groups_first(text, groups);
	for (size_t i = 0; i < first; i++)
		if (!tell_group(text, &groups->items[i], error))
			return false;
	if (first < groups->count)
		cw_buffer_printf(&text->out, "and %zu groups more, below the links\n", groups->count - first);
	return true;
}

static bool tell_other_groups(
	struct cw_text *text, const struct cw_service_groups *groups, struct cw_error *error)
{
	size_t first = groups_first(text, groups);
	if (first < groups->count)
		cw_text_heading(text, "Who else");
	for (size_t i = first; i < groups->count; i++)
		if (!tell_group(text, &groups->items[i], error))
			return false;
	return true;
}

/* --- what boxes have by themselves --- */

/* Warnings and notes shown without --all. */
#define WARNINGS_SHOWN 12

static bool shown(const struct cw_text *text, const struct cw_cause *cause, size_t warnings)
{
	if (text->options->all || cause->severity == CW_SEVERITY_REFUSED)
		return true;
	return cause->severity != CW_SEVERITY_INFO && warnings < WARNINGS_SHOWN;
}

/* What was taken back (plan/harmless.h), or never was one, is not told as general advice either. */
static bool has_order(const struct cw_cause *cause)
{
	for (size_t i = 0; i < cause->place_count; i++)
		if (cause->places[i].complaint->remedy.action != CW_ACTION_NONE)
			return cause->severity != CW_SEVERITY_INFO;
	return false;
}

static void tell_box(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_on_boxes(&words, cause);
	cw_text_keep_complaint(&words, cause->told.complaint);
	text->out.failed |= words.failed;
	cw_layout_flow(&text->out, "  ", 4, cw_buffer_string(&words));
	if (cause->severity == CW_SEVERITY_REFUSED || has_order(cause))
		cw_text_remedies(text, cause, 4);
}

static void tell_nodes(struct cw_text *text)
{
	size_t told = 0, hidden = 0;
	for (size_t i = 0; i < text->causes.count; i++) {
		const struct cw_cause *cause = &text->causes.items[i];
		if (cause->link_count && cause->severity != CW_SEVERITY_INFO)
			continue;
		if (!cause->node_count)
			continue;
		if (!shown(text, cause, told)) {
			hidden++;
			continue;
		}
		if (!told++)
			cw_text_heading(text, "The boxes by themselves");
		tell_box(text, cause);
	}
	if (!hidden)
		return;
	cw_buffer_text(&text->out, told ? "" : "\n");
	cw_buffer_printf(&text->out, "  --all shows %zu more %s\n", hidden,
		hidden == 1 ? "warning or note." : "warnings and notes.");
}

/* --- the whole --- */

/* The count, last. */
static void tell_summary(struct cw_text *text)
{
	AUTO_BUFFER line = {0};
	cw_summary_sentence(&line, text->check);
	text->out.failed |= line.failed;
	cw_buffer_char(&text->out, '\n');
	cw_layout_flow(&text->out, "", 2, cw_buffer_string(&line));
	if (text->check->verdicts[CW_VERDICT_UNKNOWN])
		cw_layout_flow(&text->out, "  ", 2, CW_SUMMARY_UNKNOWN);
}

/* The first box, and where the rest is: the report goes on with the links. */
static void tell_plan(struct cw_text *text)
{
	const struct cw_repair *plan = text->check->plan;
	if (!plan || !plan->count)
		return;
	cw_text_heading(text, "The plan, proven");
	cw_plan_report_steps(&text->out, text->check->deployment, plan, text->options->all);
}

/* Below what a first screen has room for. */
static void tell_other_ways(struct cw_text *text)
{
	AUTO_BUFFER line = {0};
	if (!text->check->plan)
		return;
	if (text->options->all) {
		cw_plan_alternatives_text(&text->out, text->check->deployment, text->check->plan);
		return;
	}
	cw_plan_alternatives_count(&line, text->check->plan);
	text->out.failed |= line.failed;
	if (!line.length)
		return;
	cw_buffer_char(&text->out, '\n');
	cw_layout_flow(&text->out, "  ", 2, cw_buffer_string(&line));
}

static void tell_leaves(struct cw_text *text)
{
	const struct cw_repair *plan = text->check->plan;
	if (!plan || !plan->leaf_count)
		return;
	cw_text_heading(text, "What no plan ends");
	cw_plan_report_leaves(&text->out, plan);
}

/* Who is worst off, and what that takes: as the first line of the report has it. */
static bool tell_answer(struct cw_text *text, const struct cw_service_groups *groups, struct cw_error *error)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "%s: ", text->check->deployment->name);
	if (!groups->count)
		cw_buffer_printf(&line, "%zu of %zu links refused", text->check->verdicts[CW_VERDICT_REFUSED],
			text->check->link_count);
	else if (!cw_service_group_sentence(&line, text->check, &groups->items[0], error))
		return false;
	text->out.failed |= line.failed;
	cw_buffer_printf(&text->out, "%s\n", cw_buffer_string(&line)); /* one line, however long */
	return true;
}

/* Whether the files are the boxes': before anything else. */
static bool tell_doubts(struct cw_text *text, struct cw_error *error)
{
	AUTO_DOUBTS doubts = {0};
	if (!cw_doubt_find(text->check->deployment, &doubts, error))
		return false;
	for (size_t i = 0; i < doubts.count; i++)
		cw_layout_flow(
			&text->out, CW_MARK_WARN "Doubt" CW_MARK_END ": ", 4, doubts.items[i].sentence);
	return true;
}

static bool build_whole(struct cw_text *text, const struct cw_service_groups *groups, struct cw_error *error)
{
	if (text->options->title)
		cw_buffer_printf(
			&text->out, CW_MARK_BOLD "=== %s" CW_MARK_END "\n", text->check->deployment->name);
	if (!tell_doubts(text, error) || !tell_first_groups(text, groups, error))
		return false;
	tell_plan(text);
	cw_text_links(text);
	if (!tell_other_groups(text, groups, error))
		return false;
	tell_leaves(text);
	tell_other_ways(text);
	cw_text_causes(text);
	tell_nodes(text);
	tell_summary(text);
	/* what scrolled away is told once more */
	return !cw_check_refused(text->check) || tell_answer(text, groups, error);
}

static bool build(struct cw_text *text, struct cw_error *error)
{
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_causes_find(text->check, &text->causes, error) ||
		!cw_service_groups_find(text->check, &text->causes, &groups, error))
		return false;
	bool good =
		text->options->quiet ? tell_answer(text, &groups, error) : build_whole(text, &groups, error);
	return good && cw_buffer_ok(&text->out, error);
}

bool cw_report_text(const struct cw_check *check, const struct cw_text_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_text text = {.check = check, .options = options};
	bool good = build(&text, error);
	if (good)
		cw_layout_render(&text.out, options->look, ret);
	cw_causes_finish(&text.causes);
	cw_buffer_finish(&text.out);
	return good && cw_buffer_ok(ret, error);
}

static bool people(const struct cw_check *check, const struct cw_causes *causes, struct cw_buffer *ret,
	struct cw_error *error)
{
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_service_groups_find(check, causes, &groups, error))
		return false;
	for (size_t i = 0; i < groups.count; i++) {
		AUTO_BUFFER line = {0};
		if (!cw_service_group_sentence(&line, check, &groups.items[i], error) ||
			!cw_buffer_ok(&line, error))
			return false;
		cw_layout_flow(ret, "", 2, cw_buffer_string(&line));
	}
	return cw_buffer_ok(ret, error);
}

bool cw_report_text_people(const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_causes causes = {0};
	bool good = cw_causes_find(check, &causes, error) && people(check, &causes, ret, error);
	cw_causes_finish(&causes);
	return good;
}
