/**
 * The head of a SIP message as a table of header fields: names known and unknown, values with their folds
 * undone, each by its place in the bytes.
 *
 * Line ends, names and bounds are judged here; what a value means is not (sip_message.h). Nothing is
 * repaired: a bare CR or LF, a line without a colon, a control byte are refused (RFC 3261 §7.3, §25.1).
 */
#ifndef CW_SIP_SIP_HEAD_H
#define CW_SIP_SIP_HEAD_H

#include "sip/sip_limits.h"
#include "sip/sip_text.h"

/* Id, name, compact form (RFC 3261 §7.3.3) or "". What is not here is CW_SIP_OTHER, and goes through as it
 * is. */
#define CW_SIP_FIELD_LIST(X) \
	X(CW_SIP_ACCEPT, "Accept", "") \
	X(CW_SIP_ALLOW, "Allow", "") \
	X(CW_SIP_AUTHORIZATION, "Authorization", "") \
	X(CW_SIP_CALL_ID, "Call-ID", "i") \
	X(CW_SIP_CONTACT, "Contact", "m") \
	X(CW_SIP_CONTENT_LENGTH, "Content-Length", "l") \
	X(CW_SIP_CONTENT_TYPE, "Content-Type", "c") \
	X(CW_SIP_CSEQ, "CSeq", "") \
	X(CW_SIP_DATE, "Date", "") \
	X(CW_SIP_EVENT, "Event", "o") \
	X(CW_SIP_EXPIRES, "Expires", "") \
	X(CW_SIP_FLOW_TIMER, "Flow-Timer", "") \
	X(CW_SIP_FROM, "From", "f") \
	X(CW_SIP_IDENTITY, "Identity", "y") \
	X(CW_SIP_MAX_FORWARDS, "Max-Forwards", "") \
	X(CW_SIP_MIN_EXPIRES, "Min-Expires", "") \
	X(CW_SIP_ASSERTED_IDENTITY, "P-Asserted-Identity", "") \
	X(CW_SIP_PATH, "Path", "") \
	X(CW_SIP_PROXY_AUTHENTICATE, "Proxy-Authenticate", "") \
	X(CW_SIP_PROXY_AUTHORIZATION, "Proxy-Authorization", "") \
	X(CW_SIP_PROXY_REQUIRE, "Proxy-Require", "") \
	X(CW_SIP_RECORD_ROUTE, "Record-Route", "") \
	X(CW_SIP_REQUIRE, "Require", "") \
	X(CW_SIP_RETRY_AFTER, "Retry-After", "") \
	X(CW_SIP_ROUTE, "Route", "") \
	X(CW_SIP_SERVICE_ROUTE, "Service-Route", "") \
	X(CW_SIP_SESSION_ID, "Session-ID", "") \
	X(CW_SIP_SUPPORTED, "Supported", "k") \
	X(CW_SIP_TO, "To", "t") \
	X(CW_SIP_UNSUPPORTED, "Unsupported", "") \
	X(CW_SIP_USER_AGENT, "User-Agent", "") \
	X(CW_SIP_VIA, "Via", "v") \
	X(CW_SIP_WARNING, "Warning", "") \
	X(CW_SIP_WWW_AUTHENTICATE, "WWW-Authenticate", "")

enum cw_sip_field_id {
	CW_SIP_OTHER,
#define X(id, name, compact) id,
	CW_SIP_FIELD_LIST(X)
#undef X
		CW_SIP_FIELD_COUNT
};

struct cw_sip_field {
	enum cw_sip_field_id id;
	uint32_t name_at, name_length;
	uint32_t value_at, value_length; /* without white space around it */
	bool control;			 /* a control byte behind a backslash stands in it */
};

struct cw_sip_head {
	uint32_t start_length; /* the start line, which begins at 0, without its CRLF */
	uint32_t length;       /* of the whole head, the empty line too */
	uint32_t count;
	struct cw_sip_field fields[CW_SIP_FIELDS_MAX];
};

/**
 * Reads the head that fills `length` bytes exactly, from the first byte of the start line to the empty line.
 * Folds become spaces in `bytes`. False: `*reason` is a fixed text that says what was wanted and found.
 */
CW_MUST_USE bool cw_sip_head_parse(char *bytes, size_t length, struct cw_sip_head *ret, const char **reason);

/** The name as the RFCs write it; NULL for CW_SIP_OTHER. */
const char *cw_sip_head_name(enum cw_sip_field_id id);

/** The field of that name or compact form, upper and lower case alike. */
enum cw_sip_field_id cw_sip_head_id(struct cw_sip_text name);

/** How often it is there. */
unsigned cw_sip_head_count(const struct cw_sip_head *head, enum cw_sip_field_id id);

#endif
