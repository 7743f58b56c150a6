/**
 * Passwords of administrators: argon2id (libsodium), in a short-lived process of its own, one at a time.
 *
 * The core does not wait for the 64 MB and the tenth of a second that a password costs, and whoever sends many passwords
 * keeps one process busy and no more: what waits is bounded. For a user that is not there a password is compared with
 * that of nobody, so that both take the same time. Does not know users.
 */
#ifndef CW_NODE_ADMIN_ADMIN_PASSWORD_H
#define CW_NODE_ADMIN_ADMIN_PASSWORD_H

#include "base/error.h"

#include <event2/event.h>

/* The word by which the program becomes this process: the first of its arguments, the only one. */
#define CW_ADMIN_PASSWORD_WORD "admin-password-process"

/* crypto_pwhash_STRBYTES of libsodium, with its NUL. */
#define CW_ADMIN_PASSWORD_HASH_SIZE 128
/* Against work that grows with what is sent. */
#define CW_ADMIN_PASSWORD_MAX 256
#define CW_ADMIN_PASSWORD_MIN 12
/* Against a queue as long as whoever sends passwords likes. */
#define CW_ADMIN_PASSWORD_WAITING_MAX 32
/* The process is ended after so long: a machine that is busy with something else takes its time. */
#define CW_ADMIN_PASSWORD_SECONDS 40
/* And after so much work of its own: a password costs a tenth of a second. */
#define CW_ADMIN_PASSWORD_CPU_SECONDS 10

struct cw_admin_password;

struct cw_admin_password_answer {
	bool worked;				/* false: the process failed */
	bool matches;				/* of a check */
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE]; /* of a making */
};

struct cw_admin_password_owner {
	void (*done)(void *context, const struct cw_admin_password_answer *answer);
	void *context;
};

/** `program`: the path that becomes the process. Borrowed until the end. */
CW_MUST_USE bool cw_admin_password_new(
	struct event_base *base, const char *program, struct cw_admin_password **ret, struct cw_error *error);
/** Whoever waits hears nothing any more. */
void cw_admin_password_free(struct cw_admin_password *password);
CW_DEFINE_AUTO(struct cw_admin_password *, cw_admin_password_free)

/** Is it this password's hash? `hash` NULL or "": nobody's, the answer is no after the usual time. False: too many wait
 * (CW_E_LIMIT), the password is too long. Texts are copied. */
CW_MUST_USE bool cw_admin_password_check(struct cw_admin_password *password, const char *text,
	const char *hash, const struct cw_admin_password_owner *owner, struct cw_error *error);
/** The hash of this password. */
CW_MUST_USE bool cw_admin_password_make(struct cw_admin_password *password, const char *text,
	const struct cw_admin_password_owner *owner, struct cw_error *error);

/** The process: reads one question from standard input, answers on standard output, returns its exit status. */
int cw_admin_password_process(void);

#endif
