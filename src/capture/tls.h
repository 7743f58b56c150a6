/**
 * TLS of one connection, read from the bytes of both directions: finds where it begins (on any port, also
 * after STARTTLS), reads records, handshake messages and alerts, and fills in the connection's record.
 *
 * Fed with bytes in their order, in pieces of any size: the same bytes give the same result. Application data
 * is passed over without a copy. Where one direction cannot be understood before the other (a client's
 * encrypted certificate before the ServerHello), it waits: its bytes are not taken.
 */
#ifndef CW_CAPTURE_TLS_H
#define CW_CAPTURE_TLS_H

#include "capture/connection.h"
#include "capture/crypt.h"
#include "capture/stream.h"

/* A handshake message; a list of 64 kB certificates fits. Against a length field of 16 MB. */
#define CW_MESSAGE_MAX (1024 * 1024)
/* Plain bytes of one direction in which TLS is looked for: STARTTLS comes early. */
#define CW_PREFACE_MAX (64 * 1024)

/** What all connections of a run share. Belongs to the caller. */
struct cw_tls_shared {
	struct cw_certs *certs;
	const struct cw_keylog *keylog; /* may be empty */
	struct cw_budget *budget;
	uint8_t *plain;	 /* CW_RECORD_MAX bytes: one decrypted record */
	uint8_t *window; /* CW_LOOK_ROOM bytes */
	/* Called for each certificate that was not met before; may be NULL. False stops the run. */
	bool (*on_cert)(void *context, const struct cw_seen_cert *cert, struct cw_error *error);
	void *context;
};
#define CW_LOOK_ROOM (64 * 1024)

struct cw_tls;

/** NULL: no memory. `shared` outlives it. */
CW_MUST_USE struct cw_tls *cw_tls_new(struct cw_tls_shared *shared);
void cw_tls_free(struct cw_tls *tls);
CW_DEFINE_AUTO(struct cw_tls *, cw_tls_free)

/** Reads bytes of direction 0 or 1; `*used` is less than `length` where the direction has to wait. */
CW_MUST_USE bool cw_tls_feed(struct cw_tls *tls, int from, const uint8_t *data, size_t length, uint64_t frame,
	size_t *used, struct cw_error *error);

/** So many bytes of a direction are missing. */
void cw_tls_hole(struct cw_tls *tls, int from, size_t length);

/** The direction begins in the middle. Before its first byte. */
void cw_tls_from_middle(struct cw_tls *tls, int from);

/** The direction waits for the other one. */
bool cw_tls_waits(const struct cw_tls *tls, int from);

/** Nobody waits any longer: the other direction will not come. */
void cw_tls_hurry(struct cw_tls *tls);

/** TLS was seen. */
bool cw_tls_found(const struct cw_tls *tls);

/** The handshake is over in both directions, or was refused: nothing about certificates is expected any more.
 */
bool cw_tls_settled(const struct cw_tls *tls);

/** How the TCP connection ended: by direction, or -1. */
struct cw_tls_ending {
	int reset_by, ended_by;
};

/**
 * The record of the connection, completed: roles, outcome. The caller has filled in nothing; addresses, times
 * and what TCP knows go into `sides[]` afterwards, whose order is by role: `*client` is the client's
 * direction. Where no hello tells, the client is the other end than `server_guess`. Belongs to `tls`.
 */
struct cw_connection *cw_tls_finish(
	struct cw_tls *tls, const struct cw_tls_ending *ending, int server_guess, int *client);

#endif
