/**
 * What a REGISTER of a Mobile and Remote Access client asks for: its bindings, with the instance and flow of
 * RFC 5626 and the device that Cisco's clients name ("Configure and Troubleshoot … Phone Services Failover":
 * Contact parameters
 * `+u.sip!devicename.ccm.cisco.com`, `+u.sip!model.ccm.cisco.com`).
 *
 * Reads; registers nobody.
 */
#ifndef CW_SIP_SIP_REGISTRATION_H
#define CW_SIP_SIP_REGISTRATION_H

#include "sip/sip_message.h"

struct cw_sip_registration {
	const struct cw_sip_address *contact; /* of the request */
	struct cw_sip_text instance; /* +sip.instance, as it stands between the quotes; data NULL: none */
	uint32_t reg_id;	     /* RFC 5626 §4.2.1; 0: none */
	struct cw_sip_text device;   /* "CSFMRA01" */
	struct cw_sip_text model;    /* "503" */
	uint32_t expires;	     /* seconds; 0: the binding goes */
};

/**
 * The `nth` binding of a REGISTER; `fallback` seconds where neither the Contact nor Expires says how long.
 * False: there is none left.
 */
bool cw_sip_registration_read(const struct cw_sip_message *request, unsigned nth, uint32_t fallback,
	struct cw_sip_registration *ret);

/** `Contact: *` with `Expires: 0` takes all bindings away (RFC 3261 §10.2.2). */
bool cw_sip_registration_is_clear(const struct cw_sip_message *request);

/**
 * 0, or the status that the bindings are refused with: 400 for `*` with another Expires, or a reg-id that is
 * no number or stands without +sip.instance (RFC 5626 §4.2.1); 439 for a reg-id where the first hop has put
 * in no Path with `ob` although there were hops (§6).
 */
unsigned cw_sip_registration_check(const struct cw_sip_message *request);

#endif
