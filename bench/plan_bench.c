/*
 * Plans: the whole repair of an estate with several faults, in one call; and what-ifs beside whole checks, both in
 * memory with one warm cache: every single change of a list (each entry taken out, each moved to the top, each CA
 * appended that a list lacks) and of a certificate. The deployment is named on the command line (bench/run_plan makes
 * the large lab).
 */
#include "config/load.h"
#include "plan/repair.h"
#include "plan/whatif.h"

#include <stdio.h>
#include <time.h>

#define ROUNDS 5
#define CHANGES_MAX 20000
#define CAS_MAX 64

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int trouble(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	return 1;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *items, size_t count)
{
	qsort(items, count, sizeof *items, compare);
	return count ? items[count / 2] : 0;
}

/* ---------------------------------------------------------------- every single change */

struct changes {
	struct cw_whatif_change *items;
	size_t count;
	struct cw_cert *cas[CAS_MAX];
	size_t ca_count;
};

static void add(struct changes *changes, struct cw_whatif_change change)
{
	if (changes->count < CHANGES_MAX)
		changes->items[changes->count++] = change;
}

static void add_list(
	struct changes *changes, const char *node, enum cw_store_kind kind, const struct cw_store *store)
{
	struct cw_whatif_change change = {.node = node, .store = kind};
	if (store->state != CW_KNOWN)
		return;
	for (size_t i = 0; i < store->list.count; i++) {
		change.cert = store->list.entries[i].cert;
		change.kind = CW_WHATIF_REMOVE;
		add(changes, change);
		change.kind = CW_WHATIF_MOVE;
		add(changes, change);
	}
	change.kind = CW_WHATIF_APPEND;
	for (size_t i = 0; i < changes->ca_count; i++) {
		change.cert = changes->cas[i];
		if (cw_trust_list_find(&store->list, change.cert) == store->list.count)
			add(changes, change);
	}
}

static void add_node(struct changes *changes, const struct cw_node *node)
{
	for (unsigned kind = 0; kind < CW_STORE_KIND_COUNT && !node->same_as; kind++)
		add_list(changes, node->fqdn, (enum cw_store_kind)kind, &node->stores[kind]);
	for (unsigned kind = 0; kind < CW_IDENTITY_KIND_COUNT; kind++)
		if (node->identities[kind].state == CW_KNOWN)
			add(changes,
				(struct cw_whatif_change){.kind = CW_WHATIF_IDENTITY,
					.node = node->fqdn,
					.identity = (enum cw_identity_kind)kind,
					.cert = changes->cas[0]});
}

static void find_changes(const struct cw_deployment *deployment, struct changes *changes)
{
	const void *after = NULL;
	struct cw_cert *cert;
	while ((cert = cw_pool_each(deployment->pool, &after)) && changes->ca_count < CAS_MAX)
		if (cw_cert_is_ca(cert))
			changes->cas[changes->ca_count++] = cert;
	for (size_t i = 0; i < deployment->group_count; i++)
		for (size_t k = 0; k < deployment->groups[i]->count; k++)
			add_node(changes, deployment->groups[i]->nodes[k]);
	for (size_t i = 0; i < deployment->endpoint_count; i++)
		add_list(changes, deployment->endpoints[i].name, CW_STORE_TRUST,
			&deployment->endpoints[i].trust);
}

/* One change, both ways, one after the other; seconds each. */
static bool ask_both(const struct cw_check *before, const struct cw_check_options *options,
	const struct cw_whatif_change *change, double *ret_whatif, double *ret_whole, struct cw_error *error)
{
	AUTO(cw_whatif_free) struct cw_whatif *whatif = NULL;
	double start = now();
	if (!cw_whatif_new(before->deployment, &whatif, error) || !cw_whatif_apply(whatif, change, error))
		return false;
	struct cw_check *check = NULL;
	if (!cw_whatif_check_beside(whatif, before, options, &check, error))
		return false;
	cw_check_free(check);
	*ret_whatif = now() - start;
	if (!ret_whole)
		return true;
	start = now();
	if (!cw_check_run(cw_whatif_deployment(whatif), options, &check, error))
		return false;
	cw_check_free(check);
	*ret_whole = now() - start;
	return true;
}

/* A whole check takes as long whatever was changed: it is made beside every eighth what-if. */
static bool measure_whatifs(
	const struct cw_check *before, const struct cw_check_options *options, struct cw_error *error)
{
	struct changes changes = {.items = calloc(CHANGES_MAX, sizeof *changes.items)};
	double *whatifs = calloc(CHANGES_MAX, sizeof *whatifs), *wholes = calloc(CHANGES_MAX, sizeof *wholes);
	size_t whole_count = 0;
	bool good = changes.items && whatifs && wholes;
	if (good)
		find_changes(before->deployment, &changes);
	for (size_t i = 0; good && i < changes.count; i++) {
		bool both = i % 8 == 0;
		good = ask_both(before, options, &changes.items[i], &whatifs[i],
			both ? &wholes[whole_count] : NULL, error);
		whole_count += both;
	}
	double whole = median(wholes, whole_count), whatif = median(whatifs, changes.count);
	if (good)
		printf("bench: whatif %.2f goal 5 (a whole check against a what-if, medians over %zu single changes of %zu "
		       "links: %.2f ms, %.2f ms)\n",
			whole / whatif, changes.count, before->link_count, whole * 1e3, whatif * 1e3);
	free(changes.items);
	free(whatifs);
	free(wholes);
	return good;
}

static bool measure_plans(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_error *error)
{
	double checks = 0, plans = 0;
	size_t steps = 0, refusals = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		AUTO(cw_check_free) struct cw_check *check = NULL;
		AUTO_REPAIR plan = {0};
		double start = now();
		if (!cw_check_run(deployment, options, &check, error))
			return false;
		checks += now() - start;
		start = now();
		if (!cw_repair_find(check, options, &plan, error))
			return false;
		plans += now() - start;
		steps = plan.count;
		refusals = plan.proof.refused_before;
	}
	printf("bench: fix %.1f goal 0 (a plan of %zu steps for %zu refusals against a whole check: %.1f ms, %.2f ms)\n",
		plans / checks, steps, refusals, plans / ROUNDS * 1e3, checks / ROUNDS * 1e3);
	return true;
}

int main(int count, char **words)
{
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_cache_free) struct cw_cache *cache = cw_cache_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO(cw_check_free) struct cw_check *before = NULL;
	if (count != 2)
		return 0; /* scripts/run-bench names one in bench/run_plan */
	if (!pool || !cache)
		return trouble("out of memory");
	if (!cw_load_deployment(words[1], pool, &deployment, &problems))
		return trouble(problems.count ? problems.items[0] : "not loaded");
	struct cw_check_options options = {.at = cw_time_now(), .cache = cache};
	return cw_check_run(deployment, &options, &before, &error) &&
			measure_whatifs(before, &options, &error) &&
			measure_plans(deployment, &options, &error)
		? 0
		: trouble(error.message);
}
