#include "traversal/tunnel_words.h"

#include "base/escape.h"

#include <string.h>

struct reason_row {
	const char *name, *sentence, *remedy;
};

static const struct reason_row reason_rows[] = {
#define X(code, name, sentence, remedy) {name, sentence, remedy},
	CW_TUNNEL_REASON_LIST(X)
#undef X
};

const char *cw_tunnel_words_name(enum cw_tunnel_reason reason)
{
	return reason_rows[reason].name;
}

const char *cw_tunnel_words_sentence(enum cw_tunnel_reason reason)
{
	return reason_rows[reason].sentence;
}

const char *cw_tunnel_words_remedy(enum cw_tunnel_reason reason)
{
	return reason_rows[reason].remedy;
}

#define BOTH (CW_TUNNEL_SSH | CW_TUNNEL_SSHD)
#define CHATTER CW_TUNNEL_LINE_CHATTER, CW_TUNNEL_NO_REASON
#define TROUBLE CW_TUNNEL_LINE_TROUBLE

struct word_row {
	unsigned speakers;
	const char *begins,
		*holds; /* the line begins with the one and holds the other behind it; NULL: anything */
	enum cw_tunnel_line_kind kind;
	enum cw_tunnel_reason reason;
};

/* The first row that fits counts. OpenSSH 9.2's words at LogLevel VERBOSE, in the order in which they come in a
 * connection's life; both tried and read in its source. */
