/**
 * A loop over input moves forward at each turn, or the program ends: a scanner that stands still never answers.
 *
 *     size_t unread = CW_FORWARD_BEGIN;
 *     while (at < end && cw_forward(&unread, (size_t)(end - at))) {
 *
 * For loops that take input apart in more than one statement. A loop whose one statement is a step (`at++`) needs none,
 * and one that something else ends says what: a comment that begins with "ends:" in its line. scripts/house looks.
 */
#ifndef CW_BASE_FORWARD_H
#define CW_BASE_FORWARD_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CW_FORWARD_BEGIN SIZE_MAX

/** `left`: how much is still to be read, less than at the turn before. True, or the program is aborted. */
static inline bool cw_forward(size_t *unread, size_t left)
{
	bool moved = left < *unread;
	assert(moved && "a scanner stands still");
	*unread = left;
	return moved;
}

/** For loops whose turn may only change what is expected next: at most so many turns. True, or the program is aborted. */
static inline bool cw_forward_turn(size_t *turns)
{
	assert(*turns && "a scanner stands still");
	return (*turns)-- > 0;
}

#endif
