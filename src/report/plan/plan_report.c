#include "report/plan/plan_report.h"

#include "report/plan/plan_alternatives.h"
#include "report/plan/plan_edit.h"
#include "report/plan/plan_words.h"
#include "report/report_json.h"
#include "report/text/layout.h"

#include <string.h>

#define LEAVES_SHOWN 12

static void wrap(struct cw_buffer *marked, const char *prefix, const char *words)
{
	cw_layout_flow(marked, prefix, cw_layout_width(prefix), words);
}

static void keep_cert(struct cw_buffer *words, const struct cw_cert *cert)
{
	cw_layout_keep(words, cert ? cw_cert_subject_text(cert) : NULL);
	cw_layout_keep(words, cert ? cw_cert_label(cert) : NULL);
}

static void keep_names(struct cw_buffer *words, const struct cw_repair_step *step)
{
	keep_cert(words, step->remedy.cert);
	keep_cert(words, step->remedy.before);
	keep_cert(words, step->remedy.replaces);
	keep_cert(words, step->issuer);
}

static void tell_step(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair_step *step, size_t number)
{
	AUTO_BUFFER words = {0};
	char prefix[32];
	snprintf(prefix, sizeof prefix, "  %2zu. ", number);
	cw_plan_words_step(&words, deployment, step);
	keep_names(&words, step);
	marked->failed |= words.failed;
	wrap(marked, prefix, cw_buffer_string(&words));
}

/* As it is typed: not broken, so that it can be copied. */
static void tell_command(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair *plan, const struct cw_repair_step *step)
{
	AUTO_BUFFER words = {0};
	cw_plan_words_command(&words, deployment, step, plan);
	marked->failed |= words.failed;
	if (words.length)
		cw_buffer_printf(marked, "      $ %s\n", cw_buffer_string(&words));
	AUTO_BUFFER edit = {0};
	cw_plan_edit_words(&edit, deployment, step);
	marked->failed |= edit.failed;
	if (edit.length) {
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line, "on the files: %s", cw_buffer_string(&edit));
		marked->failed |= line.failed;
		wrap(marked, "      ", cw_buffer_string(&line));
	}
}

/* Told once for the steps of one box in one phase. */
static void tell_after(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair *plan, size_t last)
{
	const struct cw_repair_step *step = &plan->steps[last];
	const char *outage = cw_plan_words_outage(deployment, step);
	const char *consequence = cw_plan_words_consequence(deployment, step);
	AUTO_BUFFER words = {0};
	if (step->replicated)
		return;
	if (cw_plan_words_restart_follows(plan, last)) {
		if (consequence)
			wrap(marked, "      ", consequence);
		return;
	}
	if (cw_plan_words_restart(deployment, step))
		wrap(marked, "      ", cw_plan_words_restart(deployment, step));
	if (strcmp(outage, "none") != 0) {
		cw_buffer_printf(&words, "outage: %s", outage);
		wrap(marked, "      ", cw_buffer_string(&words));
	}
	if (consequence)
		wrap(marked, "      ", consequence);
	AUTO_BUFFER expect = {0};
	cw_buffer_printf(&expect, "expect: %s", cw_plan_words_expect(deployment, step));
	wrap(marked, "      ", cw_buffer_string(&expect));
	marked->failed |= words.failed || expect.failed;
}

static size_t count_of_first_box(const struct cw_repair *plan)
{
	size_t count = 1;
	while (count < plan->count && cw_plan_words_same_box(&plan->steps[count - 1], &plan->steps[count]))
		count++;
	return count < plan->count ? count : plan->count;
}

void cw_plan_report_steps(struct cw_buffer *marked, const struct cw_deployment *deployment,
	const struct cw_repair *plan, bool whole)
{
	size_t shown = whole ? plan->count : count_of_first_box(plan);
	for (size_t i = 0; i < shown; i++) {
		const struct cw_repair_step *step = &plan->steps[i];
		if (i == 0 || plan->steps[i - 1].phase != step->phase)
			cw_buffer_printf(marked, "  " CW_MARK_BOLD "%s" CW_MARK_END "\n",
				cw_plan_words_phase(step->phase));
		tell_step(marked, deployment, step, i + 1);
		if (whole)
			tell_command(marked, deployment, plan, step);
		if (i + 1 == plan->count || !cw_plan_words_same_box(step, &plan->steps[i + 1]))
			tell_after(marked, deployment, plan, i);
	}
	if (shown < plan->count)
		cw_buffer_printf(marked, "  and %zu more step%s: \"causeway fix\" tells all\n",
			plan->count - shown, plan->count - shown == 1 ? "" : "s");
}

void cw_plan_report_leaves(struct cw_buffer *marked, const struct cw_repair *plan)
{
	for (size_t i = 0; i < plan->leaf_count && i < LEAVES_SHOWN; i++) {
		const struct cw_repair_leaf *leaf = &plan->leaves[i];
		AUTO_BUFFER words = {0};
		cw_buffer_printf(
			&words, "%s: %s: %s", leaf->where, cw_finding_code_name(leaf->code), leaf->why);
		marked->failed |= words.failed;
		wrap(marked, "  - ", cw_buffer_string(&words));
	}
	if (plan->leaf_count > LEAVES_SHOWN)
		cw_buffer_printf(
			marked, "  and %zu more (-f json lists them)\n", plan->leaf_count - LEAVES_SHOWN);
}

