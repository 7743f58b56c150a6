/**
 * What a judge of a rehearsal holds: stand-ins of its lists, its revocation lists and of all that is known.
 *
 * Private to the rehearsal.
 */
#ifndef CW_REHEARSE_ROLES_H
#define CW_REHEARSE_ROLES_H

#include "check/question.h"

struct cw_rehearsal;

/** All but the chain that came. Everything borrowed from the rehearsal. */
void cw_roles_evidence(
	const struct cw_rehearsal *rehearsal, const struct cw_party *judge, struct cw_question_evidence *ret);

#endif
