#include "traversal/zone.h"

const struct cw_zone_times cw_zone_times_default = {.keep_alive = 20000, .wait_min = 1000, .wait_max = 60000};

#define DOUBLINGS_MAX 16

bool cw_zone_tell(struct cw_zone_status *status, enum cw_zone_event event)
{
	enum cw_zone_state before = status->state;
	switch (event) {
	case CW_ZONE_CONNECTS:
		status->state = CW_ZONE_CHECKING;
		break;
	case CW_ZONE_ANSWERED:
		status->state = CW_ZONE_ACTIVE;
		status->failures = 0;
		break;
	case CW_ZONE_LOST:
		status->state = CW_ZONE_FAILED;
		status->failures++;
		break;
	case CW_ZONE_SWITCHED_OFF:
		status->state = CW_ZONE_OFF;
		status->failures = 0;
		break;
	}
	return status->state != before;
}

unsigned cw_zone_wait(const struct cw_zone_status *status, const struct cw_zone_times *times, uint32_t random)
{
	unsigned doublings = status->failures ? status->failures - 1 : 0;
	if (doublings > DOUBLINGS_MAX)
		doublings = DOUBLINGS_MAX;
	uint64_t most = (uint64_t)times->wait_min << doublings;
	if (most > times->wait_max)
		most = times->wait_max;
	return (unsigned)(most / 2 + random % (most / 2 + 1));
}

const char *cw_zone_state_name(enum cw_zone_state state)
{
	static const char *const names[] = {"Off", "Checking", "Active", "Failed"};
	return names[state];
}
