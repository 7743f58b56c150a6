#include "report/plan/plan_report.h"

#include "plan/compare.h"
#include "report/cause_words.h"
#include "report/plan/plan_words.h"
#include "report/report_json.h"
#include "report/text/layout.h"

#include <string.h>

/* The kinds that have a column: those of which there are links. */
struct columns {
	enum cw_link_kind kinds[CW_LINK_KIND_COUNT];
	size_t count;
};

/* "  in step 12 " */
static size_t state_width(const struct cw_renewal *renewal)
{
	size_t width = strlen("  in step 1 ");
	for (size_t count = renewal->plan.count; count >= 10; count /= 10)
		width++;
	return width;
}

#define CELL_WIDTH 8 /* "14 wait" */

static size_t column_width(enum cw_link_kind kind)
{
	size_t width = strlen(cw_link_kind_name(kind)) + 1;
	return width < CELL_WIDTH ? CELL_WIDTH : width;
}

static struct columns find_columns(const struct cw_check *check)
{
	struct columns columns = {.count = 0};
	for (int kind = 0; kind < CW_LINK_KIND_COUNT; kind++) {
		bool there = false;
		for (size_t i = 0; check && i < check->link_count && !there; i++)
			there = check->links[i]->kind == (enum cw_link_kind)kind;
		if (there)
			columns.kinds[columns.count++] = (enum cw_link_kind)kind;
	}
	return columns;
}

static bool fits(const struct cw_renewal *renewal, const struct columns *columns, struct cw_layout_look look)
{
	size_t width = look.width ? look.width : CW_REPORT_WIDTH;
	size_t wanted = state_width(renewal) - 1;
	for (size_t i = 0; i < columns->count; i++)
		wanted += column_width(columns->kinds[i]);
	return wanted <= width;
}

/* "up", "2 down", "restart": what of this kind worked before. */
static void cell(struct cw_buffer *line, const struct cw_renewal_state *state, enum cw_link_kind kind)
{
	AUTO_BUFFER word = {0};
	if (state->broken_kinds[kind])
		cw_buffer_printf(&word, CW_MARK_BAD "%zu down" CW_MARK_END, state->broken_kinds[kind]);
	else if (state->restarting_kinds[kind])
		cw_buffer_printf(&word, CW_MARK_WARN "%zu wait" CW_MARK_END, state->restarting_kinds[kind]);
	else
		cw_buffer_text(&word, CW_MARK_GOOD "up" CW_MARK_END);
	cw_layout_column(line, cw_buffer_string(&word), column_width(kind));
	line->failed |= word.failed;
}

static void state_name(struct cw_buffer *line, const struct cw_renewal_state *state, size_t width)
{
	AUTO_BUFFER name = {0};
	if (state->after_step)
		cw_buffer_printf(&name, "  %s %zu", state->restarts ? "in step" : "after", state->after_step);
	else
		cw_buffer_text(&name, "  now");
	cw_layout_column(line, cw_buffer_string(&name), width);
	line->failed |= name.failed;
}

static void trim(struct cw_buffer *line)
{
	while (line->length && line->data[line->length - 1] == ' ')
		line->data[--line->length] = '\0';
}

/* A row a state, a column a kind of link. */
static void tell_table(
	struct cw_buffer *marked, const struct cw_renewal *renewal, const struct columns *columns)
{
	AUTO_BUFFER head = {0};
	cw_layout_column(&head, "", state_width(renewal));
	for (size_t i = 0; i < columns->count; i++)
		cw_layout_column(
			&head, cw_link_kind_name(columns->kinds[i]), column_width(columns->kinds[i]));
	trim(&head);
	cw_buffer_printf(marked, "%s\n", cw_buffer_string(&head));
	marked->failed |= head.failed;
	for (size_t i = 0; i < renewal->state_count; i++) {
		AUTO_BUFFER line = {0};
		state_name(&line, &renewal->states[i], state_width(renewal));
		for (size_t k = 0; k < columns->count; k++)
			cell(&line, &renewal->states[i], columns->kinds[k]);
		trim(&line);
		cw_buffer_printf(marked, "%s\n", cw_buffer_string(&line));
		marked->failed |= line.failed;
	}
}

