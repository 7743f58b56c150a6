/**
 * What a relay is made of: for edge_relay*.c alone.
 */
#ifndef CW_NODE_EDGE_EDGE_RELAY_PARTS_H
#define CW_NODE_EDGE_EDGE_RELAY_PARTS_H

#include "node/edge/edge_message.h"
#include "node/edge/edge_relay.h"

enum cw_edge_relay_state {
	CW_EDGE_RELAY_IN_HEAD, /* the next request, or its head, is waited for */
	CW_EDGE_RELAY_ASKING,  /* the owner decides */
	CW_EDGE_RELAY_DIALLING,
	CW_EDGE_RELAY_FORWARDING,
	CW_EDGE_RELAY_OVER, /* nothing is read any more */
};

struct cw_edge_relay {
	struct cw_edge_relay_setup setup;
	enum cw_edge_relay_state state;
	struct cw_edge_stream *near;   /* over which requests come; NULL: it ended */
	struct cw_http_reader *reader; /* of requests */
	struct cw_buffer
		held; /* what came and is not read yet: the next request, or a body before its way is there */
	bool feeding;
	struct event *timer; /* for an answer; and, at once, for the end */
	const char *reason;  /* of the end; NULL: it goes on */

	/* the request */
	bool read_whole; /* the request was read to its end */
	bool closes;	 /* the connection ends with its answer */

	/* where it goes */
	struct cw_edge_stream *far;
	struct cw_http_reader *answers;
	struct cw_buffer head;		   /* to be sent, once there is a connection */
	char name[CW_EDGE_POOL_NAME_SIZE]; /* of the connections that it may go over */
	bool answering;			   /* the answer's head went to the client */
	bool interim;			   /* the answer that is being read is an interim one */
	enum cw_http_framing down;
	unsigned status;
	char trouble[160]; /* how the last one of these ended, where it should not have */
};

/** Reads what is held, as far as the state wants it. */
void cw_edge_relay_resume(struct cw_edge_relay *relay);
/** The answer is out: the next request, or the end. */
void cw_edge_relay_finish_answer(struct cw_edge_relay *relay, enum cw_edge_fault fault);
/** Nothing more can be said to the client: the connection is cut, so that it sees that. `reason` is fixed text. */
void cw_edge_relay_cut(struct cw_edge_relay *relay, const char *reason);
/** An answer has to come within its time from now on. */
void cw_edge_relay_wait(struct cw_edge_relay *relay);
void cw_edge_relay_wait_no_more(struct cw_edge_relay *relay);

/* --- edge_relay_far.c --- */

/** Sends the head and takes answers from now on. */
void cw_edge_relay_send_head(struct cw_edge_relay *relay, struct cw_edge_stream *stream);
/** A piece of the request's body, and its end. */
void cw_edge_relay_send_piece(struct cw_edge_relay *relay, struct cw_http_text piece);
void cw_edge_relay_send_end(struct cw_edge_relay *relay);
/** The client takes more again. */
void cw_edge_relay_far_go_on(struct cw_edge_relay *relay);
/** Lets go of the connection that was forwarded over. */
void cw_edge_relay_drop_far(struct cw_edge_relay *relay);

/** Sends a piece of a body. False: wait. */
bool cw_edge_relay_frame(
	struct cw_edge_stream *stream, enum cw_http_framing framing, struct cw_http_text piece);

#endif
