#include "import/document.h"

#include <string.h>

void cw_document_values_finish(struct cw_document_values *values)
{
	for (size_t i = 0; i < values->count; i++) {
		free(values->items[i].path);
		free(values->items[i].text);
	}
	free(values->items);
	*values = (struct cw_document_values){0};
}

bool cw_document_values_add(struct cw_document_values *values, const char *path, const char *text)
{
	if (!cw_memory_grow(&values->items, &values->capacity, values->count, sizeof *values->items))
		return false;
	struct cw_document_value *value = &values->items[values->count++];
	*value = (struct cw_document_value){strdup(path), strdup(text)};
	return value->path && value->text;
}

const char *cw_document_values_find(const struct cw_document_values *values, const char *path)
{
	for (size_t i = 0; i < values->count; i++)
		if (strcmp(values->items[i].path, path) == 0)
			return values->items[i].text;
	return NULL;
}

static void join(const struct cw_strings *texts, struct cw_buffer *ret)
{
	for (size_t i = 0; i < texts->count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", texts->items[i]);
	cw_buffer_text(ret, "");
}

/* "/a/b" for keys of maps, "/a[b]" for items of a list. */
static bool list_below(const struct cw_document *document, const char *path, struct cw_document_values *ret)
{
	if (document->failed)
		return false;
	for (size_t i = 0; i < document->count; i++) {
		const struct cw_document *child = document->children[i];
		AUTO_BUFFER own = {0};
		AUTO_BUFFER text = {0};
		bool item = document->kind == CW_DOCUMENT_ITEMS;
		cw_buffer_printf(&own, item ? "%s[%s]" : "%s/%s", path, child->key);
		if (own.failed || child->failed)
			return false;
		if (child->kind == CW_DOCUMENT_TEXT)
			cw_buffer_text(&text, child->text);
		else if (child->kind == CW_DOCUMENT_TEXTS)
			join(&child->texts, &text);
		else if (!list_below(child, cw_buffer_string(&own), ret))
			return false;
		bool value = child->kind == CW_DOCUMENT_TEXT || child->kind == CW_DOCUMENT_TEXTS;
		if (text.failed ||
			(value &&
				!cw_document_values_add(
					ret, cw_buffer_string(&own), cw_buffer_string(&text))))
			return false;
	}
	return true;
}

bool cw_document_list(const struct cw_document *document, struct cw_document_values *ret)
{
	return list_below(document, "", ret);
}

/* --- what a person changed --- */

static bool join_path(
	const struct cw_document *parent, const char *path, const char *key, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, parent->kind == CW_DOCUMENT_ITEMS ? "%s[%s]" : "%s/%s", path, key);
	return !ret->failed;
}

static bool copy_value(struct cw_document *into, const struct cw_document *value)
{
	struct cw_document *at = cw_document_child(into, value->key, value->kind);
	at->kind = value->kind;
	free(at->text);
	at->text = value->text ? strdup(value->text) : NULL;
	cw_strings_finish(&at->texts);
	for (size_t i = 0; i < value->texts.count; i++)
		if (!cw_strings_add(&at->texts, value->texts.items[i]))
			return false;
	free(at->comment);
	at->comment = strdup("edited by hand");
	return at->comment && (at->text || !value->text) && !at->failed;
}

static bool is_value(const struct cw_document *document)
{
	return document->kind == CW_DOCUMENT_TEXT || document->kind == CW_DOCUMENT_TEXTS;
}

/* Values of the present file that no import wrote. */
static bool keep_changed(struct cw_document *into, const struct cw_document *current,
	const struct cw_document_values *written, const char *path, struct cw_strings *kept)
{
	for (size_t i = 0; i < current->count; i++) {
		const struct cw_document *child = current->children[i];
		AUTO_BUFFER own = {0};
		AUTO_BUFFER text = {0};
		if (!join_path(current, path, child->key, &own))
			return false;
		if (!is_value(child)) {
			size_t before = kept->count;
			struct cw_document *there = cw_document_child(into, child->key, child->kind);
			if (!keep_changed(there, child, written, cw_buffer_string(&own), kept))
				return false;
			if (kept->count == before && !there->count) /* made for nothing */
				cw_document_free(into->children[--into->count]);
			continue;
		}
		if (child->kind == CW_DOCUMENT_TEXT)
			cw_buffer_text(&text, child->text);
		else
			join(&child->texts, &text);
		const char *old = cw_document_values_find(written, cw_buffer_string(&own));
		if (old && strcmp(old, cw_buffer_string(&text)) == 0)
			continue;
		if (text.failed || !copy_value(into, child) || !cw_strings_add(kept, cw_buffer_string(&own)))
			return false;
	}
	return true;
}

static void remove_child(struct cw_document *parent, size_t index)
{
	cw_document_free(parent->children[index]);
	parent->count--;
	memmove(parent->children + index, parent->children + index + 1,
		(parent->count - index) * sizeof(struct cw_document *));
}

/* Values that an import wrote and the present file has no more. */
static bool keep_removed(struct cw_document *into, const struct cw_document_values *now,
	const struct cw_document_values *written, const char *path, struct cw_strings *kept)
{
	for (size_t i = into->count; i-- > 0;) {
		struct cw_document *child = into->children[i];
		AUTO_BUFFER own = {0};
		if (!join_path(into, path, child->key, &own))
			return false;
		const char *at = cw_buffer_string(&own);
		bool gone;
		if (is_value(child)) {
			gone = cw_document_values_find(written, at) && !cw_document_values_find(now, at);
			if (gone && !cw_strings_add(kept, at))
				return false;
		} else {
			if (!keep_removed(child, now, written, at, kept))
				return false;
			gone = !child->count;
		}
		if (gone)
			remove_child(into, i);
	}
	return true;
}

bool cw_document_keep(struct cw_document *document, const struct cw_document *current,
	const struct cw_document_values *written, struct cw_strings *kept)
{
	AUTO_DOCUMENT_VALUES now = {0};
	return cw_document_list(current, &now) && keep_removed(document, &now, written, "", kept) &&
		keep_changed(document, current, written, "", kept);
}
