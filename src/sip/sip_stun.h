/**
 * STUN Binding over a SIP flow, as a keep-alive (RFC 5626 §4.4.2, §8; RFC 8489): a request is answered with
 * the address that it came from. No authentication, no other method; attributes that must be understood and
 * are not get a 420.
 */
#ifndef CW_SIP_SIP_STUN_H
#define CW_SIP_SIP_STUN_H

#include "base/buffer.h"

#include <stdint.h>

#define CW_SIP_STUN_TRANSACTION 12
#define CW_SIP_STUN_UNKNOWN_MAX 8

enum cw_sip_stun_class {
	CW_SIP_STUN_REQUEST,
	CW_SIP_STUN_INDICATION,
	CW_SIP_STUN_SUCCESS,
	CW_SIP_STUN_ERROR,
};

struct cw_sip_stun_address {
	bool ipv6;
	uint8_t bytes[16]; /* the first four for IPv4 */
	uint16_t port;
};

struct cw_sip_stun {
	enum cw_sip_stun_class class;
	uint8_t transaction[CW_SIP_STUN_TRANSACTION];
	bool has_address; /* XOR-MAPPED-ADDRESS of a success */
	struct cw_sip_stun_address address;
	uint16_t unknown[CW_SIP_STUN_UNKNOWN_MAX]; /* the first attributes that must be understood and are not
						    */
	size_t unknown_count;
};

/**
 * Reads a STUN message that was cut out of a stream (sip_frame.h). False with `*reason`: no Binding, or
 * attributes that do not fill it exactly; nothing is answered then.
 */
CW_MUST_USE bool cw_sip_stun_parse(
	const void *data, size_t length, struct cw_sip_stun *ret, const char **reason);

/** A Binding request; its transaction id is random and the caller's to remember. */
void cw_sip_stun_ask(const uint8_t transaction[CW_SIP_STUN_TRANSACTION], struct cw_buffer *out);

/** The answer to a request: success with the address it came from, or 420. Nothing for what is no request. */
void cw_sip_stun_answer(
	const struct cw_sip_stun *request, const struct cw_sip_stun_address *from, struct cw_buffer *out);

#endif
