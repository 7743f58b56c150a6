#include "support/http_rows.h"

#include "base/file.h"

#include <stdio.h>
#include <string.h>

#define TABLE_MAX ((size_t)1024 * 1024)

static void fail(const char *path, const char *what, const char *where)
{
	fprintf(stderr, "%s: %s: %.40s\n", path, what, where);
	abort();
}

/* One byte or escape off the front. */
static char take_byte(const char **at)
{
	static const char letters[] = "rnt0\\", bytes[] = "\r\n\t\0\\";
	if (**at != '\\')
		return *(*at)++;
	const char *letter = strchr(letters, (*at)[1]);
	if (letter && *letter) {
		*at += 2;
		return bytes[letter - letters];
	}
	int high = (*at)[1] == 'x' ? cw_http_text_hex((*at)[2]) : -1;
	int low = high >= 0 ? cw_http_text_hex((*at)[3]) : -1;
	if (low < 0)
		fail("table", "no such escape", *at);
	*at += 4;
	return (char)(high << 4 | low);
}

static void unescape(const char *text, struct cw_buffer *ret)
{
	while (*text) {
		if (*text != '{') {
			cw_buffer_char(ret, take_byte(&text));
			continue;
		}
		AUTO_BUFFER repeated = {0};
		text++;
		while (*text && *text != '*')
			cw_buffer_char(&repeated, take_byte(&text));
		unsigned long count = *text ? strtoul(text + 1, (char **)&text, 10) : 0;
		if (!count || *text++ != '}')
			fail("table", "wanted {TEXT*N}", text);
		for (unsigned long i = 0; i < count; i++)
			cw_buffer_append(ret, repeated.data, repeated.length);
	}
}

size_t test_http_rows(
	const char *path, void (*each)(const struct test_row *row, void *context), void *context)
{
	AUTO_BUFFER table = {0};
	struct cw_error error;
	size_t count = 0;
	if (!cw_file_read(path, TABLE_MAX, &table, &error))
		fail(path, "cannot be read", error.message);
	char *rest = table.data;
	for (char *line; (line = strsep(&rest, "\n"));) {
		AUTO_BUFFER bytes = {0};
		struct test_row row = {.name = strsep(&line, "\t")};
		if (!*row.name || *row.name == '#')
			continue;
		row.want = strsep(&line, "\t");
		if (!line)
			fail(path, "wanted three columns", row.name);
		unescape(line, &bytes);
		row.bytes = (struct cw_http_text){cw_buffer_string(&bytes), bytes.length};
		each(&row, context);
		count++;
	}
	return count;
}
