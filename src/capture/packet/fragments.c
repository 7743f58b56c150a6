#include "capture/packet/fragments.h"

#include <string.h>

#define UNIT 8 /* fragments begin at multiples of it */

struct unfinished {
	bool used;
	uint64_t age; /* of its first fragment, in fragments seen */
	uint8_t version, protocol;
	uint8_t source[16], destination[16];
	uint32_t id;
	uint8_t *data;
	size_t capacity;
	size_t length; /* of the whole payload; 0 until the last fragment came */
	size_t end;    /* of what came */
	size_t units;  /* that came */
	uint8_t came[CW_DATAGRAM_MAX / UNIT / 8];
};

struct cw_fragments {
	struct unfinished items[CW_FRAGMENTED_MAX];
	uint64_t clock, dropped;
	uint8_t *ready; /* the payload that was handed out last */
};

struct cw_fragments *cw_fragments_new(void)
{
	return calloc(1, sizeof(struct cw_fragments));
}

void cw_fragments_free(struct cw_fragments *fragments)
{
	if (!fragments)
		return;
	for (size_t i = 0; i < CW_FRAGMENTED_MAX; i++)
		free(fragments->items[i].data);
	free(fragments->ready);
	free(fragments);
}

static void clear(struct unfinished *item)
{
	free(item->data);
	*item = (struct unfinished){0};
}

static bool belongs(const struct unfinished *item, const struct cw_datagram *datagram)
{
	/* IPv6 lets the next header differ between fragments (RFC 8200 §4.5): the first one's counts. */
	return item->used && item->id == datagram->id && item->version == datagram->version &&
		(item->version == 6 || item->protocol == datagram->protocol) &&
		memcmp(item->source, datagram->source, 16) == 0 &&
		memcmp(item->destination, datagram->destination, 16) == 0;
}

static struct unfinished *find(struct cw_fragments *fragments, const struct cw_datagram *datagram)
{
	struct unfinished *free_one = NULL, *oldest = &fragments->items[0];
	for (size_t i = 0; i < CW_FRAGMENTED_MAX; i++) {
		struct unfinished *item = &fragments->items[i];
		if (belongs(item, datagram))
			return item;
		if (!item->used)
			free_one = item;
		else if (item->age < oldest->age)
			oldest = item;
	}
	struct unfinished *item = free_one ? free_one : oldest;
	if (item->used)
		fragments->dropped++;
	clear(item);
	item->used = true;
	item->age = ++fragments->clock;
	item->version = datagram->version;
	item->protocol = datagram->protocol;
	item->id = datagram->id;
	memcpy(item->source, datagram->source, 16);
	memcpy(item->destination, datagram->destination, 16);
	return item;
}

static bool make_room(struct unfinished *item, size_t wanted, struct cw_error *error)
{
	if (wanted <= item->capacity)
		return true;
	size_t capacity = item->capacity ? item->capacity : 4096;
	while (capacity < wanted)
		capacity *= 2;
	uint8_t *data = realloc(item->data, capacity);
	if (!data)
		return cw_error_memory(error);
	item->data = data;
	item->capacity = capacity;
	return true;
}

static void copy_new_units(struct unfinished *item, const struct cw_datagram *part)
{
	for (size_t at = 0; at < part->length; at += UNIT) {
		size_t unit = (part->offset + at) / UNIT, left = part->length - at;
		if (item->came[unit / 8] & 1U << unit % 8)
			continue;
		item->came[unit / 8] |= (uint8_t)(1U << unit % 8);
		item->units++;
		memcpy(item->data + part->offset + at, part->payload + at, left < UNIT ? left : UNIT);
	}
	if (part->offset + part->length > item->end)
		item->end = part->offset + part->length;
}

/* A fragment that a capture cut short, that is too long, or that is no multiple of 8 though more follow. */
static bool impossible(const struct cw_datagram *part)
{
	return part->length != part->wire_length || part->length == 0 ||
		part->offset + part->length > CW_DATAGRAM_MAX ||
		(part->more_fragments && part->length % UNIT);
}

/*
 * How a datagram is put together. Fragments of one datagram agree in both addresses, identification and (IPv4)
 * protocol (belongs); the first of them takes a place in the table, where the oldest unfinished datagram makes
 * room if all are taken. Every fragment but the last is a multiple of 8 bytes long and begins at one, so what
 * came is kept as one bit for each unit of 8 bytes: a unit that is already there is not written again, so that
 * the bytes that came first are kept and a fragment sent twice counts once. The last fragment (no more follow)
 * tells the length. The datagram is whole as soon as the length is known and as many units came as it needs;
 * one with bytes past its end is dropped. Each fragment is copied once and nothing is searched again, whatever
 * the order in which they come.
 */
bool cw_fragments_add(
	struct cw_fragments *fragments, struct cw_datagram *datagram, bool *whole, struct cw_error *error)
{
	*whole = false;
	if (impossible(datagram)) {
		fragments->dropped++;
		return true;
	}
	struct unfinished *item = find(fragments, datagram);
	if (!make_room(item, datagram->offset + datagram->length, error))
		return false;
	if (datagram->offset == 0)
		item->protocol = datagram->protocol;
	copy_new_units(item, datagram);
	if (!datagram->more_fragments && !item->length)
		item->length = datagram->offset + datagram->length;
	if (!item->length || item->units < (item->length + UNIT - 1) / UNIT)
		return true;
	if (item->end > item->length) { /* bytes past the end: two senders, or an attack */
		fragments->dropped++;
		clear(item);
		return true;
	}
	free(fragments->ready);
	fragments->ready = item->data;
	datagram->payload = item->data;
	datagram->length = datagram->wire_length = item->length;
	datagram->protocol = item->protocol;
	datagram->fragment = false;
	item->data = NULL;
	clear(item);
	*whole = datagram->version == 4 || cw_ip_walk_extensions(datagram);
	return true;
}

uint64_t cw_fragments_dropped(const struct cw_fragments *fragments)
{
	return fragments->dropped;
}

size_t cw_fragments_waiting(const struct cw_fragments *fragments)
{
	size_t count = 0;
	for (size_t i = 0; i < CW_FRAGMENTED_MAX; i++)
		count += fragments->items[i].used;
	return count;
}
