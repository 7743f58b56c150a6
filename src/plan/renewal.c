#include "plan/renewal_parts.h"

#include "base/buffer.h"
#include "issue/issue_key.h"
#include "plan/reissue.h"
#include "plan/stand_in_leaf.h"
#include "trust/issuers.h"

#include <string.h>

void cw_renewal_finish(struct cw_renewal *renewal)
{
	cw_repair_finish(&renewal->plan);
	for (size_t i = 0; i < renewal->state_count; i++) {
		cw_strings_finish(&renewal->states[i].broken);
		cw_strings_finish(&renewal->states[i].restarting);
	}
	free(renewal->states);
	free(renewal->findings);
	cw_strings_finish(&renewal->alone);
	cw_strings_finish(&renewal->installed);
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
	const struct cw_cert *present = cert->node->identities[cert->kind].leaf;
	if (issuer && present && cw_cert_same(issuer, present))
		return cw_error_set(renewing->error, CW_E_USAGE,
			"%s: its %s certificate is self-signed; name the CA of the new one with --ca, or the new "
			"certificate's file",
			cert->node->fqdn, cw_node_identity_name(cert->kind));
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

/* What the new certificates need, found on the deployment as it will be: steps that change lists. */
static bool find_lists(
	struct renewing *renewing, struct cw_repair_step *installs, size_t count, struct cw_repair *ret)
{
	AUTO(cw_whatif_free) struct cw_whatif *changed = NULL;
	AUTO(cw_check_free) struct cw_check *then = NULL;
	if (!cw_whatif_new(renewing->deployment, &changed, renewing->error))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!cw_repair_lay(changed, &installs[i], renewing->error))
			return false;
	if (!cw_whatif_check(changed, renewing->options, &then, renewing->error) ||
		!cw_repair_find_beside(then, renewing->before, renewing->options, ret, renewing->error))
		return false;
	for (size_t i = 0; i < ret->count; i++) {
		struct cw_remedy *remedy = &ret->steps[i].remedy;
		/* the changed deployment's pool ends with it */
		remedy->from = remedy->cert ? cw_pool_path(renewing->deployment->pool, remedy->cert) : NULL;
	}
	cw_check_free(ret->after);
	cw_whatif_free(ret->changed);
	ret->after = NULL;
	ret->changed = NULL;
	return true;
}

/* ---------------------------------------------------------------- the window */

static bool is_callmanager(const struct cw_renewal_cert *cert)
{
	return cert->kind == CW_IDENTITY_CALLMANAGER || cert->kind == CW_IDENTITY_CALLMANAGER_ECDSA;
}

/* What restarts for it: the whole box, or one of the services of a node of CUCM. */
static const char *restarted(const struct cw_renewal_cert *cert)
{
	if (cw_node_is_expressway(cert->node) || cert->node->kind == CW_NODE_FRONT)
		return NULL;
	return is_callmanager(cert) ? "callmanager" : "tomcat";
}

/* The next certificate is of the same box and takes effect with the same restart. */
static bool restarts_with(const struct cw_renewal_cert *cert, const struct cw_renewal_cert *next)
{
	return cert->node == next->node && is_callmanager(cert) == is_callmanager(next);
}

/* A certificate and what its place in the window hangs on, the first before the second. */
struct ranked {
	struct cw_renewal_cert cert;
	size_t ranks[5];
};

/* The first certificate that was named of the same cluster (or box). */
static size_t first_alike(const struct cw_renewal_cert *certs, size_t index, bool cluster)
{
	const struct cw_node *node = certs[index].node;
	size_t i = 0;
	while (certs[i].node != node && !(cluster && node->group && certs[i].node->group == node->group))
		i++;
	return i;
}

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a, *two = b;
	for (size_t i = 0; i < sizeof one->ranks / sizeof one->ranks[0]; i++)
		if (one->ranks[i] != two->ranks[i])
			return one->ranks[i] < two->ranks[i] ? -1 : 1;
	return 0;
}

/* Cluster by cluster, in the order in which they were named; a publisher before its subscribers; box by box; what
 * restarts together, together. */
static bool sort_certs(struct cw_renewal_cert *certs, size_t count, struct cw_error *error)
{
	AUTO(free) struct ranked *ranked = calloc(count + 1, sizeof *ranked);
	if (!ranked)
		return cw_error_memory(error);
	for (size_t i = 0; i < count; i++)
		ranked[i] = (struct ranked){certs[i],
			{first_alike(certs, i, true), !certs[i].node->publisher, first_alike(certs, i, false),
				is_callmanager(&certs[i]), i}};
	qsort(ranked, count, sizeof *ranked, compare_ranked);
	for (size_t i = 0; i < count; i++)
		certs[i] = ranked[i].cert;
	return true;
}

/* The steps of a renewal while they have no order yet. */
struct steps {
	struct cw_repair_step *installs, *restarts;
	size_t count;
	struct cw_repair lists;
};

