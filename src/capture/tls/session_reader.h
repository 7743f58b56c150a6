/**
 * TLS of one connection, read from the bytes of both directions: finds where it begins (on any port, also
 * after STARTTLS), reads records, handshake messages and alerts, and fills in the session's record.
 *
 * Fed with bytes in their order, in pieces of any size: the same bytes give the same result. Application data
 * is passed over without a copy. Where one direction cannot be understood before the other (a client's
 * encrypted certificate before the ServerHello), it waits: its bytes are not taken.
 */
#ifndef CW_CAPTURE_TLS_SESSION_READER_H
#define CW_CAPTURE_TLS_SESSION_READER_H

#include "capture/packet/stream.h"
#include "capture/session.h"
#include "capture/tls/crypt.h"

/* A handshake message; a list of 64 kB certificates fits. Against a length field of 16 MB. */
#define CW_READER_MESSAGE_MAX (1024 * 1024)
/* Bytes in clear of one direction in which TLS is searched for: STARTTLS comes early. */
#define CW_PREFACE_MAX (64 * 1024)

/** What all connections of a run share. Belongs to the caller. */
struct cw_session_reader_shared {
	struct cw_captured_certs *certs;
	const struct cw_keylog *keylog; /* may be empty */
	struct cw_budget *budget;
	uint8_t *plain;	 /* CW_RECORD_MAX bytes: one decrypted record */
	uint8_t *window; /* CW_RECORD_SEARCH_ROOM bytes */
	/* Called for each certificate that was not met before; may be NULL. False stops the run. */
	bool (*on_cert)(void *context, const struct cw_captured_cert *cert, struct cw_error *error);
	void *context;
};
#define CW_RECORD_SEARCH_ROOM (64 * 1024)

struct cw_session_reader;

/** NULL: no memory. `shared` outlives it. */
CW_MUST_USE struct cw_session_reader *cw_session_reader_new(struct cw_session_reader_shared *shared);
void cw_session_reader_free(struct cw_session_reader *tls);
CW_DEFINE_AUTO(struct cw_session_reader *, cw_session_reader_free)

/** Reads bytes of direction 0 or 1; `*used` is less than `run->length` where the direction has to wait. */
CW_MUST_USE bool cw_session_reader_feed(struct cw_session_reader *tls, int from,
	const struct cw_stream_run *run, size_t *used, struct cw_error *error);

/** So many bytes of a direction are missing. */
void cw_session_reader_hole(struct cw_session_reader *tls, int from, size_t length);

/** The direction begins in the middle. Before its first byte. */
void cw_session_reader_from_middle(struct cw_session_reader *tls, int from);

/** The direction waits for the other one. */
bool cw_session_reader_waits(const struct cw_session_reader *tls, int from);

/** No direction waits any longer: what it waits for will not come. */
void cw_session_reader_stop_waiting(struct cw_session_reader *tls);

/** TLS was seen. */
bool cw_session_reader_has_tls(const struct cw_session_reader *tls);

/** The handshake is over in both directions, or was refused:
 * nothing about certificates is expected any more. */
bool cw_session_reader_settled(const struct cw_session_reader *tls);

/** How the TCP connection ended: by direction, or -1. */
struct cw_session_reader_ending {
	int reset_by, ended_by;
};

/**
 * The record of the session, completed: roles, outcome. The caller has filled in nothing; addresses, times
 * and what TCP knows go into `sides[]` afterwards, whose order is by role: `*client` is the client's
 * direction. Where no hello tells, the client is the other end than `server_guess`. Belongs to `tls`.
 */
struct cw_session *cw_session_reader_finish(struct cw_session_reader *tls,
	const struct cw_session_reader_ending *ending, int server_guess, int *client);

#endif
