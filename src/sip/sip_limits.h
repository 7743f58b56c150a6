/**
 * How much of a SIP stream is looked at, and against whom each bound stands.
 *
 * What is over a bound is refused before osipparser2 sees a byte of it: osipparser2 has no bounds of its own.
 */
#ifndef CW_SIP_SIP_LIMITS_H
#define CW_SIP_SIP_LIMITS_H

/* Start line and header fields: against a peer that sends header fields for ever. */
#define CW_SIP_HEAD_MAX (16 * 1024)

/* Against a Content-Length that reserves memory. A zone's document has at most 64 KB. */
#define CW_SIP_BODY_MAX (64 * 1024)

/* Header fields of a message: against lookups that take the square of what was sent. */
#define CW_SIP_FIELDS_MAX 100

/* Values in Via, Route, Record-Route, Path, Contact … together: against comma lists that become many
 * allocations. */
#define CW_SIP_VALUES_MAX 80

/* Parameters of one value; osipparser2 looks each of them up from the first one on. */
#define CW_SIP_PARAMETERS_MAX 32

/* One URI, and one value with its parameters; osipparser2 copies it several times. */
#define CW_SIP_URI_MAX 1024
#define CW_SIP_VALUE_MAX 4096

/* A STUN message over a SIP flow has a few attributes only (RFC 5626 §8): against one that is a reservoir. */
#define CW_SIP_STUN_MAX 548

/* A digest realm, nonce, opaque, user name or URI. */
#define CW_SIP_DIGEST_TEXT_MAX 512

#endif
