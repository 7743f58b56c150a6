#include "collect/probe_words.h"

#include <string.h>

void cw_probe_words_finish(struct cw_probe_words_seen *words)
{
	cw_buffer_finish(&words->came);
}

static enum cw_probe_words_said refuse(struct cw_probe_words_seen *words, const char *why)
{
	words->why = why;
	return CW_PROBE_WORDS_REFUSED;
}

static enum cw_probe_words_said read_banner(struct cw_probe_words_seen *words)
{
	char *text = words->came.length ? (char *)words->came.data : "";
	char *begin = strncmp(text, "SSH-", 4) == 0 ? text : strstr(text, "\nSSH-");
	if (!begin)
		return CW_PROBE_WORDS_MORE;
	begin += *begin == '\n';
	size_t length = strcspn(begin, "\r\n");
	if (!begin[length])
		return CW_PROBE_WORDS_MORE;
	begin[length] = '\0';
	words->banner = begin;
	return CW_PROBE_WORDS_READY;
}

static enum cw_probe_words_said read_xmpp(struct cw_probe_words_seen *words)
{
	const char *text = cw_buffer_string(&words->came);
	if (words->asked && strstr(text, "<proceed"))
		return CW_PROBE_WORDS_READY;
	if (words->asked && strstr(text, "<failure"))
		return refuse(words, "the server refuses STARTTLS");
	if (!words->asked && strstr(text, "<starttls")) {
		words->asked = true;
		words->came.length = 0;
		return CW_PROBE_WORDS_OFFERED;
	}
	if (!words->asked && strstr(text, "</stream:features>"))
		return refuse(words, "the server offers no STARTTLS");
	return CW_PROBE_WORDS_MORE;
}

enum cw_probe_words_said cw_probe_words_take(
	struct cw_probe_words_seen *words, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) /* searched as a string */
		cw_buffer_char(&words->came, bytes[i] ? bytes[i] : ' ');
	if (words->came.failed || words->came.length > CW_PROBE_WORDS_MAX)
		return refuse(words, "the server talks without end");
	return words->ssh ? read_banner(words) : read_xmpp(words);
}
