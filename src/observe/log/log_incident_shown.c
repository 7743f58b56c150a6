#include "observe/log/log_incident.h"

#include "base/forward.h"

#include <string.h>
#include <strings.h>

/* What ends a secret: its line's next blank, quote or separator. */
static size_t secret_length(const char *at, size_t length, bool whole_header)
{
	const char *ends = whole_header ? "\r\n|\"" : " \t\r\n|\"',;&<>";
	size_t i = 0;
	while (i < length && (!at[i] || !strchr(ends, at[i])))
		i++;
	return i;
}

void cw_log_incidents_shown(struct cw_buffer *buffer, const struct cw_log_text *line)
{
	static const struct {
		const char *before;
		bool whole_header;
	} secrets[] = {{"Authorization: ", true}, {"Cookie: ", true}, {"{cipher}", false},
		{"assword=\"", false}, {"assword=", false}, {"<password>", false}};
	size_t length = line->length < CW_LOG_SHOWN_MAX ? line->length : CW_LOG_SHOWN_MAX;
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t i = 0; i < length && cw_forward(&unread, length - i);) {
		size_t step = 0;
		for (size_t k = 0; k < sizeof secrets / sizeof secrets[0] && !step; k++) {
			size_t head = strlen(secrets[k].before);
			if (length - i < head || strncasecmp(line->data + i, secrets[k].before, head) != 0)
				continue;
			step = head +
				secret_length(
					line->data + i + head, length - i - head, secrets[k].whole_header);
			cw_buffer_text(buffer, secrets[k].before);
			cw_buffer_text(buffer, "...");
		}
		if (!step)
			cw_buffer_char(buffer, line->data[i] ? line->data[i] : ' ');
		i += step ? step : 1;
	}
	if (line->length > length)
		cw_buffer_text(buffer, " ...");
}