/* Where the table has no room. */
static void tell_state(struct cw_buffer *marked, const struct cw_renewal_state *state, size_t width)
{
	AUTO_BUFFER name = {0};
	AUTO_BUFFER line = {0};
	state_name(&name, state, width);
	cw_buffer_printf(&line, "%zu pass, %zu refused", state->passed, state->refused);
	for (size_t i = 0; i < state->broken.count; i++)
		cw_buffer_printf(&line, "%s%s", i ? ", " : CW_MARK_BAD " down: ", state->broken.items[i]);
	cw_buffer_text(&line, state->broken.count ? CW_MARK_END : "");
	if (state->restarting.count)
		cw_buffer_printf(&line, ", %zu wait for %s", state->restarting.count, state->restarts);
	marked->failed |= name.failed || line.failed;
	cw_layout_flow(marked, cw_buffer_string(&name), 4, cw_buffer_string(&line));
}

static void tell_states(
	struct cw_buffer *marked, const struct cw_renewal *renewal, struct cw_layout_look look)
{
	struct columns columns = find_columns(renewal->plan.after);
	cw_buffer_text(marked, "\n" CW_MARK_BOLD "Judged between the steps" CW_MARK_END "\n");
	if (fits(renewal, &columns, look))
		tell_table(marked, renewal, &columns);
	else
		for (size_t i = 0; i < renewal->state_count; i++)
			tell_state(marked, &renewal->states[i], state_width(renewal));
	cw_layout_flow(marked, "  ", 2,
		"up: all of that kind that work now; wait: down while the box of that step restarts; down: refused "
		"by a judge.");
}

/* Before anything else: who cannot sign in while a box restarts, and what is not planned. */
static void tell_notes(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->alone.count; i++) {
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line, "While %s restarts nobody signs in over it: it has no peer.",
			renewal->alone.items[i]);
		marked->failed |= line.failed;
		cw_layout_flow(marked, "  ! ", 4, cw_buffer_string(&line));
	}
	for (size_t i = 0; i < renewal->installed.count; i++) {
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line,
			"%s: this certificate is installed already, nothing is planned for it; how its links are "
			"now says causeway check.",
			renewal->installed.items[i]);
		marked->failed |= line.failed;
		cw_layout_flow(marked, "  ", 4, cw_buffer_string(&line));
	}
}

/* One reason on two links is told once; programs get each. */
static bool told_before(const struct cw_renewal *renewal, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (cw_compare_same_complaint(
			    renewal->findings[i].complaint, renewal->findings[index].complaint))
			return true;
	return false;
}

static void tell_findings(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->finding_count; i++) {
		const struct cw_renewal_finding *found = &renewal->findings[i];
		const struct cw_finding *finding = &found->complaint->finding;
		AUTO_BUFFER line = {0};
		if (told_before(renewal, i))
			continue;
		cw_buffer_printf(&line, "%s%s" CW_MARK_END " (%s): ",
			cw_layout_verdict_mark(cw_finding_severity_verdict(finding->severity)),
			cw_finding_code_name(finding->code), cw_finding_severity_name(finding->severity));
		cw_cause_words_complaint(&line, found->complaint);
		if (!i)
			cw_buffer_text(marked,
				"\n" CW_MARK_BOLD "What is wrong with the new certificates" CW_MARK_END "\n");
		marked->failed |= line.failed;
		cw_layout_flow(marked, "  ", 4, cw_buffer_string(&line));
	}
}

static void tell_breaks(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->break_count; i++) {
		const struct cw_renewal_break *found = &renewal->breaks[i];
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line, "%s is down from step %zu", found->link, found->from_step);
		if (found->to_step)
			cw_buffer_printf(&line, " to step %zu", found->to_step);
		cw_buffer_printf(&line, ": %s", found->why);
		marked->failed |= line.failed;
		cw_layout_flow(marked, "  ", 4, cw_buffer_string(&line));
	}
}

