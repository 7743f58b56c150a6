/**
 * The lines of a PEM text, and what each of them is. For the reader in pem.c.
 */
#ifndef CW_PKI_BUNDLE_PEM_LINE_H
#define CW_PKI_BUNDLE_PEM_LINE_H

#include <stdbool.h>
#include <stddef.h>

#define CW_PEM_BEGIN "-----BEGIN "
#define CW_PEM_END "-----END "
#define CW_PEM_DASHES "-----"

/* A piece of the text, without a NUL behind it. */
struct cw_pem_line {
	const char *text;
	size_t length;
};

/** Takes the next line, without its end, a byte order mark in front, and white space or bytes above ASCII behind, which
 * OpenSSL drops as well. False: no more. */
bool cw_pem_line_next(const char **at, const char *end, struct cw_pem_line *ret);

bool cw_pem_line_starts(const struct cw_pem_line *line, const char *start);
bool cw_pem_line_ends(const struct cw_pem_line *line, const char *end);

/** What nobody sees in an editor: a space of another kind or a mark of no width at `text`, in UTF-8 or Windows-1252. Its
 * length in bytes and its name ("U+200B, a space of no width"); 0: none is there. */
size_t cw_pem_line_invisible(const char *text, size_t length, const char **ret_name);

/** The line holds line breaks written as a backslash and n, as strings in JSON and scripts have them. */
bool cw_pem_line_has_written_breaks(const struct cw_pem_line *line);

/** Where `word` is in the line, or NULL. */
const char *cw_pem_line_find(const struct cw_pem_line *line, const char *word);

/** "-----BEGIN X-----" as `start` ("-----BEGIN ") and label; the label is a piece of the line. */
bool cw_pem_line_label(const struct cw_pem_line *line, const char *start, struct cw_pem_line *label);

/**
 * Says BEGIN or END and a common type between dashes of whatever kind and number, in whatever case: meant as
 * a PEM line.
 */
bool cw_pem_line_is_mangled(const struct cw_pem_line *line);

#endif
