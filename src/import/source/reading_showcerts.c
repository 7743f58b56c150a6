#include "import/source/reading.h"

#include "base/forward.h"

#include "base/buffer.h"
#include "import/source/terminal_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define HOST_MAX 256

/* The word behind `option` in the command that made the text, where the command was pasted along. */
static bool option_value(const struct cw_buffer *text, const char *option, char ret[HOST_MAX])
{
	const char *at = strstr(cw_buffer_string(text), option);
	if (!at)
		return false;
	at += strlen(option);
	at += strspn(at, " \t");
	size_t length = strcspn(at, " \t\n<|;&");
	if (!length || length >= HOST_MAX)
		return false;
	memcpy(ret, at, length);
	ret[length] = 0;
	return true;
}

/* "e1.acme.test:5061" into both. */
static unsigned split_port(char *host)
{
	char *colon = strrchr(host, ':');
	if (!colon || colon[1 + strspn(colon + 1, "0123456789")] || strlen(colon) > 6 || !colon[1])
		return 0;
	*colon = 0;
	return (unsigned)atoi(colon + 1);
}

/* Each "CONNECTED(" begins a connection of its own. */
static bool read_connection(
	const struct cw_reading *read, const char *at, size_t length, size_t line, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	char host[HOST_MAX];
	struct cw_evidence_cert as = {.place = CW_EVIDENCE_PRESENTED};
	cw_buffer_append(&text, at, length);
	if (!cw_buffer_ok(&text, error))
		return false;
	if (option_value(&text, "-connect", host)) {
		as.host = host;
		as.port = split_port(host);
	}
	return cw_reading_pem(read, at, length, line, &as, error);
}

/* The command stands in front of "CONNECTED(": a connection reaches to the next command. */
static const char *next_connection(const char *at, const char *end)
{
	const char *mark = "openssl s_client";
	if ((size_t)(end - at) <= strlen(mark))
		return end;
	const char *found = memmem(at + 1, (size_t)(end - at) - 1, mark, strlen(mark));
	return found ? found : end;
}

bool cw_reading_showcerts(const struct cw_reading *read, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	cw_terminal_text_clean(read->data, read->length, &text);
	if (!cw_buffer_ok(&text, error))
		return false;
	const char *end = text.data + text.length;
	size_t line = 1;
	size_t unread = CW_FORWARD_BEGIN;
	for (const char *at = text.data; at && at < end && cw_forward(&unread, (size_t)(end - at));) {
		const char *next = next_connection(at, end);
		if (!read_connection(read, at, (size_t)(next - at), line, error))
			return false;
		for (; at < next; at++)
			line += *at == '\n';
	}
	return true;
}
