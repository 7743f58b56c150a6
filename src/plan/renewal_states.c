#include "plan/renewal_parts.h"

#include "plan/compare.h"

#include <string.h>

/* The node is one end of the link. */
static bool touches(const struct cw_link *link, const char *fqdn)
{
	return strcmp(link->client.name, fqdn) == 0 || strcmp(link->server.name, fqdn) == 0;
}

static bool is_restarting(const struct cw_renewal_state *state, const struct cw_link *link)
{
	return state->restarts && touches(link, state->restarts);
}

static bool note_link(
	struct renewing *renewing, const struct cw_check *now, size_t index, struct cw_renewal_state *state)
{
	const struct cw_link *link = now->links[index];
	const struct cw_link *old = cw_compare_find_link(renewing->before, link->id, index);
	bool worked = old && old->verdict != CW_VERDICT_REFUSED;
	if (is_restarting(state, link)) {
		state->passed -= link->verdict == CW_VERDICT_PASS;
		if (!worked)
			return true;
		state->restarting_kinds[link->kind]++;
		return cw_strings_add(&state->restarting, link->id) || cw_error_memory(renewing->error);
	}
	if (!old || link->verdict <= old->verdict)
		return true;
	state->broken_kinds[link->kind]++;
	return cw_strings_add(&state->broken, link->id) || cw_error_memory(renewing->error);
}

static bool note_state(
	struct renewing *renewing, const struct cw_check *now, size_t after_step, const char *restarts)
{
	struct cw_renewal *renewal = renewing->renewal;
	if (!cw_memory_grow(&renewal->states, &renewal->state_capacity, renewal->state_count,
		    sizeof *renewal->states))
		return cw_error_memory(renewing->error);
	struct cw_renewal_state *state = &renewal->states[renewal->state_count++];
	*state = (struct cw_renewal_state){.after_step = after_step,
		.restarts = restarts,
		.passed = now->verdicts[CW_VERDICT_PASS],
		.refused = now->verdicts[CW_VERDICT_REFUSED]};
	for (size_t i = 0; i < now->link_count; i++)
		if (!note_link(renewing, now, i, state))
			return false;
	return true;
}

static const char why_one_of_a_name[] =
	"a list of an Expressway finds only the first CA of a name: it cannot hold the old one and the new one at once";
static const char why_refused[] =
	"who judges it refuses the new certificate, and no change of a list helps: another CA, or other names and "
	"purposes";

static bool add_break(struct renewing *renewing, const char *link, size_t state)
{
	struct cw_renewal *renewal = renewing->renewal;
	if (!cw_memory_grow(&renewal->breaks, &renewal->break_capacity, renewal->break_count,
		    sizeof *renewal->breaks))
		return cw_error_memory(renewing->error);
	struct cw_renewal_break *found = &renewal->breaks[renewal->break_count];
	*found = (struct cw_renewal_break){
		.link = strdup(link), .from_step = renewal->states[state].after_step};
	if (!found->link)
		return cw_error_memory(renewing->error);
	renewal->break_count++;
	for (size_t i = state + 1; i < renewal->state_count && !found->to_step; i++)
		if (!cw_strings_contain(&renewal->states[i].broken, link) &&
			!cw_strings_contain(&renewal->states[i].restarting, link))
			found->to_step = renewal->states[i].after_step;
	found->why = found->to_step ? why_one_of_a_name : why_refused;
	return true;
}

/* A link that is broken and was not in the state before; what a restart hides in between is one break. */
static bool find_breaks(struct renewing *renewing)
{
	const struct cw_renewal *renewal = renewing->renewal;
	for (size_t i = 0; i < renewal->state_count; i++) {
		for (size_t k = 0; k < renewal->states[i].broken.count; k++) {
			const char *link = renewal->states[i].broken.items[k];
			bool told = false;
			for (size_t b = 0; b < renewal->break_count; b++) {
				const struct cw_renewal_break *one = &renewal->breaks[b];
				told |= strcmp(one->link, link) == 0 &&
					(!one->to_step || renewal->states[i].after_step < one->to_step);
			}
			if (!told && !add_break(renewing, link, i))
				return false;
		}
	}
	return true;
}

