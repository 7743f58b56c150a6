/*
 * The agreement test: every plantable fault alone, then random pairs and triples with fixed seeds. What
 * `check` says of the files and what happens in real handshakes must be the same on every link. Prints what
 * it counted; any difference is a failure.
 *
 *     agreement [COUNT [FIRST-SEED]]
 */
#include "deploy/load.h"
#include "lab/lab.h"
#include "live/rehearsal.h"
#include "support/folder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The deployments are made as of this time; no fixture expires. */
#define AT cw_time_from_utc(2026, 11, 20, 12, 0, 0)
#define FAULTS_MAX 3

struct counts {
	size_t deployments, links, refused, made, not_rehearsable, later, differing, without_refusal;
};

struct scene {
	unsigned number;
	const char *faults[FAULTS_MAX];
	size_t fault_count;
	enum cw_tls_versions versions;
	enum cw_lab_size size;
};

/* xorshift: the same on every machine. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static size_t fault_total(void)
{
	size_t count = 0;
	while (cw_lab_fault_at(count))
		count++;
	return count;
}

/* First every fault alone, then pairs and triples by turns. */
static struct scene scene_at(unsigned number)
{
	struct scene scene = {
		.number = number, .fault_count = 1, .versions = number % 2 ? CW_TLS_1_2 : CW_TLS_ANY};
	size_t total = fault_total();
	if (number < total) {
		scene.faults[0] = cw_lab_fault_at(number)->code;
		return scene;
	}
	uint64_t state = 0x9e3779b97f4a7c15U ^ (number * (uint64_t)0x2545f4914f6cdd1dU);
	scene.fault_count = 2 + number % 2;
	scene.versions = next_random(&state) % 2 ? CW_TLS_1_2 : CW_TLS_ANY;
	scene.size = number % 10 == 9 ? CW_LAB_CLUSTER : CW_LAB_SMALL;
	for (size_t i = 0; i < scene.fault_count; i++)
		scene.faults[i] = cw_lab_fault_at(next_random(&state) % total)->code;
	return scene;
}

static void print_scene(const struct scene *scene)
{
	printf("scene %u, %s:", scene->number, scene->versions == CW_TLS_1_2 ? "TLS 1.2" : "TLS 1.3");
	for (size_t i = 0; i < scene->fault_count; i++)
		printf(" %s", scene->faults[i]);
	printf("\n");
}

static bool problem(const char *what, const char *message)
{
	printf("  %s: %s\n", what, message);
	return false;
}

static void count_link(const struct cw_reality *reality, struct counts *counts)
{
	counts->links++;
	counts->refused += reality->state == CW_REALITY_REFUSED;
	counts->made += reality->state != CW_REALITY_LATER && reality->state != CW_REALITY_NOT_REHEARSABLE;
	counts->later += reality->state == CW_REALITY_LATER;
	counts->not_rehearsable += reality->state == CW_REALITY_NOT_REHEARSABLE;
	counts->differing += reality->differences.count > 0;
	if (reality->state == CW_REALITY_NOT_REHEARSABLE)
		printf("  %s: not rehearsable: %s\n", reality->link->id, reality->note);
	for (size_t i = 0; i < reality->differences.count; i++)
		printf("  DIFFERS %s: %s\n", reality->link->id, reality->differences.items[i]);
}

static bool rehearse(const struct scene *scene, const struct cw_check *check,
	const struct cw_check_options *options, struct counts *counts)
{
	AUTO(cw_rehearsal_free) struct cw_rehearsal *rehearsal = NULL;
	struct cw_rehearsal_options live = {.check = *options, .versions = scene->versions};
	struct cw_error error;
	if (!cw_rehearsal_new(check, &live, &rehearsal, &error) || !cw_rehearsal_run(rehearsal, &error))
		return problem("rehearse", error.message);
	for (size_t i = 0; i < check->link_count; i++)
		count_link(cw_rehearsal_reality(rehearsal, i), counts);
	return cw_rehearsal_differing(rehearsal) == 0;
}

static bool play(const struct scene *scene, const char *folder, struct counts *counts)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	AUTO_STRINGS problems = {0};
	struct cw_lab_options lab = {.folder = folder,
		.size = scene->size,
		.key = "ec",
		.at = AT,
		.faults = scene->faults,
		.fault_count = scene->fault_count};
	struct cw_check_options options = {.at = AT};
	struct cw_error error;
	counts->deployments++;
	if (!pool || !cw_lab_new(&lab, &error))
		return problem("lab", pool ? error.message : "no memory");
	if (!cw_deployment_load(folder, pool, &deployment, &problems))
		return problem("load", problems.count ? problems.items[0] : "");
	if (!cw_check_run(deployment, &options, &check, &error))
		return problem("check", error.message);
	return rehearse(scene, check, &options, counts);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
	unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct counts counts = {0};
	bool good = true;
	test_folder_make();
	for (unsigned i = first; i < first + count; i++) {
		char name[32];
		struct scene scene = scene_at(i);
		snprintf(name, sizeof name, "scene-%u", i);
		print_scene(&scene);
		good &= play(&scene, test_folder_path(name), &counts);
	}
	test_folder_remove();
	printf("agreement: %zu deployments, %zu links: %zu made for real (%zu refused), %zu tunnels for "
	       "later, "
	       "%zu not rehearsable, %zu differ\n",
		counts.deployments, counts.links, counts.made, counts.refused, counts.later,
		counts.not_rehearsable, counts.differing);
	return good && counts.made && counts.refused ? 0 : 1;
}
