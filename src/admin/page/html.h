/**
 * A writer of HTML that escapes by construction: there is no way to hand it markup.
 *
 * Elements are opened and closed by name, attributes and text are values; what comes out is well-formed XML as well as
 * HTML (elements without content end in "/>"). Text out of certificates, files and other nodes goes in as it is: control
 * characters and marks that turn the writing direction are shown as \xNN (report/markup.h). Element and attribute names are
 * the caller's literals.
 *
 * A mistake of the caller (an element closed that is not the innermost, more than CW_HTML_DEPTH_MAX inside each other) makes
 * the buffer fail, which whoever hands the page on sees (cw_buffer_ok): never a page that ends elsewhere than it seems.
 */
#ifndef CW_ADMIN_PAGE_HTML_H
#define CW_ADMIN_PAGE_HTML_H

#include "base/buffer.h"

#define CW_HTML_DEPTH_MAX 32

struct cw_html {
	struct cw_buffer *out; /* borrowed */
	const char *open[CW_HTML_DEPTH_MAX];
	size_t depth;
	bool in_tag; /* attributes may come; the next content ends the tag */
};

/** Begins an element; attributes may follow. */
void cw_html_open(struct cw_html *html, const char *element);
/** An attribute of the element just begun. NULL: it is left out. */
void cw_html_attribute(struct cw_html *html, const char *name, const char *value);
/** The same for a value of several lines, which keeps its line ends. */
void cw_html_attribute_lines(struct cw_html *html, const char *name, const char *value);
/** An attribute whose value is put together as by printf. */
void cw_html_attributef(struct cw_html *html, const char *name, const char *format, ...) CW_PRINTF(3, 4);
/** A boolean attribute (`required`, `checked`), as XML has it; nothing where `on` is false. */
void cw_html_flag(struct cw_html *html, const char *name, bool on);
/** Ends the innermost element, which must be this one. */
void cw_html_close(struct cw_html *html, const char *element);

/** An element of a class (or NULL) that holds a text and nothing else. */
void cw_html_element(struct cw_html *html, const char *element, const char *class, const char *text);
/** Begins an element of a class, for more. */
void cw_html_begin(struct cw_html *html, const char *element, const char *class);

/** NULL is nothing. */
void cw_html_text(struct cw_html *html, const char *text);
/** The same for names of hosts: where it does not fit into a line, it is broken behind a dot. */
void cw_html_name(struct cw_html *html, const char *text);
/** An instant as answers have it ("2026-11-20T11:02:07Z") as people read it: "2026-11-20 11:02:07 UTC". What is no instant stays. */
void cw_html_time(struct cw_html *html, const char *text);
void cw_html_printf(struct cw_html *html, const char *format, ...) CW_PRINTF(2, 3);
/** The same for text of several lines (decoded certificates, PEM): line ends stay. */
void cw_html_lines(struct cw_html *html, const char *text);

/**
 * `href` of a page of this server: "/PATH", or "/PATH?KEY=VALUE" where `key` is not NULL, the value encoded (RFC 3986 §2.1).
 * `path` is the caller's literal.
 */
void cw_html_path(struct cw_html *html, const char *path, const char *key, const char *value);
/**
 * `href` of another server, out of data: only "https://" and then letters, digits and "-._~:/[]?&=%" get through; of anything
 * else there is no attribute (a link "javascript:" would be run).
 */
void cw_html_address(struct cw_html *html, const char *address);

/** A link to a page of this server. */
void cw_html_link(struct cw_html *html, const char *path, const char *text);

/** What a writer of markup that is no data of anybody made (the map of the report). The caller vouches for it. */
void cw_html_made(struct cw_html *html, const struct cw_buffer *markup);

#endif