/* ---------------------------------------------------------------- the certificates themselves */

static bool add_finding(struct renewing *renewing, struct cw_renewal_finding finding)
{
	struct cw_renewal *renewal = renewing->renewal;
	if (!cw_memory_grow(&renewal->findings, &renewal->finding_capacity, renewal->finding_count,
		    sizeof *renewal->findings))
		return cw_error_memory(renewing->error);
	renewal->findings[renewal->finding_count++] = finding;
	return true;
}

static bool is_new_on_node(
	const struct renewing *renewing, const struct cw_node *node, const struct cw_complaint *complaint)
{
	for (size_t i = 0; i < renewing->before->node_count; i++)
		if (strcmp(renewing->before->nodes[i].node->fqdn, node->fqdn) == 0)
			return !cw_compare_has_complaint(&renewing->before->nodes[i].complaints, complaint);
	return true;
}

static bool find_on_node(struct renewing *renewing, const struct cw_check *after, const struct cw_node *node)
{
	for (size_t i = 0; i < after->node_count; i++) {
		const struct cw_complaints *complaints = &after->nodes[i].complaints;
		if (strcmp(after->nodes[i].node->fqdn, node->fqdn) != 0)
			continue;
		for (size_t k = 0; k < complaints->count; k++) {
			const struct cw_complaint *complaint = &complaints->items[k];
			if (complaint->finding.severity >= CW_SEVERITY_WARN &&
				is_new_on_node(renewing, node, complaint) &&
				!add_finding(renewing,
					(struct cw_renewal_finding){.complaint = complaint, .node = node}))
				return false;
		}
	}
	return true;
}

/* Why a link that worked does not when all is done, where that is the node's certificate. */
static bool find_on_link(
	struct renewing *renewing, const struct cw_check *after, size_t index, const struct cw_node *node)
{
	const struct cw_link *link = after->links[index];
	const struct cw_link *old = cw_compare_find_link(renewing->before, link->id, index);
	if (!old || link->verdict <= old->verdict)
		return true;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		const struct cw_question *question = complaint->question;
		if (question && strcmp(question->subject->name, node->fqdn) == 0 &&
			complaint->finding.severity == CW_SEVERITY_REFUSED &&
			!cw_compare_has_complaint(&old->complaints, complaint) &&
			!add_finding(renewing, (struct cw_renewal_finding){complaint, link, node}))
			return false;
	}
	return true;
}

static bool find_findings(struct renewing *renewing, const struct cw_check *after,
	const struct cw_renewal_cert *certs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i && certs[i - 1].node == certs[i].node)
			continue;
		if (!find_on_node(renewing, after, certs[i].node))
			return false;
		for (size_t k = 0; k < after->link_count; k++)
			if (!find_on_link(renewing, after, k, certs[i].node))
				return false;
	}
	return true;
}

/* ---------------------------------------------------------------- all of them */

static bool judge_step(struct renewing *renewing, struct cw_whatif *changed, size_t index)
{
	struct cw_repair *plan = &renewing->renewal->plan;
	const struct cw_repair_step *step = &plan->steps[index];
	AUTO(cw_check_free) struct cw_check *now = NULL;
	if (!cw_repair_lay(changed, step, renewing->error) ||
		!cw_whatif_check(changed, renewing->options, &now, renewing->error))
		return false;
	if (step->remedy.action == CW_ACTION_RESTART &&
		!note_state(renewing, now, index + 1, step->remedy.node))
		return false;
	if (!note_state(renewing, now, index + 1, NULL))
		return false;
	if (index + 1 == plan->count)
		plan->after = TAKE(now);
	return true;
}

bool renewal_judge_states(struct renewing *renewing, const struct cw_renewal_cert *certs, size_t count)
{
	struct cw_repair *plan = &renewing->renewal->plan;
	if (!cw_whatif_new(renewing->deployment, &plan->changed, renewing->error) ||
		!note_state(renewing, renewing->before, 0, NULL))
		return false;
	for (size_t i = 0; i < plan->count; i++)
		if (!judge_step(renewing, plan->changed, i))
			return false;
	return find_breaks(renewing) && (!plan->after || find_findings(renewing, plan->after, certs, count));
}
