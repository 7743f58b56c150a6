/**
 * The lab: makes whole example deployments, sound ones and ones with planted faults.
 *
 * A made folder holds deployment.yaml (docs/rules.md) and every file that it names. Without a fault all links
 * pass and no node has a finding; each fault breaks just what its name says, so that `check` has something to
 * find and people have something to learn on. Nothing here judges: what is planted is known from the plan.
 */
#ifndef CW_LAB_LAB_H
#define CW_LAB_LAB_H

#include "base/error.h"
#include "base/time.h"

#include <stdbool.h>
#include <stddef.h>

enum cw_lab_size { CW_LAB_SMALL, CW_LAB_CLUSTER, CW_LAB_LARGE };

/** Told now and then how many of the keys are made; on the caller's thread. */
typedef void (*cw_lab_progress)(void *user, size_t done, size_t total);

struct cw_lab_options {
	const char *folder; /* made; must not hold anything yet */
	enum cw_lab_size size;
	const char *key; /* "rsa" (NULL) or "ec": what leaves and CAs have, unless a fault says otherwise */
	cw_time at; /* the deployment is sound at this time; leaves live from the day before for a year */
	const char *const *faults; /* finding codes, in the order in which they are planted */
	size_t fault_count;
	cw_lab_progress progress; /* or NULL */
	void *progress_user;
	bool comments; /* deployment.yaml says behind each key where its value is found on the box */
};

/** One fault that can be planted: its finding code, and what to expect of it. */
struct cw_lab_fault {
	const char *code;
	const char *plants;	/* what was done to the deployment, one sentence */
	const char *shows;	/* where `check` reports it: kinds of links, or the node */
	const char *companions; /* codes that cannot be kept from coming along, separated by spaces; "" */
	bool cluster;		/* needs more than one peer: a small lab is raised to a cluster */
};

/** A finding code that no lab plants, and why. */
struct cw_lab_exception {
	const char *code;
	const char *reason;
};

/** What cw_lab_new would refuse before it makes anything: an unknown fault or kind of key (CW_E_USAGE). */
CW_MUST_USE bool cw_lab_check(const struct cw_lab_options *options, struct cw_error *error);

/**
 * Makes a deployment. CW_E_USAGE: an unknown fault (with "did you mean" and the list), an unknown kind of
 * key, a folder that is not empty (what this function left unfinished in it does not count). CW_E_IO names the file. After a failure the folder may hold some of the
 * files.
 */
CW_MUST_USE bool cw_lab_new(const struct cw_lab_options *options, struct cw_error *error);

/** "small", "cluster", "large". False with CW_E_USAGE for anything else. */
CW_MUST_USE bool cw_lab_size_from_name(const char *name, enum cw_lab_size *ret, struct cw_error *error);

/** The fault at `place`, from 0; NULL behind the last. */
const struct cw_lab_fault *cw_lab_fault_at(size_t place);
/** The fault that plants this code, or NULL. */
const struct cw_lab_fault *cw_lab_fault_find(const char *code);

const struct cw_lab_exception *cw_lab_exceptions(size_t *count);

#endif
