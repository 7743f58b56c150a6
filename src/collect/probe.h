/**
 * Looks at live TLS servers, many at once: what each presents, asks for and refuses with.
 *
 * For each server one connection, and a second one limited to TLS 1.2 where the first agreed on 1.3, so that
 * both versions are known. No client certificate is shown, no request is sent: SIP OPTIONS only where a target
 * asks for it. An SSH server is connected to once, and nothing is sent to it. Who accepts everything cannot be
 * fooled by a server either: what comes is recorded, and judged afterwards (observe/probed_judge.h).
 */
#ifndef CW_COLLECT_PROBE_H
#define CW_COLLECT_PROBE_H

#include "observe/probed.h"

/* Connections at a time. */
#define CW_PROBE_AT_ONCE 128
#define CW_PROBE_TARGETS_MAX 4096

enum cw_probe_words { CW_PROBE_TLS, CW_PROBE_XMPP, CW_PROBE_SSH, CW_PROBE_SIP_OPTIONS };

struct cw_probe_target {
	const char *host; /* a name or an address */
	const char *at;	  /* an IP address to go to instead of what the host's name resolves to, or NULL */
	unsigned port;
	const char *sni; /* NULL: the host, where it is a name */
	enum cw_probe_words words;
};

struct cw_probe_options {
	unsigned connect_milliseconds;	 /* 0: 4 seconds */
	unsigned handshake_milliseconds; /* 0: 6 seconds */
	bool one_version;		 /* do not ask for TLS 1.2 as well */
};

/**
 * Probes all of them; `ret` has one record a target, in their order. False: CW_E_MEMORY, CW_E_CRYPTO or
 * CW_E_LIMIT. What cannot be reached is no error.
 */
CW_MUST_USE bool cw_probe_run(const struct cw_probe_target *targets, size_t count,
	const struct cw_probe_options *options, struct cw_probed_set *ret, struct cw_error *error);

#endif
