/**
 * ClientHello, ServerHello, HelloRetryRequest and the SSLv2 hellos: the parts that say which ends talk,
 * how, and whether certificates will be sent at all.
 */
#ifndef CW_CAPTURE_TLS_HELLO_H
#define CW_CAPTURE_TLS_HELLO_H

#include "capture/tls/keylog.h"

#define CW_SNI_MAX 255
#define CW_ALPN_MAX 64
#define CW_SESSION_ID_MAX 32

#define CW_VERSION_SSL_2 0x0002
#define CW_VERSION_SSL_3 0x0300
#define CW_VERSION_TLS_1_0 0x0301
#define CW_VERSION_TLS_1_1 0x0302
#define CW_VERSION_TLS_1_2 0x0303
#define CW_VERSION_TLS_1_3 0x0304

struct cw_client_hello {
	uint16_t version; /* the highest offered */
	uint8_t random[CW_RANDOM_SIZE];
	uint8_t session_id[CW_SESSION_ID_MAX];
	uint8_t session_id_length;
	bool ticket;	 /* a session ticket was sent (RFC 5077) */
	bool psk;	 /* a pre-shared key was offered (RFC 8446 §4.2.11) */
	bool early_data; /* 0-RTT follows */
	char sni[CW_SNI_MAX + 1];
	char alpn[CW_ALPN_MAX + 1]; /* the offers, with commas */
};

struct cw_server_hello {
	uint16_t version;
	uint16_t cipher;
	uint8_t random[CW_RANDOM_SIZE];
	uint8_t session_id[CW_SESSION_ID_MAX];
	uint8_t session_id_length;
	bool retry;	       /* a HelloRetryRequest */
	bool psk;	       /* a pre-shared key was taken: TLS 1.3 resumption */
	bool encrypt_then_mac; /* RFC 7366 */
};

/** Read the body of a message. False: broken. */
bool cw_hello_read_client(const uint8_t *body, size_t length, struct cw_client_hello *ret);
bool cw_hello_read_server(const uint8_t *body, size_t length, struct cw_server_hello *ret);

/**
 * A ClientHello in SSLv2's form (RFC 5246 appendix E.2), without its two bytes of record header; for SSL 2.0
 * itself too.
 */
bool cw_hello_read_client_v2(const uint8_t *body, size_t length, struct cw_client_hello *ret);

/** A ServerHello of SSL 2.0 itself; `cert` is borrowed and may be NULL (a resumed session sends none). */
bool cw_hello_read_server_v2(
	const uint8_t *body, size_t length, uint16_t *version, const uint8_t **cert, size_t *cert_length);

/** "TLS 1.2", "SSL 3.0", "unknown version". */
const char *cw_hello_version_name(uint16_t version);

#endif
