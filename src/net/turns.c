#include "net/turns.h"

#include <stdlib.h>

struct cw_turns {
	struct event *next; /* the loop calls those whose turn it is */
	struct cw_turn *first, *last;
	size_t most, waiting, going;
};

static void put_last(struct cw_turns *turns, struct cw_turn *turn)
{
	turn->state = CW_TURN_WAITS;
	turn->turns = turns;
	turn->after = NULL;
	turn->before = turns->last;
	if (turns->last)
		turns->last->after = turn;
	else
		turns->first = turn;
	turns->last = turn;
	turns->waiting++;
}

static void take_out(struct cw_turns *turns, struct cw_turn *turn)
{
	if (turn->before)
		turn->before->after = turn->after;
	else
		turns->first = turn->after;
	if (turn->after)
		turn->after->before = turn->before;
	else
		turns->last = turn->before;
	turn->before = turn->after = NULL;
	turns->waiting--;
}

static void go(struct cw_turns *turns, struct cw_turn *turn)
{
	turn->state = CW_TURN_GOES;
	turns->going++;
	turn->go(turn->context);
}

static void on_next(evutil_socket_t none, short what, void *context)
{
	struct cw_turns *turns = context;
	(void)none;
	(void)what;
	/* as many as wait now: who fails at once and wants another turn stands behind them, so that this ends */
	for (size_t left = turns->waiting; left && turns->first && turns->going < turns->most; left--) {
		struct cw_turn *turn = turns->first;
		take_out(turns, turn);
		go(turns, turn);
	}
}

void cw_turns_take(struct cw_turns *turns, struct cw_turn *turn)
{
	if (turn->state != CW_TURN_NONE)
		return;
	turn->turns = turns;
	if (turns->first || turns->going >= turns->most)
		put_last(turns, turn);
	else
		go(turns, turn);
}

void cw_turns_end(struct cw_turn *turn)
{
	struct cw_turns *turns = turn->turns;
	enum cw_turn_state before = turn->state;
	turn->state = CW_TURN_NONE;
	if (before == CW_TURN_WAITS)
		take_out(turns, turn);
	else if (before == CW_TURN_GOES)
		turns->going--;
	if (before != CW_TURN_NONE && turns->first)
		event_active(turns->next, EV_TIMEOUT, 0);
}

size_t cw_turns_waiting(const struct cw_turns *turns)
{
	return turns->waiting;
}

struct cw_turns *cw_turns_new(struct event_base *base, size_t most)
{
	AUTO(cw_turns_free) struct cw_turns *turns = calloc(1, sizeof *turns);
	if (!turns)
		return NULL;
	turns->most = most;
	turns->next = evtimer_new(base, on_next, turns);
	return turns->next ? TAKE(turns) : NULL;
}

void cw_turns_free(struct cw_turns *turns)
{
	if (!turns)
		return;
	if (turns->next)
		event_free(turns->next);
	free(turns);
}
