/**
 * A key log: the secrets of TLS connections as browsers, OpenSSL and GnuTLS write them (SSLKEYLOGFILE, the
 * IETF draft draft-ietf-tls-keylogfile), found by client random. Comes as a file or as pcapng's decryption
 * secrets.
 *
 * The secrets are wiped when the log is freed. They never appear in any output.
 */
#ifndef CW_CAPTURE_TLS_KEYLOG_H
#define CW_CAPTURE_TLS_KEYLOG_H

#include "base/error.h"

#include <stdint.h>

#define CW_RANDOM_SIZE 32
#define CW_SECRET_MAX 64

/* Against a log that never ends; a session has five secrets. The memory is 13 MB. */
#define CW_KEYLOG_MAX 120000
#define CW_KEYLOG_FILE_MAX ((size_t)256 * 1024 * 1024)

enum cw_secret_kind {
	CW_SECRET_MASTER, /* CLIENT_RANDOM: TLS 1.2 and older */
	CW_SECRET_CLIENT_EARLY,
	CW_SECRET_CLIENT_HANDSHAKE,
	CW_SECRET_SERVER_HANDSHAKE,
	CW_SECRET_CLIENT_TRAFFIC,
	CW_SECRET_SERVER_TRAFFIC,
};

struct cw_keylog;

/** NULL: no memory. */
CW_MUST_USE struct cw_keylog *cw_keylog_new(void);
void cw_keylog_free(struct cw_keylog *keylog);
CW_DEFINE_AUTO(struct cw_keylog *, cw_keylog_free)

/**
 * Adds the lines of a log. Comments and labels that are of no use here are passed over; lines that are none
 * are counted, for the rest of a log is still good. Fails for lack of memory only; past CW_KEYLOG_MAX secrets
 * the rest is left out.
 */
CW_MUST_USE bool cw_keylog_add(
	struct cw_keylog *keylog, const uint8_t *lines, size_t length, struct cw_error *error);

/** Reads a file. Errors name it; one with lines and not a single secret is CW_E_FORMAT. */
CW_MUST_USE bool cw_keylog_read(struct cw_keylog *keylog, const char *path, struct cw_error *error);

/** The secret of a session, or NULL. */
const uint8_t *cw_keylog_find(const struct cw_keylog *keylog, enum cw_secret_kind kind,
	const uint8_t random[CW_RANDOM_SIZE], size_t *length);

size_t cw_keylog_count(const struct cw_keylog *keylog);
size_t cw_keylog_bad_lines(const struct cw_keylog *keylog);

#endif
