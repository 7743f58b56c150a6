#include "observe/log/log_near.h"
#include "observe/log/log_socket.h"

#include <stdlib.h>
#include <string.h>

#define NEAR_COUNT 64
#define INDEX_SIZE (CW_LOG_INCIDENTS_MAX * 4)

void cw_log_incident_finish(struct cw_log_incident *incident)
{
	free(incident->component);
	free(incident->host);
	free(incident->refused_by);
	free(incident->peer);
	free(incident->called);
	free(incident->port);
	free(incident->wanted);
	free(incident->text);
}

void cw_log_incidents_finish(struct cw_log_incidents *incidents)
{
	for (size_t i = 0; i < incidents->count; i++)
		cw_log_incident_finish(&incidents->items[i]);
	free(incidents->items);
	free(incidents->index);
	free(incidents->near);
	free(incidents->sockets);
	*incidents = (struct cw_log_incidents){0};
}

static uint32_t hash_of(const struct cw_log_near *near)
{
	const struct cw_log_name *port = cw_log_near_port(near);
	uint32_t hash = cw_log_socket_hash_more(2166136261U, &near->row, sizeof near->row);
	hash = cw_log_socket_hash_more(hash, near->component.data, near->component.length);
	hash = cw_log_socket_hash_more(hash, near->host.data, near->host.length);
	hash = cw_log_socket_hash_more(hash, near->peer.data, near->peer.length);
	hash = cw_log_socket_hash_more(hash, near->called.data, near->called.length);
	hash = cw_log_socket_hash_more(hash, near->refuser.data, near->refuser.length);
	hash = cw_log_socket_hash_more(hash, near->wanted.data, near->wanted.length);
	return cw_log_socket_hash_more(hash, port->data, port->length);
}

static bool text_is(const char *text, const struct cw_log_name *name)
{
	return text ? strlen(text) == name->length && memcmp(text, name->data, name->length) == 0
		    : !name->length;
}

static char *copy(const struct cw_log_name *name, bool *good)
{
	char *text = name->length ? strndup(name->data, name->length) : NULL;
	*good = *good && (text || !name->length);
	return text;
}

static bool is_it(const struct cw_log_incident *incident, const struct cw_log_near *near)
{
	struct cw_log_name refuser = cw_log_near_refuser(near);
	return incident->row == near->row && text_is(incident->component, &near->component) &&
		text_is(incident->host, &near->host) && text_is(incident->peer, &near->peer) &&
		text_is(incident->called, &near->called) && text_is(incident->wanted, &near->wanted) &&
		text_is(incident->refused_by, &refuser) && text_is(incident->port, cw_log_near_port(near));
}

static bool incident_new(
	struct cw_log_incidents *incidents, const struct cw_log_near *near, struct cw_error *error)
{
	if (!cw_memory_grow(
		    &incidents->items, &incidents->capacity, incidents->count, sizeof *incidents->items))
		return cw_error_memory(error);
	struct cw_log_incident *incident = &incidents->items[incidents->count];
	struct cw_log_name refuser = cw_log_near_refuser(near);
	bool good = true;
	*incident = (struct cw_log_incident){.row = near->row, .first = near->time, .last = near->time};
	incident->component = copy(&near->component, &good);
	incident->host = copy(&near->host, &good);
	incident->refused_by = copy(&refuser, &good);
	incident->peer = copy(&near->peer, &good);
	incident->called = copy(&near->called, &good);
	incident->port = copy(cw_log_near_port(near), &good);
	incident->wanted = copy(&near->wanted, &good);
	incident->text = malloc(near->shown_length + 1);
	incidents->count++;
	if (!good || !incident->text)
		return cw_error_memory(error);
	memcpy(incident->text, near->shown, near->shown_length);
	incident->text[near->shown_length] = '\0';
	return true;
}

/* The incident's number, an existing or a new one; SIZE_MAX where there are too many. */
static bool incident_of(struct cw_log_incidents *incidents, const struct cw_log_near *near, size_t *ret,
	struct cw_error *error)
{
	if (!incidents->index && !(incidents->index = calloc(INDEX_SIZE, sizeof *incidents->index)))
		return cw_error_memory(error);
	uint32_t slot = hash_of(near) % INDEX_SIZE;
	for (; incidents->index[slot]; slot = (slot + 1) % INDEX_SIZE) {
		*ret = incidents->index[slot] - 1;
		if (is_it(&incidents->items[*ret], near))
			return true;
	}
	*ret = SIZE_MAX;
	if (incidents->count == CW_LOG_INCIDENTS_MAX)
		return true;
	if (!incident_new(incidents, near, error))
		return false;
	*ret = incidents->count - 1;
	incidents->index[slot] = (uint32_t)incidents->count;
	return true;
}

