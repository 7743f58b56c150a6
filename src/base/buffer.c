#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void release(const struct cw_buffer *buffer)
{
	if (buffer->secret && buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
}

void cw_buffer_finish(struct cw_buffer *buffer)
{
	release(buffer);
	*buffer = (struct cw_buffer){0};
}

/* realloc may move the bytes and leave the old ones where they were. */
static char *resize(const struct cw_buffer *buffer, size_t capacity)
{
	if (!buffer->secret)
		return realloc(buffer->data, capacity);
	char *data = malloc(capacity);
	if (data && buffer->data) {
		memcpy(data, buffer->data, buffer->length + 1);
		release(buffer);
	}
	return data;
}

/* Makes room for `more` bytes and the NUL. */
static bool reserve(struct cw_buffer *buffer, size_t more)
{
	if (buffer->failed || more > SIZE_MAX / 2 - buffer->length - 1) {
		buffer->failed = true;
		return false;
	}
	size_t wanted = buffer->length + more + 1;
	if (wanted <= buffer->capacity)
		return true;
	size_t capacity = buffer->capacity ? buffer->capacity : 64;
	while (capacity < wanted)
		capacity *= 2;
	char *data = resize(buffer, capacity);
	if (!data) {
		buffer->failed = true;
		cw_memory_count_failure();
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void cw_buffer_append(struct cw_buffer *buffer, const void *data, size_t length)
{
	if (!reserve(buffer, length))
		return;
	if (length)
		memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void cw_buffer_text(struct cw_buffer *buffer, const char *text)
{
	cw_buffer_append(buffer, text, strlen(text));
}

void cw_buffer_char(struct cw_buffer *buffer, char c)
{
	cw_buffer_append(buffer, &c, 1);
}

void cw_buffer_vprintf(struct cw_buffer *buffer, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0 || !reserve(buffer, (size_t)length)) {
		buffer->failed = true;
		return;
	}
	vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, args);
	buffer->length += (size_t)length;
}

void cw_buffer_printf(struct cw_buffer *buffer, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(buffer, format, args);
	va_end(args);
}

void cw_buffer_hex(struct cw_buffer *buffer, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	for (size_t i = 0; i < length; i++)
		cw_buffer_printf(buffer, "%02x", bytes[i]);
}

const char *cw_buffer_string(const struct cw_buffer *buffer)
{
	return buffer->data ? buffer->data : "";
}

bool cw_buffer_ok(const struct cw_buffer *buffer, struct cw_error *error)
{
	return buffer->failed ? cw_error_memory(error) : true;
}

char *cw_buffer_steal(struct cw_buffer *buffer)
{
	cw_buffer_append(buffer, "", 0);
	char *text = buffer->failed ? NULL : TAKE(buffer->data);
	cw_buffer_finish(buffer);
	return text;
}
