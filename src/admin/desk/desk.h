/**
 * `causeway desk`: a page of this machine for a whole deployment. Drop archives, dumps, PEM files and captures; answer what
 * is asked; read the report, the plan, what a renewal does and what a log says; take the results away.
 *
 * Listens on loopback; elsewhere over TLS alone, and then whoever comes logs in with a password, or shows a certificate
 * that our judge lets in, or both. A session is its user's: another one's cookie, or the same over a connection with
 * another certificate, is nobody's. Everything that is dropped is read by a process of its own for each session (desk_worker.h)
 * and is in memory: nothing is written unless a person downloads it, and it is gone with the session. All answers are
 * those of the verbs (import, check, fix, renew, whatif, log). Requests must name this very host (a foreign site that
 * points a name of its own here gets nothing) and come from its own pages.
 */
#ifndef CW_ADMIN_DESK_DESK_H
#define CW_ADMIN_DESK_DESK_H

#include "base/error.h"

#include <netinet/in.h>

/* Sessions in which something was dropped, at a time; the one that was idle longest makes room for another. Who has a
 * cookie and dropped nothing takes no place of those. A session that nobody uses ends after so long. */
#define CW_DESK_SESSIONS_MAX 16
#define CW_DESK_VISITORS_MAX 256
#define CW_DESK_IDLE_SECONDS (2 * 60 * 60)

struct cw_desk_setup {
	struct sockaddr_in address;    /* port 0: any free one */
	const char *certificate, *key; /* files; NULL: no TLS; `key` NULL: it is in the certificate's file */
	const char *users;     /* who may log in with a password (desk_users.h); NULL: nobody has to */
	const char *client_ca; /* whose certificates are let in; NULL: none is asked for */
	/* It listens: the address of its first page. */
	void (*ready)(void *context, const char *url);
	void *context;
};

/** Serves until SIGINT or SIGTERM. CW_E_USAGE for an address beyond loopback without what that
 * wants (it says what), what reading the files says, CW_E_NETWORK, CW_E_MEMORY. */
CW_MUST_USE bool cw_desk(const struct cw_desk_setup *setup, struct cw_error *error);

#endif
