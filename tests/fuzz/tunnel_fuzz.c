/**
 * Any bytes as what the other end of a tunnel says before it has shown its key, and as lines of ssh and sshd, part of
 * which a peer chooses.
 *
 * Nobody without the key is agreed with, however the bytes are cut; what is told of a line is safe to show.
 */
#include "traversal/tunnel_exchange.h"
#include "traversal/tunnel_key.h"
#include "traversal/tunnel_words.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(struct cw_tunnel_exchange *exchange, const uint8_t *data, size_t size, size_t step)
{
	for (size_t at = 0; at < size; at += step) {
		size_t wants = cw_tunnel_exchange_wants(exchange);
		size_t left = size - at < step ? size - at : step;
		if (!wants)
			break;
		cw_tunnel_exchange_take(exchange, data + at, left < wants ? left : wants);
		exchange->out_length = 0;
	}
	if (exchange->state == CW_TUNNEL_AGREED)
		abort();
	cw_tunnel_exchange_finish(exchange);
}

static void try_exchange(const uint8_t *data, size_t size)
{
	static const uint8_t secret[CW_TUNNEL_SECRET_SIZE] = "nobody who fuzzes knows this key";
	static const size_t steps[] = {1, 13, 4096};
	struct cw_tunnel_exchange exchange;
	struct cw_error error;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		if (cw_tunnel_exchange_answer(&exchange, secret, &error))
			feed(&exchange, data, size, steps[i]);
		if (cw_tunnel_exchange_dial(&exchange, secret, CW_TUNNEL_PROBE, &error))
			feed(&exchange, data, size, steps[i]);
	}
}

static void try_line(enum cw_tunnel_speaker speaker, const char *line)
{
	AUTO_BUFFER told = {0};
	char fingerprint[CW_TUNNEL_FINGERPRINT_SIZE];
	struct cw_tunnel_meaning meaning = cw_tunnel_words_line(speaker, line);
	if (meaning.kind == CW_TUNNEL_LINE_ACCEPTED && strncmp(line, "Accepted publickey for ", 23) != 0 &&
		strncmp(line, "error: ", 7) != 0 && strncmp(line, "fatal: ", 7) != 0)
		abort();
	if (cw_tunnel_words_fingerprint(line, fingerprint, sizeof fingerprint) &&
		(strncmp(fingerprint, "SHA256:", 7) != 0 || strlen(fingerprint) >= sizeof fingerprint))
		abort();
	cw_tunnel_words_tell(meaning.reason, speaker, line, &told);
	for (size_t i = 0; i < told.length; i++)
		if ((unsigned char)told.data[i] < ' ' || told.data[i] == 0x7f)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_exchange(data, size);
	char *line = strndup((const char *)data, size < 1024 ? size : 1024);
	if (!line)
		return 0;
	try_line(CW_TUNNEL_SSH, line);
	try_line(CW_TUNNEL_SSHD, line);
	free(line);
	return 0;
}
