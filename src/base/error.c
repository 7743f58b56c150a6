#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool cw_error_set(struct cw_error *error, enum cw_error_code code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(error->message, sizeof error->message, format, args);
	va_end(args);
	error->code = code;
	return false;
}

bool cw_error_memory(struct cw_error *error)
{
	cw_memory_count_failure();
	return cw_error_set(error, CW_E_MEMORY, "out of memory");
}

bool cw_error_prefix(struct cw_error *error, const char *format, ...)
{
	char inner[CW_ERROR_MESSAGE_MAX];
	memcpy(inner, error->message, sizeof inner);

	va_list args;
	va_start(args, format);
	int length = vsnprintf(error->message, sizeof error->message, format, args);
	va_end(args);
	if (length >= 0 && (size_t)length < sizeof error->message)
		snprintf(error->message + length, sizeof error->message - (size_t)length, ": %s", inner);
	return false;
}
