#include "observe/log/log_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t cw_log_socket_hash_more(uint32_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return (hash ^ 0xff) * 16777619U;
}

static struct cw_log_text text_of(const struct cw_log_name *name)
{
	return (struct cw_log_text){name->data, name->length};
}

/* The same for both directions. */
static uint32_t hash_of_ends(const struct cw_log_end *a, const struct cw_log_end *b)
{
	const struct cw_log_end *ends[] = {a, b};
	uint32_t sum = 0;
	for (size_t i = 0; i < 2; i++) {
		uint32_t hash =
			cw_log_socket_hash_more(2166136261U, ends[i]->address.data, ends[i]->address.length);
		sum += cw_log_socket_hash_more(hash, ends[i]->port.data, ends[i]->port.length);
	}
	return sum;
}

bool cw_log_socket_keep(struct cw_log_incidents *incidents, const struct cw_log_near *near, size_t incident,
	struct cw_error *error)
{
	const struct cw_log_end local = {text_of(&near->local), text_of(&near->local_port)};
	const struct cw_log_end remote = {text_of(&near->remote), text_of(&near->remote_port)};
	if (!local.port.length || !remote.port.length || incidents->socket_count == CW_LOG_SOCKETS_MAX)
		return true;
	if (!cw_memory_grow(&incidents->sockets, &incidents->socket_capacity, incidents->socket_count,
		    sizeof *incidents->sockets))
		return cw_error_memory(error);
	incidents->sockets[incidents->socket_count++] =
		(struct cw_log_socket){hash_of_ends(&local, &remote), (uint32_t)incident, near->time};
	return true;
}

bool cw_log_incidents_captured(struct cw_log_incidents *incidents, const struct cw_log_refusal *refusal)
{
	char ports[2][8];
	snprintf(ports[0], sizeof ports[0], "%u", refusal->sender_port % 100000);
	snprintf(ports[1], sizeof ports[1], "%u", refusal->other_port % 100000);
	const struct cw_log_end sender = {
		{refusal->sender, strlen(refusal->sender)}, {ports[0], strlen(ports[0])}};
	const struct cw_log_end other = {
		{refusal->other, strlen(refusal->other)}, {ports[1], strlen(ports[1])}};
	uint32_t hash = hash_of_ends(&sender, &other);
	for (size_t i = 0; i < incidents->socket_count; i++) {
		const struct cw_log_socket *seen = &incidents->sockets[i];
		cw_time apart = seen->time.seconds - refusal->at;
		bool timely = seen->time.form != CW_LOG_TIME_UTC ||
			(apart <= CW_LOG_CAPTURED_SECONDS && apart >= -CW_LOG_CAPTURED_SECONDS);
		if (seen->hash != hash || !timely)
			continue;
		struct cw_log_incident *incident = &incidents->items[seen->incident];
		if (!incident->captured++)
			incident->captured_at = (struct cw_log_place){refusal->file, refusal->frame};
		return true;
	}
	return false;
}

static int by_hash(const void *left, const void *right)
{
	const struct cw_log_socket *a = left, *b = right;
	return (a->hash > b->hash) - (a->hash < b->hash);
}

/* `alert` was written by who was refused, `cause` by who refused, about one connection. */
static bool are_both_sides(const struct cw_log_incidents *incidents, const struct cw_log_socket *alert,
	const struct cw_log_socket *cause)
{
	const struct cw_log_incident *one = &incidents->items[alert->incident];
	const struct cw_log_incident *other = &incidents->items[cause->incident];
	cw_time apart = alert->time.seconds - cause->time.seconds;
	bool timely = alert->time.form == cause->time.form && apart <= CW_LOG_CAPTURED_SECONDS &&
		apart >= -CW_LOG_CAPTURED_SECONDS;
	return timely && one->row->refused_by == CW_LOG_REMOTE && other->row->refused_by == CW_LOG_LOCAL &&
		one->count && one->host && other->host && strcmp(one->host, other->host) != 0;
}

/* One refusal of `alert` is one of `cause`; what packets showed of it goes along. */
static void join(struct cw_log_incident *alert, struct cw_log_incident *cause)
{
	alert->count--;
	cause->both_sides++;
	if (!alert->captured)
		return;
	if (!cause->captured++)
		cause->captured_at = alert->captured_at;
	alert->captured--;
}

static void drop_empty(struct cw_log_incidents *incidents)
{
	size_t kept = 0;
	for (size_t i = 0; i < incidents->count; i++) {
		if (incidents->items[i].count)
			incidents->items[kept++] = incidents->items[i];
		else
			cw_log_incident_finish(&incidents->items[i]);
	}
	incidents->count = kept;
}

void cw_log_incidents_join(struct cw_log_incidents *incidents)
{
	struct cw_log_socket *sockets = incidents->sockets;
	size_t count = incidents->socket_count;
	if (count > 1)
		qsort(sockets, count, sizeof *sockets, by_hash);
	for (size_t i = 0; i < count; i++) {
		/* Of one hash there are a few: one connection, and the same port long before or after. */
		size_t from = i < 64 ? 0 : i - 64;
		for (size_t k = from; k < count && k < i + 64; k++) {
			if (sockets[k].hash != sockets[i].hash ||
				!are_both_sides(incidents, &sockets[i], &sockets[k]))
				continue;
			join(&incidents->items[sockets[i].incident], &incidents->items[sockets[k].incident]);
			break;
		}
	}
	drop_empty(incidents);
	incidents->socket_count = 0; /* their numbers are no longer right */
}
