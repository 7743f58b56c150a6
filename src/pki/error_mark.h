/**
 * OpenSSL's error queue, kept as it was found.
 *
 * What OpenSSL leaves in its queue makes the next SSL_get_error lie, so every function of this layer that
 * calls OpenSSL opens a mark and closes it again, whatever happens in between:
 *
 *     AUTO_ERROR_MARK mark = cw_error_mark_open();
 *     ...
 *     return cw_error_mark_report(&mark, error, CW_E_DER, "broken certificate");
 */
#ifndef CW_PKI_ERROR_MARK_H
#define CW_PKI_ERROR_MARK_H

#include "base/error.h"

struct cw_error_mark {
	bool fresh;	    /* the queue was empty: its first error is the cause, the later ones repeat it */
	unsigned long last; /* what stood last in it, and is no news */
	unsigned failures;  /* so often memory had run out in this thread (base/memory.h) */
};

struct cw_error_mark cw_error_mark_open(void);
void cw_error_mark_close(struct cw_error_mark *mark);

#define AUTO_ERROR_MARK __attribute__((cleanup(cw_error_mark_close), unused)) struct cw_error_mark

/**
 * Memory ran out in OpenSSL, or in a buffer, since the mark, whether it said so or not, and also where an inner mark has
 * closed since. What OpenSSL answered meanwhile ("the signature does not verify") is then no answer.
 */
bool cw_error_mark_out_of_memory(const struct cw_error_mark *mark);

/** Notes that memory ran out in OpenSSL, in this thread. For its allocator (pki/openssl_start.h). */
void cw_error_mark_count_failure(void);

/**
 * The error for a failed OpenSSL call: what printf would print and OpenSSL's reason, where it gave one since
 * the mark ("broken certificate: wrong tag"), or CW_E_MEMORY where that was the reason. Returns false.
 */
bool cw_error_mark_report(const struct cw_error_mark *mark, struct cw_error *error, enum cw_error_code code,
	const char *format, ...) CW_PRINTF(4, 5);

#endif
