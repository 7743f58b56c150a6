/**
 * Flow tokens: the user part of a Path, Route or Record-Route URI of ours, which names the connection that a
 * message has to go out on (RFC 5626 §5.2). Routed by connection and not by address, a registration works
 * behind any NAT.
 *
 * A token carries a MAC: nobody outside makes one, or turns one into another. It says nothing about whether
 * the connection is still there: one that is gone gets 430 Flow Failed (RFC 5626 §5.3), and that is the
 * caller's.
 */
#ifndef CW_SIP_SIP_FLOW_H
#define CW_SIP_SIP_FLOW_H

#include "base/error.h"

#include <stdint.h>

#define CW_SIP_FLOW_KEY 32

/* 40 letters, digits, - and _, and a NUL. */
#define CW_SIP_FLOW_SIZE 41

struct cw_sip_flow {
	uint16_t worker;     /* process that holds the connection */
	uint16_t zone;	     /* 0: no zone; a token is good over the zone that it names only */
	uint64_t connection; /* never used again by this worker */
	bool towards_server; /* which of a dialog's two sides the URI stands for */
};

/** Writes the token. CW_E_CRYPTO. */
CW_MUST_USE bool cw_sip_flow_write(const uint8_t key[CW_SIP_FLOW_KEY], const struct cw_sip_flow *flow,
	char ret[CW_SIP_FLOW_SIZE], struct cw_error *error);

/** Reads one that this key made, and no other: false is 403, and the key was another's (RFC 5626 §5.3). */
CW_MUST_USE bool cw_sip_flow_read(
	const uint8_t key[CW_SIP_FLOW_KEY], const char *token, struct cw_sip_flow *ret);

#endif
