/**
 * What ssh and sshd say, in words that tell what to do: one table.
 *
 * Their lines are made for who wrote them. Each line is one of: chatter; a fact that a tunnel's state hangs on;
 * a trouble with a reason that this table names and translates. A line that no row knows is said to be unknown,
 * and no cause is invented. What they say is never shown raw alone: the original stands behind the translation.
 */
#ifndef CW_TRAVERSAL_TUNNEL_WORDS_H
#define CW_TRAVERSAL_TUNNEL_WORDS_H

#include "base/buffer.h"

#include <stddef.h>

/* Why a tunnel is not up: code, its name in logs and JSON, the sentence, and what to do. */
#define CW_TUNNEL_REASON_LIST(X) \
	X(CW_TUNNEL_NO_REASON, "none", "nothing is wrong", "") \
	X(CW_TUNNEL_REFUSED, "refused", "the certificate of the other side is refused", \
		"see the finding of its link") \
	X(CW_TUNNEL_NO_OPENSSH, "no-openssh", "OpenSSH is not installed here", \
		"install openssh-client on Expressway-C and openssh-server on Expressway-E") \
	X(CW_TUNNEL_UNREACHABLE, "unreachable", "the other side cannot be reached on the tunnel's port", \
		"look whether the firewall lets the tunnel's port through, and whether Expressway-E runs") \
	X(CW_TUNNEL_TURNED_AWAY, "turned-away", \
		"Expressway-E closed the connection before the first byte of SSH", \
		"a zone from this address must be active on it; too many connections at once are turned away too") \
	X(CW_TUNNEL_HOST_KEY, "host-key", "Expressway-E showed another key than that of its certificate", \
		"look whether something else answers on the tunnel's port, or Expressway-E still runs with an " \
		"older certificate") \
	X(CW_TUNNEL_USER_KEY, "user-key", \
		"Expressway-E does not let the key of Expressway-C's certificate in", \
		"its judge refused that certificate, or has not passed it yet: see its log") \
	X(CW_TUNNEL_ALGORITHMS, "algorithms", "the two sides have no algorithm in common", \
		"each side's tunnel-key-algorithms must hold the key kinds of both certificates") \
	X(CW_TUNNEL_ACCOUNT, "account", "sshd does not accept the account that it runs as", \
		"name another account in user:, one that is not locked and whose shell is there") \
	X(CW_TUNNEL_PORT_TAKEN, "port-taken", \
		"the tunnel's port on Expressway-E is taken by another process", \
		"another port is chosen at the next try; ss -ltnp shows who has this one") \
	X(CW_TUNNEL_PORT_DENIED, "port-denied", "Expressway-E does not let the tunnel begin at this port", \
		"both sides must speak of the same port: the zone's document names it") \
	X(CW_TUNNEL_FILES, "files", "a file of the tunnel cannot be written, read or used", \
		"look at the space on the disk, and at owner and mode of the tunnel's folder") \
	X(CW_TUNNEL_BLOCKED, "blocked", "the system's own rules turn the other side away", \
		"look at /etc/hosts.deny and at what bans addresses here") \
	X(CW_TUNNEL_LOST, "lost", "no bytes come through the tunnel and back", \
		"it is dialled anew; where this comes again, look at the network between the two") \
	X(CW_TUNNEL_IMPOSTOR, "impostor", \
		"who answers at the tunnel's port is not the other end of the tunnel", \
		"another process on Expressway-E has the port; ss -ltnp shows which") \
	X(CW_TUNNEL_CLOSED, "closed", "the other side closed the tunnel", "see what the other side says") \
	X(CW_TUNNEL_DIED, "died", "the process that carries the tunnel ended", \
		"it is started anew; where this comes again, look at the log of the system") \
	X(CW_TUNNEL_UNKNOWN, "unknown", "OpenSSH said something that is not known here", \
		"its words stand behind this")

enum cw_tunnel_reason {
#define X(code, name, sentence, remedy) code,
	CW_TUNNEL_REASON_LIST(X)
#undef X
};

/** "user-key" */
const char *cw_tunnel_words_name(enum cw_tunnel_reason reason);
const char *cw_tunnel_words_sentence(enum cw_tunnel_reason reason);
const char *cw_tunnel_words_remedy(enum cw_tunnel_reason reason);

enum cw_tunnel_speaker { CW_TUNNEL_SSH = 1, CW_TUNNEL_SSHD = 2 };

enum cw_tunnel_line_kind {
	CW_TUNNEL_LINE_CHATTER,
	CW_TUNNEL_LINE_ACCEPTED, /* sshd let a key in; the line holds its fingerprint */
	CW_TUNNEL_LINE_TROUBLE,
	CW_TUNNEL_LINE_UNKNOWN
};

struct cw_tunnel_meaning {
	enum cw_tunnel_line_kind kind;
	enum cw_tunnel_reason reason; /* of a trouble */
};

/** What a line (without its line end) means. */
struct cw_tunnel_meaning cw_tunnel_words_line(enum cw_tunnel_speaker speaker, const char *line);

/** The "SHA256:…" in a line, into `ret`; false where there is none. */
bool cw_tunnel_words_fingerprint(const char *line, char *ret, size_t size);

/** Appends "sentence (sshd: original); remedy"; the original is made safe to show. `line` may be NULL. */
void cw_tunnel_words_tell(enum cw_tunnel_reason reason, enum cw_tunnel_speaker speaker, const char *line,
	struct cw_buffer *ret);

#endif
