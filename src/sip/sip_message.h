/**
 * A SIP message that was cut out of a stream (sip_frame.h): read, and judged by the rules that hold for every
 * receiver (RFC 3261 §8.2, §16.3, §20; RFC 4475 §3.1.2).
 *
 * A message that breaks a rule is read as far as it goes and says with which status it is refused: the caller
 * answers a request with that (sip_writer.h), and drops a response (RFC 4475 §3.1.2.5). Whether a good
 * message is also wanted here (method, extensions, loop) is sip_admit.h's. Nothing is repaired: what goes on
 * is what came.
 */
#ifndef CW_SIP_SIP_MESSAGE_H
#define CW_SIP_SIP_MESSAGE_H

#include "sip/sip_address.h"
#include "sip/sip_head.h"
#include "sip/sip_via.h"

struct cw_sip_refusal {
	unsigned status;    /* 0: nothing is wrong */
	const char *reason; /* a fixed text */
};

/* The start line. */
struct cw_sip_start {
	struct cw_sip_text method; /* request */
	struct cw_sip_uri uri;
	unsigned status; /* response; 0: a request */
	struct cw_sip_text reason;
};

struct cw_sip_cseq {
	uint32_t number;
	struct cw_sip_text method;
};

struct cw_sip_message {
	char *bytes; /* head with its folds undone, and body */
	size_t length;
	struct cw_sip_head head;
	struct cw_sip_start start;
	struct cw_sip_text call_id, body;
	struct cw_sip_cseq cseq;
	int max_forwards; /* -1: not there */
	struct cw_sip_via *vias;
	size_t via_count, via_capacity;
	struct cw_sip_address *addresses; /* of all fields that hold addresses, in their order */
	size_t address_count, address_capacity;
	struct cw_sip_refusal refusal;
};

/**
 * Reads a message: `length` bytes whose head was parsed as `head` (a piece of sip_frame.h, whole or a broken
 * stream's head alone). They are copied. False with CW_E_MEMORY only: look at `refusal`.
 */
CW_MUST_USE bool cw_sip_message_parse(const char *bytes, size_t length, const struct cw_sip_head *head,
	struct cw_sip_message **ret, struct cw_error *error);

void cw_sip_message_free(struct cw_sip_message *message);
CW_DEFINE_AUTO(struct cw_sip_message *, cw_sip_message_free)

/** The value of the field's `nth` header field line, from 0; `data` NULL where it is not there. */
struct cw_sip_text cw_sip_message_field(
	const struct cw_sip_message *message, enum cw_sip_field_id id, unsigned nth);

/** The value of the first header field of a name that CW_SIP_FIELD_LIST has not. */
struct cw_sip_text cw_sip_message_other(const struct cw_sip_message *message, const char *name);

/** The `nth` address of a field, counted over its lines; NULL where it is not there. */
const struct cw_sip_address *cw_sip_message_address(
	const struct cw_sip_message *message, enum cw_sip_field_id id, unsigned nth);

/**
 * The tokens of a list field (Supported, Require, Allow, …) have this one, upper and lower case alike:
 * "path", "outbound", "x-cisco-…".
 */
bool cw_sip_message_lists(const struct cw_sip_message *message, enum cw_sip_field_id id, const char *token);

/** A request of this method (methods differ by case, RFC 3261 §7.1). */
bool cw_sip_message_is(const struct cw_sip_message *message, const char *method);

#endif
