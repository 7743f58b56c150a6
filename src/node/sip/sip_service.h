/**
 * SERVICE: Expressway-E has Expressway-C check a digest before a registration goes on, and sends its own certificate along
 * ("MRA Certificate Requirements"; the message as in "Troubleshoot Mobile and Remote Access SERVICE messages": Event: service,
 * multipart/mixed of application/text with <methodCall><methodName>DigestAuth, and application/x-x509-ca-cert).
 *
 * Writes the request, and reads it. Judges nothing: the certificate is judged by the link `service`, the digest itself by
 * Unified CM, which alone has the password.
 */
#ifndef CW_NODE_SIP_SIP_SERVICE_H
#define CW_NODE_SIP_SIP_SERVICE_H

#include "pki/cert.h"
#include "sip/sip_hop.h"

/* Against a body that is searched again and again. */
#define CW_SIP_SERVICE_PARTS_MAX 4

/** Appends the SERVICE for a REGISTER with credentials, over the zone of `flow`; the answer has its branch. */
CW_MUST_USE bool cw_sip_service_write(struct cw_sip_hop *hop, const struct cw_sip_flow *flow,
	const struct cw_sip_message *registration, const struct cw_cert *own, struct cw_buffer *out,
	struct cw_error *error);

/** Reads the certificate out of a SERVICE, for cw_cert_free. False: it has none that can be read; `*reason` says why. */
CW_MUST_USE bool cw_sip_service_read(
	const struct cw_sip_message *request, struct cw_cert **ret, const char **reason);

/** The request has credentials that such a check is about. */
bool cw_sip_service_wanted(const struct cw_sip_message *request);

#endif
