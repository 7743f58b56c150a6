#include "net/loop_signal.h"

#include <signal.h>

static void end_at_second(int number)
{
	struct sigaction action;
	if (sigaction(number, NULL, &action) != 0)
		return;
	action.sa_flags |= (int)SA_RESETHAND;
	sigaction(number, &action, NULL);
}

bool cw_loop_signal_add(struct event_base *base, const struct cw_loop_signal *signal, event_callback_fn told,
	void *context, struct event **ret, struct cw_error *error)
{
	*ret = evsignal_new(base, signal->number, told, context);
	if (!*ret || event_add(*ret, NULL) < 0)
		return cw_error_memory(error);
	if (signal->ends)
		end_at_second(signal->number);
	return true;
}