static bool count_one(
	struct cw_log_incidents *incidents, const struct cw_log_near *near, struct cw_error *error)
{
	size_t number = SIZE_MAX;
	if (!incident_of(incidents, near, &number, error))
		return false;
	if (number == SIZE_MAX) {
		incidents->left_out++;
		return true;
	}
	if (!cw_log_socket_keep(incidents, near, number, error))
		return false;
	struct cw_log_incident *incident = &incidents->items[number];
	incident->count++;
	if (incident->place_count < CW_LOG_PLACES_MAX)
		incident->places[incident->place_count++] = near->place;
	if (incident->first.form == CW_LOG_TIME_NONE)
		incident->first = incident->last = near->time;
	if (near->time.form != incident->first.form)
		return true;
	if (near->time.seconds < incident->first.seconds)
		incident->first = near->time;
	if (near->time.seconds > incident->last.seconds)
		incident->last = near->time;
	return true;
}

/*
 * A line among those near before it: where one of the same refusal says as much or more, this one is no news.
 * Lines that waited and say less are dropped. Two causes are one refusal only by their sockets.
 */
static bool is_news(struct cw_log_incidents *incidents, const struct cw_log_near *line)
{
	bool news = true;
	for (size_t i = 0; i < NEAR_COUNT; i++) {
		struct cw_log_near *other = &incidents->near[i];
		if (!other->row || !cw_log_near_belong(other, line))
			continue;
		bool both_causes = !other->row->near.companion && !line->row->near.companion;
		if (both_causes &&
			(!cw_log_near_same_socket(other, line) || other->row->code != line->row->code))
			continue;
		if (cw_log_near_weight(other) >= cw_log_near_weight(line))
			news = false;
		else
			other->waits = false;
	}
	return news;
}

/* A place for `line`, in turns; who waited there is told. */
static bool remember(
	struct cw_log_incidents *incidents, const struct cw_log_near *line, struct cw_error *error)
{
	struct cw_log_near *place = &incidents->near[incidents->near_next];
	incidents->near_next = (incidents->near_next + 1) % NEAR_COUNT;
	if (place->row && place->waits && !count_one(incidents, place, error))
		return false;
	*place = *line;
	return true;
}

bool cw_log_incidents_add(struct cw_log_incidents *incidents, const struct cw_log_match *match,
	const struct cw_log_line *line, const struct cw_log_place *place, struct cw_error *error)
{
	struct cw_log_near near;
	AUTO_BUFFER shown = {0};
	if (!incidents->near && !(incidents->near = calloc(NEAR_COUNT, sizeof *incidents->near)))
		return cw_error_memory(error);
	cw_log_incidents_shown(&shown, &line->text);
	if (!cw_buffer_ok(&shown, error))
		return false;
	cw_log_near_fill(&near, match, line, place, &shown);
	if (!is_news(incidents, &near))
		return true;
	near.waits = near.row->near.companion;
	return (near.waits || count_one(incidents, &near, error)) && remember(incidents, &near, error);
}

bool cw_log_incidents_flush(struct cw_log_incidents *incidents, struct cw_error *error)
{
	for (size_t i = 0; incidents->near && i < NEAR_COUNT; i++) {
		struct cw_log_near *near = &incidents->near[(incidents->near_next + i) % NEAR_COUNT];
		if (near->row && near->waits && !count_one(incidents, near, error))
			return false;
		near->row = NULL;
	}
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct cw_log_incident *a = left, *b = right;
	int order = (int)cw_log_row_is_fault(b->row) - (int)cw_log_row_is_fault(a->row);
	if (!order && a->places[0].file != b->places[0].file)
		order = a->places[0].file < b->places[0].file ? -1 : 1;
	if (!order && a->places[0].line != b->places[0].line)
		order = a->places[0].line < b->places[0].line ? -1 : 1;
	return order;
}

void cw_log_incidents_sort(struct cw_log_incidents *incidents)
{
	if (incidents->count > 1)
		qsort(incidents->items, incidents->count, sizeof *incidents->items, compare);
}
