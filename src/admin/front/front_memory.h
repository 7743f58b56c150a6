/**
 * What the admin process remembers between two requests: what was tried, and what is to be said on the next page.
 *
 * A change is tried first and done then; done is only what was tried with the same bytes, by the same session, a short
 * while before. Bounded, in memory alone; keyed hashes in place of sessions and of what was sent. Time is told.
 */
#ifndef CW_ADMIN_FRONT_FRONT_MEMORY_H
#define CW_ADMIN_FRONT_FRONT_MEMORY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define CW_FRONT_MEMORY_TRIED_MAX 256
#define CW_FRONT_MEMORY_SAID_MAX 64
#define CW_FRONT_MEMORY_TEXT_MAX 1500
#define CW_FRONT_MEMORY_SECONDS 900
#define CW_FRONT_MEMORY_HASH 32

struct cw_front_memory_tried {
	unsigned char hash[CW_FRONT_MEMORY_HASH];
	uint64_t until;
};

struct cw_front_memory_said {
	unsigned char session[CW_FRONT_MEMORY_HASH];
	uint64_t until;
	int kind; /* the owner's */
	char text[CW_FRONT_MEMORY_TEXT_MAX];
	char next[CW_FRONT_MEMORY_TEXT_MAX]; /* "": none */
};

struct cw_front_memory {
	unsigned char key[CW_FRONT_MEMORY_HASH]; /* of this run; random */
	struct cw_front_memory_tried tried[CW_FRONT_MEMORY_TRIED_MAX];
	struct cw_front_memory_said said[CW_FRONT_MEMORY_SAID_MAX];
};

/** This session tried `operation` (the one that will do it) with these fields; passwords and private keys, which no page
 * holds, do not count. */
void cw_front_memory_try(struct cw_front_memory *memory, const char *session, const char *operation,
	const json_t *with, uint64_t now);
/** It did, not long ago, and this is the first time that it is done. */
bool cw_front_memory_was_tried(struct cw_front_memory *memory, const char *session, const char *operation,
	const json_t *with, uint64_t now);

/** On this session's next page. `text` and `next` may be NULL. */
void cw_front_memory_say(struct cw_front_memory *memory, const char *session,
	const struct cw_front_memory_said *said, uint64_t now);
/** What is to be said, once. False: nothing. */
bool cw_front_memory_said(
	struct cw_front_memory *memory, const char *session, uint64_t now, struct cw_front_memory_said *ret);

#endif
