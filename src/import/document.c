#include "import/document.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct cw_document *cw_document_new(void)
{
	return calloc(1, sizeof(struct cw_document));
}

void cw_document_free(struct cw_document *document)
{
	if (!document)
		return;
	for (size_t i = 0; i < document->count; i++)
		cw_document_free(document->children[i]);
	free(document->children);
	free(document->key);
	free(document->text);
	free(document->comment);
	cw_strings_finish(&document->texts);
	free(document);
}

static struct cw_document *find(const struct cw_document *parent, const char *key)
{
	for (size_t i = 0; i < parent->count; i++)
		if (strcmp(parent->children[i]->key, key) == 0)
			return parent->children[i];
	return NULL;
}

/* Without memory the parent stands for the child: the document is of no use any more, and it is freed with it. */
struct cw_document *cw_document_child(struct cw_document *parent, const char *key, enum cw_document_kind kind)
{
	struct cw_document *child = find(parent, key);
	if (child)
		return child;
	child = cw_document_new();
	char *copy = strdup(key);
	if (!child || !copy ||
		!cw_memory_grow(
			&parent->children, &parent->capacity, parent->count, sizeof(struct cw_document *))) {
		free(child);
		free(copy);
		parent->failed = true;
		return parent;
	}
	child->key = copy;
	child->kind = kind;
	parent->children[parent->count++] = child;
	return child;
}

static void set_comment(struct cw_document *at, const char *comment)
{
	if (!comment || !*comment)
		return;
	free(at->comment);
	at->comment = strdup(comment);
	at->failed |= !at->comment;
}

void cw_document_set(struct cw_document *map, const char *key, const char *text, const char *comment)
{
	if (!text)
		return;
	struct cw_document *at = cw_document_child(map, key, CW_DOCUMENT_TEXT);
	free(at->text);
	at->text = strdup(text);
	at->failed |= !at->text;
	set_comment(at, comment);
}

void cw_document_add(struct cw_document *map, const char *key, const char *text, const char *comment)
{
	struct cw_document *at = cw_document_child(map, key, CW_DOCUMENT_TEXTS);
	at->failed |= !cw_strings_add(&at->texts, text);
	if (!at->comment)
		set_comment(at, comment);
}

bool cw_document_has(const struct cw_document *map, const char *key)
{
	return find(map, key) != NULL;
}

/* --- from YAML --- */

static const char *text_of(const struct cw_yaml *map, const char *key)
{
	for (size_t i = 0; map->kind == CW_YAML_MAP && i < map->count; i++)
		if (strcmp(map->entries[i].key, key) == 0 && map->entries[i].value.kind == CW_YAML_TEXT)
			return map->entries[i].value.text;
	return NULL;
}

static void copy_yaml(struct cw_document *into, const char *key, const struct cw_yaml *value);

static void copy_map(struct cw_document *into, const struct cw_yaml *map)
{
	for (size_t i = 0; i < map->count; i++)
		copy_yaml(into, map->entries[i].key, &map->entries[i].value);
}

static bool has_maps(const struct cw_yaml *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].value.kind == CW_YAML_MAP)
			return true;
	return false;
}

static void copy_items(struct cw_document *into, const struct cw_yaml *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct cw_yaml *item = &list->entries[i].value;
		char number[24];
		const char *name = text_of(item, "fqdn");
		if (!name)
			name = text_of(item, "name");
		if (!name && item->kind == CW_YAML_TEXT)
			name = item->text;
		snprintf(number, sizeof number, "%zu", i + 1);
		struct cw_document *child = cw_document_child(into, name ? name : number, CW_DOCUMENT_MAP);
		if (item->kind == CW_YAML_MAP)
			copy_map(child, item);
		else if (item->kind == CW_YAML_TEXT)
			cw_document_set(child, "name", item->text, NULL);
	}
}

