/**
 * What a capture says of one TLS session: its ends, when, how, which certificates each end sent, which end
 * refused the other.
 *
 * Facts only, each with its frame number. What could not be seen is said (`hidden`, `missing`,
 * `from_middle`), never guessed; whether a certificate should have been accepted is for the judge.
 */
#ifndef CW_CAPTURE_SESSION_H
#define CW_CAPTURE_SESSION_H

#include "capture/captured_certs.h"
#include "capture/tls/hello.h"

/* Of one session; against one that renegotiates or alerts for
 * ever. What is over is counted in `left_out`. */
#define CW_CHAINS_MAX 8
#define CW_ALERTS_MAX 4
/* Certificates in one message: 64 kB hold a hundred real ones. */
#define CW_CHAIN_CERTS_MAX 1024

enum cw_session_end { CW_SESSION_CLIENT, CW_SESSION_SERVER };

struct cw_session_address {
	uint8_t version; /* of IP: 4 or 6 */
	uint8_t address[16];
	uint16_t port;
};

/** One Certificate message. `count` 0: sent, and empty (a client that has none). */
struct cw_session_chain {
	enum cw_session_end from;
	uint64_t frame;	 /* in which the message ended */
	bool encrypted;	 /* read with the key log */
	bool compressed; /* RFC 8879 */
	bool broken;	 /* the message's own lengths contradict each other; what came before that is here */
	size_t count;
	struct cw_captured_cert **certs; /* in the order sent */
};

struct cw_session_alert {
	enum cw_session_end from;
	uint64_t frame;
	uint8_t level, code; /* meaningless where `hidden` */
	bool encrypted;
	bool hidden; /* an alert that could not be read for lack of keys */
};

enum cw_session_outcome {
	CW_OUTCOME_UP,	       /* the handshake was completed */
	CW_OUTCOME_REFUSED,    /* `refused_by` sent a fatal alert */
	CW_OUTCOME_HIDDEN,     /* `refused_by` ended the handshake with an alert that is encrypted */
	CW_OUTCOME_RESET,      /* `refused_by` reset the connection before the handshake was over */
	CW_OUTCOME_CLOSED,     /* `refused_by` closed it before the handshake was over */
	CW_OUTCOME_UNFINISHED, /* the capture does not show the end of the handshake */
	CW_OUTCOME_MIDDLE, /* the capture does not show the beginning of the connection, nor any handshake */
};

struct cw_session_direction {
	struct cw_session_address at;
	uint64_t missing;     /* bytes that the capture lacks */
	uint64_t conflicting; /* bytes that differed in overlapping segments; the first were kept */
	bool from_middle;     /* the capture begins after its first byte */
	bool lost_message;    /* a handshake message of this side is incomplete for missing bytes */
	bool broken;	      /* sent something that is not TLS where TLS should be */
	bool finished;	      /* its Finished was seen */
};

struct cw_session {
	struct cw_session_direction sides[2]; /* by enum cw_session_end */
	bool roles_known;	       /* false: no hello was seen; the lower port is taken for the server */
	int64_t first_time, last_time; /* nanoseconds since 1970 */
	uint64_t first_frame, last_frame;
	uint64_t client_hello_frame, server_hello_frame; /* 0: not seen */
	char *sni;					 /* NULL: not asked for */
	char *alpn;					 /* offered by the client, with commas, or NULL */
	const char *starttls; /* the protocol that TLS began in ("smtp"), "other" or NULL */
	uint16_t offered;     /* the highest version that the client offered */
	uint16_t version;     /* chosen; 0: no ServerHello seen */
	uint16_t cipher;
	bool cipher_known;
	bool retried;	       /* HelloRetryRequest */
	bool resumed;	       /* no certificates are sent then */
	bool asked;	       /* the server asked for a client certificate */
	bool hidden;	       /* certificates are encrypted (TLS 1.3) and no keys are there */
	bool hidden_handshake; /* a later handshake is encrypted and no keys are there */
	bool decrypted;	       /* something was read with the key log */
	bool wrong_keys;       /* keys were there and did not fit */
	bool evicted;	       /* given up early: too many connections at once */
	uint64_t asked_frame;
	struct cw_captured_names *names; /* CA names in the request, or NULL */
	struct cw_session_chain chains[CW_CHAINS_MAX];
	size_t chain_count;
	struct cw_session_alert alerts[CW_ALERTS_MAX];
	size_t alert_count;
	uint32_t left_out;	    /* chains and alerts over the limits */
	uint32_t too_long_messages; /* over CW_READER_MESSAGE_MAX */
	enum cw_session_outcome outcome;
	enum cw_session_end refused_by;
	const struct cw_session_alert *refusal; /* CW_OUTCOME_REFUSED: the alert, among `alerts` */
};

/** The first chain that an end sent, or NULL. */
const struct cw_session_chain *cw_session_chain(const struct cw_session *session, enum cw_session_end from);

/** "10.0.0.1:7001", "[2001:db8::1]:7001". Returns `text`. */
#define CW_ADDRESS_TEXT_SIZE 64
const char *cw_session_address_text(
	const struct cw_session_address *endpoint, char text[CW_ADDRESS_TEXT_SIZE]);
/** The address alone. */
const char *cw_session_address_host(
	const struct cw_session_address *endpoint, char text[CW_ADDRESS_TEXT_SIZE]);

/** "client", "server". */
const char *cw_session_end_name(enum cw_session_end end);

/** "up", "refused", "hidden", "reset", "closed", "unfinished", "middle". */
const char *cw_session_outcome_name(enum cw_session_outcome outcome);

#endif
