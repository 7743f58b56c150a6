#include "plan/renewal.h"

#include "issue/issue_key.h"
#include "plan/compare.h"
#include "plan/reissue.h"
#include "plan/stand_in_leaf.h"
#include "trust/issuers.h"

#include <string.h>

struct renewing {
	const struct cw_deployment *deployment;
	const struct cw_check_options *options;
	struct cw_check *before;
	EVP_PKEY *key; /* of stand-ins */
	struct cw_renewal *renewal;
	struct cw_error *error;
};

void cw_renewal_finish(struct cw_renewal *renewal)
{
	cw_repair_finish(&renewal->plan);
	for (size_t i = 0; i < renewal->state_count; i++)
		cw_strings_finish(&renewal->states[i].broken);
	free(renewal->states);
	for (size_t i = 0; i < renewal->break_count; i++)
		free(renewal->breaks[i].link);
	free(renewal->breaks);
	*renewal = (struct cw_renewal){0};
}

static bool add_step(struct renewing *renewing, struct cw_repair_step *step)
{
	struct cw_repair *plan = &renewing->renewal->plan;
	if (!cw_memory_grow(&plan->steps, &plan->capacity, plan->count, sizeof *plan->steps))
		return cw_error_memory(renewing->error);
	plan->steps[plan->count++] = *step;
	*step = (struct cw_repair_step){0};
	return true;
}

/* The CA of the present certificate, where a file of the deployment holds it. */
static struct cw_cert *present_issuer(const struct renewing *renewing, const struct cw_renewal_cert *cert)
{
	const struct cw_cert *leaf = cert->node->identities[cert->kind].leaf;
	if (!leaf)
		return NULL;
	return cw_issuers_signer(leaf, NULL, renewing->deployment->pool, renewing->options->cache);
}

/* A new one of the same names, proven with a stand-in. */
static bool ask_for(
	struct renewing *renewing, const struct cw_renewal_cert *cert, struct cw_repair_step *step)
{
	struct cw_cert *issuer = cert->issuer ? cert->issuer : present_issuer(renewing, cert);
	if (!issuer)
		return cw_error_set(renewing->error, CW_E_USAGE,
			"%s: the CA of its %s certificate is in no file of the deployment; name one with --ca",
			cert->node->fqdn, cw_node_identity_name(cert->kind));
	step->remedy.action = CW_ACTION_REISSUE;
	step->needs = CW_REPAIR_NEEDS_CA;
	step->issuer = cw_cert_ref(issuer);
	step->same_issuer = !cert->issuer;
	if (!renewing->key && !cw_issue_key("ec", &renewing->key, renewing->error))
		return false;
	if (!cw_reissue_fill(renewing->deployment, cert->node, step->remedy.store, NULL, &step->remedy,
		    renewing->error))
		return false;
	const struct cw_stand_in_leaf wanted = {.remedy = &step->remedy,
		.node = cert->node,
		.kind = cert->kind,
		.issuer = issuer,
		.key = renewing->key,
		.at = renewing->options->at};
	return cw_stand_in_leaf_make(&wanted, &step->stand_in, renewing->error);
}

static bool make_install(
	struct renewing *renewing, const struct cw_renewal_cert *cert, struct cw_repair_step *step)
{
	*step = (struct cw_repair_step){.phase = CW_REPAIR_WINDOW,
		.remedy = {.action = CW_ACTION_INSTALL,
			.node = cert->node->fqdn,
			.store = cw_node_identity_name(cert->kind)}};
	if (!cert->leaf)
		return ask_for(renewing, cert, step);
	step->remedy.cert = cw_cert_ref(cert->leaf);
	step->remedy.from = cert->from;
	step->stand_in = cw_cert_ref(cert->leaf);
	return true;
}

static bool add_restart(struct renewing *renewing, const char *node)
{
	struct cw_repair_step step = {
		.phase = CW_REPAIR_WINDOW, .remedy = {.action = CW_ACTION_RESTART, .node = node}};
	struct cw_strings *restarts = &renewing->renewal->plan.restarts;
	return (cw_strings_contain(restarts, node) || cw_strings_add(restarts, node) ||
		       cw_error_memory(renewing->error)) &&
		add_step(renewing, &step);
}

