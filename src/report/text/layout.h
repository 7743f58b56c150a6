/**
 * Lines of a text report: wrapping, columns and colour.
 *
 * Colour is put into text as marks, one control character each, that take no room; cw_layout_render turns
 * them into terminal sequences or drops them. It escapes every other control character, so that no name out
 * of a certificate or a deployment file can write on the terminal of who reads the report.
 *
 * Reports are laid out when they are rendered (cw_layout_flow), to the width of whoever reads; helps and
 * explanations at once, to CW_REPORT_WIDTH (cw_layout_wrap).
 */
#ifndef CW_REPORT_TEXT_LAYOUT_H
#define CW_REPORT_TEXT_LAYOUT_H

#include "base/buffer.h"
#include "trust/finding.h"

#define CW_REPORT_WIDTH 100
/* Narrower a table is none any more, wider no eye finds the next line. */
#define CW_REPORT_WIDTH_MIN 60
#define CW_REPORT_WIDTH_MAX 200

/** How a report is to look. */
struct cw_layout_look {
	bool colour;
	size_t width; /* columns; 0: CW_REPORT_WIDTH; what is out of bounds counts as the bound */
};

#define CW_MARK_BAD "\001"
#define CW_MARK_GOOD "\002"
#define CW_MARK_WARN "\003"
#define CW_MARK_UNKNOWN "\004"
#define CW_MARK_BOLD "\005"
#define CW_MARK_END "\006"
/* A space at which no line is broken, unless the word is longer than a line; takes the room of one. */
#define CW_MARK_SPACE "\007"
/* From here to the line's end is broken at spaces when it is rendered; one byte of indent follows. */
#define CW_MARK_FLOW "\010"

/** The mark of a verdict's colour. */
const char *cw_layout_verdict_mark(enum cw_verdict verdict);

/** Columns that a UTF-8 text takes: its characters, marks not counted. */
size_t cw_layout_width(const char *text);

/** `text`, then spaces up to `width` columns; at least one space. */
void cw_layout_column(struct cw_buffer *buffer, const char *text, size_t width);

/**
 * Appends `text` broken at spaces into lines of CW_REPORT_WIDTH. The first line begins with `prefix` ("" for
 * none), the others with `indent` spaces. A word longer than a line stays whole.
 */
void cw_layout_wrap(struct cw_buffer *buffer, const char *prefix, size_t indent, const char *text);

/** The same, broken when it is rendered, to the width that is then asked for. */
void cw_layout_flow(struct cw_buffer *buffer, const char *prefix, size_t indent, const char *text);

/** Whatever stands of `name` (NULL: nothing) in the text is not broken at its spaces. */
void cw_layout_keep(struct cw_buffer *text, const char *name);

/** Appends the marked text to `ret`. */
void cw_layout_render(const struct cw_buffer *marked, struct cw_layout_look look, struct cw_buffer *ret);

#endif
