/**
 * Any bytes as what a server says before TLS: the first byte says whether XMPP or SSH is spoken, and how the rest is
 * cut into pieces. The words end, or more is wanted; a banner is one line; pieces change nothing.
 */
#include "collect/probe_words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum cw_probe_words_said talk(
	struct cw_probe_words_seen *words, const char *bytes, size_t length, size_t piece, unsigned *offers)
{
	enum cw_probe_words_said said = CW_PROBE_WORDS_MORE;
	for (size_t at = 0; at < length; at += piece) {
		said = cw_probe_words_take(words, bytes + at, at + piece < length ? piece : length - at);
		*offers += said == CW_PROBE_WORDS_OFFERED;
		if (said == CW_PROBE_WORDS_READY || said == CW_PROBE_WORDS_REFUSED)
			break;
	}
	return said;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	struct cw_probe_words_seen words = {.ssh = data[0] & 1};
	unsigned offers = 0;
	enum cw_probe_words_said said =
		talk(&words, (const char *)data + 1, size - 1, (size_t)data[0] / 2 + 1, &offers);
	if (offers > 1 || (said == CW_PROBE_WORDS_REFUSED) != (words.why != NULL))
		abort();
	if (words.banner && (strncmp(words.banner, "SSH-", 4) != 0 || strpbrk(words.banner, "\r\n")))
		abort();
	if (!words.ssh && said == CW_PROBE_WORDS_READY && !words.asked)
		abort();
	cw_probe_words_finish(&words);
	return 0;
}
