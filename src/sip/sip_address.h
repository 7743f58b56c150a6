/**
 * One value of From, To, Contact, Route, Record-Route, Path, Service-Route or P-Asserted-Identity: a URI with
 * or without a display name and angle brackets, and parameters (RFC 3261 §20.10, §25.1; RFC 3327, RFC 3608,
 * RFC 3325).
 *
 * Refused are the ways in which two readers differ: a URI with `,`, `;` or `?` without its brackets, a
 * display name that is neither tokens nor quoted, white space inside the brackets (RFC 4475 §3.1.2.13 to
 * §3.1.2.15).
 */
#ifndef CW_SIP_SIP_ADDRESS_H
#define CW_SIP_SIP_ADDRESS_H

#include "sip/sip_head.h"
#include "sip/sip_parameters.h"
#include "sip/sip_uri.h"

struct cw_sip_address {
	enum cw_sip_field_id field;
	bool any; /* `*` of a Contact; the rest is empty then */
	struct cw_sip_text whole;
	struct cw_sip_text display; /* as it was sent, with its quotes */
	struct cw_sip_uri uri;
	struct cw_sip_parameters parameters;
};

/**
 * Reads one value; `text` must outlive it. Route, Record-Route, Path and Service-Route must have angle
 * brackets;
 * `*` is for Contact. False with `*reason`, or `*reason` NULL where memory failed; nothing is to be released
 * then.
 */
CW_MUST_USE bool cw_sip_address_parse(
	enum cw_sip_field_id field, struct cw_sip_text text, struct cw_sip_address *ret, const char **reason);

void cw_sip_address_finish(struct cw_sip_address *address);

/** The value of a parameter; `data` NULL where it is not there or has no value. */
struct cw_sip_text cw_sip_address_parameter(const struct cw_sip_address *address, const char *name);

#endif
