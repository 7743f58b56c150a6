/**
 * Remedies in sentences: where, on which boxes, what, and what must follow.
 *
 *     Maintenance > Security > Trusted CA certificate on c1.acme.test and c2.acme.test: append CN=Acme
 *     Issuing CA (sha256 3fa94c0d12ab77e1...; you have it in e1/ca.pem)
 */
#ifndef CW_REPORT_REMEDY_TEXT_H
#define CW_REPORT_REMEDY_TEXT_H

#include "base/buffer.h"
#include "report/causes.h"

/**
 * The sentence for the first of `places`, and for all others that ask for the same on further boxes; those
 * are marked in `told` (one for each place) and so is the first. Empty where there is nothing to do.
 */
void cw_remedy_text_sentence(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_cause_place *places, size_t count, bool *told);

/** The page on which it is done: "Maintenance > Security > Trusted CA certificate". */
void cw_remedy_text_where(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_remedy *remedy);

/** What must follow that remedy (a restart), or NULL. */
const char *cw_remedy_text_then(const struct cw_deployment *deployment, const struct cw_remedy *remedy);

/**
 * What is to be seen after a change of an Expressway's list, and what is to be done only where it is not; NULL: the
 * remedy is no such change. `by_devices`: all that it ends was refused by devices.
 */
const char *cw_remedy_text_expect(
	const struct cw_deployment *deployment, const struct cw_remedy *remedy, bool by_devices);

/* How many digits of a SHA-256 tell certificates apart for a person; --format json has them all. */
#define CW_SHA256_SHOWN 16

#endif
