/**
 * `show itl` and `show ctl`: the trust lists of phones as text. Private to the readers of sessions.
 *
 * The text holds no certificates, only their SHA-1: a record tells which CallManager certificate a node gave the
 * phones. Lines are "BYTEPOS TAG LENGTH VALUE" below "ITL Record #:1" ("Unified Communications Manager Tokenless CTL
 * Configuration Example"); the hash may go on in the next line. Other records than those of CallManager are passed over.
 */
#ifndef CW_IMPORT_SOURCE_SESSION_RECORD_H
#define CW_IMPORT_SOURCE_SESSION_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#define CW_SESSION_RECORD_SHA1 40

struct cw_session_record {
	bool open, callmanager, hash_open;
	char host[256];
	char sha1[CW_SESSION_RECORD_SHA1 + 1]; /* lower case hex */
	size_t digits;
};

/** One line, trimmed. True: the record of a CallManager certificate is complete, with host and hash. */
bool cw_session_record_take(struct cw_session_record *record, const char *line, size_t length);

#endif
