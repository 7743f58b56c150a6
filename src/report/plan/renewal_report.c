#include "report/plan/plan_report.h"

#include "report/plan/plan_words.h"
#include "report/plan/renewal_words.h"
#include "report/report_json.h"
#include "report/text/layout.h"

#include <string.h>

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

static bool fits(const struct cw_renewal *renewal, const struct cw_renewal_columns *columns,
	struct cw_layout_look look)
{
	size_t width = look.width ? look.width : CW_REPORT_WIDTH;
	size_t wanted = state_width(renewal) - 1;
	for (size_t i = 0; i < columns->count; i++)
		wanted += column_width(columns->kinds[i]);
	return wanted <= width;
}

static void cell(struct cw_buffer *line, const struct cw_renewal_state *state, enum cw_link_kind kind)
{
	AUTO_BUFFER word = {0};
	cw_renewal_words_cell(&word, state, kind);
	cw_layout_column(line, cw_buffer_string(&word), column_width(kind));
	line->failed |= word.failed;
}

static void state_name(struct cw_buffer *line, const struct cw_renewal_state *state, size_t width)
{
	AUTO_BUFFER name = {0};
	cw_buffer_text(&name, "  ");
	cw_renewal_words_state(&name, state);
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
	struct cw_buffer *marked, const struct cw_renewal *renewal, const struct cw_renewal_columns *columns)
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
	struct cw_renewal_columns columns = cw_renewal_words_columns(renewal->plan.after);
	cw_buffer_text(marked, "\n" CW_MARK_BOLD CW_RENEWAL_WORDS_STATES CW_MARK_END "\n");
	if (fits(renewal, &columns, look))
		tell_table(marked, renewal, &columns);
	else
		for (size_t i = 0; i < renewal->state_count; i++)
			tell_state(marked, &renewal->states[i], state_width(renewal));
	cw_layout_flow(marked, "  ", 2, CW_RENEWAL_WORDS_LEGEND);
}

static void flow(struct cw_buffer *marked, const char *prefix, const struct cw_buffer *line)
{
	marked->failed |= line->failed;
	cw_layout_flow(marked, prefix, 4, cw_buffer_string(line));
}

/* Before anything else: who cannot sign in while a box restarts, and what is not planned. */
static void tell_notes(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->alone.count; i++) {
		AUTO_BUFFER line = {0};
		cw_renewal_words_alone(&line, renewal->alone.items[i]);
		flow(marked, "  ! ", &line);
	}
	for (size_t i = 0; i < renewal->installed.count; i++) {
		AUTO_BUFFER line = {0};
		cw_renewal_words_installed(&line, renewal->installed.items[i]);
		flow(marked, "  ", &line);
	}
}

static void tell_findings(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->finding_count; i++) {
		AUTO_BUFFER line = {0};
		if (cw_renewal_words_told(renewal, i))
			continue;
		if (!i)
			cw_buffer_text(marked, "\n" CW_MARK_BOLD CW_RENEWAL_WORDS_FINDINGS CW_MARK_END "\n");
		cw_renewal_words_finding(&line, &renewal->findings[i]);
		flow(marked, "  ", &line);
	}
}

static void tell_breaks(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	for (size_t i = 0; i < renewal->break_count; i++) {
		AUTO_BUFFER line = {0};
		cw_renewal_words_break(&line, &renewal->breaks[i]);
		flow(marked, "  ", &line);
	}
}

static void tell_headline(struct cw_buffer *marked, const struct cw_renewal *renewal)
{
	AUTO_BUFFER line = {0};
	cw_renewal_words_headline(&line, renewal);
	marked->failed |= line.failed;
	if (line.length)
		cw_layout_flow(marked, "", 2, cw_buffer_string(&line));
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
		cw_buffer_text(&marked, "  " CW_MARK_BOLD CW_RENEWAL_WORDS_LATER CW_MARK_END "\n");
		cw_layout_flow(&marked, "      ", 6, CW_RENEWAL_WORDS_TIDY);
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
