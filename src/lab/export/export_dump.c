#include "lab/export/lab_export_parts.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 16
#define KEY_MAX 256

void cw_lab_export_dump_finish(struct cw_lab_dump *dump)
{
	cw_strings_finish(&dump->keys);
	cw_strings_finish(&dump->values);
}

void cw_lab_export_set(struct cw_lab_dump *dump, const char *value, const char *key, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, key);
	cw_buffer_vprintf(&text, key, args);
	va_end(args);
	if (dump->failed)
		return; /* a key without its value would leave the two lists unequal */
	dump->failed = text.failed || !cw_strings_add(&dump->keys, cw_buffer_string(&text)) ||
		!cw_strings_add(&dump->values, value ? value : "");
}

/* Nothing stands behind the colon of an empty value but a blank; everything else is in quotes. */
void cw_lab_export_dump_text(const struct cw_lab_dump *dump, bool status, struct cw_buffer *ret)
{
	for (size_t i = 0; i < dump->values.count; i++) {
		const char *value = dump->values.items[i];
		cw_buffer_printf(ret, "%s%s: ", status ? "*s " : "*c xConfiguration ", dump->keys.items[i]);
		if (*value)
			cw_buffer_printf(ret, "\"%s\"", value);
		cw_buffer_char(ret, '\n');
	}
	if (status)
		cw_buffer_text(ret, "** end\n");
	ret->failed |= dump->failed;
}

/* The words of a key, a number joined to the word before it. */
struct words {
	char text[KEY_MAX];
	const char *items[DEPTH_MAX];
	unsigned numbers[DEPTH_MAX];
	size_t count;
};

static void split(const char *key, struct words *ret)
{
	snprintf(ret->text, sizeof ret->text, "%s", key);
	ret->count = 0;
	for (char *at = ret->text; *at;) {
		size_t length = strcspn(at, " ");
		bool last = !at[length];
		at[length] = 0;
		if (isdigit((unsigned char)*at) && ret->count) {
			ret->numbers[ret->count - 1] = (unsigned)strtoul(at, NULL, 10);
		} else if (ret->count < DEPTH_MAX) {
			ret->numbers[ret->count] = 1;
			ret->items[ret->count++] = at;
		}
		at += length + !last;
	}
}

static size_t common(const struct words *a, const struct words *b)
{
	size_t i = 0;
	while (i < a->count && i < b->count && strcmp(a->items[i], b->items[i]) == 0 &&
		a->numbers[i] == b->numbers[i])
		i++;
	return i;
}

static void write_escaped(const char *text, struct cw_buffer *ret)
{
	for (; *text; text++) {
		if (*text == '&')
			cw_buffer_text(ret, "&amp;");
		else if (*text == '<')
			cw_buffer_text(ret, "&lt;");
		else
			cw_buffer_char(ret, *text);
	}
}

static void close_to(struct words *open, size_t depth, struct cw_buffer *ret)
{
	while (open->count > depth)
		cw_buffer_printf(ret, "</%s>\n", open->items[--open->count]);
}

void cw_lab_export_dump_xml(
	const struct cw_lab_dump *dump, bool status, const char *release, struct cw_buffer *ret)
{
	const char *root = status ? "Status" : "Configuration";
	struct words open = {.count = 0};
	cw_buffer_printf(ret,
		"<?xml version=\"1.0\"?>\n<%s xmlns=\"http://www.tandberg.no/XML/CUIL/1.0\" "
		"product=\"TANDBERG VCS\" version=\"%s\">\n",
		root, release);
	for (size_t i = 0; i < dump->values.count; i++) {
		struct words words;
		split(dump->keys.items[i], &words);
		size_t shared = common(&open, &words);
		close_to(&open, shared < words.count ? shared : words.count - 1, ret);
		for (size_t j = open.count; j < words.count; j++)
			cw_buffer_printf(ret, "<%s item=\"%u\">%s", words.items[j], words.numbers[j],
				j + 1 < words.count ? "\n" : "");
		write_escaped(dump->values.items[i], ret);
		cw_buffer_printf(ret, "</%s>\n", words.items[words.count - 1]);
		split(dump->keys.items[i], &open);
		open.count--;
	}
	close_to(&open, 0, ret);
	cw_buffer_printf(ret, "</%s>\n", root);
	ret->failed |= dump->failed;
}
