#include "live/zone.h"

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

unsigned cw_zone_wait(const struct cw_zone_status *status, uint32_t random)
{
	unsigned doublings = status->failures ? status->failures - 1 : 0;
	if (doublings > DOUBLINGS_MAX)
		doublings = DOUBLINGS_MAX;
	uint64_t most = (uint64_t)CW_ZONE_WAIT_MIN << doublings;
	if (most > CW_ZONE_WAIT_MAX)
		most = CW_ZONE_WAIT_MAX;
	return (unsigned)(most / 2 + random % (most / 2 + 1));
}

const char *cw_zone_state_name(enum cw_zone_state state)
{
	static const char *const names[] = {"Off", "Checking", "Active", "Failed"};
	return names[state];
}
