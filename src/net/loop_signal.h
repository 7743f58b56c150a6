/**
 * Signals in a main loop: the first is an event of the loop, the second ends the program.
 *
 * A loop that does not turn (a fault in what it runs) sees no event. So a signal that ends a program has its default
 * effect again once it came (SA_RESETHAND): whoever sends it twice is rid of the program. No watchdog thread.
 */
#ifndef CW_NET_LOOP_SIGNAL_H
#define CW_NET_LOOP_SIGNAL_H

#include "base/error.h"

#include <event2/event.h>

struct cw_loop_signal {
	int number;
	bool ends; /* it ends the program; else it can come any number of times (a reload) */
};

/** Calls `told` for each such signal. The caller frees the event. Fails for want of memory. */
CW_MUST_USE bool cw_loop_signal_add(struct event_base *base, const struct cw_loop_signal *signal,
	event_callback_fn told, void *context, struct event **ret, struct cw_error *error);

#endif
