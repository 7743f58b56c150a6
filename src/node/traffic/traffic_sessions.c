#include "node/traffic/traffic_sessions.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A row of its own, so that the search goes over few bytes. */
struct cw_traffic_sessions_place {
	uint64_t hash;
	cw_time since, until;
	struct cw_traffic_sessions_row *row;
};

void cw_traffic_sessions_finish(struct cw_traffic_sessions *sessions)
{
	for (size_t i = 0; i < sessions->count; i++)
		free(sessions->places[i].row);
	free(sessions->places);
	*sessions = (struct cw_traffic_sessions){0};
}

static uint64_t hash_more(uint64_t hash, const char *text)
{
	do /* ends: with the text's last byte */
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
	while (*text++);
	return hash;
}

/* FNV-1a. */
static uint64_t hash_of(const struct cw_traffic_sessions_row *row)
{
	uint64_t hash = hash_more(0xcbf29ce484222325u, row->user);
	hash = hash_more(hash, row->client);
	hash = hash_more(hash, row->address);
	return hash_more(hash, row->edge);
}

static bool is_same(const struct cw_traffic_sessions_row *one, const struct cw_traffic_sessions_row *other)
{
	return strcmp(one->user, other->user) == 0 && strcmp(one->client, other->client) == 0 &&
		strcmp(one->address, other->address) == 0 && strcmp(one->edge, other->edge) == 0;
}

static void drop(struct cw_traffic_sessions *sessions, size_t at)
{
	free(sessions->places[at].row);
	sessions->places[at] = sessions->places[--sessions->count];
}

size_t cw_traffic_sessions_count(struct cw_traffic_sessions *sessions, cw_time now)
{
	for (size_t i = sessions->count; i > 0; i--)
		if (sessions->places[i - 1].until <= now)
			drop(sessions, i - 1);
	return sessions->count;
}

static struct cw_traffic_sessions_place *find(
	const struct cw_traffic_sessions *sessions, uint64_t hash, const struct cw_traffic_sessions_row *row)
{
	for (size_t i = 0; i < sessions->count; i++)
		if (sessions->places[i].hash == hash && is_same(sessions->places[i].row, row))
			return &sessions->places[i];
	return NULL;
}

static void make_room(struct cw_traffic_sessions *sessions, cw_time now)
{
	size_t oldest = 0;
	if (sessions->count < CW_TRAFFIC_SESSIONS_MAX ||
		cw_traffic_sessions_count(sessions, now) < CW_TRAFFIC_SESSIONS_MAX)
		return;
	for (size_t i = 1; i < sessions->count; i++)
		if (sessions->places[i].since < sessions->places[oldest].since)
			oldest = i;
	drop(sessions, oldest);
}

bool cw_traffic_sessions_take(
	struct cw_traffic_sessions *sessions, const struct cw_traffic_sessions_row *row, cw_time now)
{
	uint64_t hash = hash_of(row);
	struct cw_traffic_sessions_place *known = find(sessions, hash, row);
	if (known) {
		bool over = known->until <= now;
		known->since = over ? row->since : known->since;
		known->until = row->until;
		*known->row = *row;
		known->row->since = known->since;
		return true;
	}
	make_room(sessions, now);
	struct cw_traffic_sessions_row *copy = malloc(sizeof *copy);
	if (!copy ||
		!cw_memory_grow(
			&sessions->places, &sessions->capacity, sessions->count, sizeof *sessions->places)) {
		free(copy);
		return false;
	}
	*copy = *row;
	sessions->places[sessions->count++] =
		(struct cw_traffic_sessions_place){hash, row->since, row->until, copy};
	return true;
}

static int by_since(const void *one, const void *other)
{
	const struct cw_traffic_sessions_place *a = one, *b = other;
	return (a->since < b->since) - (a->since > b->since);
}

size_t cw_traffic_sessions_list(struct cw_traffic_sessions *sessions, cw_time now,
	const struct cw_traffic_sessions_row **ret, size_t most)
{
	size_t count = cw_traffic_sessions_count(sessions, now);
	if (count)
		qsort(sessions->places, count, sizeof *sessions->places, by_since);
	for (size_t i = 0; i < count && i < most; i++)
		ret[i] = sessions->places[i].row;
	return count < most ? count : most;
}
