/**
 * The deployment that a running lab is made from, as its files are at one moment; and whether they are others now.
 */
#ifndef CW_LABRUN_LAB_SOURCE_H
#define CW_LABRUN_LAB_SOURCE_H

#include "base/strings.h"
#include "model/deployment.h"

#include <stdint.h>

struct cw_lab_source {
	const char *path; /* borrowed */
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	/* private keys of the CAs that stand in the folder ca of a lab (lab/lab.h): what they signed needs no stand-in */
	EVP_PKEY **real;
	size_t real_count, real_capacity;
	uint64_t files; /* dates and sizes of everything that was read */
};

void cw_lab_source_finish(struct cw_lab_source *source);

/** Reads the deployment. `path` is borrowed. As cw_load_deployment (config/load.h). */
CW_MUST_USE bool cw_lab_source_load(const char *path, struct cw_lab_source *ret, struct cw_strings *problems);

/** How the files of this deployment look now: another number than `files` where one is another. */
uint64_t cw_lab_source_look(const struct cw_lab_source *source);

/** Mixes date, size and number of a file (or that it is not there) into `hash`. */
uint64_t cw_lab_source_mix(uint64_t hash, const char *path);
#define CW_LAB_SOURCE_HASH 14695981039346656037ULL

#endif
