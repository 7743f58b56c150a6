/**
 * An old certificate and its successor: what changed, and what that means for those who meet it.
 */
#ifndef CW_WORKBENCH_CERT_DIFF_H
#define CW_WORKBENCH_CERT_DIFF_H

#include "base/buffer.h"
#include "workbench/consequences.h"

struct cw_cert_diff {
	bool names;  /* names lost or won, or another CN */
	bool lost;   /* a name or a key purpose is gone */
	bool issuer; /* another issuing CA: name, or key identifier */
};

/**
 * Appends what changed. With a deployment, `consequences` are those of installing the new one (else NULL),
 * and the meaning names the boxes.
 */
struct cw_cert_diff cw_cert_diff_text(struct cw_buffer *ret, const struct cw_cert *old_cert,
	const struct cw_cert *new_cert, const struct cw_consequences *consequences, cw_time at);

#endif
