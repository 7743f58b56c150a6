#include "node/edge/edge_pool.h"

#include <string.h>

/* From the youngest to the oldest. */
struct kept {
	struct cw_edge_pool *pool;
	struct cw_edge_stream *stream;
	struct kept *next, **place;
	char name[]; /* ended by a NUL */
};

struct cw_edge_pool {
	struct kept *first;
	size_t count;
};

struct cw_edge_pool *cw_edge_pool_new(void)
{
	return calloc(1, sizeof(struct cw_edge_pool));
}

static void forget(struct kept *kept)
{
	*kept->place = kept->next;
	if (kept->next)
		kept->next->place = kept->place;
	kept->pool->count--;
	free(kept);
}

void cw_edge_pool_free(struct cw_edge_pool *pool)
{
	if (!pool)
		return;
	cw_edge_pool_drop(pool, NULL);
	free(pool);
}

/* Nobody asked: whoever speaks now does not agree with us about where the last answer ended. */
static void on_received(void *context, const char *data, size_t length)
{
	struct kept *kept = context;
	struct cw_edge_stream *stream = kept->stream;
	(void)data;
	(void)length;
	forget(kept);
	cw_edge_stream_let_go(stream);
}

static void on_ended(void *context, bool in_order, const char *reason)
{
	(void)in_order;
	(void)reason;
	forget(context);
}

static void make_room(struct cw_edge_pool *pool, const char *name)
{
	struct kept *oldest = NULL, *oldest_of_name = NULL;
	size_t of_name = 0;
	for (struct kept *kept = pool->first; kept; kept = kept->next) {
		oldest = kept;
		if (strcmp(kept->name, name) == 0) {
			oldest_of_name = kept;
			of_name++;
		}
	}
	struct kept *gone = of_name >= CW_EDGE_POOL_NAME_MAX ? oldest_of_name : NULL;
	if (!gone && pool->count >= CW_EDGE_POOL_MAX)
		gone = oldest;
	if (!gone)
		return;
	cw_edge_stream_let_go(gone->stream);
	forget(gone);
}

void cw_edge_pool_give(struct cw_edge_pool *pool, const char *name, struct cw_edge_stream *stream)
{
	size_t length = strlen(name);
	make_room(pool, name);
	struct kept *kept = calloc(1, sizeof *kept + length + 1);
	if (!kept) {
		cw_edge_stream_let_go(stream);
		return;
	}
	memcpy(kept->name, name, length + 1);
	kept->pool = pool;
	kept->stream = stream;
	kept->next = pool->first;
	kept->place = &pool->first;
	if (kept->next)
		kept->next->place = &kept->next;
	pool->first = kept;
	pool->count++;
	const struct cw_edge_stream_owner owner = {
		.received = on_received, .ended = on_ended, .context = kept};
	cw_edge_stream_set_owner(stream, &owner);
	cw_edge_stream_set_idle(stream, CW_EDGE_POOL_IDLE_MS);
	cw_edge_stream_pause(stream, false);
}

struct cw_edge_stream *cw_edge_pool_take(struct cw_edge_pool *pool, const char *name)
{
	struct kept *next;
	for (struct kept *kept = pool->first; kept; kept = next) {
		next = kept->next;
		if (strcmp(kept->name, name) != 0)
			continue;
		struct cw_edge_stream *stream = kept->stream;
		forget(kept);
		if (cw_edge_stream_is_quiet(stream))
			return stream;
		cw_edge_stream_let_go(stream); /* no byte was sent on it: the next one will do */
	}
	return NULL;
}

void cw_edge_pool_drop(struct cw_edge_pool *pool, const char *name)
{
	struct kept *next;
	for (struct kept *kept = pool->first; kept; kept = next) {
		next = kept->next;
		if (name && strcmp(kept->name, name) != 0)
			continue;
		cw_edge_stream_let_go(kept->stream);
		forget(kept);
	}
}

size_t cw_edge_pool_count(const struct cw_edge_pool *pool)
{
	return pool->count;
}
