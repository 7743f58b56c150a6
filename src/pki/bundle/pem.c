#include "pki/bundle/pem.h"

#include "base/escape.h"
#include "pki/bundle/pem_line.h"

#include <openssl/evp.h>
#include <string.h>

#define SHOWN_MAX 60 /* characters of a line that a message repeats */

void cw_pem_start(struct cw_pem *pem, const char *text, size_t length)
{
	*pem = (struct cw_pem){.at = text, .end = text + length};
	pem->base64.secret = pem->decoded.secret = true; /* it may be a private key */
}

void cw_pem_finish(struct cw_pem *pem)
{
	cw_buffer_finish(&pem->base64);
	cw_buffer_finish(&pem->decoded);
	cw_buffer_finish(&pem->headers);
}

static bool next_line(struct cw_pem *pem, struct cw_pem_line *line)
{
	if (!cw_pem_line_next(&pem->at, pem->end, line))
		return false;
	pem->line++;
	return true;
}

/* A line of dashes and the reason; never a line of base64 text, which may be a private key. */
static bool set_error(struct cw_error *error, const struct cw_pem_line *line, const char *what)
{
	AUTO_BUFFER shown = {0};
	cw_escape(&shown, line->text, line->length < SHOWN_MAX ? line->length : SHOWN_MAX, "");
	if (!cw_buffer_ok(&shown, error))
		return false;
	return cw_error_set(error, CW_E_PEM, "\"%s\": %s", cw_buffer_string(&shown), what);
}

#define WRITTEN_BREAKS \
	"line breaks written as \\n, as in JSON or in a script; wanted a line break in place of each of them"
#define ONE_LINE \
	"the whole block in one line, which OpenSSL does not read; wanted a line break behind the BEGIN line, one before " \
	"the END line, and 64 characters a line between them"

/* What stands between "BEGIN" and its label, or in front of the line, and is not seen. */
static bool check_invisible(const struct cw_pem_line *line, struct cw_error *error)
{
	const char *name;
	for (size_t i = 0; i < line->length; i++)
		if (cw_pem_line_invisible(line->text + i, line->length - i, &name))
			return cw_error_set(error, CW_E_PEM,
				"column %zu: %s, which no editor shows; wanted it deleted", i + 1, name);
	return true;
}

/* A line with BEGIN or END in it that OpenSSL does not take for one. */
static bool check_odd_dashes(const struct cw_pem_line *line, struct cw_error *error)
{
	bool begin = cw_pem_line_find(line, "-----BEGIN"), end = cw_pem_line_find(line, "-----END");
	if (!begin && !end)
		return true;
	if (cw_pem_line_has_written_breaks(line))
		return cw_error_set(error, CW_E_PEM, WRITTEN_BREAKS);
	if (begin && end && cw_pem_line_starts(line, CW_PEM_BEGIN))
		return cw_error_set(error, CW_E_PEM, ONE_LINE);
	return check_invisible(line, error);
}

/* A line outside of any block that was surely meant as part of one. */
static bool check_outside(const struct cw_pem_line *line, struct cw_error *error)
{
	if (cw_pem_line_find(line, CW_PEM_BEGIN) && memchr(line->text, '\r', line->length))
		return cw_error_set(error, CW_E_PEM,
			"lines that end with CR alone, which OpenSSL does not read; "
			"save it with LF or CRLF line ends");
	if (!check_odd_dashes(line, error))
		return false;
	if (cw_pem_line_starts(line, CW_PEM_END))
		return set_error(error, line, "the end of a block that has no BEGIN line");
	if (cw_pem_line_starts(line, CW_PEM_BEGIN) && cw_pem_line_ends(line, CW_PEM_DASHES))
		return set_error(error, line, "wanted one \"-----BEGIN …-----\" alone on its line");
	if (cw_pem_line_is_mangled(line))
		return set_error(error, line,
			"wanted five plain hyphens on each side, as in \"-----BEGIN CERTIFICATE-----\"");
	if (cw_pem_line_find(line, CW_PEM_BEGIN) && cw_pem_line_ends(line, CW_PEM_DASHES))
		return cw_error_set(error, CW_E_PEM,
			"column %zu: OpenSSL does not see a block with something in front of "
			"\"-----BEGIN\"; wanted it at the start of the line",
			(size_t)(cw_pem_line_find(line, CW_PEM_BEGIN) - line->text) + 1);
	return true;
}

