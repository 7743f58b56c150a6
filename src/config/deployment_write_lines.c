#include "config/deployment_write_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define ON_ONE_LINE_MAX 8 /* longer lists get a line for each item */

/* Bytes of the control character at `c`, 0 where there is none: C0, DEL, C1, and the two separators that YAML
 * takes for line breaks. */
static size_t control_length(const unsigned char *c)
{
	if (*c < 0x20 || *c == 0x7f)
		return 1;
	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
		return 2;
	return c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9) ? 3 : 0;
}

static bool is_writable(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (control_length(c))
			return false;
	return *text;
}

/* What some reader of YAML takes for a boolean or for nothing. */
static bool is_word_of_yaml(const char *text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

static size_t count_of(const char *text, char wanted)
{
	size_t count = 0;
	for (; *text; text++)
		count += *text == wanted;
	return count;
}

/* Needs no quotes. A digit first only where two dots follow, as in an IP address: no number has two. */
static bool is_plain(const char *text)
{
	static const char marks[] = "_./@-";
	bool begins = isalpha((unsigned char)*text) || *text == '/' ||
		(isdigit((unsigned char)*text) && count_of(text, '.') > 1);
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr(marks, *c))
			return false;
	return begins && !is_word_of_yaml(text);
}

void cw_deployment_write_text(struct cw_deployment_writer *writer, const char *text)
{
	if (!is_writable(text) && !writer->refused)
		writer->refused = text;
	if (is_plain(text)) {
		cw_buffer_text(writer->out, text);
		return;
	}
	cw_buffer_char(writer->out, '"');
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			cw_buffer_char(writer->out, '\\');
		cw_buffer_char(writer->out, *c);
	}
	cw_buffer_char(writer->out, '"');
}

/* A file of that very name would be read as the word. */
void cw_deployment_write_path(struct cw_deployment_writer *writer, const char *path)
{
	if (strcmp(path, "unknown") == 0)
		cw_buffer_text(writer->out, "./");
	cw_deployment_write_text(writer, path);
}

/* --- lines --- */

static void write_comment(struct cw_deployment_writer *writer)
{
	const char *text = writer->comment ? writer->comment(writer->user, &writer->place) : NULL;
	if (!text)
		return;
	cw_buffer_text(writer->out, "  # ");
	const unsigned char *c = (const unsigned char *)text;
	while (*c) {
		size_t control = control_length(c);
		cw_buffer_char(writer->out, control ? '?' : (char)*c);
		c += control ? control : 1;
	}
}

void cw_deployment_write_end_line(struct cw_deployment_writer *writer)
{
	write_comment(writer);
	cw_buffer_char(writer->out, '\n');
}

void cw_deployment_write_begin_line(struct cw_deployment_writer *writer, const char *key)
{
	int before = writer->indent - (writer->dash ? 2 : 0);
	cw_buffer_printf(writer->out, "%*s%s%s:", before, "", writer->dash ? "- " : "", key);
	writer->dash = false;
	writer->place.key = key;
}

void cw_deployment_write_pair(struct cw_deployment_writer *writer, const char *key, const char *text)
{
	if (!text)
		return;
	cw_deployment_write_begin_line(writer, key);
	cw_buffer_char(writer->out, ' ');
	cw_deployment_write_text(writer, text);
	cw_deployment_write_end_line(writer);
}

/* A word of the format, as it is. */
void cw_deployment_write_word(struct cw_deployment_writer *writer, const char *key, const char *word)
{
	if (!word)
		return;
	cw_deployment_write_begin_line(writer, key);
	cw_buffer_printf(writer->out, " %s", word);
	cw_deployment_write_end_line(writer);
}

void cw_deployment_write_list(struct cw_deployment_writer *writer, const char *key,
	const struct cw_strings *list, void (*write)(struct cw_deployment_writer *writer, const char *text))
{
	bool on_one_line = list->count <= ON_ONE_LINE_MAX;
	cw_deployment_write_begin_line(writer, key);
	if (on_one_line)
		cw_buffer_text(writer->out, " [");
	else
		cw_deployment_write_end_line(writer);
	for (size_t i = 0; i < list->count; i++) {
		if (!on_one_line)
			cw_buffer_printf(writer->out, "%*s- ", writer->indent + 2, "");
		else if (i)
			cw_buffer_text(writer->out, ", ");
		write(writer, list->items[i]);
		if (!on_one_line)
			cw_buffer_char(writer->out, '\n');
	}
	if (!on_one_line)
		return;
	cw_buffer_char(writer->out, ']');
	cw_deployment_write_end_line(writer);
}

void cw_deployment_write_one_or_list(struct cw_deployment_writer *writer, const char *key,
	const struct cw_strings *list, void (*write)(struct cw_deployment_writer *writer, const char *text))
{
	if (list->count != 1) {
		cw_deployment_write_list(writer, key, list, write);
		return;
	}
	cw_deployment_write_begin_line(writer, key);
	cw_buffer_char(writer->out, ' ');
	write(writer, list->items[0]);
	cw_deployment_write_end_line(writer);
}

void cw_deployment_write_names(
	struct cw_deployment_writer *writer, const char *key, const struct cw_strings *list)
{
	if (list->count)
		cw_deployment_write_list(writer, key, list, cw_deployment_write_text);
}

/* "trusted-ca" and its password file: "trusted-ca-password-file". */
void cw_deployment_write_password_file(struct cw_deployment_writer *writer, const char *of, const char *path)
{
	if (!path)
		return;
	AUTO_BUFFER key = {0};
	cw_buffer_printf(&key, "%s-password-file", of);
	writer->out->failed |= key.failed;
	cw_deployment_write_pair(writer, cw_buffer_string(&key), path);
	writer->place.key = NULL;
}

void cw_deployment_write_section(struct cw_deployment_writer *writer, const char *key)
{
	writer->place = (struct cw_deployment_place){0};
	writer->indent = 0;
	cw_buffer_char(writer->out, '\n');
	cw_deployment_write_begin_line(writer, key);
	cw_deployment_write_end_line(writer);
}
