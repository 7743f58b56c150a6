#include "traversal/tunnel_admission.h"

const struct cw_tunnel_limits cw_tunnel_limits_default = {.probe = 2000,
	.probe_first = 20,
	.misses = 3,
	.begin = 15000,
	.exchange = 3000,
	.cut = 500,
	.redial_min = 500,
	.redial_max = 4000,
	.burst = 10,
	.refill = 500};

/* Its row; a new one takes the place of who was silent for longest where the table is full. */
static struct cw_tunnel_caller *find(struct cw_tunnel_admission *admission,
	const struct cw_tunnel_limits *limits, struct in_addr from, uint64_t now)
{
	struct cw_tunnel_caller *oldest = admission->callers;
	for (size_t i = 0; i < admission->count; i++) {
		if (admission->callers[i].address == from.s_addr)
			return &admission->callers[i];
		if (admission->callers[i].counted < oldest->counted)
			oldest = &admission->callers[i];
	}
	if (admission->count < CW_TUNNEL_ADDRESSES_MAX)
		oldest = &admission->callers[admission->count++];
	*oldest = (struct cw_tunnel_caller){from.s_addr, limits->burst, now};
	return oldest;
}

static void refill(struct cw_tunnel_caller *caller, const struct cw_tunnel_limits *limits, uint64_t now)
{
	uint64_t more = (now - caller->counted) / limits->refill;
	if (caller->left + more >= limits->burst) {
		caller->left = limits->burst;
		caller->counted = now;
	} else {
		caller->left += (unsigned)more;
		caller->counted += more * limits->refill;
	}
}

const char *cw_tunnel_admission_ask(struct cw_tunnel_admission *admission,
	const struct cw_tunnel_limits *limits, struct in_addr from, size_t all, size_t same, uint64_t now)
{
	if (all >= CW_TUNNEL_CONNECTIONS_MAX)
		return "too many connections to the tunnel's port at once";
	if (same >= CW_TUNNEL_CONNECTIONS_EACH_MAX)
		return "too many connections to the tunnel's port from this address at once";
	struct cw_tunnel_caller *caller = find(admission, limits, from, now);
	refill(caller, limits, now);
	if (caller->left == 0)
		return "connections to the tunnel's port come from this address too often";
	caller->left--;
	return NULL;
}