static void steps_finish(struct steps *steps)
{
	for (size_t i = 0; i < steps->count; i++) {
		cw_repair_step_finish(&steps->installs[i]);
		cw_repair_step_finish(&steps->restarts[i]);
	}
	free(steps->installs);
	free(steps->restarts);
	cw_repair_finish(&steps->lists);
}

static bool note_restart(struct renewing *renewing, const struct cw_renewal_cert *cert)
{
	struct cw_strings *restarts = &renewing->renewal->plan.restarts;
	struct cw_strings *alone = &renewing->renewal->alone;
	const struct cw_group *group = cert->node->group;
	const char *fqdn = cert->node->fqdn;
	bool single = (!group || group->count == 1) && renewing->before->service_count;
	if (!cw_strings_contain(restarts, fqdn) && !cw_strings_add(restarts, fqdn))
		return cw_error_memory(renewing->error);
	if (single && !cw_strings_contain(alone, fqdn) && !cw_strings_add(alone, fqdn))
		return cw_error_memory(renewing->error);
	return true;
}

/* Certificates, then what restarts, before anything of the next box. */
static bool make_window(struct renewing *renewing, const struct cw_renewal_cert *certs, struct steps *steps,
	struct renewal_order *window)
{
	for (size_t i = 0; i < steps->count; i++) {
		struct cw_repair_step *restart = &steps->restarts[i];
		if (!renewal_order_put(window, &steps->installs[i], window->count, renewing->error))
			return false;
		if (i + 1 < steps->count && restarts_with(&certs[i], &certs[i + 1]))
			continue;
		*restart = (struct cw_repair_step){.phase = CW_REPAIR_WINDOW,
			.remedy = {.action = CW_ACTION_RESTART,
				.node = certs[i].node->fqdn,
				.store = restarted(&certs[i])}};
		if (!note_restart(renewing, &certs[i]) ||
			!renewal_order_put(window, restart, window->count, renewing->error))
			return false;
	}
	return true;
}

static bool add_all(struct renewing *renewing, const struct renewal_order *order)
{
	for (size_t i = 0; i < order->count; i++)
		if (!add_step(renewing, order->items[i]))
			return false;
	return true;
}

static bool order_steps(struct renewing *renewing, const struct cw_renewal_cert *certs, struct steps *steps)
{
	struct renewal_order lists = {0}, early = {0}, window = {0};
	bool good = make_window(renewing, certs, steps, &window);
	for (size_t i = 0; good && i < steps->lists.count; i++) {
		struct cw_repair_step *step = &steps->lists.steps[i];
		step->phase = CW_REPAIR_BEFORE;
		if (step->remedy.action != CW_ACTION_REISSUE)
			good = renewal_order_put(&lists, step, lists.count, renewing->error);
	}
	good = good && renewal_place_lists(renewing, &lists, &early, &window) && add_all(renewing, &early) &&
		add_all(renewing, &window);
	renewal_order_finish(&lists);
	renewal_order_finish(&early);
	renewal_order_finish(&window);
	return good;
}

/* What is there already needs nothing. */
static bool leave_installed_out(struct renewing *renewing, struct cw_renewal_cert *certs, size_t *count)
{
	size_t left = 0;
	for (size_t i = 0; i < *count; i++) {
		const struct cw_cert *present = certs[i].node->identities[certs[i].kind].leaf;
		AUTO_BUFFER name = {0};
		if (!certs[i].leaf || !present || !cw_cert_same(certs[i].leaf, present)) {
			struct cw_renewal_cert wanted = certs[i];
			certs[i] = certs[left];
			certs[left++] = wanted;
			continue;
		}
		cw_buffer_printf(&name, "%s %s", certs[i].node->fqdn, cw_node_identity_name(certs[i].kind));
		if (!cw_buffer_ok(&name, renewing->error))
			return false;
		if (!cw_strings_add(&renewing->renewal->installed, cw_buffer_string(&name)))
			return cw_error_memory(renewing->error);
	}
	*count = left;
	return true;
}

static bool plan(struct renewing *renewing, struct cw_renewal_cert *certs, size_t count)
{
	if (!leave_installed_out(renewing, certs, &count) || !sort_certs(certs, count, renewing->error))
		return false;
	struct steps steps = {.installs = calloc(count + 1, sizeof *steps.installs),
		.restarts = calloc(count + 1, sizeof *steps.restarts),
		.count = count};
	bool good = (steps.installs && steps.restarts) || cw_error_memory(renewing->error);
	for (size_t i = 0; good && i < count; i++)
		good = make_install(renewing, &certs[i], &steps.installs[i]);
	good = good && find_lists(renewing, steps.installs, count, &steps.lists) &&
		order_steps(renewing, certs, &steps) && renewal_judge_states(renewing, certs, count);
	if (!steps.installs || !steps.restarts)
		steps.count = 0;
	steps_finish(&steps);
	return good;
}

bool cw_renewal_find(const struct cw_deployment *deployment, struct cw_renewal_cert *certs, size_t count,
	const struct cw_check_options *options, struct cw_renewal *ret, struct cw_error *error)
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
