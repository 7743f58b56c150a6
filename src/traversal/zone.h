/**
 * The state of a traversal zone as its client sees it, and when to try again (vendor's words for the states).
 *
 * A small machine without clock and sockets: who runs it tells what happened and asks how long to wait.
 */
#ifndef CW_TRAVERSAL_ZONE_H
#define CW_TRAVERSAL_ZONE_H

#include <stdbool.h>
#include <stdint.h>

enum cw_zone_state { CW_ZONE_OFF, CW_ZONE_CHECKING, CW_ZONE_ACTIVE, CW_ZONE_FAILED };

/* In milliseconds. */
struct cw_zone_times {
	unsigned keep_alive;	     /* between two signs of life on an active zone */
	unsigned wait_min, wait_max; /* before the next try */
};
extern const struct cw_zone_times cw_zone_times_default;

struct cw_zone_status {
	enum cw_zone_state state;
	unsigned failures; /* in a row */
};

enum cw_zone_event { CW_ZONE_CONNECTS, CW_ZONE_ANSWERED, CW_ZONE_LOST, CW_ZONE_SWITCHED_OFF };

/** True: the state is another one now. */
bool cw_zone_tell(struct cw_zone_status *status, enum cw_zone_event event);

/**
 * How long to wait before the next try, in milliseconds: doubled with every failure in a row up to
 * `wait_max`, and between half and all of that by `random`, so that a cluster's peers do not come back all at
 * once.
 */
unsigned cw_zone_wait(
	const struct cw_zone_status *status, const struct cw_zone_times *times, uint32_t random);

/** "Off", "Checking", "Active", "Failed". */
const char *cw_zone_state_name(enum cw_zone_state state);

#endif
