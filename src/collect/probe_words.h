/**
 * What a server says in the clear before TLS, or in place of it: how far its words have come. Private to the probe.
 *
 * No I/O: bytes in, the next step out. XMPP: the offer of STARTTLS, then the leave to proceed (RFC 6120, section 5.4).
 * SSH: the line that begins with "SSH-" (RFC 4253, section 4.2; lines before it do not). No more is understood, and
 * no more needed: what the server is comes out of its certificate.
 */
#ifndef CW_COLLECT_PROBE_WORDS_H
#define CW_COLLECT_PROBE_WORDS_H

#include "base/buffer.h"

/* Against servers that talk without end before TLS. */
#define CW_PROBE_WORDS_MAX 16384

enum cw_probe_words_said {
	CW_PROBE_WORDS_MORE,	/* not all of it yet */
	CW_PROBE_WORDS_OFFERED, /* XMPP: STARTTLS can be asked for */
	CW_PROBE_WORDS_READY,	/* XMPP: TLS begins; SSH: the banner is there */
	CW_PROBE_WORDS_REFUSED, /* `why` says it */
};

struct cw_probe_words_seen {
	bool ssh;
	bool asked; /* XMPP: STARTTLS has been asked for */
	struct cw_buffer came;
	const char *why;
	const char *banner; /* SSH, once ready: without its line end; inside `came` */
};

void cw_probe_words_finish(struct cw_probe_words_seen *words);

/** Takes what came; after CW_PROBE_WORDS_OFFERED the caller asks, and what comes then is the answer to that. */
enum cw_probe_words_said cw_probe_words_take(
	struct cw_probe_words_seen *words, const char *bytes, size_t length);

#endif
