#include "report/plan/plan_report.h"

#include "report/plan/plan_words.h"
#include "report/text/layout.h"

#include <string.h>

static void tell_state(struct cw_buffer *marked, const struct cw_renewal_state *state)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "after step %zu: %zu pass, %zu refused", state->after_step, state->passed,
		state->refused);
	for (size_t i = 0; i < state->broken.count; i++)
		cw_buffer_printf(&line, "%s%s", i ? ", " : CW_MARK_BAD " down: ", state->broken.items[i]);
	cw_buffer_text(&line, state->broken.count ? CW_MARK_END : "");
	marked->failed |= line.failed;
	cw_layout_flow(marked, "  ", 4, cw_buffer_string(&line));
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

bool cw_plan_report_renewal_text(const struct cw_deployment *deployment, const struct cw_renewal *renewal,
	struct cw_layout_look look, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER marked = {0};
	if (renewal->break_count)
		cw_buffer_printf(&marked, CW_MARK_BAD "%zu link%s cannot be kept up" CW_MARK_END ":\n",
			renewal->break_count, renewal->break_count == 1 ? "" : "s");
	else
		cw_buffer_text(&marked,
			CW_MARK_GOOD "No link that works stops working" CW_MARK_END
				     ", but while its own box restarts.\n");
	tell_breaks(&marked, renewal);
	cw_buffer_char(&marked, '\n');
	cw_layout_flow(&marked, "  ", 2, CW_PLAN_WORDS_BACKUP);
	cw_buffer_char(&marked, '\n');
	cw_plan_report_steps(&marked, deployment, &renewal->plan, true);
	cw_buffer_text(&marked,
		"  " CW_MARK_BOLD "Later, after some days" CW_MARK_END
		"\n      what is of no use any more: causeway trust tidy; until then it is the way "
		"back\n\n" CW_MARK_BOLD "Judged between the steps" CW_MARK_END "\n");
	for (size_t i = 0; i < renewal->state_count; i++)
		tell_state(&marked, &renewal->states[i]);
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
	cw_json_put(&json, object, "findings", json_array());
	return cw_json_print(&json, object, false, ret, error);
}
