/**
 * Who is registered over which zone, as the registrar's answers say: for counting, and for nothing else.
 *
 * A table of fixed size; each registration is a hash of its To and Call-ID, and goes when its time is over, when it is taken
 * back, or with its zone. What does not fit is not counted.
 */
#ifndef CW_NODE_SIP_SIP_BINDINGS_H
#define CW_NODE_SIP_SIP_BINDINGS_H

#include "base/time.h"
#include "node/sip/sip_carry.h"

#define CW_SIP_BINDINGS_SIZE 16384

struct cw_sip_binding {
	uint64_t hash;
	cw_time until; /* 0: the place is free */
	uint16_t zone;
};

struct cw_sip_bindings {
	struct cw_sip_binding items[CW_SIP_BINDINGS_SIZE];
};

/** The good answer to a REGISTER, which came over this zone. */
void cw_sip_bindings_note(
	struct cw_sip_bindings *bindings, const struct cw_sip_message *answer, uint16_t zone, cw_time now);

struct cw_sip_bindings_count {
	size_t all;
	size_t zones[CW_SIP_CARRY_ZONES_MAX]; /* in the order of `shared` */
};

/** Counts, and forgets what is over. */
void cw_sip_bindings_count(struct cw_sip_bindings *bindings, const struct cw_sip_carry_shared *shared,
	cw_time now, struct cw_sip_bindings_count *ret);

#endif
