/**
 * A SIP message in the frames between a node's core and its edge workers: {"zone": number, "message": base64}, and what the
 * core shares with them: {"key": 64 hexadecimal digits, "zones": [number, …]}.
 *
 * Text of the same program at both ends; bounds are those of SIP (sip_limits.h).
 */
#ifndef CW_NODE_SIP_SIP_CARRY_H
#define CW_NODE_SIP_SIP_CARRY_H

#include "sip/sip_flow.h"
#include "sip/sip_message.h"

#include <jansson.h>

/* Under which it is shared. */
#define CW_SIP_CARRY_SHARED "sip"
/* Traversal zones' connections at once. */
#define CW_SIP_CARRY_ZONES_MAX 64

struct cw_sip_carry_shared {
	bool keyed; /* false: nothing was shared yet */
	uint8_t key[CW_SIP_FLOW_KEY];
	uint16_t zones[CW_SIP_CARRY_ZONES_MAX];
	size_t zone_count;
};

/** For json_decref; NULL: no memory. */
json_t *cw_sip_carry_write(uint16_t zone, const char *data, size_t length);
/**
 * Reads one: exactly one whole message, for cw_sip_message_free; good or refused, as cw_sip_message_parse has it. False: it is
 * none, or there is no memory.
 */
CW_MUST_USE bool cw_sip_carry_read(const json_t *frame, uint16_t *ret_zone, struct cw_sip_message **ret);

/** For json_decref; NULL: no memory. */
json_t *cw_sip_carry_share(const struct cw_sip_carry_shared *shared);
void cw_sip_carry_shared(const json_t *value, struct cw_sip_carry_shared *ret);
/** The zone's connection is there. */
bool cw_sip_carry_has(const struct cw_sip_carry_shared *shared, uint16_t zone);

#endif
