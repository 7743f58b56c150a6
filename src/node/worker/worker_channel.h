/**
 * Frames between a node's core and one of its edge workers: JSON objects over a Unix stream socket, and open files that
 * travel with them.
 *
 *     4 bytes, the highest first   length of the object
 *     1 byte                       how many open files came with its first byte (SCM_RIGHTS)
 *     the object                   UTF-8
 *
 * Either end takes the other for hostile: a worker reads bytes of strangers. What is too long, no object, or has more
 * files than it says, ends the channel; so does an end that does not read. Knows no meaning of any frame.
 */
#ifndef CW_NODE_WORKER_WORKER_CHANNEL_H
#define CW_NODE_WORKER_WORKER_CHANNEL_H

#include "base/error.h"

#include <event2/event.h>
#include <jansson.h>

/* Against an end that uses up the other's memory. */
#define CW_WORKER_CHANNEL_FRAME_MAX (1024 * 1024)
#define CW_WORKER_CHANNEL_FILES_MAX 8
#define CW_WORKER_CHANNEL_WAITING_MAX (16 * 1024 * 1024)

struct cw_worker_channel;

/* Called from the loop; the channel may be freed in them. */
struct cw_worker_channel_owner {
	/* `files` are closed afterwards: whoever keeps one puts -1 in its place */
	void (*said)(void *context, const json_t *frame, int *files, size_t count);
	/* the last call */
	void (*ended)(void *context, const char *reason);
	void *context;
};

/** On one end of a socketpair, which it takes over, also where it fails. CW_E_MEMORY. */
CW_MUST_USE bool cw_worker_channel_open(struct event_base *base, int socket,
	const struct cw_worker_channel_owner *owner, struct cw_worker_channel **ret, struct cw_error *error);
/** Without another word: what waits to be sent is lost. */
void cw_worker_channel_free(struct cw_worker_channel *channel);

/** Sends a frame, and copies of these files. What cannot be sent ends the channel, from the loop. */
void cw_worker_channel_send(
	struct cw_worker_channel *channel, const json_t *frame, const int *files, size_t count);

/** Bytes that wait to be sent. */
size_t cw_worker_channel_waiting(const struct cw_worker_channel *channel);

#endif
