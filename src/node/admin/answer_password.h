/**
 * Passwords of those who ask: checked, with the waiting after failed ones, and made.
 *
 * Both take time, in a process of their own (admin_password.h): `then` is called when it is known, at the earliest after
 * this returns. Where it cannot be known the frame is refused here, and `then` is not called.
 */
#ifndef CW_NODE_ADMIN_ANSWER_PASSWORD_H
#define CW_NODE_ADMIN_ANSWER_PASSWORD_H

#include "node/admin/answer_pending.h"

/** Counts as failed until it is found right, so that many at once are no way round the waiting. */
void cw_answer_password_check(struct cw_answer_pending *pending, const char *user, const char *password,
	cw_answer_pending_then then);

/** After the check: the password is right and the user is still there, who asks from now on. False: it is refused, said
 * in the log and told to the history. */
bool cw_answer_password_is_right(
	struct cw_answer_pending *pending, const char *user, const struct cw_admin_password_answer *answer);

/** A hash of `text`, which must be long enough. */
void cw_answer_password_make(
	struct cw_answer_pending *pending, const char *text, cw_answer_pending_then then);

#endif
