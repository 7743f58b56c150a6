/**
 * The parameters behind a value: `;tag=98asjd8;lr;+sip.instance="<urn:uuid:…>"` (RFC 3261 §25.1,
 * generic-param).
 *
 * A name that stands there twice is refused (RFC 3261 §7.3.1): two readers would believe two things.
 */
#ifndef CW_SIP_SIP_PARAMETERS_H
#define CW_SIP_SIP_PARAMETERS_H

#include "sip/sip_text.h"

struct cw_sip_parameter {
	struct cw_sip_text name;
	struct cw_sip_text
		value; /* of a quoted one what stands between the quotes; data NULL where there is none */
	bool quoted;
};

struct cw_sip_parameters {
	struct cw_sip_parameter *items;
	size_t count, capacity;
};

/**
 * Reads all of `text`: nothing, or `;` and a parameter, again and again, white space around each sign
 * allowed. False with `*reason`, or `*reason` NULL where memory failed; `ret` is to be finished all the same.
 */
CW_MUST_USE bool cw_sip_parameters_parse(
	struct cw_sip_text text, struct cw_sip_parameters *ret, const char **reason);

void cw_sip_parameters_finish(struct cw_sip_parameters *parameters);

/** The one of that name, upper and lower case alike; NULL where it is not there. */
const struct cw_sip_parameter *cw_sip_parameters_find(
	const struct cw_sip_parameters *parameters, const char *name);

#endif
