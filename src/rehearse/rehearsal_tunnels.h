/**
 * The SSH tunnels of a rehearsal, made by the code of running nodes (traversal/tunnel_*.h).
 *
 * A tunnel comes after its traversal zone, with the certificates that were shown there: Expressway-C's judge looks at
 * E's before it dials, E's judge at C's before it writes the line that lets C in. A tunnel that E refuses is dialled
 * all the same, so that sshd itself shows that nobody comes in. Real is what ssh, sshd and the bytes through them
 * say.
 *
 * Keys are those of the stand-ins; in the place of an original private key, which is not copied anywhere, stands a
 * fresh one of its kind. Where no tunnel can be made on this machine (no OpenSSH, root without an account to give
 * that up for) the links are not rehearsable, and say why.
 */
#ifndef CW_REHEARSE_REHEARSAL_TUNNELS_H
#define CW_REHEARSE_REHEARSAL_TUNNELS_H

#include "observe/observed.h"

struct cw_rehearsal;
struct cw_rehearsal_tunnels;

struct cw_rehearsal_tunnels_owner {
	/* a tunnel that was begun has its outcome */
	void (*over)(void *context, struct cw_observed *observed);
	void *context;
};

/** NULL: no memory. `keep`: tunnels that came up stay until the end. */
struct cw_rehearsal_tunnels *cw_rehearsal_tunnels_new(
	struct cw_rehearsal *rehearsal, const struct cw_rehearsal_tunnels_owner *owner, bool keep);

/** Ends all, removes the folder. */
void cw_rehearsal_tunnels_free(struct cw_rehearsal_tunnels *tunnels);
CW_DEFINE_AUTO(struct cw_rehearsal_tunnels *, cw_rehearsal_tunnels_free)

/**
 * Begins the tunnel, whose traversal link must have its outcome. `*ret`: its own comes later; else it has it now.
 */
CW_MUST_USE bool cw_rehearsal_tunnels_begin(struct cw_rehearsal_tunnels *tunnels,
	struct cw_observed *observed, bool *ret, struct cw_error *error);

/** Who hears of each change of a tunnel that was kept; NULL: nobody. */
void cw_rehearsal_tunnels_watch(struct cw_rehearsal_tunnels *tunnels,
	void (*told)(void *context, const struct cw_link *link, const char *text), void *context);

#endif
