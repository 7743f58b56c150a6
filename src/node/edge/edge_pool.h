/**
 * Kept connections of the edge's lane: idle ones, each for whoever asks for its name next.
 *
 * One that says something while nobody asked, or that ended, is closed and forgotten; so is the oldest of a name that has
 * too many, and the oldest of all. Whoever gives one in has read a whole answer on it, and nothing behind it.
 */
#ifndef CW_NODE_EDGE_EDGE_POOL_H
#define CW_NODE_EDGE_EDGE_POOL_H

#include "node/edge/edge_stream.h"

/* Of one server or tunnel, and of all. */
#define CW_EDGE_POOL_NAME_MAX 64
#define CW_EDGE_POOL_MAX 512
/* A protocol, a host and a port. */
#define CW_EDGE_POOL_NAME_SIZE 280
/* Shorter than the other end keeps them (30 s, 60 s), so that none is used while it is being closed there. */
#define CW_EDGE_POOL_IDLE_MS 20000

struct cw_edge_pool;

/** NULL: no memory. */
CW_MUST_USE struct cw_edge_pool *cw_edge_pool_new(void);
/** Closes all of them. */
void cw_edge_pool_free(struct cw_edge_pool *pool);
CW_DEFINE_AUTO(struct cw_edge_pool *, cw_edge_pool_free)

/** Takes the stream over; it waits under this name. */
void cw_edge_pool_give(struct cw_edge_pool *pool, const char *name, struct cw_edge_stream *stream);
/** The one that was given last under the name and is quiet; the caller's, who sets an owner. NULL: none. */
struct cw_edge_stream *cw_edge_pool_take(struct cw_edge_pool *pool, const char *name);
/** Closes all under this name: the tunnel is gone, or the server's certificate is to be judged anew. NULL: all. */
void cw_edge_pool_drop(struct cw_edge_pool *pool, const char *name);

size_t cw_edge_pool_count(const struct cw_edge_pool *pool);

#endif