/* Passes over text up to a BEGIN line. */
static bool find_begin(struct cw_pem *pem, struct cw_pem_block *block, bool *found, struct cw_error *error)
{
	struct cw_pem_line line, label;
	*found = false;
	while (next_line(pem, &line)) { /* ends: each turn is at the next line */
		if (cw_pem_line_label(&line, CW_PEM_BEGIN, &label)) {
			if (label.length > CW_PEM_LABEL_MAX)
				return set_error(error, &line, "no type of PEM block has so long a name");
			memcpy(block->label, label.text, label.length);
			block->label[label.length] = '\0';
			block->line = pem->line;
			*found = true;
			return true;
		}
		if (!check_outside(&line, error))
			return false;
	}
	return true;
}

static bool is_base64(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
		c == '/';
}

static bool bad_character(const struct cw_pem_line *line, size_t column, struct cw_error *error)
{
	unsigned char c = (unsigned char)line->text[column];
	const char *name;
	if (cw_pem_line_invisible(line->text + column, line->length - column, &name))
		return cw_error_set(error, CW_E_PEM,
			"column %zu: %s, which no editor shows; wanted it deleted", column + 1, name);
	if (c == '\\' && column + 1 < line->length && strchr("nr", line->text[column + 1]))
		return cw_error_set(error, CW_E_PEM, "column %zu: " WRITTEN_BREAKS, column + 1);
	if (c > ' ' && c <= '~')
		return cw_error_set(
			error, CW_E_PEM, "column %zu: \"%c\" is no base64 character", column + 1, c);
	return cw_error_set(error, CW_E_PEM, "column %zu: byte 0x%02x is no base64 character", column + 1, c);
}

/* E-mail's quoted-printable writes "=" as "=3D" and breaks lines behind a "=" (RFC 2045 §6.7). */
static bool goes_on(
	const struct cw_pem *pem, const struct cw_pem_line *line, size_t column, struct cw_error *error)
{
	const struct cw_buffer *before = &pem->base64;
	bool written = line->length - column > 1 && memcmp(line->text + column, "3D", 2) == 0;
	bool broken = column == 0 && before->length > 1 && before->data[before->length - 2] != '=';
	const char *why = written || broken
		? " (quoted-printable text of an e-mail has it so: save the attachment itself, not the mail's source)"
		: "";
	return cw_error_set(error, CW_E_PEM,
		"column %zu: the base64 text goes on after \"=\"; wanted the END line%s", column + 1, why);
}

static bool add_base64(struct cw_pem *pem, const struct cw_pem_line *line, struct cw_error *error)
{
	for (size_t i = 0; i < line->length; i++) {
		char c = line->text[i];
		bool padded = pem->base64.length && pem->base64.data[pem->base64.length - 1] == '=';
		if (c == ' ' || c == '\t')
			continue;
		if (padded && is_base64(c))
			return goes_on(pem, line, i, error);
		if (!is_base64(c) && c != '=')
			return bad_character(line, i, error);
		cw_buffer_char(&pem->base64, c);
	}
	return true;
}

static bool decode(struct cw_pem *pem, struct cw_error *error)
{
	struct cw_buffer *in = &pem->base64;
	size_t padding = 0;
	while (padding < in->length && in->data[in->length - 1 - padding] == '=')
		padding++;
	if (!cw_buffer_ok(in, error))
		return false;
	if (in->length == padding)
		return cw_error_set(error, CW_E_PEM, "the block is empty");
	if (in->length % 4 || padding > 2)
		return cw_error_set(error, CW_E_PEM,
			"the base64 text of the block has %zu characters and %zu \"=\", "
			"which is no whole number of bytes; a line is cut off or missing",
			in->length - padding, padding);
	cw_buffer_append(&pem->decoded, in->data, in->length); /* as much room as is needed, and more */
	if (!cw_buffer_ok(&pem->decoded, error))
		return false;
	int length = EVP_DecodeBlock(
		(unsigned char *)pem->decoded.data, (const unsigned char *)in->data, (int)in->length);
	if (length < 0)
		return cw_error_set(error, CW_E_PEM, "the base64 text cannot be decoded");
	pem->decoded.length = (size_t)length - padding;
	return true;
}

