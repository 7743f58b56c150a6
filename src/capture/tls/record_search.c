#include "capture/tls/record_search.h"

#include "capture/octets.h"
#include "capture/tls/crypt.h"
#include "pki/alert.h"

#include <strings.h>

enum decision { NO, YES, MORE };

enum { CCS = 20, ALERT = 21, HANDSHAKE = 22, DATA = 23, HEARTBEAT = 24 };
enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, CERTIFICATE = 11, SERVER_HELLO_DONE = 14 };

#define HELLO_MIN 34 /* version and random */

/* An alert in clear: nothing else has these seven bytes. */
static enum decision is_alert(const uint8_t *at, size_t length)
{
	if (length < 7)
		return MORE;
	bool good = cw_octets_16(at + 3) == 2 && (at[5] == CW_ALERT_WARNING || at[5] == CW_ALERT_FATAL) &&
		cw_alert_kind(at[6]);
	return good ? YES : NO;
}

/* A handshake record that begins with a message whose own fields agree with each other. */
static enum decision is_handshake(const uint8_t *at, size_t length, bool at_start)
{
	if (length < 6)
		return MORE;
	size_t record = cw_octets_16(at + 3);
	if (record == 0 || record > CW_RECORD_MAX)
		return NO;
	bool hello = at[5] == CLIENT_HELLO || at[5] == SERVER_HELLO;
	if (at_start && hello)
		return YES;
	if (!hello && at[5] != CERTIFICATE && at[5] != SERVER_HELLO_DONE)
		return NO;
	if (length < CW_RECORD_SEARCH_AHEAD)
		return MORE;
	size_t message = cw_octets_24(at + 6);
	if (at[5] == SERVER_HELLO_DONE)
		return record == 4 && message == 0 ? YES : NO;
	if (at[5] == CERTIFICATE)
		return record > 10 && cw_octets_24(at + 9) + 3 == message &&
				cw_octets_24(at + 12) + 3 <= cw_octets_24(at + 9) && at[15] == 0x30
			? YES
			: NO;
	return record >= 6 && message >= HELLO_MIN && message < 0x20000 && at[9] == 3 && at[10] <= 4 ? YES
												     : NO;
}

static enum decision is_record(const uint8_t *at, size_t length, bool at_start)
{
	if (at[0] != HANDSHAKE && at[0] != ALERT)
		return NO;
	if (length < 3)
		return length == 2 && at[1] != 3 ? NO : MORE;
	if (at[1] != 3 || at[2] > 4)
		return NO;
	return at[0] == ALERT ? is_alert(at, length) : is_handshake(at, length, at_start);
}

/* RFC 5246 E.2, and SSL 2.0: two bytes of length with the high bit set; the lengths inside must add up. */
static enum decision is_v2_client(const uint8_t *at, size_t length)
{
	if (length < 3)
		return MORE;
	if (!(at[0] & 0x80) || at[2] != 1)
		return NO;
	if (length < 11)
		return MORE;
	size_t record = cw_octets_16(at) & 0x7fff, ciphers = cw_octets_16(at + 5),
	       session = cw_octets_16(at + 7);
	size_t challenge = cw_octets_16(at + 9);
	bool version = (at[3] == 3 && at[4] <= 4) || (at[3] == 0 && at[4] == 2);
	return version && ciphers && ciphers % 3 == 0 && session <= 32 && challenge >= 16 &&
			challenge <= 64 && 9 + ciphers + session + challenge == record
		? YES
		: NO;
}

static enum decision is_v2_server(const uint8_t *at, size_t length)
{
	if (length < 3)
		return MORE;
	if (!(at[0] & 0x80) || at[2] != 4)
		return NO;
	if (length < 13)
		return MORE;
	size_t record = cw_octets_16(at) & 0x7fff;
	return at[5] == 0 && at[6] == 2 &&
			11U + cw_octets_16(at + 7) + cw_octets_16(at + 9) + cw_octets_16(at + 11) == record
		? YES
		: NO;
}

