#include "import/source/sniff.h"

#include "base/forward.h"

#include "pki/bundle/file_content.h"

#include <string.h>
#include <strings.h>

struct head {
	const char *data;
	size_t length;
};

static bool holds(const struct head *head, const char *word)
{
	return memmem(head->data, head->length, word, strlen(word)) != NULL;
}

static bool starts(const struct head *head, const char *bytes, size_t length)
{
	return head->length >= length && memcmp(head->data, bytes, length) == 0;
}

/* A line begins with `word`. */
static bool line_starts(const struct head *head, const char *word)
{
	size_t length = strlen(word);
	size_t unread = CW_FORWARD_BEGIN;
	for (size_t at = 0; at + length <= head->length && cw_forward(&unread, head->length - at);) {
		if (memcmp(head->data + at, word, length) == 0)
			return true;
		const char *next = memchr(head->data + at, '\n', head->length - at);
		if (!next)
			return false;
		at = (size_t)(next - head->data) + 1;
	}
	return false;
}

static const struct {
	const char *bytes;
	size_t length;
	enum cw_sniff_kind kind;
} magics[] = {
	{"\x1f\x8b", 2, CW_SNIFF_ARCHIVE},
	{"PK\x03\x04", 4, CW_SNIFF_ARCHIVE},
	{"PK\x05\x06", 4, CW_SNIFF_ARCHIVE},
	{"\xfd"
	 "7zXZ\0",
		6, CW_SNIFF_ARCHIVE},
	{"BZh", 3, CW_SNIFF_ARCHIVE},
	{"7z\xbc\xaf\x27\x1c", 6, CW_SNIFF_ARCHIVE},
	{"\xd4\xc3\xb2\xa1", 4, CW_SNIFF_CAPTURE},
	{"\xa1\xb2\xc3\xd4", 4, CW_SNIFF_CAPTURE},
	{"\x4d\x3c\xb2\xa1", 4, CW_SNIFF_CAPTURE},
	{"\xa1\xb2\x3c\x4d", 4, CW_SNIFF_CAPTURE},
	{"\x0a\x0d\x0d\x0a", 4, CW_SNIFF_CAPTURE},
	{"Salted__", 8, CW_SNIFF_ENCRYPTED_BACKUP},
	/* Version 1.x of a trust list that phones fetch: tag 1, two bytes of length. */
	{"\x01\x00\x02\x01", 4, CW_SNIFF_SIGNED_LIST},
};

static enum cw_sniff_kind binary_kind(const struct head *head)
{
	for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
		if (starts(head, magics[i].bytes, magics[i].length))
			return magics[i].kind;
	if (head->length > 262 && memcmp(head->data + 257, "ustar", 5) == 0)
		return CW_SNIFF_ARCHIVE;
	/* A DER SEQUENCE of two bytes of length or more, or an indefinite one; no text begins so. */
	if (head->length > 4 && head->data[0] == '\x30' && ((unsigned char)head->data[1] & 0x80))
		return CW_SNIFF_CERTIFICATES;
	return CW_SNIFF_UNKNOWN;
}

/* Past a byte order mark and white space. */
static struct head trimmed(const struct head *head)
{
	struct head at = *head;
	if (starts(&at, "\xef\xbb\xbf", 3)) {
		at.data += 3;
		at.length -= 3;
	}
	size_t unread = CW_FORWARD_BEGIN;
	while (at.length && strchr(" \t\r\n", *at.data) && *at.data && cw_forward(&unread, at.length)) {
		at.data++;
		at.length--;
	}
	return at;
}

/* Words that stand in a session with the CLI of a Unified Communications Manager. */
static bool is_session(const struct head *head)
{
	static const char *const commands[] = {"show cert own", "show cert trust", "show cert list",
		"show itl", "show ctl", "ITL Record #:", "CTL Record #:", "show version active",
		"run sql select", "set cli pagination", "show network cluster"};
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (holds(head, commands[i]))
			return true;
	return holds(head, "Signed by") && (holds(head, "-trust/") || holds(head, "tomcat/tomcat"));
}

static bool is_log(const struct head *head)
{
	static const char *const processes[] = {" tvcs: ", " tvcs[", "UTCTime=\"", "traffic_server[",
		"DEBUG_MARKER", " edgeconfigprovisioning", " portforwarding", " licensemanager"};
	for (size_t i = 0; i < sizeof processes / sizeof processes[0]; i++)
		if (holds(head, processes[i]))
			return true;
	return false;
}

static enum cw_sniff_kind text_kind(const struct head *head)
{
	struct head at = trimmed(head);
	if (!at.length)
		return CW_SNIFF_EMPTY;
	if (*at.data == '{' || *at.data == '[')
		return CW_SNIFF_JSON;
	if (*at.data == '<')
		return CW_SNIFF_XML;
	if (line_starts(&at, "*c xConfiguration"))
		return CW_SNIFF_XCONFIGURATION;
	if (line_starts(&at, "*s "))
		return CW_SNIFF_XSTATUS;
	if (is_session(&at))
		return CW_SNIFF_SESSION;
	if (holds(&at, "Certificate chain") && holds(&at, " s:"))
		return CW_SNIFF_SHOWCERTS;
	if (holds(&at, "-----BEGIN ") && !is_log(&at))
		return CW_SNIFF_CERTIFICATES;
	if (is_log(&at))
		return CW_SNIFF_LOG;
	return CW_SNIFF_UNKNOWN;
}

enum cw_sniff_kind cw_sniff_kind(const char *data, size_t length)
{
	struct head head = {data, length < CW_SNIFF_HEAD ? length : CW_SNIFF_HEAD};
	enum cw_sniff_kind kind = head.length ? binary_kind(&head) : CW_SNIFF_EMPTY;
	return kind == CW_SNIFF_UNKNOWN ? text_kind(&head) : kind;
}

const char *cw_sniff_word(enum cw_sniff_kind kind)
{
	static const char *const words[] = {
#define X(kind, word) word,
		CW_SNIFF_LIST(X)
#undef X
	};
	return words[kind];
}

const char *cw_sniff_why(const char *data, size_t length)
{
	struct head head = {data, length < CW_SNIFF_HEAD ? length : CW_SNIFF_HEAD};
	if (cw_file_content_is_utf16(data, head.length))
		return "UTF-16 text; save it as UTF-8 or ASCII (in Notepad: Save as, Encoding)";
	if (starts(&head, "SQLite format 3", 15))
		return "a database; nothing in it is read";
	if (holds(&head, "Certificate:") && holds(&head, "Serial Number"))
		return "a decoded certificate without its PEM text; export the PEM file (on an Expressway: "
		       "\"Show all (PEM file)\")";
	return "neither an archive, a dump, a session, a capture nor certificates; nothing in it is known";
}
