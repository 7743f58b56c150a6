#include "observe/log/log_incident.h"

#include "base/forward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_COUNT 64
#define NAME_SIZE 128
#define INDEX_SIZE (CW_LOG_INCIDENTS_MAX * 4)

/* A name out of a line, cut to what a name can be. */
struct name {
	size_t length;
	char data[NAME_SIZE];
};

/* What a line said, copied, as far as incidents are told apart and put together by it. */
struct cw_log_near {
	const struct cw_log_row *row; /* NULL: a free place */
	bool waits;		      /* a companion that nothing was found for yet */
	struct cw_log_place place;
	struct cw_log_time time;
	struct name component, host, peer, called, wanted, refuser;
	struct name local, local_port, remote, remote_port;
	size_t shown_length;
	char shown[CW_LOG_SHOWN_MAX + 64];
};

static void name_set(struct name *name, const struct cw_log_text *text)
{
	name->length = text->length < NAME_SIZE ? text->length : NAME_SIZE;
	for (size_t i = 0; i < name->length; i++) /* it becomes a C string: no NUL */
		name->data[i] = text->data[i] ? text->data[i] : ' ';
}

static bool name_equals(const struct name *a, const struct name *b)
{
	return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static void incident_finish(struct cw_log_incident *incident)
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
		incident_finish(&incidents->items[i]);
	free(incidents->items);
	free(incidents->index);
	free(incidents->near);
	free(incidents->sockets);
	*incidents = (struct cw_log_incidents){0};
}

/* What ends a secret: its line's next blank, quote or separator. */
static size_t secret_length(const char *at, size_t length, bool whole_header)
{
	const char *ends = whole_header ? "\r\n|\"" : " \t\r\n|\"',;&<>";
	size_t i = 0;
	while (i < length && (!at[i] || !strchr(ends, at[i])))
		i++;
	return i;
}

void cw_log_incidents_shown(struct cw_buffer *buffer, const struct cw_log_text *line)
{
	static const struct {
		const char *before;
		bool whole_header;
	} secrets[] = {{"Authorization: ", true}, {"Cookie: ", true}, {"{cipher}", false},
		{"assword=\"", false}, {"assword=", false}, {"<password>", false}};
	size_t length = line->length < CW_LOG_SHOWN_MAX ? line->length : CW_LOG_SHOWN_MAX;
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t i = 0; i < length && cw_forward(&unread, length - i);) {
		size_t step = 0;
		for (size_t k = 0; k < sizeof secrets / sizeof secrets[0] && !step; k++) {
			size_t head = strlen(secrets[k].before);
			if (length - i < head || strncasecmp(line->data + i, secrets[k].before, head) != 0)
				continue;
			step = head +
				secret_length(
					line->data + i + head, length - i - head, secrets[k].whole_header);
			cw_buffer_text(buffer, secrets[k].before);
			cw_buffer_text(buffer, "...");
		}
		if (!step)
			cw_buffer_char(buffer, line->data[i] ? line->data[i] : ' ');
		i += step ? step : 1;
	}
	if (line->length > length)
		cw_buffer_text(buffer, " ...");
}

static void near_fill(struct cw_log_near *near, const struct cw_log_match *match,
	const struct cw_log_line *line, const struct cw_log_place *place, const struct cw_buffer *shown)
{
	struct cw_log_text component = {match->row->component, strlen(match->row->component)};
	bool named = cw_log_line_is(&component, "tvcs") && line->process.length;
	*near = (struct cw_log_near){.row = match->row, .place = *place, .time = line->time};
	name_set(&near->component, named ? &line->process : &component);
	name_set(&near->host, &line->host);
	name_set(&near->peer, match->peer.length ? &match->peer : &line->remote.address);
	struct cw_log_text called = cw_log_line_value(&line->text, "Common-name");
	name_set(&near->called, &called);
	name_set(&near->wanted, &match->wanted);
	name_set(&near->refuser, &match->refuser);
	name_set(&near->local, &line->local.address);
	name_set(&near->local_port, &line->local.port);
	name_set(&near->remote, &line->remote.address);
	name_set(&near->remote_port, &line->remote.port);
	near->shown_length = shown->length < sizeof near->shown ? shown->length : sizeof near->shown;
	if (near->shown_length)
		memcpy(near->shown, shown->data, near->shown_length);
}

static bool same_socket(const struct cw_log_near *a, const struct cw_log_near *b)
{
	if (!a->remote_port.length || !a->local_port.length)
		return false;
	bool straight = name_equals(&a->remote, &b->remote) &&
		name_equals(&a->remote_port, &b->remote_port) && name_equals(&a->local, &b->local) &&
		name_equals(&a->local_port, &b->local_port);
	bool crossed = name_equals(&a->remote, &b->local) && name_equals(&a->remote_port, &b->local_port) &&
		name_equals(&a->local, &b->remote) && name_equals(&a->local_port, &b->remote_port);
	return straight || crossed;
}

static bool near_in_time(const struct cw_log_near *a, const struct cw_log_near *b)
{
	if (a->place.file != b->place.file || b->place.line - a->place.line > CW_LOG_NEAR_LINES)
		return false;
	if (a->time.form != b->time.form || a->time.form == CW_LOG_TIME_NONE)
		return true;
	cw_time apart = b->time.seconds - a->time.seconds;
	return apart <= CW_LOG_NEAR_SECONDS && apart >= -CW_LOG_NEAR_SECONDS;
}

