/**
 * Sessions of administrators: who is logged in, by a token that only the browser has.
 *
 * A token is 256 random bits and new at each log-in; kept is its hash. A session ends after 30 minutes without a request,
 * after 8 hours, at log-out, and where its user is removed or gets another password. In memory alone: a restart of the
 * node ends them all, and a cookie of another node is nobody's here. No clock: time is told, in seconds of a clock that
 * goes on while the machine sleeps.
 */
#ifndef CW_NODE_ADMIN_ADMIN_SESSIONS_H
#define CW_NODE_ADMIN_ADMIN_SESSIONS_H

#include "node/admin/admin_accounts.h"

#include <stdint.h>

#define CW_ADMIN_SESSIONS_MAX 256
/* Of one user; the one that was silent longest ends. */
#define CW_ADMIN_SESSIONS_PER_USER 16
#define CW_ADMIN_SESSIONS_IDLE 1800
#define CW_ADMIN_SESSIONS_WHOLE 28800
/* Basic credentials that were right are known by a keyed hash so long. */
#define CW_ADMIN_SESSIONS_BASIC 300
#define CW_ADMIN_SESSIONS_BASICS_MAX 64

struct cw_admin_sessions;

struct cw_admin_session {
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];
	char csrf
		[CW_ADMIN_ACCOUNTS_DIGEST_SIZE]; /* what a request that changes something must show besides */
};

/** CW_E_CRYPTO: no random numbers. */
CW_MUST_USE bool cw_admin_sessions_new(struct cw_admin_sessions **ret, struct cw_error *error);
void cw_admin_sessions_free(struct cw_admin_sessions *sessions);
CW_DEFINE_AUTO(struct cw_admin_sessions *, cw_admin_sessions_free)

/** A new session; the token is handed out once. */
void cw_admin_sessions_begin(struct cw_admin_sessions *sessions, const char *user, uint64_t now,
	char ret_token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE]);
/** Whose token it is. `renews`: somebody asked for something, so the idle time begins anew. False: nobody's, or no longer. */
bool cw_admin_sessions_look(struct cw_admin_sessions *sessions, const char *token, uint64_t now, bool renews,
	struct cw_admin_session *ret);
void cw_admin_sessions_end(struct cw_admin_sessions *sessions, const char *token);
/** Every session of that user but the one of `but` (NULL: none), and what is known of its password. */
void cw_admin_sessions_end_user(struct cw_admin_sessions *sessions, const char *user, const char *but);
size_t cw_admin_sessions_count(const struct cw_admin_sessions *sessions, uint64_t now);

/** The password of that user was found right a moment ago. */
bool cw_admin_sessions_knows(
	const struct cw_admin_sessions *sessions, const char *user, const char *password, uint64_t now);
/** It was found right now. */
void cw_admin_sessions_know(
	struct cw_admin_sessions *sessions, const char *user, const char *password, uint64_t now);

#endif
