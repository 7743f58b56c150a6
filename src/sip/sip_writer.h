/**
 * Writes SIP messages: requests and responses of our own, answers to a request, and what goes on to the next
 * hop.
 *
 * What is written can be read again by sip_message.h and says the same. A line end or a NUL in a method, a
 * URI or a value is refused at the end (cw_sip_writer_end), so that no text from outside becomes a header
 * field of its own. What goes on is copied field by field, known and unknown, in its order; only what struct
 * cw_sip_forward says is different, and Content-Length is always written anew.
 */
#ifndef CW_SIP_SIP_WRITER_H
#define CW_SIP_SIP_WRITER_H

#include "sip/sip_message.h"

/* Zeros and `out` are a new one. */
struct cw_sip_writer {
	struct cw_buffer *out;
	const char *unfit; /* why what was written is no SIP */
};

void cw_sip_writer_request(struct cw_sip_writer *writer, const char *method, const char *uri);

/** `reason` NULL: that of the RFC for this status. */
void cw_sip_writer_status(struct cw_sip_writer *writer, unsigned status, const char *reason);

/** A header field of a name in CW_SIP_FIELD_LIST. */
void cw_sip_writer_field(struct cw_sip_writer *writer, enum cw_sip_field_id id, const char *format, ...)
	CW_PRINTF(3, 4);

/** A header field of another name. */
void cw_sip_writer_other(struct cw_sip_writer *writer, const char *name, const char *format, ...)
	CW_PRINTF(3, 4);

/** All lines of this field, as they came. */
void cw_sip_writer_copy(
	struct cw_sip_writer *writer, const struct cw_sip_message *message, enum cw_sip_field_id id);

/**
 * Status line, Via, From, To, Call-ID and CSeq of the answer to a request, a refused one too (RFC 3261
 * §8.2.6.2). `tag` goes to a To that has none; NULL, or status 100: none. Contact, Path and the like are the
 * caller's.
 */
void cw_sip_writer_answer(struct cw_sip_writer *writer, const struct cw_sip_message *request, unsigned status,
	const char *reason, const char *tag);

/** What a hop changes in a request (RFC 3261 §16.6); NULL and false leave it as it is. */
struct cw_sip_forward {
	const char *via;	  /* ours, in front */
	const char *received;	  /* the address that the request came from, for its topmost Via (RFC 3581) */
	unsigned rport;		  /* and port, where that Via asks for it */
	const char *path;	  /* ours, in front (RFC 3327) */
	const char *record_route; /* ours, in front */
	const char *contact;	  /* in place of what came */
	bool drop_route;	  /* the first value of Route is us */
	bool drop_routes;	  /* all of Route: what its sender says about ways is not taken */
};

/** A request that goes on: Max-Forwards is one less, or 70 where there is none. */
void cw_sip_writer_forward(struct cw_sip_writer *writer, const struct cw_sip_message *request,
	const struct cw_sip_forward *forward);

/** A response that goes back: without its first Via, which was ours. */
void cw_sip_writer_return(struct cw_sip_writer *writer, const struct cw_sip_message *response);

/**
 * Content-Type (where `type` is not NULL), Content-Length, the empty line and the body. False: CW_E_FORMAT
 * where anything was unfit, CW_E_LIMIT for a body that nobody would take, CW_E_MEMORY.
 */
CW_MUST_USE bool cw_sip_writer_end(
	struct cw_sip_writer *writer, const char *type, struct cw_sip_text body, struct cw_error *error);

/** The reason phrase of the RFCs; "" for a status that none of them has. */
const char *cw_sip_writer_reason(unsigned status);

#endif
