#include "node/sip/sip_bindings.h"

#include "sip/sip_registration.h"

/* Places that are looked at, against a table that is full. */
#define STEPS 16
/* Against a registrar that gives a year. */
#define EXPIRES_MAX 7200

/* FNV-1a. */
static uint64_t mix(uint64_t hash, struct cw_sip_text text)
{
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3u;
	return hash;
}

static uint64_t hash_of(const struct cw_sip_message *answer)
{
	const struct cw_sip_address *to = cw_sip_message_address(answer, CW_SIP_TO, 0);
	uint64_t hash = 0xcbf29ce484222325u;
	if (to)
		hash = mix(hash, to->uri.whole);
	return mix(hash, answer->call_id);
}

/* Its place, or one that is free; NULL: there is none. */
static struct cw_sip_binding *find(struct cw_sip_bindings *bindings, uint64_t hash, cw_time now)
{
	struct cw_sip_binding *free_place = NULL;
	for (size_t i = 0; i < STEPS; i++) {
		struct cw_sip_binding *item = &bindings->items[(hash + i) % CW_SIP_BINDINGS_SIZE];
		if (item->until && item->hash == hash)
			return item;
		if (!free_place && item->until < now)
			free_place = item;
	}
	return free_place;
}

void cw_sip_bindings_note(
	struct cw_sip_bindings *bindings, const struct cw_sip_message *answer, uint16_t zone, cw_time now)
{
	uint64_t hash = hash_of(answer);
	uint32_t longest = 0;
	struct cw_sip_registration binding;
	struct cw_sip_binding *item = find(bindings, hash, now);
	for (unsigned nth = 0; cw_sip_registration_read(answer, nth, 0, &binding); nth++)
		if (binding.expires > longest)
			longest = binding.expires;
	if (longest > EXPIRES_MAX)
		longest = EXPIRES_MAX;
	if (item && longest)
		*item = (struct cw_sip_binding){hash, now + longest, zone};
	else if (item && item->hash == hash)
		item->until = 0;
}

void cw_sip_bindings_count(struct cw_sip_bindings *bindings, const struct cw_sip_carry_shared *shared,
	cw_time now, struct cw_sip_bindings_count *ret)
{
	*ret = (struct cw_sip_bindings_count){0};
	for (size_t i = 0; i < CW_SIP_BINDINGS_SIZE; i++) {
		struct cw_sip_binding *item = &bindings->items[i];
		if (item->until < now || !cw_sip_carry_has(shared, item->zone)) {
			item->until = 0;
			continue;
		}
		ret->all++;
		for (size_t k = 0; k < shared->zone_count; k++)
			ret->zones[k] += shared->zones[k] == item->zone;
	}
}