static void tell_proof(struct cw_buffer *marked, const struct cw_repair *plan)
{
	AUTO_BUFFER words = {0};
	const struct cw_repair_proof *proof = &plan->proof;
	const char *worse = proof->worse ? "but something is worse" : "nothing is worse";
	cw_buffer_printf(&words,
		"Proof: judged with all of it done, %zu of %zu refusals are gone, %s, now and at %zu date%s of the "
		"next %d days on which something changes; no step can be left out.",
		proof->refused_before - proof->refused_after, proof->refused_before, worse,
		proof->dates.count, proof->dates.count == 1 ? "" : "s", CW_REPAIR_DAYS);
	marked->failed |= words.failed;
	cw_buffer_char(marked, '\n');
	wrap(marked, "", cw_buffer_string(&words));
	if (proof->dates_left) {
		AUTO_BUFFER left = {0};
		cw_buffer_printf(&left,
			"On %zu further dates only certificates end that no path rests on; these were not judged.",
			proof->dates_left);
		marked->failed |= left.failed;
		wrap(marked, "", cw_buffer_string(&left));
	}
	if (plan->cut)
		wrap(marked, "", "The search ended at its limit: a shorter plan may exist.");
	if (plan->alternatives_cut)
		wrap(marked, "", "Not every other way was looked for: there may be more.");
}

bool cw_plan_report_text(const struct cw_check *check, const struct cw_repair *plan,
	struct cw_layout_look look, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER marked = {0};
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, CW_MARK_BOLD "%s" CW_MARK_END ": ", check->deployment->name);
	if (plan->count)
		cw_plan_words_cost(&line, plan, !plan->leaf_count);
	else
		cw_buffer_text(&line,
			plan->leaf_count ? "no change of these boxes repairs what is refused"
					 : "nothing is refused, nothing is to be done");
	cw_layout_flow(&marked, "", 2, cw_buffer_string(&line));
	if (plan->count) {
		wrap(&marked, "  ", CW_PLAN_WORDS_BACKUP);
		cw_buffer_char(&marked, '\n');
	}
	cw_plan_report_steps(&marked, check->deployment, plan, true);
	cw_plan_alternatives_text(&marked, check->deployment, plan);
	if (plan->leaf_count) {
		cw_buffer_text(&marked, "\n" CW_MARK_BOLD "What no plan ends" CW_MARK_END "\n");
		cw_plan_report_leaves(&marked, plan);
	}
	if (plan->count)
		tell_proof(&marked, plan);
	marked.failed |= line.failed;
	if (!cw_buffer_ok(&marked, error))
		return false;
	cw_layout_render(&marked, look, ret);
	return cw_buffer_ok(ret, error);
}

/* ---------------------------------------------------------------- for programs */

static json_t *sha256(const struct cw_cert *cert)
{
	return cw_json_text(cert ? cw_cert_sha256_text(cert) : NULL);
}

static json_t *words(
	void (*tell)(struct cw_buffer *, const struct cw_deployment *, const struct cw_repair_step *),
	const struct cw_deployment *deployment, const struct cw_repair_step *step)
{
	AUTO_BUFFER buffer = {0};
	tell(&buffer, deployment, step);
	if (buffer.failed)
		return NULL;
	return cw_json_text(buffer.length ? cw_buffer_string(&buffer) : NULL);
}

static void put_remedy(struct cw_json *json, json_t *object, const struct cw_repair_step *step)
{
	const struct cw_remedy *remedy = &step->remedy;
	AUTO(json_decref) json_t *common = cw_report_json_remedy(remedy);
	json->failed |= !common || json_object_update(object, common) != 0;
	if (remedy->action == CW_ACTION_SET && step->former.count)
		cw_json_put(json, object, "replaces", cw_json_text(step->former.items[0]));
	cw_json_put(json, object, "issuer",
		cw_json_text(step->issuer ? cw_cert_subject_text(step->issuer) : NULL));
	cw_json_put(json, object, "issuer_sha256", sha256(step->issuer));
	cw_json_put(json, object, "also", cw_json_texts(&step->nodes));
	cw_json_put(json, object, "replicated", json_boolean(step->replicated));
	cw_json_put(json, object, "carried", json_boolean(step->carried));
}

static json_t *command(const struct cw_deployment *deployment, const struct cw_repair_step *step,
	const struct cw_repair *plan)
{
	AUTO_BUFFER buffer = {0};
	cw_plan_words_command(&buffer, deployment, step, plan);
	if (buffer.failed)
		return NULL;
	return cw_json_text(buffer.length ? cw_buffer_string(&buffer) : NULL);
}

