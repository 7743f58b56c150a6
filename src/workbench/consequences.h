/**
 * What installing a certificate would change on the links of a deployment: who would refuse it then, and what
 * they must trust.
 */
#ifndef CW_WORKBENCH_CONSEQUENCES_H
#define CW_WORKBENCH_CONSEQUENCES_H

#include "check/check.h"

/** Somebody who does not trust the new certificate yet, or dislikes it for another reason. */
struct cw_consequence {
	const char *judge;		  /* node or endpoint; belongs to the deployment */
	const struct cw_node *judge_node; /* NULL for an endpoint */
	bool lacks;			  /* its list lacks something: the finding is about the list */
	const char *store;		  /* where something is missing, or NULL */
	const char *link_kind;		  /* "traversal"; "own list" for the node's own */
	struct cw_cert *missing;	  /* referenced; NULL where it is another matter */
	char *missing_subject;		  /* where the certificate is not at hand, or NULL */
	char *from;			  /* the file in which it can be found, or NULL */
	enum cw_code code;
	enum cw_severity severity;
	char *detail;
};

struct cw_consequences {
	struct cw_consequence *items;
	size_t count, capacity;
	size_t worse;	/* links whose verdict gets worse */
	size_t better;	/* and better */
	size_t refused; /* of the links on which it is shown, those that are refused with it */
	bool installed; /* it is there already: what is told is so now, and `worse` are those that are refused */
};

void cw_consequences_finish(struct cw_consequences *consequences);
#define AUTO_CONSEQUENCES __attribute__((cleanup(cw_consequences_finish))) struct cw_consequences

/** A certificate that takes the place of another. */
struct cw_consequences_change {
	const struct cw_node *node;
	enum cw_identity_kind kind;
	struct cw_cert *leaf;
};

/** Judges the deployment without and with the change, which is laid over it. */
CW_MUST_USE bool cw_consequences_find(const struct cw_deployment *deployment,
	const struct cw_consequences_change *change, cw_time at, struct cw_consequences *ret,
	struct cw_error *error);

#endif
