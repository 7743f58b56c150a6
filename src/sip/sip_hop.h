/**
 * One hop of a registration on its way: Expressway-E's, between a client and the traversal zone, and Expressway-C's, between
 * the zone and Unified CM. Decides what becomes of a message, and writes what goes on.
 *
 * Everything is routed by connection and not by address (RFC 3327, RFC 5626 §5): a request inward gets a Path (REGISTER) or a
 * Record-Route with a flow token, and a Via whose branch has one too. A request outward goes where its Route's token says, an
 * answer where its Via's does; either counts only on the connection or over the zone that it names (403), and only while that
 * is there (430). What a client says about ways is not taken: its Route is dropped, a Path or Record-Route of its own is 403.
 * So addresses may be translated between any two of them.
 *
 * REGISTER and OPTIONS go on. Calls are not carried: everything else is 501, with a sentence.
 *
 * A pure machine: no sockets, no clock, and no state but a counter. Who waits for an answer is the owner's to know.
 */
#ifndef CW_SIP_SIP_HOP_H
#define CW_SIP_SIP_HOP_H

#include "sip/sip_flow.h"
#include "sip/sip_writer.h"

/* Towards the clients, or towards Unified CM. */
enum cw_sip_hop_side { CW_SIP_HOP_OUTER, CW_SIP_HOP_INNER };

struct cw_sip_hop {
	const char *host; /* this node's name; borrowed */
	unsigned port;
	const uint8_t *key; /* of flow tokens, CW_SIP_FLOW_KEY bytes; borrowed */
	uint16_t worker;
	enum cw_sip_hop_side
		zone_side; /* on which side the traversal zone is: INNER on Expressway-E, OUTER on Expressway-C */
	/* the flow's zone (Expressway-C's way out, Expressway-E's way in) or connection is there */
	bool (*lives)(void *context, const struct cw_sip_flow *flow, enum cw_sip_hop_side side);
	void *context;
	uint64_t sent; /* requests that went on: the last part of a branch */
};

/* How a message came. A request inward goes by it, too: `zone` and `connection` are those that it comes from and goes to. */
struct cw_sip_hop_from {
	enum cw_sip_hop_side side;
	uint16_t zone;	      /* 0: none is active */
	uint64_t connection;  /* that is not the zone's: the client's, or the one to Unified CM */
	const char *received; /* a client's address and port; NULL: they are nobody's to know */
	unsigned rport;
};

enum cw_sip_hop_way {
	CW_SIP_HOP_DROP,   /* nothing is sent */
	CW_SIP_HOP_ANSWER, /* what was written goes back where the message came from */
	CW_SIP_HOP_INWARD,
	CW_SIP_HOP_OUTWARD,
};

struct cw_sip_hop_step {
	enum cw_sip_hop_way way;
	struct cw_sip_flow flow; /* where it goes on: its zone, or its connection */
	uint64_t sent;		 /* of the branch: a request's is new, an answer's that of its request */
	unsigned status;	 /* that it is answered with here */
	const char *why;	 /* a fixed text for the log; "" */
};

/** Decides, and appends what is to be sent. CW_E_MEMORY, CW_E_CRYPTO; CW_E_FORMAT where a host is no text for SIP. */
CW_MUST_USE bool cw_sip_hop_take(struct cw_sip_hop *hop, const struct cw_sip_message *message,
	const struct cw_sip_hop_from *from, struct cw_buffer *out, struct cw_sip_hop_step *ret,
	struct cw_error *error);

/**
 * Appends this node's own answer to a request; `sentence` (fixed text) becomes its Warning, NULL: none. Nothing for an ACK or
 * an answer.
 */
CW_MUST_USE bool cw_sip_hop_answer(const struct cw_sip_hop *hop, const struct cw_sip_message *request,
	unsigned status, const char *sentence, struct cw_buffer *out, struct cw_error *error);

/** A branch of ours for a request that this node itself sends, over the zone of `flow`; the answer is found by it. */
CW_MUST_USE bool cw_sip_hop_branch(struct cw_sip_hop *hop, const struct cw_sip_flow *flow,
	struct cw_buffer *ret, struct cw_error *error);

/** The flow and the number that the topmost Via's branch holds; false: it is none of ours. */
CW_MUST_USE bool cw_sip_hop_read_branch(const uint8_t key[CW_SIP_FLOW_KEY],
	const struct cw_sip_message *message, struct cw_sip_flow *ret, uint64_t *ret_sent);

/** The flow that the first Route names; false: it is none of ours. */
CW_MUST_USE bool cw_sip_hop_read_route(
	const uint8_t key[CW_SIP_FLOW_KEY], const struct cw_sip_message *message, struct cw_sip_flow *ret);

#endif
