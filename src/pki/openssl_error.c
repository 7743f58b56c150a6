#include "pki/openssl_error.h"

#include "base/buffer.h"

#include <openssl/err.h>

/* The first reason in the queue (the innermost), or NULL. `no_memory` says whether any of them was an
 * allocation. */
static const char *empty_queue(bool *no_memory)
{
	const char *reason = NULL;
	unsigned long code;
	while ((code = ERR_get_error()) != 0) {
		if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
			*no_memory = true;
		if (!reason)
			reason = ERR_reason_error_string(code);
	}
	return reason;
}

bool cw_openssl_error(struct cw_error *error, enum cw_error_code code, const char *format, ...)
{
	bool no_memory = false;
	const char *reason = empty_queue(&no_memory);
	AUTO_BUFFER doing = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&doing, format, args);
	va_end(args);
	if (no_memory || doing.failed)
		return cw_error_memory(error);
	if (!reason)
		return cw_error_set(error, code, "%s", cw_buffer_string(&doing));
	return cw_error_set(error, code, "%s: %s", cw_buffer_string(&doing), reason);
}
