/**
 * One ssh or sshd on the event loop: its words, line by line, and its end.
 */
#ifndef CW_TRAVERSAL_TUNNEL_PROCESS_H
#define CW_TRAVERSAL_TUNNEL_PROCESS_H

#include "base/child.h"
#include "traversal/tunnel_words.h"

#include <event2/event.h>

struct cw_tunnel_process;

/* A longer line is cut; sshd's own are under 1024. */
#define CW_TUNNEL_LINE_MAX 1024

/* Called from the loop. Neither may free the process but `ended`, which is the last call: it is freed when that
 * returns. */
struct cw_tunnel_process_owner {
	void (*said)(void *context, const char *line);
	void (*ended)(void *context, const char *how); /* "ended with status 255" */
	void *context;
};

/** Starts it; its standard error is the process's own to read. */
CW_MUST_USE bool cw_tunnel_process_start(struct event_base *base, const struct cw_child_setup *setup,
	const struct cw_tunnel_process_owner *owner, struct cw_tunnel_process **ret, struct cw_error *error);

pid_t cw_tunnel_process_id(const struct cw_tunnel_process *process);

/** Kills its whole group; `ended` follows. */
void cw_tunnel_process_kill(struct cw_tunnel_process *process);

/** Kills its whole group without a word to the owner. */
void cw_tunnel_process_free(struct cw_tunnel_process *process);

#endif
