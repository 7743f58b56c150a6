/**
 * Inside capture/tls: the state of one session, shared by the files that read records, messages and keys.
 */
#ifndef CW_CAPTURE_TLS_SESSION_READER_PARTS_H
#define CW_CAPTURE_TLS_SESSION_READER_PARTS_H

#include "capture/tls/record_search.h"
#include "capture/tls/session_reader.h"

/* Record types (RFC 8446 §5.1). */
enum {
	CW_RECORD_CCS = 20,
	CW_RECORD_ALERT = 21,
	CW_RECORD_HANDSHAKE = 22,
	CW_RECORD_DATA = 23,
	CW_RECORD_HEARTBEAT = 24,
};

#define CW_RECORD_HEADER 5

enum cw_session_reader_mode {
	CW_READER_SEARCHING, /* no TLS so far */
	CW_READER_READING,   /* at a known place in the record layer */
	CW_READER_LOST,	     /* after a hole, or begun in the middle */
	CW_READER_IGNORED,   /* nothing more to be found */
};

/** What is done with the body of the record that is being read. */
enum cw_session_reader_action {
	CW_READER_ACTION_PASS,
	CW_READER_ACTION_CCS,
	CW_READER_ACTION_ALERT,
	CW_READER_ACTION_HANDSHAKE,
	CW_READER_ACTION_DECRYPT, /* to be decrypted */
	CW_READER_ACTION_V2,	  /* an SSLv2 hello */
};

enum cw_session_reader_phase { CW_READER_PHASE_HANDSHAKE, CW_READER_PHASE_TRAFFIC };

/** Bytes being put together: a message out of many records, a record out of many segments. */
struct cw_assembly {
	uint8_t *data;
	uint32_t length, wanted;
};

struct cw_session_reader_direction {
	uint8_t mode, action, phase;
	uint8_t header_have;
	uint8_t header[CW_RECORD_HEADER];
	uint8_t message_header[4];
	uint8_t message_have;
	uint8_t alert[2], alert_have;
	uint8_t window_length;
	uint8_t window[CW_RECORD_SEARCH_WINDOW]; /* the last bytes that were searched */
	bool begun;				 /* the record's body is being read */
	bool waits;				 /* for the other direction */
	bool unsure;				 /* a record header was taken on trust after a hole */
	bool sealed;				 /* TLS 1.2 and older: ChangeCipherSpec was sent */
	bool message_lost;			 /* where the next handshake message begins is not known */
	bool message_wanted;
	bool message_damaged; /* bytes of it are missing */
	bool hello_done;
	bool keys_failed, keys_wanted;
	bool is_client, is_server;
	uint32_t searched; /* bytes in which no TLS was found */
	uint32_t record_left;
	uint32_t message_left;
	uint32_t hellos;
	uint32_t data_records;		    /* with application data, as far as can be told */
	uint32_t sealed_records;	    /* encrypted, in which anything may be */
	uint32_t sealed_after;		    /* of them, after the other direction's first */
	uint32_t first_sealed, last_sealed; /* their lengths */
	uint64_t sealed_bytes;
	uint64_t hidden_alert_frame; /* of an encrypted record that can only be an alert */
	uint32_t failures;	     /* records that no key decrypted */
	struct cw_assembly message, record;
	struct cw_crypt *crypt, *early;
};

struct cw_session_reader {
	struct cw_session_reader_shared *shared;
	struct cw_session session;
	struct cw_session_reader_direction sides[2];
	uint64_t frame; /* of the bytes being read */
	bool stop_waiting;
	bool has_tls;
	bool any_hello;
	bool have_client_random, have_server_random;
	bool encrypt_then_mac;
	uint8_t session_id_length;
	uint8_t session_id[CW_SESSION_ID_MAX];
	uint8_t client_random[CW_RANDOM_SIZE], server_random[CW_RANDOM_SIZE];
};

/* session_start.c */