/* What the new certificates need, found on the deployment as it will be. */
static bool prepare(struct renewing *renewing, struct cw_repair_step *installs, size_t count)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *then = NULL;
	AUTO_REPAIR needed = {0};
	if (!cw_whatif_new(renewing->deployment, &changed, renewing->error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cw_repair_lay(changed, &installs[i], renewing->error))
			return false;
	if (!cw_whatif_check(changed, renewing->options, &then, renewing->error) ||
		!cw_repair_find_beside(then, renewing->before, renewing->options, &needed, renewing->error))
		return false;
	for (size_t i = 0; i < needed.count; i++) {
		struct cw_remedy *remedy = &needed.steps[i].remedy;
		bool list = remedy->action != CW_ACTION_REISSUE;
		/* the changed deployment's pool ends with it */
		remedy->from = remedy->cert ? cw_pool_path(renewing->deployment->pool, remedy->cert) : NULL;
		if (list && !add_step(renewing, &needed.steps[i]))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------- states */

static const struct cw_link *former(const struct renewing *renewing, const struct cw_check *now, size_t index)
{
	return cw_compare_find_link(renewing->before, now->links[index]->id, index);
}

static bool note_state(struct renewing *renewing, const struct cw_check *now, size_t after_step)
{
	struct cw_renewal *renewal = renewing->renewal;
	if (!cw_memory_grow(&renewal->states, &renewal->state_capacity, renewal->state_count,
		    sizeof *renewal->states))
		return cw_error_memory(renewing->error);
	struct cw_renewal_state *state = &renewal->states[renewal->state_count++];
	*state = (struct cw_renewal_state){.after_step = after_step,
		.passed = now->verdicts[CW_VERDICT_PASS],
		.refused = now->verdicts[CW_VERDICT_REFUSED]};
	for (size_t i = 0; i < now->link_count; i++) {
		const struct cw_link *old = former(renewing, now, i);
		if (old && now->links[i]->verdict > old->verdict &&
			!cw_strings_add(&state->broken, now->links[i]->id))
			return cw_error_memory(renewing->error);
	}
	return true;
}

static bool judge_states(struct renewing *renewing)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	const struct cw_repair *plan = &renewing->renewal->plan;
	if (!cw_whatif_new(renewing->deployment, &changed, renewing->error) ||
		!note_state(renewing, renewing->before, 0))
		return false;
	for (size_t i = 0; i < plan->count; i++) {
		AUTO(cw_check_free) struct cw_check *now = NULL;
		if (!cw_repair_lay(changed, &plan->steps[i], renewing->error) ||
			!cw_whatif_check(changed, renewing->options, &now, renewing->error) ||
			!note_state(renewing, now, i + 1))
			return false;
	}
	return true;
}

static bool add_break(struct renewing *renewing, const char *link, size_t state)
{
	struct cw_renewal *renewal = renewing->renewal;
	for (size_t i = 0; i < renewal->break_count; i++)
		if (strcmp(renewal->breaks[i].link, link) == 0)
			return true;
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
		if (!cw_strings_contain(&renewal->states[i].broken, link))
			found->to_step = renewal->states[i].after_step;
	found->why = found->to_step
		? "a list of an Expressway finds only the first CA of a name: it cannot hold the old one and the new "
		  "one at once"
		: "who judges it refuses the new certificate, and no change of a list helps: another CA, or other "
		  "names and purposes";
	return true;
}

static bool find_breaks(struct renewing *renewing)
{
	const struct cw_renewal *renewal = renewing->renewal;
	for (size_t i = 0; i < renewal->state_count; i++)
		for (size_t k = 0; k < renewal->states[i].broken.count; k++)
			if (!add_break(renewing, renewal->states[i].broken.items[k], i))
				return false;
	return true;
}

/* ---------------------------------------------------------------- the plan */

static bool is_last_of_node(const struct cw_renewal_cert *certs, size_t count, size_t index)
{
	for (size_t i = index + 1; i < count; i++)
		if (certs[i].node == certs[index].node)
			return false;
	return true;
}

static void installs_finish(struct cw_repair_step *installs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cw_repair_step_finish(&installs[i]);
	free(installs);
}

/* Box by box: certificates, then one restart. */
static bool add_window(struct renewing *renewing, const struct cw_renewal_cert *certs,
	struct cw_repair_step *installs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!add_step(renewing, &installs[i]) ||
			(is_last_of_node(certs, count, i) && !add_restart(renewing, certs[i].node->fqdn)))
			return false;
	return true;
}

static bool plan(struct renewing *renewing, const struct cw_renewal_cert *certs, size_t count)
{
	struct cw_repair_step *installs = calloc(count + 1, sizeof *installs);
	bool good = installs || cw_error_memory(renewing->error);
	for (size_t i = 0; good && i < count; i++)
		good = make_install(renewing, &certs[i], &installs[i]);
	good = good && prepare(renewing, installs, count) && add_window(renewing, certs, installs, count) &&
		judge_states(renewing) && find_breaks(renewing);
	if (installs)
		installs_finish(installs, count);
	return good;
}

bool cw_renewal_find(const struct cw_deployment *deployment, const struct cw_renewal_cert *certs,
	size_t count, const struct cw_check_options *options, struct cw_renewal *ret, struct cw_error *error)
{
	AUTO_RENEWAL renewal = {0};
	struct renewing renewing = {
		.deployment = deployment, .options = options, .renewal = &renewal, .error = error};
	bool good =
		cw_check_run(deployment, options, &renewing.before, error) && plan(&renewing, certs, count);
	cw_check_free(renewing.before);
	EVP_PKEY_free(renewing.key);
	if (!good)
		return false;
	*ret = renewal;
	renewal = (struct cw_renewal){0};
	return true;
}