static const struct word_row word_rows[] = {
	/* before keys */
	{CW_TUNNEL_SSHD, "refused connect from", NULL, TROUBLE, CW_TUNNEL_BLOCKED},
	{CW_TUNNEL_SSHD, "Connection from ", NULL, CHATTER},
	{CW_TUNNEL_SSH, "ssh: connect to host ", NULL, TROUBLE, CW_TUNNEL_UNREACHABLE},
	{CW_TUNNEL_SSH, "Connection timed out during banner exchange", NULL, TROUBLE, CW_TUNNEL_UNREACHABLE},
	{CW_TUNNEL_SSH, "banner exchange: ", NULL, TROUBLE, CW_TUNNEL_UNREACHABLE},
	{CW_TUNNEL_SSH, "kex_exchange_identification: Connection closed", NULL, TROUBLE,
		CW_TUNNEL_TURNED_AWAY},
	{CW_TUNNEL_SSH, "kex_exchange_identification: read: Connection reset", NULL, TROUBLE,
		CW_TUNNEL_TURNED_AWAY},
	{CW_TUNNEL_SSH, "Connection closed by ", " port ", TROUBLE, CW_TUNNEL_TURNED_AWAY},
	{CW_TUNNEL_SSH, "Connection reset by ", " port ", TROUBLE, CW_TUNNEL_TURNED_AWAY},
	{CW_TUNNEL_SSHD, "Did not receive identification string", NULL, CHATTER},
	{BOTH, NULL, "kex_exchange_identification: ", TROUBLE, CW_TUNNEL_CLOSED},
	{BOTH, "Unable to negotiate with ", NULL, TROUBLE, CW_TUNNEL_ALGORITHMS},
	{BOTH, "fatal: Unable to negotiate with ", NULL, TROUBLE, CW_TUNNEL_ALGORITHMS},
	{BOTH, NULL, "Invalid key length", TROUBLE, CW_TUNNEL_ALGORITHMS},
	/* E's key */
	{CW_TUNNEL_SSH, "No ED25519 host key is known", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "No ", " host key is known for ", TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Host key verification failed", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "@@@@", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "@ ", "REMOTE HOST IDENTIFICATION HAS CHANGED", TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "IT IS POSSIBLE THAT SOMEONE", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Someone could be eavesdropping", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "It is also possible that a host key", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "The fingerprint for the ", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "SHA256:", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Please contact your system administrator", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Add correct host key in ", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Offending ", NULL, TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, NULL, "remove with:", TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, NULL, "ssh-keygen -f ", TROUBLE, CW_TUNNEL_HOST_KEY},
	{CW_TUNNEL_SSH, "Host key for ", " has changed", TROUBLE, CW_TUNNEL_HOST_KEY},
	/* C's key */
	{CW_TUNNEL_SSHD, "User ", " not allowed because ", TROUBLE, CW_TUNNEL_ACCOUNT},
	{CW_TUNNEL_SSHD, "Invalid user ", NULL, TROUBLE, CW_TUNNEL_ACCOUNT},
	{CW_TUNNEL_SSHD, "Accepted key ", NULL, CHATTER},
	{CW_TUNNEL_SSHD, "Accepted publickey for ", NULL, CW_TUNNEL_LINE_ACCEPTED, CW_TUNNEL_NO_REASON},
	{CW_TUNNEL_SSHD, "Refused by key options", NULL, TROUBLE, CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSHD, "Failed publickey for ", NULL, TROUBLE, CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSHD, "Failed none for ", NULL, CHATTER},
	{CW_TUNNEL_SSHD, NULL, "maximum authentication attempts exceeded", TROUBLE, CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSHD, NULL, "Too many authentication failures", TROUBLE, CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSHD, "User ", NULL, CHATTER}, /* "User child is on pid 12" */
	{CW_TUNNEL_SSH, NULL, ": Permission denied (publickey", TROUBLE, CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSH, "Received disconnect from ", "Too many authentication failures", TROUBLE,
		CW_TUNNEL_USER_KEY},
	{CW_TUNNEL_SSH, "Authenticated to ", NULL, CHATTER},
	{CW_TUNNEL_SSHD, "Timeout before authentication", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "fatal: Timeout before authentication", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	/* files */
	{BOTH, NULL, "UNPROTECTED PRIVATE KEY FILE", TROUBLE, CW_TUNNEL_FILES},
	{BOTH, "Permissions ", " are too open", TROUBLE, CW_TUNNEL_FILES},
	{BOTH, "Load key ", NULL, TROUBLE, CW_TUNNEL_FILES},
	{CW_TUNNEL_SSHD, "Unable to load host key", NULL, TROUBLE, CW_TUNNEL_FILES},
	{CW_TUNNEL_SSHD, NULL, "no hostkeys available", TROUBLE, CW_TUNNEL_FILES},
	{CW_TUNNEL_SSHD, "Could not open authorized keys", NULL, TROUBLE, CW_TUNNEL_FILES},
	{CW_TUNNEL_SSHD, "Could not open user", "authorized keys", TROUBLE, CW_TUNNEL_FILES},
	{BOTH, NULL, ": No such file or directory", TROUBLE, CW_TUNNEL_FILES},
	{BOTH, NULL, "No space left on device", TROUBLE, CW_TUNNEL_FILES},
	{BOTH, NULL, ": Bad configuration option", TROUBLE, CW_TUNNEL_FILES},
	/* the port */
	{CW_TUNNEL_SSHD, NULL, "Address already in use", TROUBLE, CW_TUNNEL_PORT_TAKEN},
	{CW_TUNNEL_SSHD, NULL, "cannot listen to port", TROUBLE, CW_TUNNEL_PORT_TAKEN},
	{CW_TUNNEL_SSHD, NULL, "remote forward to host ", TROUBLE, CW_TUNNEL_PORT_DENIED},
	{CW_TUNNEL_SSHD, NULL, "denied", TROUBLE, CW_TUNNEL_PORT_DENIED},
	{CW_TUNNEL_SSH, "Error: remote port forwarding failed for listen port", NULL, TROUBLE,
		CW_TUNNEL_PORT_DENIED},
	{CW_TUNNEL_SSH, "Warning: remote port forwarding failed", NULL, TROUBLE, CW_TUNNEL_PORT_DENIED},
	{CW_TUNNEL_SSH, "connect_to ", " failed", TROUBLE, CW_TUNNEL_FILES}, /* the relay's socket is gone */
	/* the end */
	{CW_TUNNEL_SSH, "Timeout, server ", " not responding", TROUBLE, CW_TUNNEL_LOST},
	{CW_TUNNEL_SSHD, "Timeout, client not responding", NULL, TROUBLE, CW_TUNNEL_LOST},
	{CW_TUNNEL_SSH, "Connection to ", " closed by remote host", TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSH, "client_loop: send disconnect", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSH, "Received disconnect from ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSH, "Read from remote host ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSH, "Write failed: ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Read error from remote host ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Connection closed by ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Connection reset by ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Received disconnect from ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Disconnected from ", NULL, CHATTER},
	{CW_TUNNEL_SSHD, "Disconnecting ", NULL, TROUBLE, CW_TUNNEL_CLOSED},
	{CW_TUNNEL_SSHD, "Close session: ", NULL, CHATTER},
	{CW_TUNNEL_SSHD, "Connection from ", NULL, CHATTER},
	{BOTH, "Transferred: ", NULL, CHATTER},
	{BOTH, "Bytes per second: ", NULL, CHATTER},
	{BOTH, "Closing connection to ", NULL, CHATTER},
	{BOTH, "debug", NULL, CHATTER},
};

static bool fits(const struct word_row *row, enum cw_tunnel_speaker speaker, const char *line)
{
	if (!(row->speakers & (unsigned)speaker))
		return false;
	if (row->begins) {
		size_t length = strlen(row->begins);
		if (strncmp(line, row->begins, length) != 0)
			return false;
		line += length;
	}
	return !row->holds || strstr(line, row->holds);
}

struct cw_tunnel_meaning cw_tunnel_words_line(enum cw_tunnel_speaker speaker, const char *line)
{
	static const char *const levels[] = {"error: ", "fatal: "};
	if (!*line)
		return (struct cw_tunnel_meaning){CW_TUNNEL_LINE_CHATTER, CW_TUNNEL_NO_REASON};
	for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
		if (strncmp(line, levels[i], strlen(levels[i])) == 0)
			line += strlen(levels[i]);
	for (size_t i = 0; i < sizeof word_rows / sizeof word_rows[0]; i++)
		if (fits(&word_rows[i], speaker, line))
			return (struct cw_tunnel_meaning){word_rows[i].kind, word_rows[i].reason};
	return (struct cw_tunnel_meaning){CW_TUNNEL_LINE_UNKNOWN, CW_TUNNEL_UNKNOWN};
}

bool cw_tunnel_words_fingerprint(const char *line, char *ret, size_t size)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	static const char mark[] = "SHA256:";
	/* the last one: what comes before it may hold words of the peer's choice */
	const char *found = NULL;
	for (const char *at = line; (at = strstr(at, mark)); at += sizeof mark - 1)
		found = at;
	if (!found)
		return false;
	size_t length = sizeof mark - 1 + strspn(found + sizeof mark - 1, base64);
	if (length >= size)
		return false;
	memcpy(ret, found, length);
	ret[length] = '\0';
	return true;
}

void cw_tunnel_words_tell(
	enum cw_tunnel_reason reason, enum cw_tunnel_speaker speaker, const char *line, struct cw_buffer *ret)
{
	const struct reason_row *row = &reason_rows[reason];
	cw_buffer_text(ret, row->sentence);
	if (line && *line) {
		cw_buffer_printf(ret, " (%s: ", speaker == CW_TUNNEL_SSH ? "ssh" : "sshd");
		cw_escape(ret, line, strlen(line), "");
		cw_buffer_char(ret, ')');
	}
	if (*row->remedy)
		cw_buffer_printf(ret, "; %s", row->remedy);
}
