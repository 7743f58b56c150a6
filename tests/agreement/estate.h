/**
 * Random deployments for the agreement test, of shapes that no lab has: several clusters of each side with
 * zones between them, IM&P, Unity, a front, RSA, EC and mixed keys, chains of three CAs, cross-signed roots,
 * stale roots of the same name, releases from end to end, CRLs. Every certificate and list may have a flaw.
 *
 * One seed makes one deployment, with fresh keys. What is right and wrong in it is not remembered: the two
 * that are compared find out.
 */
#ifndef TEST_ESTATE_H
#define TEST_ESTATE_H

#include "base/time.h"
#include "issue/stand_in_keys.h"

/** xorshift: the same on every machine. */
uint64_t estate_random(uint64_t *state);

/** Writes deployment.yaml and its files. `rsa` makes the RSA keys, quickly. */
CW_MUST_USE bool estate_make(
	const char *folder, uint64_t seed, cw_time at, struct cw_stand_in_keys *rsa, struct cw_error *error);

#endif
