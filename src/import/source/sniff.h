/**
 * What a source is, by its bytes and never by its name.
 *
 * Looks at the beginning of a file only; the reader of that kind then decides. What nothing here knows is
 * CW_SNIFF_UNKNOWN, with a word on what it looks like (cw_sniff_why).
 */
#ifndef CW_IMPORT_SOURCE_SNIFF_H
#define CW_IMPORT_SOURCE_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

/* How much of a file is looked at: a session or a dump shows what it is within some screens. */
#define CW_SNIFF_HEAD (64 * 1024)

/* Kind, the word for it in import.json. */
#define CW_SNIFF_LIST(X) \
	X(CW_SNIFF_UNKNOWN, "unknown") \
	X(CW_SNIFF_EMPTY, "empty") \
	X(CW_SNIFF_ARCHIVE, "archive") \
	X(CW_SNIFF_XCONFIGURATION, "xconfiguration") \
	X(CW_SNIFF_XSTATUS, "xstatus") \
	X(CW_SNIFF_XML, "xml") \
	X(CW_SNIFF_JSON, "json") \
	X(CW_SNIFF_SESSION, "cli-session") \
	X(CW_SNIFF_SHOWCERTS, "s_client") \
	X(CW_SNIFF_SIGNED_LIST, "itl-ctl") \
	X(CW_SNIFF_CERTIFICATES, "certificates") \
	X(CW_SNIFF_CAPTURE, "capture") \
	X(CW_SNIFF_LOG, "log") \
	X(CW_SNIFF_ENCRYPTED_BACKUP, "encrypted-backup")

enum cw_sniff_kind {
#define X(kind, word) kind,
	CW_SNIFF_LIST(X)
#undef X
};

/** `data` is the first `length` bytes of a file (at most CW_SNIFF_HEAD of them are looked at). */
enum cw_sniff_kind cw_sniff_kind(const char *data, size_t length);

/** "archive", "cli-session", … */
const char *cw_sniff_word(enum cw_sniff_kind kind);

/** Why a file of an unknown kind is of no use: a sentence with what to do about it. */
const char *cw_sniff_why(const char *data, size_t length);

#endif
