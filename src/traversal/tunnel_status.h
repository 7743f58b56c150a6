/**
 * How a tunnel is, as one of its sides sees it.
 */
#ifndef CW_TRAVERSAL_TUNNEL_STATUS_H
#define CW_TRAVERSAL_TUNNEL_STATUS_H

#include "traversal/tunnel_words.h"

enum cw_tunnel_state {
	CW_TUNNEL_OFF,	    /* the other side is not let in: its certificate was not passed, or no longer */
	CW_TUNNEL_CHECKING, /* let in; not yet a byte through and back */
	CW_TUNNEL_ACTIVE,   /* bytes go through and back */
	CW_TUNNEL_FAILED,   /* let in, and it does not come up or was lost; it is tried again */
};

#define CW_TUNNEL_TEXT_MAX 600

struct cw_tunnel_status {
	enum cw_tunnel_state state;
	enum cw_tunnel_reason reason;
	char text
		[CW_TUNNEL_TEXT_MAX]; /* for people: the reason, what was said, what to do; "" where all is well */
};

/** Sets all three; `line` of `speaker` may be NULL. */
void cw_tunnel_status_set(struct cw_tunnel_status *status, enum cw_tunnel_state state,
	enum cw_tunnel_reason reason, enum cw_tunnel_speaker speaker, const char *line);

/** Off, for this reason of the caller's. */
void cw_tunnel_status_refuse(struct cw_tunnel_status *status, const char *why);

/** "Off", "Checking", "Active", "Failed". */
const char *cw_tunnel_status_name(enum cw_tunnel_state state);

#endif
