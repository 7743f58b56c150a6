#include "pki/error_mark.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <openssl/err.h>

void cw_error_mark_count_failure(void)
{
	cw_memory_count_failure();
}

struct cw_error_mark cw_error_mark_open(void)
{
	struct cw_error_mark mark = {ERR_peek_error() == 0, ERR_peek_last_error(), cw_memory_failures()};
	ERR_set_mark();
	return mark;
}

/* A former one that somebody left there does not count: else a single failure would be told of for ever. */
static bool queue_lacks_memory(const struct cw_error_mark *mark)
{
	unsigned long last = ERR_peek_last_error();
	return (mark->fresh && ERR_GET_REASON(ERR_peek_error()) == ERR_R_MALLOC_FAILURE) ||
		(last != mark->last && ERR_GET_REASON(last) == ERR_R_MALLOC_FAILURE);
}

/* An outer mark learns of it even though its cause leaves the queue here. */
void cw_error_mark_close(struct cw_error_mark *mark)
{
	if (mark->fresh && mark->failures == cw_memory_failures() && queue_lacks_memory(mark))
		cw_memory_count_failure();
	ERR_pop_to_mark();
}

/* The error that names the cause, with what OpenSSL says beside it ("Type=X509_ALGOR"). */
static unsigned long cause(const struct cw_error_mark *mark, const char **data)
{
	int flags = 0;
	unsigned long code =
		mark->fresh ? ERR_peek_error_data(data, &flags) : ERR_peek_last_error_data(data, &flags);
	if (!(flags & ERR_TXT_STRING) || !*data)
		*data = "";
	return code;
}

bool cw_error_mark_out_of_memory(const struct cw_error_mark *mark)
{
	return mark->failures != cw_memory_failures() || queue_lacks_memory(mark);
}

bool cw_error_mark_report(const struct cw_error_mark *mark, struct cw_error *error, enum cw_error_code code,
	const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	if (text.failed || cw_error_mark_out_of_memory(mark))
		return cw_error_memory(error);
	const char *data = "";
	const char *reason = ERR_reason_error_string(cause(mark, &data));
	if (!reason)
		return cw_error_set(error, code, "%s", cw_buffer_string(&text));
	if (*data)
		return cw_error_set(error, code, "%s: %s (%s)", cw_buffer_string(&text), reason, data);
	return cw_error_set(error, code, "%s: %s", cw_buffer_string(&text), reason);
}
