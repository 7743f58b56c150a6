/**
 * The names that a node's certificate must bear for its role, release and cluster, each with its reason.
 *
 * One table for the completeness check, for the SAN set of a re-issue and for composing requests. Sources:
 * the MRA certificates guide "Generate and Sign CSRs", "Cluster Certificates"; sources F1.2.
 */
#ifndef CW_MODEL_REQUIRED_NAMES_H
#define CW_MODEL_REQUIRED_NAMES_H

#include "model/deployment.h"
#include "trust/finding.h"

struct cw_required_name {
	const char *name; /* as it should stand in the certificate; owned by the set or the deployment */
	const char *alternative; /* another form that does as well, or NULL */
	enum cw_code missing;	 /* the finding where neither is there */
	const char *reason;	 /* why it is in, for people */
};

struct cw_required_names {
	struct cw_required_name *items;
	size_t count;
	size_t capacity;
	struct cw_strings built; /* names made here: "collab-edge." and a domain */
};

void cw_required_names_finish(struct cw_required_names *names);
#define AUTO_REQUIRED_NAMES __attribute__((cleanup(cw_required_names_finish))) struct cw_required_names

/** For C, E: everything of the role. For CUCM, IM&P, Unity and fronts: the name and address they are reached
 * by. */
CW_MUST_USE bool cw_required_names_of(const struct cw_deployment *deployment, const struct cw_node *node,
	struct cw_required_names *ret, struct cw_error *error);

/** A phone security profile's name that can stand in a certificate: labels of letters, digits and hyphens, two or
 * more, the last of which begins with a letter. */
bool cw_required_names_profile_fits(const char *profile);

#endif
