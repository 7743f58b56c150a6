#include "pki/bundle/pem_line.h"

#include "base/forward.h"

#include <string.h>
#include <strings.h>

/* CR too: the one before LF goes with the other white space behind the line. */
static bool is_space(char c)
{
	return c == '\r' || c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

/* PEM_read_bio takes them off the end of each line: they are not above a space as a signed character. */
static bool is_dropped(char c)
{
	return is_space(c) || (c & 0x80);
}

bool cw_pem_line_next(const char **at, const char *end, struct cw_pem_line *ret)
{
	const char *start = *at;
	if (start == end)
		return false;
	const char *stop = memchr(start, '\n', (size_t)(end - start));
	*at = stop ? stop + 1 : end;
	if (!stop)
		stop = end;
	if (stop - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
		start += 3;
	while (stop > start && is_dropped(stop[-1]))
		stop--;
	*ret = (struct cw_pem_line){start, (size_t)(stop - start)};
	return true;
}

bool cw_pem_line_starts(const struct cw_pem_line *line, const char *start)
{
	size_t length = strlen(start);
	return line->length >= length && memcmp(line->text, start, length) == 0;
}

bool cw_pem_line_ends(const struct cw_pem_line *line, const char *end)
{
	size_t length = strlen(end);
	return line->length >= length && memcmp(line->text + line->length - length, end, length) == 0;
}

size_t cw_pem_line_invisible(const char *text, size_t length, const char **ret_name)
{
	static const struct {
		const char *bytes, *name;
	} rows[] = {
		{"\xc2\xa0", "U+00A0, a space that does not break"},
		{"\xc2\xad", "U+00AD, a soft hyphen"},
		{"\xe2\x80\x8b", "U+200B, a space of no width"},
		{"\xe2\x80\x8c", "U+200C, which has no width"},
		{"\xe2\x80\x8d", "U+200D, which has no width"},
		{"\xe2\x80\x8e", "U+200E, a mark of direction"},
		{"\xe2\x80\x8f", "U+200F, a mark of direction"},
		{"\xe2\x80\xa8", "U+2028, a line separator"},
		{"\xe2\x80\xaf", "U+202F, a narrow space"},
		{"\xe2\x81\xa0", "U+2060, which has no width"},
		{"\xe3\x80\x80", "U+3000, a wide space"},
		{"\xef\xbb\xbf", "U+FEFF, a byte order mark"},
		{"\xa0", "a space that does not break (byte 0xa0)"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t size = strlen(rows[i].bytes);
		if (length < size || memcmp(text, rows[i].bytes, size) != 0)
			continue;
		*ret_name = rows[i].name;
		return size;
	}
	return 0;
}

bool cw_pem_line_has_written_breaks(const struct cw_pem_line *line)
{
	return cw_pem_line_find(line, "\\n") != NULL;
}

const char *cw_pem_line_find(const struct cw_pem_line *line, const char *word)
{
	return line->length ? memmem(line->text, line->length, word, strlen(word)) : NULL;
}

bool cw_pem_line_label(const struct cw_pem_line *line, const char *start, struct cw_pem_line *label)
{
	size_t before = strlen(start), behind = strlen(CW_PEM_DASHES);
	if (!cw_pem_line_starts(line, start) || !cw_pem_line_ends(line, CW_PEM_DASHES) ||
		line->length < before + behind)
		return false;
	*label = (struct cw_pem_line){line->text + before, line->length - before - behind};
	return memchr(label->text, '-', label->length) == NULL;
}

/* The length of the dash at the start of the line, or 0: hyphens,
 * Unicode dashes in UTF-8, en and em dash of Windows-1252. */
static size_t dash_length(const struct cw_pem_line *line)
{
	static const char *const dashes[] = {"-", "\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
		"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95", "\xe2\x88\x92", "\xc2\xad", "\x96", "\x97"};
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (cw_pem_line_starts(line, dashes[i]))
			return strlen(dashes[i]);
	return 0;
}

/* Takes `word` off the front, upper and lower case alike. */
static bool take_word(struct cw_pem_line *rest, const char *word)
{
	size_t length = strlen(word);
	if (rest->length < length || strncasecmp(rest->text, word, length) != 0)
		return false;
	rest->text += length;
	rest->length -= length;
	return true;
}

static bool is_common_label(const struct cw_pem_line *label)
{
	static const char *const labels[] = {"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE",
		"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST", "PKCS7", "CMS", "X509 CRL", "PRIVATE KEY",
		"RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (label->length == strlen(labels[i]) &&
			strncasecmp(label->text, labels[i], label->length) == 0)
			return true;
	return false;
}

bool cw_pem_line_is_mangled(const struct cw_pem_line *line)
{
	struct cw_pem_line rest = *line;
	/* ends: each turn takes a dash */
	for (size_t length; (length = dash_length(&rest)) > 0;) {
		rest.text += length;
		rest.length -= length;
	}
	if (rest.text == line->text)
		return false;
	size_t unread = CW_FORWARD_BEGIN;
	while (rest.length && is_space(*rest.text) && cw_forward(&unread, rest.length)) {
		rest.text++;
		rest.length--;
	}
	if (!take_word(&rest, "BEGIN ") && !take_word(&rest, "END "))
		return false;
	/* No label holds a byte above ASCII: it is part of some dash. */
	while (rest.length &&
		(strchr("- \t\r", rest.text[rest.length - 1]) || (rest.text[rest.length - 1] & 0x80)))
		rest.length--;
	return is_common_label(&rest);
}