static void tell_headline(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	if (renewal->break_count)
		cw_buffer_printf(marked, CW_MARK_BAD "%zu link%s cannot be kept up" CW_MARK_END ":\n",
			renewal->break_count, renewal->break_count == 1 ? "" : "s");
	else if (renewal->plan.count)
		cw_layout_flow(marked, "", 2,
			CW_MARK_GOOD "No link that works stops working" CW_MARK_END
				     ", but while its own box restarts.");
	else if (!renewal->installed.count)
		cw_buffer_text(marked, "Nothing is to be renewed.\n");
}

bool cw_plan_report_renewal_text(const struct cw_deployment *deployment, const struct cw_renewal *renewal,
	struct cw_layout_look look, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER marked = {0};
	tell_headline(&marked, renewal);
	tell_breaks(&marked, renewal);
	tell_notes(&marked, renewal);
	tell_findings(&marked, renewal);
	if (renewal->plan.count) {
		cw_buffer_char(&marked, '\n');
		cw_layout_flow(&marked, "  ", 2, CW_PLAN_WORDS_BACKUP);
		cw_buffer_char(&marked, '\n');
		cw_plan_report_steps(&marked, deployment, &renewal->plan, true);
		cw_buffer_text(&marked, "  " CW_MARK_BOLD "Later, after some days" CW_MARK_END "\n");
		cw_layout_flow(&marked, "      ", 6,
			"what is of no use any more: causeway trust tidy; until then it is the way back");
		tell_states(&marked, renewal, look);
	}
	if (!cw_buffer_ok(&marked, error))
		return false;
	cw_layout_render(&marked, look, ret);
	return cw_buffer_ok(ret, error);
}

static json_t *states(const struct cw_renewal *renewal)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < renewal->state_count; i++) {
		const struct cw_renewal_state *state = &renewal->states[i];
		json_t *object = json_object();
		cw_json_put(&json, object, "after_step", cw_json_count(state->after_step));
		cw_json_put(&json, object, "pass", cw_json_count(state->passed));
		cw_json_put(&json, object, "refused", cw_json_count(state->refused));
		cw_json_put(&json, object, "broken", cw_json_texts(&state->broken));
		cw_json_put(&json, object, "restarts", cw_json_text(state->restarts));
		cw_json_put(&json, object, "restarting", cw_json_texts(&state->restarting));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *unavoidable(const struct cw_renewal *renewal)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < renewal->break_count; i++) {
		const struct cw_renewal_break *found = &renewal->breaks[i];
		json_t *object = json_object();
		cw_json_put(&json, object, "link", cw_json_text(found->link));
		cw_json_put(&json, object, "from_step", cw_json_count(found->from_step));
		cw_json_put(&json, object, "to_step",
			found->to_step ? cw_json_count(found->to_step) : json_null());
		cw_json_put(&json, object, "why", cw_json_text(found->why));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *findings(const struct cw_renewal *renewal)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < renewal->finding_count; i++) {
		const struct cw_renewal_finding *found = &renewal->findings[i];
		json_t *object = cw_report_json_finding(&found->complaint->finding, found->complaint);
		if (object) {
			cw_json_put(&json, object, "node", cw_json_text(found->node->fqdn));
			cw_json_put(
				&json, object, "link", cw_json_text(found->link ? found->link->id : NULL));
		}
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

bool cw_plan_report_renewal_json(const struct cw_deployment *deployment, cw_time at,
	const struct cw_renewal *renewal, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(at));
	cw_json_put(&json, object, "plan", cw_plan_report_object(deployment, &renewal->plan));
	cw_json_put(&json, object, "states", states(renewal));
	cw_json_put(&json, object, "unavoidable", unavoidable(renewal));
	cw_json_put(&json, object, "findings", findings(renewal));
	cw_json_put(&json, object, "alone", cw_json_texts(&renewal->alone));
	cw_json_put(&json, object, "installed", cw_json_texts(&renewal->installed));
	return cw_json_print(&json, object, false, ret, error);
}
