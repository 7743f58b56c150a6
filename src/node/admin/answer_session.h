/**
 * Sessions of browsers: log-in by password or by certificate, log-out, and what a page asks before and in between.
 *
 * A log-in makes a new session; one that was there before ends.
 */
#ifndef CW_NODE_ADMIN_ANSWER_SESSION_H
#define CW_NODE_ADMIN_ANSWER_SESSION_H

#include "node/admin/answer_pending.h"

/** Whoever is known to ask has a session from now on; the answer is its token. */
void cw_answer_session_begin(struct cw_answer_pending *pending);

/** By user and password. Refused where certificate authentication is on. */
void cw_answer_session_log_in(struct cw_answer_pending *pending);
/** Certificate authentication: the user whom the certificate names, without a password. */
void cw_answer_session_certificate(struct cw_answer_pending *pending);
void cw_answer_session_end(struct cw_answer_pending *pending);

/** Who am I: nothing but what every page shows. */
void cw_answer_session_look(struct cw_answer_pending *pending);
/** What the log-in page needs: nothing of the node but its name. */
void cw_answer_session_front(struct cw_answer_pending *pending);

#endif
