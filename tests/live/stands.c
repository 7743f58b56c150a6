/*
 * A Causeway with a fault: the loop that holds a rehearsal stands still at the first outside client. The linker puts
 * this in the place of cw_exchange_with_outside_client; nothing of it is in the program.
 */
#include "rehearse/exchange.h"

#include <stdio.h>

bool __wrap_cw_exchange_with_outside_client(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, evutil_socket_t socket, struct cw_error *error);

bool __wrap_cw_exchange_with_outside_client(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, evutil_socket_t socket, struct cw_error *error)
{
	(void)rehearsal;
	(void)observed;
	(void)watcher;
	(void)socket;
	(void)error;
	fputs("stands still\n", stderr);
	fflush(stderr);
	for (volatile bool still = true; still;)
		;
	return false;
}
