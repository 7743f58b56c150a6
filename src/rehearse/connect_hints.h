/**
 * What to type to connect to a rehearsal that stays up: where its nodes listen, and an openssl line for each kind of link.
 *
 * The lines name files that rehearse_hold.c writes; the paths are made here, for both.
 */
#ifndef CW_REHEARSE_CONNECT_HINTS_H
#define CW_REHEARSE_CONNECT_HINTS_H

#include "base/buffer.h"
#include "rehearse/rehearsal.h"

/** "FOLDER/e1.acme.test-server.pem": `name` of a node or an endpoint, with what no path should hold replaced.
 */
void cw_connect_hints_path(struct cw_buffer *ret, const char *folder, const char *name, const char *what);

/* The endings of an identity's files: "server" and one of these. */
#define CW_CONNECT_HINTS_LEAF ".pem"
#define CW_CONNECT_HINTS_ISSUERS "-issuers.pem"
#define CW_CONNECT_HINTS_KEY ".key"

/**
 * The file with the key behind an identity of the rehearsal: the deployment's own where that is used, which is not
 * copied. Empty: none.
 */
void cw_connect_hints_key_path(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal,
	const char *folder, const struct cw_node *node, enum cw_identity_kind kind);

/** One line for each node that listens: its address, its name, its ports. */
void cw_connect_hints_places(struct cw_buffer *ret, const struct cw_rehearsal *rehearsal);

/** For each kind of link that is up or refused, an example of both: a comment, and a line for the shell. */
void cw_connect_hints_examples(
	struct cw_buffer *ret, const struct cw_rehearsal *rehearsal, const char *folder);

#endif