static void copy_yaml(struct cw_document *into, const char *key, const struct cw_yaml *value)
{
	if (value->kind == CW_YAML_TEXT)
		cw_document_set(into, key, value->text, NULL);
	else if (value->kind == CW_YAML_MAP)
		copy_map(cw_document_child(into, key, CW_DOCUMENT_MAP), value);
	else if (value->kind == CW_YAML_LIST && has_maps(value))
		copy_items(cw_document_child(into, key, CW_DOCUMENT_ITEMS), value);
	else if (value->kind == CW_YAML_LIST) {
		struct cw_document *list = cw_document_child(into, key, CW_DOCUMENT_TEXTS);
		for (size_t i = 0; i < value->count; i++)
			if (value->entries[i].value.kind == CW_YAML_TEXT &&
				!cw_strings_add(&list->texts, value->entries[i].value.text))
				list->failed = true;
	}
}

struct cw_document *cw_document_of_yaml(const struct cw_yaml *tree)
{
	struct cw_document *document = cw_document_new();
	if (document && tree->kind == CW_YAML_MAP)
		copy_map(document, tree);
	return document;
}

/* --- to YAML --- */

/* Words that YAML reads as something else than text, or that look like syntax. */
static bool is_plain(const char *text)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-+@";
	return *text && strspn(text, safe) == strlen(text) && *text != '-' && *text != '@' && *text != '.';
}

static void write_text(const char *text, struct cw_buffer *ret)
{
	if (is_plain(text)) {
		cw_buffer_text(ret, text);
		return;
	}
	cw_buffer_char(ret, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			cw_buffer_char(ret, '\\');
		cw_buffer_char(ret, *text);
	}
	cw_buffer_char(ret, '"');
}

static void write_comment(const struct cw_document *at, size_t start, struct cw_buffer *ret)
{
	if (at->comment) {
		size_t width = ret->length - start;
		cw_buffer_printf(ret, "%*s # %s", width < 39 ? (int)(39 - width) : 0, "", at->comment);
	}
	cw_buffer_char(ret, '\n');
}

static void write_texts(const struct cw_document *at, struct cw_buffer *ret)
{
	cw_buffer_char(ret, '[');
	for (size_t i = 0; i < at->texts.count; i++) {
		cw_buffer_text(ret, i ? ", " : "");
		write_text(at->texts.items[i], ret);
	}
	cw_buffer_char(ret, ']');
}

static void write_children(
	const struct cw_document *document, unsigned indent, bool dashed, struct cw_buffer *ret);

static void write_child(const struct cw_document *child, unsigned indent, bool dash, struct cw_buffer *ret)
{
	size_t start = ret->length;
	cw_buffer_printf(ret, "%*s%s%s:", (int)indent - 2 * dash, "", dash ? "- " : "", child->key);
	if (child->kind == CW_DOCUMENT_TEXT || child->kind == CW_DOCUMENT_TEXTS) {
		cw_buffer_char(ret, ' ');
		if (child->kind == CW_DOCUMENT_TEXT)
			write_text(child->text, ret);
		else
			write_texts(child, ret);
		write_comment(child, start, ret);
		return;
	}
	write_comment(child, start, ret);
	if (child->kind == CW_DOCUMENT_MAP) {
		write_children(child, indent + 2, false, ret);
		return;
	}
	for (size_t i = 0; i < child->count; i++)
		write_children(child->children[i], indent + 4, true, ret);
}

static void write_children(
	const struct cw_document *document, unsigned indent, bool dashed, struct cw_buffer *ret)
{
	for (size_t i = 0; i < document->count; i++) {
		const struct cw_document *child = document->children[i];
		bool block = child->kind == CW_DOCUMENT_MAP || child->kind == CW_DOCUMENT_ITEMS;
		if (!indent && block && i)
			cw_buffer_char(ret, '\n');
		write_child(child, indent, dashed && i == 0, ret);
	}
}

void cw_document_write(const struct cw_document *document, struct cw_buffer *ret)
{
	write_children(document, 0, false, ret);
}
