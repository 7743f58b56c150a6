/**
 * An HTTP/1.1 server's side of one connection as a machine over bytes: what came goes in, the answers come out, time is
 * told to it. No socket, no TLS, no clock.
 *
 * In this order for each request: head (strictly, http/http_head.h), route, length and type of the body, cookies, query,
 * the site's check; only then the first byte of the body; then the handler. One request at a time: what follows waits
 * with the caller. A request that is refused before its body was read ends the connection.
 */
#ifndef CW_ADMIN_WEB_WEB_MACHINE_H
#define CW_ADMIN_WEB_WEB_MACHINE_H

#include "admin/web/web_exchange.h"

/* Each in milliseconds. */
#define CW_WEB_MACHINE_HEAD_TIME 10000	 /* against heads of a byte now and then: for the whole head */
#define CW_WEB_MACHINE_BODY_TIME 30000	 /* between two pieces of a body */
#define CW_WEB_MACHINE_BODY_WHOLE 300000 /* against bodies of a byte now and then: for the whole body */
#define CW_WEB_MACHINE_KEPT_TIME 60000	 /* between two requests */
#define CW_WEB_MACHINE_OWNER_TIME 60000	 /* until the check or the handler answers; then it is 504 */
#define CW_WEB_MACHINE_SEND_WHOLE \
	300000 /* until an answer is taken: against clients that read a byte now and then */
#define CW_WEB_MACHINE_DRAIN_TIME 5000	  /* after the last answer, so that it is not lost */
#define CW_WEB_MACHINE_COMMENT_TIME 15000 /* between two signs of life of server-sent events */
/* What waits to be sent of events; more are lost. */
#define CW_WEB_MACHINE_EVENTS_MAX ((size_t)262144)

struct cw_web_machine;

struct cw_web_machine_setup {
	const struct cw_web_site *site; /* borrowed until the end */
	const char *address, *note;	/* copied; NULL: none */
	uint64_t now;			/* milliseconds of a clock that only goes forward */
	/* Outside of the functions below something was answered or allowed: there is output, or more is wanted. May be
	 * called inside them, too. NULL: nobody asks. */
	void (*wake)(void *context);
	void *context;
};

/** NULL: no memory. */
CW_MUST_USE struct cw_web_machine *cw_web_machine_new(const struct cw_web_machine_setup *setup);
void cw_web_machine_free(struct cw_web_machine *machine);
CW_DEFINE_AUTO(struct cw_web_machine *, cw_web_machine_free)

/** Takes bytes that came, and says how many: what is left comes again when cw_web_machine_wants says so. */
size_t cw_web_machine_take(struct cw_web_machine *machine, const char *bytes, size_t length, uint64_t now);
/** It would use more bytes now. */
bool cw_web_machine_wants(const struct cw_web_machine *machine);
/** The other side sends no more. */
void cw_web_machine_close(struct cw_web_machine *machine);

/** What is to be sent; the caller takes it away (and lowers its length). */
struct cw_buffer *cw_web_machine_out(struct cw_web_machine *machine);
/** Nothing more comes out: when the output is sent, the connection is closed for writing, and what still comes is
 * read and thrown away until it ends or cw_web_machine_deadline is there. */
bool cw_web_machine_is_over(const struct cw_web_machine *machine);

/** When cw_web_machine_time wants to be called; of the same clock as `now`. */
uint64_t cw_web_machine_deadline(const struct cw_web_machine *machine);
/** It is now. True: the connection is to be dropped at once. */
bool cw_web_machine_time(struct cw_web_machine *machine, uint64_t now);

/** It waits for the client (a head, a body, the next request), not for the owner: it may make room for others. */
bool cw_web_machine_is_waiting(const struct cw_web_machine *machine);
/** A request came over it of which the site found out who asks. */
bool cw_web_machine_is_known(const struct cw_web_machine *machine);

#endif
