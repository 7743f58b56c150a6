/**
 * A rehearsal: the stand-ins of a deployment, brought up on the loopback interface, and every TLS link of it made.
 *
 * Each link of a check becomes one real connection between two stand-ins that present, ask and judge exactly
 * what the link table says, with stand-in certificates in the place of those whose keys nobody has; the SSH
 * tunnels follow (rehearsal_tunnels.h). One loop, one thread; every step of every link has a time limit, so a
 * rehearsal ends.
 */
#ifndef CW_REHEARSE_REHEARSAL_H
#define CW_REHEARSE_REHEARSAL_H

#include "net/connection.h"
#include "observe/observed.h"
#include "rehearse/stand_ins.h"

struct cw_rehearsal;

struct cw_rehearsal_options {
	struct cw_check_options check; /* as the prediction was made */
	enum cw_tls_versions versions;
	unsigned at_once;		/* links at the same time; 0: a good number */
	const struct cw_limits *limits; /* NULL: long ones, for a busy machine is no difference */
	bool without_tunnels;		/* they are not made, and count as not rehearsable */
	bool keeps_tunnels;		/* those that came up stay, for cw_serve_rehearsal */
	void (*progress)(void *context, size_t done, size_t total); /* or NULL */
	void *context;
};

/**
 * Makes the stand-ins, takes a network and opens the listeners. `check` (with its deployment) must outlive the
 * rehearsal.
 */
CW_MUST_USE bool cw_rehearsal_new(const struct cw_check *check, const struct cw_rehearsal_options *options,
	struct cw_rehearsal **ret, struct cw_error *error);
void cw_rehearsal_free(struct cw_rehearsal *rehearsal);
CW_DEFINE_AUTO(struct cw_rehearsal *, cw_rehearsal_free)

/** Makes every link once and compares it with its prediction. */
CW_MUST_USE bool cw_rehearsal_run(struct cw_rehearsal *rehearsal, struct cw_error *error);

/** What happened on every link, beside its prediction. Belongs to the rehearsal. */
const struct cw_observed_set *cw_rehearsal_observed(const struct cw_rehearsal *rehearsal);

const struct cw_stand_ins *cw_rehearsal_stand_ins(const struct cw_rehearsal *rehearsal);
const struct cw_check *cw_rehearsal_check(const struct cw_rehearsal *rehearsal);

#endif
