/**
 * Links without a connection of their own, in a rehearsal: the SIP SERVICE check, which is said over the
 * traversal zone's link.
 *
 * Judged from what that link has seen: E's certificate as it came in the real handshake. Private to the
 * rehearsal.
 */
#ifndef CW_REHEARSE_CARRIED_H
#define CW_REHEARSE_CARRIED_H

#include "observe/observed.h"

struct cw_rehearsal;

/** What happened on the link, once the link that carries it is through. */
CW_MUST_USE bool cw_carried_conclude(
	struct cw_rehearsal *rehearsal, struct cw_observed *observed, struct cw_error *error);

#endif
