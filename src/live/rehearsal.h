/**
 * A rehearsal: the twin of a deployment, brought up on the loopback interface, and every TLS link of it made.
 *
 * Each link of a check becomes one real connection between two stand-ins that present, ask and judge exactly
 * what the link table says, with shadow certificates in the place of those whose keys nobody has. SSH tunnels
 * are not among them yet. One loop, one thread; every step of every link has a time limit, so a rehearsal
 * ends.
 */
#ifndef CW_LIVE_REHEARSAL_H
#define CW_LIVE_REHEARSAL_H

#include "live/reality.h"

struct cw_rehearsal;

struct cw_rehearsal_options {
	struct cw_check_options check; /* as the prediction was made */
	enum cw_tls_versions versions;
	unsigned at_once;		/* links at the same time; 0: a good number */
	const struct cw_limits *limits; /* NULL: the default */
	void (*progress)(void *context, size_t done, size_t total); /* or NULL */
	void *context;
};

/**
 * Makes the shadows, takes a network and opens the listeners. `check` (with its deployment) must outlive the
 * rehearsal.
 */
CW_MUST_USE bool cw_rehearsal_new(const struct cw_check *check, const struct cw_rehearsal_options *options,
	struct cw_rehearsal **ret, struct cw_error *error);
void cw_rehearsal_free(struct cw_rehearsal *rehearsal);
CW_DEFINE_AUTO(struct cw_rehearsal *, cw_rehearsal_free)

/** Makes every link once and compares it with its prediction. */
CW_MUST_USE bool cw_rehearsal_run(struct cw_rehearsal *rehearsal, struct cw_error *error);

/** What happened on the link at `place` of the check. */
const struct cw_reality *cw_rehearsal_reality(const struct cw_rehearsal *rehearsal, size_t place);
/** Links on which prediction and reality differ. */
size_t cw_rehearsal_differing(const struct cw_rehearsal *rehearsal);
/** Links that really were made: neither tunnels nor those that cannot be rehearsed. */
size_t cw_rehearsal_made(const struct cw_rehearsal *rehearsal);

const struct cw_twin *cw_rehearsal_twin(const struct cw_rehearsal *rehearsal);
const struct cw_check *cw_rehearsal_check(const struct cw_rehearsal *rehearsal);

#endif
