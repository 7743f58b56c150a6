/**
 * Turns a plan into keys and certificates.
 */
#ifndef CW_LAB_LAB_REALISE_H
#define CW_LAB_LAB_REALISE_H

#include "lab/lab.h"
#include "lab/lab_plan.h"

/**
 * Makes a key for every certificate of the plan (on two threads: with RSA that is where the time goes) and
 * signs them all, issuers first. CW_E_USAGE where the lab's kind of key is unknown. Tells the options'
 * progress.
 */
CW_MUST_USE bool cw_lab_realise(
	struct cw_lab_plan *plan, const struct cw_lab_options *options, struct cw_error *error);

/** The DER of a CRL of the plan, with whatever it revokes of what its issuer signed. After cw_lab_realise. */
CW_MUST_USE bool cw_lab_realise_crl(const struct cw_lab_plan *plan, const struct cw_lab_crl *crl,
	struct cw_buffer *ret, struct cw_error *error);

#endif
