/**
 * Turns: so many of those who want something go at once, the others one after the other, in the order in which they came.
 *
 * Against all of them being served a little, and each of them too late, where thousands come at once. Knows no time; who
 * waits too long ends its turn itself.
 */
#ifndef CW_NET_TURNS_H
#define CW_NET_TURNS_H

#include "base/error.h"

#include <event2/event.h>

struct cw_turns;

enum cw_turn_state { CW_TURN_NONE, CW_TURN_WAITS, CW_TURN_GOES };

/* In its owner's memory, all zero at first but for the first two; what it is told is told from the loop or from _take. */
struct cw_turn {
	void (*go)(void *context); /* it is its turn, until _end */
	void *context;
	enum cw_turn_state state;
	struct cw_turns *turns;
	struct cw_turn *before, *after;
};

/** NULL: no memory. */
CW_MUST_USE struct cw_turns *cw_turns_new(struct event_base *base, size_t most);
/** Every turn has ended. */
void cw_turns_free(struct cw_turns *turns);
CW_DEFINE_AUTO(struct cw_turns *, cw_turns_free)

/** Wants a turn; `go` is called at once where there is room. One that has not ended stays where it is. */
void cw_turns_take(struct cw_turns *turns, struct cw_turn *turn);
/** Over, or not wanted any more; nothing happens where it was neither. The next one goes from the loop. */
void cw_turns_end(struct cw_turn *turn);

/** How many wait. */
size_t cw_turns_waiting(const struct cw_turns *turns);

#endif
