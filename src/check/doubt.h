/**
 * Doubts about the input: what a deployment's files say that hardly is so on the boxes.
 *
 * A report on the wrong files is worse than none: one certificate exported twice, the files of two boxes swapped, an
 * empty list, nobody who signs in. A doubt is no finding and changes no verdict; it is told before anything else. So
 * is what all verdicts of a cluster rest on and nobody knows: whether it checks revocation.
 * Shapes that people run (a certificate for a whole cluster, a multi-server certificate of CUCM, a front with its
 * chain) are no doubt. Judges nothing.
 */
#ifndef CW_CHECK_DOUBT_H
#define CW_CHECK_DOUBT_H

#include "model/deployment.h"

enum cw_doubt_kind {
	CW_DOUBT_ONE_CERTIFICATE, /* two boxes that are no cluster present one certificate */
	CW_DOUBT_OTHERS_NAME,	  /* a box's own name is not in its certificate, another's is */
	CW_DOUBT_SWAPPED,	  /* two boxes have each other's certificate */
	CW_DOUBT_CA_FIRST,	  /* a chain file begins with a CA certificate */
	CW_DOUBT_EMPTY_LIST,
	CW_DOUBT_NO_ENDPOINTS,
	CW_DOUBT_REVOCATION, /* whether a cluster checks revocation is not known */
	CW_DOUBT_KIND_COUNT
};

struct cw_doubt {
	enum cw_doubt_kind kind;
	char *sentence; /* names the boxes, the files, and what to look at */
};

struct cw_doubts {
	struct cw_doubt *items;
	size_t count, capacity;
};

void cw_doubt_finish(struct cw_doubts *doubts);
#define AUTO_DOUBTS __attribute__((cleanup(cw_doubt_finish))) struct cw_doubts

/** In the order of the kinds, then of the deployment. Fails for want of memory only. */
CW_MUST_USE bool cw_doubt_find(
	const struct cw_deployment *deployment, struct cw_doubts *ret, struct cw_error *error);

/** "one-certificate", "others-name", "swapped", "ca-first", "empty-list", "no-endpoints", "revocation". */
const char *cw_doubt_kind_name(enum cw_doubt_kind kind);

#endif
