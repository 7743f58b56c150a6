/*
 * Plans: the whole repair of an estate with several faults, in one call; and a what-if beside a whole check, both in
 * memory with one warm cache. The deployment is named on the command line (scripts/run-bench makes the large lab).
 */
#include "config/load.h"
#include "plan/repair.h"
#include "plan/whatif.h"

#include <stdio.h>
#include <time.h>

#define ROUNDS 5

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

/* A change of one list, laid over and judged. */
static bool ask_whatif(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_error *error)
{
	AUTO(cw_whatif_free) struct cw_whatif *whatif = NULL;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	const struct cw_node *node = deployment->groups[0]->nodes[0];
	const struct cw_trust_list *list = &node->stores[CW_STORE_TRUSTED_CA].list;
	const struct cw_whatif_change change = {.kind = CW_WHATIF_REMOVE,
		.node = node->fqdn,
		.store = CW_STORE_TRUSTED_CA,
		.cert = list->entries[0].cert};
	return cw_whatif_new(deployment, &whatif, error) && cw_whatif_apply(whatif, &change, error) &&
		cw_whatif_check(whatif, options, &check, error);
}

static bool measure(
	const struct cw_deployment *deployment, struct cw_check_options *options, struct cw_error *error)
{
	double checks = 0, whatifs = 0, plans = 0;
	size_t steps = 0, refusals = 0;
	for (size_t i = 0; i < ROUNDS; i++) {
		AUTO_REPAIR plan = {0};
		AUTO(cw_check_free) struct cw_check *check = NULL;
		double start = now();
		if (!cw_check_run(deployment, options, &check, error))
			return false;
		checks += now() - start;
		start = now();
		if (!ask_whatif(deployment, options, error))
			return false;
		whatifs += now() - start;
		start = now();
		if (!cw_repair_find(check, options, &plan, error))
			return false;
		plans += now() - start;
		steps = plan.count;
		refusals = plan.proof.refused_before;
	}
	printf("bench: whatif %.2f goal 5 (a whole check against a what-if of one list: %.2f ms, %.2f ms)\n",
		checks / whatifs, checks / ROUNDS * 1e3, whatifs / ROUNDS * 1e3);
	printf("bench: fix %.1f goal 0 (a plan of %zu steps for %zu refusals against a whole check: %.1f ms, %.2f "
	       "ms)\n",
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
	if (count != 2)
		return 0; /* scripts/run-bench names one in bench/run_estate */
	if (!pool || !cache)
		return trouble("out of memory");
	if (!cw_load_deployment(words[1], pool, &deployment, &problems))
		return trouble(problems.count ? problems.items[0] : "not loaded");
	struct cw_check_options options = {.at = cw_time_now(), .cache = cache};
	return measure(deployment, &options, &error) ? 0 : trouble(error.message);
}