/* `later` and `earlier` are lines of one refusal. */
static bool belong(const struct cw_log_near *earlier, const struct cw_log_near *later)
{
	if (!near_in_time(earlier, later) || !name_equals(&earlier->host, &later->host))
		return false;
	const char *family = earlier->row->near.family, *other = later->row->near.family;
	if (family && other && strcmp(family, other) == 0)
		return !earlier->peer.length || !later->peer.length ||
			name_equals(&earlier->peer, &later->peer);
	return same_socket(earlier, later);
}

/* How much a line says. */
static int weight(const struct cw_log_near *near)
{
	int weight = near->row->near.companion ? 0 : 8;
	weight += near->row->code != CW_LOG_NO_CODE ? 4 : 0;
	weight += near->row->refused_by != CW_LOG_NOBODY ? 2 : 0;
	return weight + (near->wanted.length != 0);
}

static const struct name *service_port(const struct cw_log_near *near)
{
	const struct name *a = &near->local_port, *b = &near->remote_port;
	if (!a->length || !b->length)
		return a->length ? a : b;
	if (a->length != b->length)
		return a->length < b->length ? a : b;
	return memcmp(a->data, b->data, a->length) < 0 ? a : b;
}

static uint32_t hash_more(uint32_t hash, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return (hash ^ 0xff) * 16777619U;
}

static uint32_t hash_of(const struct cw_log_near *near)
{
	const struct name *port = service_port(near);
	uint32_t hash = hash_more(2166136261U, &near->row, sizeof near->row);
	hash = hash_more(hash, near->component.data, near->component.length);
	hash = hash_more(hash, near->host.data, near->host.length);
	hash = hash_more(hash, near->peer.data, near->peer.length);
	hash = hash_more(hash, near->called.data, near->called.length);
	hash = hash_more(hash, near->refuser.data, near->refuser.length);
	hash = hash_more(hash, near->wanted.data, near->wanted.length);
	return hash_more(hash, port->data, port->length);
}

/* The same for both directions. */
static uint32_t hash_of_ends(const struct cw_log_end *a, const struct cw_log_end *b)
{
	const struct cw_log_end *ends[] = {a, b};
	uint32_t sum = 0;
	for (size_t i = 0; i < 2; i++) {
		uint32_t hash = hash_more(2166136261U, ends[i]->address.data, ends[i]->address.length);
		sum += hash_more(hash, ends[i]->port.data, ends[i]->port.length);
	}
	return sum;
}

static bool text_is(const char *text, const struct name *name)
{
	return text ? strlen(text) == name->length && memcmp(text, name->data, name->length) == 0
		    : !name->length;
}

static char *copy(const struct name *name, bool *good)
{
	char *text = name->length ? strndup(name->data, name->length) : NULL;
	*good = *good && (text || !name->length);
	return text;
}

static struct name refused_by(const struct cw_log_near *near)
{
	static const struct cw_log_text local = {"local", 5}, remote = {"remote", 6};
	struct name name = {0};
	if (near->refuser.length)
		return near->refuser;
	if (near->row->refused_by == CW_LOG_LOCAL && near->host.length)
		return near->host;
	if (near->row->refused_by == CW_LOG_REMOTE && near->peer.length && !near->row->group.refuser)
		return near->peer;
	if (near->row->refused_by == CW_LOG_LOCAL)
		name_set(&name, &local);
	if (near->row->refused_by == CW_LOG_REMOTE)
		name_set(&name, &remote);
	return name;
}

static bool is_it(const struct cw_log_incident *incident, const struct cw_log_near *near)
{
	struct name refuser = refused_by(near);
	return incident->row == near->row && text_is(incident->component, &near->component) &&
		text_is(incident->host, &near->host) && text_is(incident->peer, &near->peer) &&
		text_is(incident->called, &near->called) && text_is(incident->wanted, &near->wanted) &&
		text_is(incident->refused_by, &refuser) && text_is(incident->port, service_port(near));
}

static bool incident_new(
	struct cw_log_incidents *incidents, const struct cw_log_near *near, struct cw_error *error)
{
	if (!cw_memory_grow(
		    &incidents->items, &incidents->capacity, incidents->count, sizeof *incidents->items))
		return cw_error_memory(error);
	struct cw_log_incident *incident = &incidents->items[incidents->count];
	struct name refuser = refused_by(near);
	bool good = true;
	*incident = (struct cw_log_incident){.row = near->row, .first = near->time, .last = near->time};
	incident->component = copy(&near->component, &good);
	incident->host = copy(&near->host, &good);
	incident->refused_by = copy(&refuser, &good);
	incident->peer = copy(&near->peer, &good);
	incident->called = copy(&near->called, &good);
	incident->port = copy(service_port(near), &good);
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

static struct cw_log_text text_of(const struct name *name)
{
	return (struct cw_log_text){name->data, name->length};
}

static bool keep_socket(struct cw_log_incidents *incidents, const struct cw_log_near *near, size_t incident,
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
			incident_finish(&incidents->items[i]);
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
	if (!keep_socket(incidents, near, number, error))
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
		if (!other->row || !belong(other, line))
			continue;
		bool both_causes = !other->row->near.companion && !line->row->near.companion;
		if (both_causes && (!same_socket(other, line) || other->row->code != line->row->code))
			continue;
		if (weight(other) >= weight(line))
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
	near_fill(&near, match, line, place, &shown);
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
