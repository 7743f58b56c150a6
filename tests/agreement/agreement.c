/*
 * The agreement test: every plantable fault alone, then random pairs and triples of them and random estates
 * (estate.h), all with fixed seeds. What `check` says of the files and what happens in real handshakes must
 * be the same on every link. Prints what it counted; any difference is a failure.
 *
 *     agreement [COUNT [FIRST-SEED]]
 */
#include "config/load.h"
#include "estate.h"
#include "lab/lab.h"
#include "rehearse/rehearsal.h"
#include "support/folder.h"
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

/* The deployments are made as of this time; no fixture expires. */
#define AT cw_time_from_utc(2026, 11, 20, 12, 0, 0)
#define FAULTS_MAX 3

struct scene {
	unsigned number;
	const char *faults[FAULTS_MAX];
	size_t fault_count; /* 0: an estate */
	enum cw_tls_versions versions;
	enum cw_lab_size size;
	const char *key;
	uint64_t seed;
};

struct run {
	struct tally tally;
	struct cw_stand_in_keys *rsa; /* RSA keys for all estates, from one pool of primes */
};

static size_t fault_total(void)
{
	size_t count = 0;
	while (cw_lab_fault_at(count))
		count++;
	return count;
}

/* One that the scene does not have yet. */
static const char *other_fault(const struct scene *scene, size_t count, uint64_t *state)
{
	for (;;) {
		const char *code = cw_lab_fault_at(estate_random(state) % fault_total())->code;
		bool repeated = false;
		for (size_t i = 0; i < count; i++)
			repeated |= scene->faults[i] == code;
		if (!repeated)
			return code;
	}
}

/* First every fault alone, then estates by turns with pairs and triples of faults; one lab in ten has RSA
 * keys. */
static struct scene scene_at(unsigned number)
{
	struct scene scene = {.number = number,
		.fault_count = 1,
		.versions = number % 2 ? CW_TLS_1_2 : CW_TLS_ANY,
		.key = number % 20 == 5 ? "rsa" : "ec"};
	size_t total = fault_total();
	if (number < total) {
		scene.faults[0] = cw_lab_fault_at(number)->code;
		return scene;
	}
	uint64_t state = scene.seed = 0x9e3779b97f4a7c15U ^ (number * (uint64_t)0x2545f4914f6cdd1dU);
	scene.fault_count = number % 2 ? 0 : 2 + number / 2 % 2;
	scene.versions = estate_random(&state) % 2 ? CW_TLS_1_2 : CW_TLS_ANY;
	scene.size = number % 10 == 8 ? CW_LAB_CLUSTER : CW_LAB_SMALL;
	for (size_t i = 0; i < scene.fault_count; i++)
		scene.faults[i] = other_fault(&scene, i, &state);
	return scene;
}

static void print_scene(const struct scene *scene)
{
	printf("scene %u, %s, %s:", scene->number, scene->versions == CW_TLS_1_2 ? "TLS 1.2" : "TLS 1.3",
		scene->fault_count ? scene->key : "an estate");
	for (size_t i = 0; i < scene->fault_count; i++)
		printf(" %s", scene->faults[i]);
	printf("\n");
}

static bool problem(const char *what, const char *message)
{
	printf("  %s: %s\n", what, message);
	return false;
}

static void print_observed(const struct cw_observed *observed)
{
	if (observed->state == CW_OBSERVED_NOT_REHEARSABLE)
		printf("  %s: not rehearsable: %s\n", observed->link->id, observed->note);
	for (size_t i = 0; i < observed->differences.count; i++)
		printf("  DIFFERS %s: %s\n", observed->link->id, observed->differences.items[i]);
}

static bool rehearse(const struct scene *scene, const struct cw_check *check,
	const struct cw_check_options *options, struct tally *tally)
{
	AUTO(cw_rehearsal_free) struct cw_rehearsal *rehearsal = NULL;
	struct cw_rehearsal_options live = {.check = *options, .versions = scene->versions};
	struct cw_error error;
	if (!cw_rehearsal_new(check, &live, &rehearsal, &error) || !cw_rehearsal_run(rehearsal, &error))
		return problem("rehearse", error.message);
	for (size_t i = 0; i < check->link_count; i++) {
		tally_add(tally, &cw_rehearsal_observed(rehearsal)->items[i]);
		print_observed(&cw_rehearsal_observed(rehearsal)->items[i]);
	}
	return cw_observed_differing(cw_rehearsal_observed(rehearsal)) == 0;
}

static bool make(const struct scene *scene, const char *folder, struct run *run, struct cw_error *error)
{
	struct cw_lab_options lab = {.folder = folder,
		.size = scene->size,
		.key = scene->key,
		.at = AT,
		.faults = scene->faults,
		.fault_count = scene->fault_count};
	return scene->fault_count ? cw_lab_new(&lab, error)
				  : estate_make(folder, scene->seed, AT, run->rsa, error);
}

static bool play(const struct scene *scene, const char *folder, struct run *run)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO(cw_check_free) struct cw_check *check = NULL;
	AUTO_STRINGS problems = {0};
	struct cw_check_options options = {.at = AT};
	struct cw_error error;
	run->tally.deployments++;
	if (!pool || !make(scene, folder, run, &error))
		return problem("making", pool ? error.message : "no memory");
	if (!cw_load_deployment(folder, pool, &deployment, &problems))
		return problem("load", problems.count ? problems.items[0] : "");
	if (!cw_check_run(deployment, &options, &check, &error))
		return problem("check", error.message);
	return rehearse(scene, check, &options, &run->tally);
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
	unsigned first = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct run run = {.rsa = cw_stand_in_keys_new()};
	bool good = run.rsa;
	test_folder_make();
	for (unsigned i = first; run.rsa && i < first + count; i++) {
		char name[32];
		struct scene scene = scene_at(i);
		snprintf(name, sizeof name, "scene-%u", i);
		print_scene(&scene);
		good &= play(&scene, test_folder_path(name), &run);
	}
	test_folder_remove();
	cw_stand_in_keys_free(run.rsa);
	tally_print(&run.tally);
	if (first == 0 && count >= 100 && !tally_is_broad(&run.tally))
		good = problem(
			"too narrow", "a kind of link, a layer or a version was never seen up or refused");
	return good ? 0 : 1;
}