/*
 * The search. It tries every place from the first byte on and takes the first where a record begins that can
 * start a session: an alert in clear, or a handshake record whose first message agrees with itself (is_record).
 * At the first byte of a stream less is asked of a hello, which may be split over the smallest records, and the
 * two forms of SSLv2 are tried before all others; they have no mark that could be searched for further on. A
 * place is decided by at most CW_RECORD_SEARCH_AHEAD bytes. Where fewer are there and they do not contradict
 * a record, the search stops at that place (MORE), for a later place must not win over an earlier one that is
 * still open; the caller keeps the last bytes and searches again with what follows. It ends because each call
 * walks forward once, and the caller gives a direction up after CW_PREFACE_MAX bytes without TLS.
 */
enum cw_record_search_kind cw_record_search(const uint8_t *data, size_t length, bool at_start, size_t *offset)
{
	*offset = 0;
	if (length == 0)
		return CW_RECORD_SEARCH_NOTHING;
	enum decision client = at_start ? is_v2_client(data, length) : NO;
	enum decision server = at_start ? is_v2_server(data, length) : NO;
	if (client == YES)
		return CW_RECORD_SEARCH_V2_CLIENT;
	if (server == YES)
		return CW_RECORD_SEARCH_V2_SERVER;
	if (client == MORE || server == MORE)
		return CW_RECORD_SEARCH_NOTHING;
	for (size_t i = 0; i < length; i++) {
		enum decision decision = is_record(data + i, length - i, at_start && i == 0);
		*offset = i;
		if (decision == YES)
			return CW_RECORD_SEARCH_RECORD;
		if (decision == MORE)
			return CW_RECORD_SEARCH_NOTHING;
	}
	return CW_RECORD_SEARCH_NOTHING;
}

bool cw_record_search_header(const uint8_t header[5])
{
	size_t length = cw_octets_16(header + 3);
	return header[0] >= CCS && header[0] <= HEARTBEAT && header[1] == 3 && header[2] <= 4 &&
		length <= CW_RECORD_MAX && (length || header[0] == DATA);
}

bool cw_record_search_resume(const uint8_t *data, size_t length, bool *sure)
{
	if (length < 5 || !cw_record_search_header(data) || data[0] == HEARTBEAT)
		return false;
	size_t next = 5U + cw_octets_16(data + 3);
	*sure = next == length || (length >= next + 5 && cw_record_search_header(data + next));
	return *sure || length < next + 5;
}

/* What a client says right before TLS begins. */
static const struct {
	const char *text;
	size_t length;
	const char *protocol;
} prefaces[] = {
	{"<starttls", 9, "xmpp"},		/* RFC 6120 §5.4.2.1 */
	{"STLS\r\n", 6, "pop3"},		/* RFC 2595 §4 */
	{" STARTTLS\r\n", 11, "imap"},		/* RFC 9051 §6.2.1: with a tag before it */
	{"STARTTLS\r\n", 10, "smtp"},		/* RFC 3207 §4; ManageSieve and NNTP say the same */
	{"1.3.6.1.4.1.1466.20037", 22, "ldap"}, /* RFC 4511 §4.14.1 */
	{"\x00\x00\x00\x08\x04\xd2\x16\x2f", 8, "postgres"}, /* its protocol's SSLRequest */
	{"AUTH TLS\r\n", 10, "ftp"},			     /* RFC 4217 §4 */
	{"HTTP/1.1\r\n", 10, "http-connect"},
};

static bool holds(const uint8_t *data, size_t length, const char *text, size_t wanted)
{
	for (size_t i = 0; i + wanted <= length; i++)
		if (strncasecmp((const char *)data + i, text, wanted) == 0 ||
			memcmp(data + i, text, wanted) == 0)
			return true;
	return false;
}

const char *cw_record_search_starttls(const uint8_t *data, size_t length)
{
	if (length == 0)
		return NULL;
	for (size_t i = 0; i < sizeof prefaces / sizeof prefaces[0]; i++)
		if (holds(data, length, prefaces[i].text, prefaces[i].length))
			return prefaces[i].protocol;
	return "other";
}
