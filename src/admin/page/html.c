#include "admin/page/html.h"

#include "report/markup.h"

#include <stdarg.h>
#include <string.h>

/* Elements that have no content (HTML "Void elements"). */
static bool is_void(const char *element)
{
	static const char *const names[] = {"br", "hr", "img", "input", "link", "meta", "wbr"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], element) == 0)
			return true;
	return false;
}

static void end_tag(struct cw_html *html)
{
	if (html->in_tag)
		cw_buffer_char(html->out, '>');
	html->in_tag = false;
}

void cw_html_open(struct cw_html *html, const char *element)
{
	end_tag(html);
	if (html->depth == CW_HTML_DEPTH_MAX) {
		html->out->failed = true;
		return;
	}
	html->open[html->depth++] = element;
	cw_buffer_char(html->out, '<');
	cw_buffer_text(html->out, element);
	html->in_tag = true;
}

void cw_html_attribute(struct cw_html *html, const char *name, const char *value)
{
	if (!value)
		return;
	html->out->failed |= !html->in_tag;
	cw_buffer_printf(html->out, " %s=\"", name);
	cw_markup_text(html->out, value);
	cw_buffer_char(html->out, '"');
}

/* One line after the other; `end` stands for a line end, which would be a control character. */
static void put_lines(struct cw_buffer *ret, const char *text, const char *end)
{
	while (text && *text) {
		size_t length = strcspn(text, "\r\n");
		AUTO_BUFFER line = {0};
		cw_buffer_append(&line, text, length);
		ret->failed |= line.failed;
		cw_markup_text(ret, cw_buffer_string(&line));
		text += length;
		text += *text == '\r';
		if (*text == '\n') {
			cw_buffer_text(ret, end);
			text++;
		}
	}
}

void cw_html_attribute_lines(struct cw_html *html, const char *name, const char *value)
{
	if (!value)
		return;
	html->out->failed |= !html->in_tag;
	cw_buffer_printf(html->out, " %s=\"", name);
	put_lines(html->out, value, "&#10;");
	cw_buffer_char(html->out, '"');
}

void cw_html_attributef(struct cw_html *html, const char *name, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	html->out->failed |= text.failed;
	cw_html_attribute(html, name, cw_buffer_string(&text));
}

void cw_html_flag(struct cw_html *html, const char *name, bool on)
{
	cw_html_attribute(html, name, on ? name : NULL);
}

void cw_html_close(struct cw_html *html, const char *element)
{
	if (!html->depth || strcmp(html->open[html->depth - 1], element) != 0) {
		html->out->failed = true;
		return;
	}
	html->depth--;
	if (html->in_tag && is_void(element)) {
		cw_buffer_text(html->out, "/>");
		html->in_tag = false;
		return;
	}
	end_tag(html);
	cw_buffer_printf(html->out, "</%s>", element);
}

void cw_html_begin(struct cw_html *html, const char *element, const char *class)
{
	cw_html_open(html, element);
	cw_html_attribute(html, "class", class);
}

void cw_html_element(struct cw_html *html, const char *element, const char *class, const char *text)
{
	cw_html_begin(html, element, class);
	cw_html_text(html, text);
	cw_html_close(html, element);
}

void cw_html_text(struct cw_html *html, const char *text)
{
	end_tag(html);
	cw_markup_text(html->out, text);
}

void cw_html_name(struct cw_html *html, const char *text)
{
	if (!text)
		return;
	while (*text) {
		size_t length = strcspn(text, ".");
		AUTO_BUFFER part = {0};
		length += text[length] == '.';
		cw_buffer_append(&part, text, length);
		html->out->failed |= part.failed;
		cw_html_text(html, cw_buffer_string(&part));
		text += length;
		if (*text && *text != ' ') {
			cw_html_open(html, "wbr");
			cw_html_close(html, "wbr");
		}
	}
}

static bool is_instant(const char *text)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	size_t i = 0;
	for (; shape[i] && text[i]; i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	return !shape[i] && !text[i];
}

void cw_html_time(struct cw_html *html, const char *text)
{
	if (!text || !is_instant(text)) {
		cw_html_text(html, text);
		return;
	}
	cw_html_open(html, "time");
	cw_html_attribute(html, "datetime", text);
	cw_html_printf(html, "%.10s %.8s UTC", text, text + 11);
	cw_html_close(html, "time");
}

void cw_html_printf(struct cw_html *html, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	html->out->failed |= text.failed;
	cw_html_text(html, cw_buffer_string(&text));
}

void cw_html_lines(struct cw_html *html, const char *text)
{
	end_tag(html);
	put_lines(html->out, text, "\n");
}

static bool stays(unsigned char c)
{
	return strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", c) && c;
}

static void put_encoded(struct cw_buffer *ret, const char *value)
{
	for (; value && *value; value++) {
		if (stays((unsigned char)*value))
			cw_buffer_char(ret, *value);
		else
			cw_buffer_printf(ret, "%%%02X", (unsigned char)*value);
	}
}

void cw_html_path(struct cw_html *html, const char *path, const char *key, const char *value)
{
	AUTO_BUFFER address = {0};
	cw_buffer_printf(&address, "/%s", path);
	if (key) {
		cw_buffer_printf(&address, "%c%s=", strchr(path, '?') ? '&' : '?', key);
		put_encoded(&address, value);
	}
	html->out->failed |= address.failed;
	cw_html_attribute(html, "href", cw_buffer_string(&address));
}

void cw_html_address(struct cw_html *html, const char *address)
{
	static const char scheme[] = "https://";
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/[]?&=%";
	if (!address || strncmp(address, scheme, sizeof scheme - 1) != 0 ||
		strlen(address) != strspn(address, allowed))
		return;
	cw_html_attribute(html, "href", address);
}

void cw_html_link(struct cw_html *html, const char *path, const char *text)
{
	cw_html_open(html, "a");
	cw_html_path(html, path, NULL, NULL);
	cw_html_text(html, text);
	cw_html_close(html, "a");
}

void cw_html_made(struct cw_html *html, const struct cw_buffer *markup)
{
	end_tag(html);
	html->out->failed |= markup->failed;
	cw_buffer_append(html->out, cw_buffer_string(markup), markup->length);
}