json_t *cw_plan_report_step(const struct cw_deployment *deployment, const struct cw_repair_step *step,
	size_t number, const struct cw_repair *plan)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "number", cw_json_count(number));
	put_remedy(&json, object, step);
	cw_json_put(&json, object, "needs", cw_json_text(cw_repair_needs_name(step->needs)));
	cw_json_put(&json, object, "phase", cw_json_text(cw_repair_phase_name(step->phase)));
	cw_json_put(&json, object, "outage", cw_json_text(cw_plan_words_outage(deployment, step)));
	cw_json_put(&json, object, "expect", cw_json_text(cw_plan_words_expect(deployment, step)));
	cw_json_put(&json, object, "consequence", cw_json_text(cw_plan_words_consequence(deployment, step)));
	cw_json_put(&json, object, "menu", words(cw_plan_words_menu, deployment, step));
	cw_json_put(&json, object, "sentence", words(cw_plan_words_step, deployment, step));
	cw_json_put(&json, object, "command", command(deployment, step, plan));
	cw_json_put(&json, object, "edit", words(cw_plan_edit_words, deployment, step));
	cw_json_put(&json, object, "ends", cw_json_texts(&step->ends));
	return json.failed ? NULL : TAKE(object);
}

static json_t *steps(const struct cw_deployment *deployment, const struct cw_repair_step *items, size_t count,
	const struct cw_repair *plan)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		cw_json_add(&json, array, cw_plan_report_step(deployment, &items[i], i + 1, plan));
	return json.failed ? NULL : TAKE(array);
}

static json_t *leaves(const struct cw_repair *plan)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < plan->leaf_count; i++) {
		const struct cw_repair_leaf *leaf = &plan->leaves[i];
		AUTO_BUFFER finding = {0};
		json_t *object = json_object();
		cw_buffer_printf(&finding, "%s: %s", leaf->where, cw_finding_code_name(leaf->code));
		json.failed |= finding.failed;
		cw_json_put(&json, object, "service", cw_json_text(leaf->service));
		cw_json_put(&json, object, "finding", cw_json_text(cw_buffer_string(&finding)));
		cw_json_put(&json, object, "why", cw_json_text(leaf->why));
		cw_json_put(&json, object, "needs", cw_json_text("decision"));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *proof(const struct cw_repair_proof *proof)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *dates = json_array();
	for (size_t i = 0; i < proof->dates.count; i++)
		cw_json_add(&json, dates, cw_json_time(proof->dates.items[i]));
	cw_json_put(&json, object, "refused_before", cw_json_count(proof->refused_before));
	cw_json_put(&json, object, "refused_after", cw_json_count(proof->refused_after));
	cw_json_put(&json, object, "worse", cw_json_count(proof->worse));
	cw_json_put(&json, object, "dates", dates);
	cw_json_put(&json, object, "dates_left", cw_json_count(proof->dates_left));
	cw_json_put(&json, object, "idle_steps", cw_json_count(proof->idle_steps));
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_plan_report_object(const struct cw_deployment *deployment, const struct cw_repair *plan)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "restores", cw_json_texts(&plan->restores));
	cw_json_put(&json, object, "leaves", leaves(plan));
	cw_json_put(&json, object, "restarts", cw_json_texts(&plan->restarts));
	cw_json_put(&json, object, "steps", steps(deployment, plan->steps, plan->count, plan));
	cw_json_put(&json, object, "proof", proof(&plan->proof));
	cw_json_put(&json, object, "cut", json_boolean(plan->cut));
	return json.failed ? NULL : TAKE(object);
}

static void put_workaround(
	struct cw_json *json, json_t *object, const struct cw_repair_alternative *workaround)
{
	cw_json_put(json, object, "name", cw_json_text(workaround->name));
	cw_json_put(json, object, "loses", cw_json_text(workaround->loses));
	cw_json_put(json, object, "undo", cw_json_text(workaround->undo));
	cw_json_put(json, object, "restores", cw_json_texts(&workaround->restores));
}

json_t *cw_plan_report_alternatives(
	const struct cw_deployment *deployment, const struct cw_repair *plan, bool workarounds)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < plan->alternative_count; i++) {
		const struct cw_repair_alternative *alternative = &plan->alternatives[i];
		if (alternative->workaround != workarounds)
			continue;
		json_t *object = json_object(), *instead = json_array();
		for (size_t k = 0; k < alternative->replaced_count; k++)
			cw_json_add(&json, instead, cw_json_count(alternative->replaced[k]));
		cw_json_put(&json, object, "instead_of", instead);
		if (workarounds)
			put_workaround(&json, object, alternative);
		cw_json_put(&json, object, "steps",
			steps(deployment, alternative->steps, alternative->count, NULL));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

bool cw_plan_report_json(const struct cw_check *check, const struct cw_repair *plan, bool line,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(check->deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(check->at));
	cw_json_put(&json, object, "plan", cw_plan_report_object(check->deployment, plan));
	cw_json_put(
		&json, object, "alternatives", cw_plan_report_alternatives(check->deployment, plan, false));
	cw_json_put(&json, object, "workarounds", cw_plan_report_alternatives(check->deployment, plan, true));
	cw_json_put(&json, object, "alternatives_cut", json_boolean(plan->alternatives_cut));
	return cw_json_print(&json, object, line, ret, error);
}
