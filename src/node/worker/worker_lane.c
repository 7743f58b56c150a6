#include "node/worker/worker_lane.h"

#include "node/edge/lane_https.h"
#include "node/edge/lane_relay.h"
#include "node/sip/lane_sip_edge.h"
#include "node/sip/lane_sip_relay.h"
#include "node/worker/lane_sip_in.h"

#include <string.h>

static const struct cw_worker_lane *const lanes[] = {
	&cw_lane_sip_in,
	&cw_lane_https,
	&cw_lane_relay,
	&cw_lane_sip_edge,
	&cw_lane_sip_relay,
};
#define COUNT (sizeof lanes / sizeof lanes[0])
_Static_assert(COUNT < CW_WORKER_LANES_MAX, "more lanes than have room");

const struct cw_worker_lane *const *cw_worker_lanes(size_t *ret_count)
{
	*ret_count = COUNT;
	return lanes;
}

size_t cw_worker_lane_find(enum cw_node_kind role, const char *name)
{
	size_t place = 0;
	while (place < COUNT &&
		(!name || lanes[place]->role != role || strcmp(lanes[place]->name, name) != 0))
		place++;
	return place;
}
