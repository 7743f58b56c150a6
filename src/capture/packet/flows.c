#include "capture/packet/flows.h"

#include <string.h>
#include <sys/random.h>

#define NONE UINT32_MAX

struct cw_flows {
	struct cw_flow *items; /* zeroed by calloc, so that places never used cost no memory */
	uint32_t *buckets;
	uint32_t mask, limit, used, never_used; /* `fresh`: places from here on were never used */
	uint32_t unused;			/* places given back, by `chain` */
	uint32_t newest, oldest;
	uint64_t seed;
};

struct cw_flows *cw_flows_new(uint32_t limit)
{
	struct cw_flows *flows = calloc(1, sizeof *flows);
	if (!flows)
		return NULL;
	uint32_t buckets = 1;
	while (buckets < limit)
		buckets *= 2;
	flows->items = calloc(limit, sizeof *flows->items);
	flows->buckets = malloc(buckets * sizeof *flows->buckets);
	if (!flows->items || !flows->buckets) {
		cw_flows_free(flows);
		return NULL;
	}
	memset(flows->buckets, 0xff, buckets * sizeof *flows->buckets);
	flows->mask = buckets - 1;
	flows->limit = limit;
	flows->unused = flows->newest = flows->oldest = NONE;
	/* Against packets made to meet in one bucket. Without randomness the table still works. */
	if (getrandom(&flows->seed, sizeof flows->seed, GRND_NONBLOCK) != sizeof flows->seed)
		flows->seed = (uintptr_t)flows;
	return flows;
}

void cw_flows_free(struct cw_flows *flows)
{
	if (!flows)
		return;
	free(flows->items);
	free(flows->buckets);
	free(flows);
}

void cw_flows_key(const struct cw_datagram *datagram, const struct cw_segment *segment,
	struct cw_flow_key *ret, int *from)
{
	int order = memcmp(datagram->source, datagram->destination, 16);
	if (order == 0)
		order = segment->source_port < segment->destination_port ? -1 : 1;
	int sender = order < 0 ? 0 : 1;
	memcpy(ret->address[sender], datagram->source, 16);
	memcpy(ret->address[!sender], datagram->destination, 16);
	ret->port[sender] = segment->source_port;
	ret->port[!sender] = segment->destination_port;
	ret->version = datagram->version;
	*from = sender;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint32_t hash_of(const struct cw_flows *flows, const struct cw_flow_key *key)
{
	uint64_t words[4], hash = flows->seed;
	memcpy(words, key->address, sizeof words);
	for (size_t i = 0; i < 4; i++)
		hash = mix(hash, words[i]);
	hash = mix(hash, (uint64_t)key->port[0] << 16 | key->port[1]);
	return (uint32_t)(hash ^ hash >> 29);
}

static void take_out(struct cw_flows *flows, struct cw_flow *flow)
{
	if (flow->newer == NONE)
		flows->newest = flow->older;
	else
		flows->items[flow->newer].older = flow->older;
	if (flow->older == NONE)
		flows->oldest = flow->newer;
	else
		flows->items[flow->older].newer = flow->newer;
}

static void put_newest(struct cw_flows *flows, struct cw_flow *flow)
{
	uint32_t index = (uint32_t)(flow - flows->items);
	flow->newer = NONE;
	flow->older = flows->newest;
	if (flows->newest != NONE)
		flows->items[flows->newest].newer = index;
	flows->newest = index;
	if (flows->oldest == NONE)
		flows->oldest = index;
}

struct cw_flow *cw_flows_find(struct cw_flows *flows, const struct cw_flow_key *key)
{
	uint32_t hash = hash_of(flows, key);
	for (uint32_t i = flows->buckets[hash & flows->mask]; i != NONE; i = flows->items[i].chain) {
		struct cw_flow *flow = &flows->items[i];
		if (flow->hash != hash || memcmp(&flow->key, key, sizeof *key) != 0)
			continue;
		if (flow->newer != NONE) {
			take_out(flows, flow);
			put_newest(flows, flow);
		}
		return flow;
	}
	return NULL;
}

bool cw_flows_full(const struct cw_flows *flows)
{
	return flows->used == flows->limit;
}

struct cw_flow *cw_flows_add(struct cw_flows *flows, const struct cw_flow_key *key)
{
	uint32_t index = flows->unused;
	if (index != NONE)
		flows->unused = flows->items[index].chain;
	else
		index = flows->never_used++;
	struct cw_flow *flow = &flows->items[index];
	uint32_t hash = hash_of(flows, key), *bucket = &flows->buckets[hash & flows->mask];
	*flow = (struct cw_flow){
		.hash = hash, .chain = *bucket, .used = true, .reset_by = -1, .ended_by = -1};
	memcpy(&flow->key, key, sizeof *key);
	*bucket = index;
	put_newest(flows, flow);
	flows->used++;
	return flow;
}

void cw_flows_remove(struct cw_flows *flows, struct cw_flow *flow)
{
	uint32_t index = (uint32_t)(flow - flows->items);
	uint32_t *place = &flows->buckets[flow->hash & flows->mask];
	while (*place != index)
		place = &flows->items[*place].chain;
	*place = flow->chain;
	take_out(flows, flow);
	flow->used = false;
	flow->chain = flows->unused;
	flows->unused = index;
	flows->used--;
}

struct cw_flow *cw_flows_oldest(struct cw_flows *flows)
{
	return flows->oldest == NONE ? NULL : &flows->items[flows->oldest];
}

struct cw_flow *cw_flows_newer(struct cw_flows *flows, const struct cw_flow *flow)
{
	return flow->newer == NONE ? NULL : &flows->items[flow->newer];
}