/**
 * Searches new bytes for the beginning of TLS. Returns how many of them are done with; where TLS begins, the
 * direction reads records from then on.
 */
size_t cw_session_reader_search(struct cw_session_reader *tls, struct cw_session_reader_direction *side,
	const uint8_t *data, size_t length);
/** The same after a hole, where records may go on at the beginning of a segment. */
size_t cw_session_reader_search_again(struct cw_session_reader *tls, struct cw_session_reader_direction *side,
	const uint8_t *data, size_t length);

/* messages.c */

/** A handshake message that is here whole. */
struct cw_handshake_message {
	uint8_t type;
	bool encrypted;	 /* it was, and was decrypted */
	bool compressed; /* RFC 8879 */
	const uint8_t *body;
	size_t length;
};

/** Reads bytes of handshake messages. `encrypted`: they were decrypted. */
CW_MUST_USE bool cw_session_reader_messages(struct cw_session_reader *tls, int from, const uint8_t *data,
	size_t length, bool encrypted, struct cw_error *error);
/** So many bytes of handshake messages are missing. */
void cw_session_reader_messages_hole(struct cw_session_reader *tls, int from, size_t length);
/** Where the messages go on is not known. */
void cw_session_reader_messages_lost(struct cw_session_reader *tls, int from);
/** An SSLv2 hello, without its record header. */
CW_MUST_USE bool cw_session_reader_message_v2(
	struct cw_session_reader *tls, int from, const uint8_t *data, size_t length, struct cw_error *error);

/** Makes room for `wanted` bytes. `*refused`: the run's budget has no more; nothing was made. */
CW_MUST_USE bool cw_session_reader_assembly_begin(struct cw_session_reader *tls, struct cw_assembly *assembly,
	uint32_t wanted, bool *refused, struct cw_error *error);
/** Adds bytes, of which no more come than were wanted. */
void cw_session_reader_assembly_add(struct cw_assembly *assembly, const uint8_t *data, size_t length);
void cw_session_reader_assembly_clear(struct cw_session_reader *tls, struct cw_assembly *assembly);

/* cert_message.c */

/** A Certificate message, or a CompressedCertificate (RFC 8879). */
CW_MUST_USE bool cw_session_reader_certificate(struct cw_session_reader *tls, int from,
	const struct cw_handshake_message *message, struct cw_error *error);
CW_MUST_USE bool cw_session_reader_certificate_request(
	struct cw_session_reader *tls, int from, const uint8_t *body, size_t length, struct cw_error *error);
/** One certificate by itself (SSL 2.0). */
CW_MUST_USE bool cw_session_reader_one_certificate(
	struct cw_session_reader *tls, int from, const uint8_t *der, size_t length, struct cw_error *error);

/* keys.c */

/** The direction's keys after ChangeCipherSpec (TLS 1.2 and older), where the log has them. */
CW_MUST_USE bool cw_session_reader_keys_12(struct cw_session_reader *tls, int from, struct cw_error *error);
/** The direction's keys of its phase (TLS 1.3), made once. */
CW_MUST_USE bool cw_session_reader_keys_13(struct cw_session_reader *tls, int from, struct cw_error *error);
/** A Finished was sent: TLS 1.3 goes on with traffic keys. */
CW_MUST_USE bool cw_session_reader_keys_finished(
	struct cw_session_reader *tls, int from, struct cw_error *error);
/**
 * Decrypts the record whose header the direction has just read; `ret->data` is the run's own (shared->plain).
 * `*decrypted` false: no key fits.
 */
CW_MUST_USE bool cw_session_reader_keys_open(struct cw_session_reader *tls, int from,
	const struct cw_sealed_record *record, struct cw_plain_record *ret, bool *decrypted,
	struct cw_error *error);

/* outcome.c */
void cw_session_reader_add_alert(
	struct cw_session_reader *tls, int from, uint8_t level, uint8_t code, bool encrypted, bool hidden);

#endif