/* A line with PEM's dashes inside a block that is not its END line. */
static bool bad_dashes(
	const struct cw_pem_block *block, const struct cw_pem_line *line, struct cw_error *error)
{
	struct cw_pem_line label;
	AUTO_BUFFER what = {0};
	if (cw_pem_line_label(line, CW_PEM_END, &label))
		cw_buffer_printf(&what, "ends the block of line %zu; wanted \"-----END %s-----\"",
			block->line, block->label);
	else if (cw_pem_line_starts(line, CW_PEM_END) && cw_pem_line_find(line, CW_PEM_BEGIN))
		cw_buffer_text(&what, "wanted a line break between the END and the next BEGIN");
	else if (cw_pem_line_starts(line, CW_PEM_BEGIN))
		cw_buffer_printf(&what, "inside the block of line %zu, whose \"-----END %s-----\" is missing",
			block->line, block->label);
	else if (!check_odd_dashes(line, error))
		return false;
	else if (cw_pem_line_starts(line, CW_PEM_END) || cw_pem_line_is_mangled(line))
		cw_buffer_printf(&what, "wanted \"-----END %s-----\" alone on its line", block->label);
	else
		return cw_error_set(error, CW_E_PEM,
			"wanted \"-----END %s-----\" at the start of a line of its own; "
			"there is something in front of it",
			block->label);
	return cw_buffer_ok(&what, error) && set_error(error, line, what.data);
}

static bool is_end_of(const struct cw_pem_line *line, const struct cw_pem_block *block)
{
	struct cw_pem_line label;
	return cw_pem_line_label(line, CW_PEM_END, &label) && label.length == strlen(block->label) &&
		memcmp(label.text, block->label, label.length) == 0;
}

static bool is_header(const struct cw_pem_line *line)
{
	return line->length &&
		(memchr(line->text, ':', line->length) || *line->text == ' ' || *line->text == '\t');
}

/*
 * RFC 1421 §4.6: headers, then an empty line. `line` is the first line of the block and comes back as the
 * first of the base64 text.
 */
static bool read_headers(struct cw_pem *pem, struct cw_pem_line *line, bool *more, struct cw_error *error)
{
	bool any = *more && memchr(line->text, ':', line->length);
	for (; any && *more && is_header(line); *more = next_line(pem, line)) {
		cw_buffer_append(&pem->headers, line->text, line->length);
		cw_buffer_char(&pem->headers, '\n');
	}
	if (any && *more && line->length)
		return cw_error_set(
			error, CW_E_PEM, "wanted an empty line between the headers and the base64 text");
	if (*more && !line->length)
		*more = next_line(pem, line);
	return cw_buffer_ok(&pem->headers, error);
}

/* An empty line makes OpenSSL take what stands before it for headers: it would not read the block either. */
static bool check_not_empty(const struct cw_pem_line *line, struct cw_error *error)
{
	return line->length ? true
			    : cw_error_set(error, CW_E_PEM, "empty line inside a block; wanted base64 text");
}

static bool read_body(struct cw_pem *pem, const struct cw_pem_block *block, struct cw_error *error)
{
	struct cw_pem_line line = {NULL, 0};
	bool more = next_line(pem, &line);
	if (!read_headers(pem, &line, &more, error))
		return false;
	for (; more; more = next_line(pem, &line)) {
		if (is_end_of(&line, block))
			return true;
		if (cw_pem_line_find(&line, CW_PEM_DASHES) || cw_pem_line_is_mangled(&line))
			return bad_dashes(block, &line, error);
		if (!check_not_empty(&line, error) || !add_base64(pem, &line, error))
			return false;
	}
	size_t last = pem->line;
	pem->line = block->line;
	return cw_error_set(error, CW_E_PEM,
		"\"-----BEGIN %s-----\" has no \"-----END %s-----\"; the text ends with line %zu",
		block->label, block->label, last);
}

bool cw_pem_next(struct cw_pem *pem, struct cw_pem_block *ret, bool *found, struct cw_error *error)
{
	struct cw_pem_block block = {0};
	pem->base64.length = 0;
	pem->decoded.length = 0;
	pem->headers.length = 0;
	if (!find_begin(pem, &block, found, error))
		return false;
	if (!*found)
		return true;
	if (!read_body(pem, &block, error))
		return false;
	if (!decode(pem, error)) {
		pem->line = block.line;
		return false;
	}
	block.headers = pem->headers.length ? pem->headers.data : "";
	block.data = (const uint8_t *)pem->decoded.data;
	block.length = pem->decoded.length;
	*ret = block;
	return true;
}
