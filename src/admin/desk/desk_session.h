/**
 * One session as the desk holds it: the process that reads what is dropped (desk_worker.h), and what it is asked.
 *
 * Questions are answered in turn; the owner of each is called from the loop. Where the process ends by itself, all that
 * are open are answered with a failure, and the session is over.
 */
#ifndef CW_ADMIN_DESK_DESK_SESSION_H
#define CW_ADMIN_DESK_DESK_SESSION_H

#include "admin/desk/desk_frame.h"
#include "base/buffer.h"
#include "base/error.h"

#include <event2/event.h>

struct cw_desk_session;

/* What came back; borrowed for the time of the call. */
struct cw_desk_session_answer {
	bool whole; /* false: the process is gone */
	unsigned status;
	const struct cw_buffer *out, *err;
};

typedef void cw_desk_session_done(void *context, const struct cw_desk_session_answer *answer);

/** Starts the process. CW_E_IO. */
CW_MUST_USE bool cw_desk_session_new(
	struct event_base *base, struct cw_desk_session **ret, struct cw_error *error);

/** Ends it, and with it all that was dropped. What is open is answered with a failure. */
void cw_desk_session_free(struct cw_desk_session *session);
CW_DEFINE_AUTO(struct cw_desk_session *, cw_desk_session_free)

/** The process has ended by itself. */
bool cw_desk_session_is_over(const struct cw_desk_session *session);

/**
 * Asks. `name` of `name_length` bytes and `data` are copied. `done` may be NULL. False, and `done` is not called: no
 * memory, more than the limits (desk_frame.h), or the session is over.
 */
CW_MUST_USE bool cw_desk_session_ask(struct cw_desk_session *session, enum cw_desk_frame_kind kind,
	const struct cw_buffer *name, const struct cw_buffer *data, cw_desk_session_done *done,
	void *context);

/** Whoever waits with this context hears nothing. */
void cw_desk_session_forget(struct cw_desk_session *session, const void *context);

#endif
