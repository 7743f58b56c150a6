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

/** Takes the next line, without its end, a byte order mark in
 * front and white space behind. False: no more. */
bool cw_pem_line_next(const char **at, const char *end, struct cw_pem_line *ret);

bool cw_pem_line_starts(const struct cw_pem_line *line, const char *start);
bool cw_pem_line_ends(const struct cw_pem_line *line, const char *end);

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
