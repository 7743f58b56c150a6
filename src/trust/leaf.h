/**
 * What is wrong with the certificates of a path by themselves: names, key strength, digests, TLS's own wants.
 *
 * Private to the trust layer.
 */
#ifndef CW_TRUST_LEAF_H
#define CW_TRUST_LEAF_H

#include "trust/path.h"

/** The wanted names of the question, on the leaf. */
void cw_leaf_check_names(const struct cw_judge_question *question, struct cw_findings *findings);

/** weak-key, weak-digest on the path; tls-unusable, unknown-oid-in-name on the leaf. */
void cw_leaf_check_strength(const struct cw_judge_question *question, const struct cw_partial_path *partial,
	struct cw_findings *findings);

#endif
