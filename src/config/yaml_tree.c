#include "config/yaml_tree.h"

#include "config/yaml_error.h"

#include <string.h>
#include <yaml.h>

struct builder {
	yaml_parser_t *parser;
	const char *data;
	size_t length;
	size_t values;
	struct cw_problems *problems;
};

/* A deployment file holds passwords. libyaml's own strings that it outgrew are out of reach. */
static void event_delete(yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT && event->data.scalar.value)
		explicit_bzero(event->data.scalar.value, event->data.scalar.length);
	yaml_event_delete(event);
}

#define AUTO_EVENT __attribute__((cleanup(event_delete))) yaml_event_t

static void wipe(unsigned char *start, const unsigned char *end)
{
	if (start && end)
		explicit_bzero(start, (size_t)(end - start));
}

static void parser_delete(yaml_parser_t *parser)
{
	wipe(parser->raw_buffer.start, parser->raw_buffer.end);
	wipe(parser->buffer.start, parser->buffer.end);
	yaml_parser_delete(parser);
}

#define AUTO_PARSER __attribute__((cleanup(parser_delete))) yaml_parser_t

void cw_yaml_tree_finish(struct cw_yaml *tree)
{
	for (size_t i = 0; i < tree->count; i++) {
		free(tree->entries[i].key);
		cw_yaml_tree_finish(&tree->entries[i].value);
	}
	free(tree->entries);
	if (tree->text)
		explicit_bzero(tree->text, strlen(tree->text));
	free(tree->text);
	*tree = (struct cw_yaml){0};
}

const char *cw_yaml_tree_what(const struct cw_yaml *value)
{
	switch (value->kind) {
	case CW_YAML_NOTHING:
		return "nothing";
	case CW_YAML_TEXT:
		return "text";
	case CW_YAML_LIST:
		return "a list";
	case CW_YAML_MAP:
		return "a map";
	case CW_YAML_BROKEN:
		return "a broken value";
	}
	return "";
}

static bool no_memory(struct builder *builder)
{
	builder->problems->no_memory = true;
	return false;
}

static void problem_at(struct builder *builder, const yaml_event_t *event, const char *text)
{
	cw_problem_at(
		builder->problems, event->start_mark.line + 1, event->start_mark.column + 1, "%s", text);
}

static bool next(struct builder *builder, yaml_event_t *event)
{
	if (yaml_parser_parse(builder->parser, event))
		return true;
	cw_yaml_error_report(builder->parser, builder->data, builder->length, builder->problems);
	return false;
}

/* The limits that end the reading. */
static bool within_limits(struct builder *builder, const yaml_event_t *event, size_t depth)
{
	const char *what = NULL;
	if (depth > CW_YAML_DEPTH_MAX)
		what = "lists and maps stand inside each other too often; a deployment is 6 deep";
	else if (++builder->values > CW_YAML_VALUES_MAX)
		what = "more than a million values; no deployment has so many";
	if (what)
		problem_at(builder, event, what);
	return !what;
}

/* Anchors and tags. The values stay as they are: what is to be said of them is said once, here. */
static void look_at_properties(
	struct builder *builder, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor)
		problem_at(builder, event,
			"an anchor (&name), which is not read here; where the value begins with \"&\", put "
			"it in quotes");
	if (tag)
		problem_at(builder, event,
			"a tag (!name), which is not read here; where the value begins with \"!\", put it in "
			"quotes");
}

static bool is_nothing(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		(!*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
			strcmp(text, "NULL") == 0);
}

/* In a report they would be marks of its layout, on a terminal orders to it. */
static bool holds_control(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && !strchr("\t\r\n", *text)) || *text == 0x7f)
			return true;
	return false;
}

static bool read_scalar(struct builder *builder, const yaml_event_t *event, struct cw_yaml *ret)
{
	look_at_properties(builder, event, event->data.scalar.anchor, event->data.scalar.tag);
	const char *text = (const char *)event->data.scalar.value;
	if (strlen(text) != event->data.scalar.length) {
		problem_at(builder, event, "a NUL character inside a text");
		ret->kind = CW_YAML_BROKEN;
		return true;
	}
	if (holds_control(text)) {
		problem_at(builder, event, "a control character inside a text (line ends and tabs are none)");
		ret->kind = CW_YAML_BROKEN;
		return true;
	}
	if (event->data.scalar.anchor || event->data.scalar.tag)
		ret->kind = CW_YAML_BROKEN;
	else
		ret->kind = is_nothing(event) ? CW_YAML_NOTHING : CW_YAML_TEXT;
	ret->text = strdup(text);
	return ret->text ? true : no_memory(builder);
}

static struct cw_yaml_entry *entry_add(struct builder *builder, struct cw_yaml *container)
{
	if (!cw_memory_grow(&container->entries, &container->capacity, container->count,
		    sizeof *container->entries)) {
		no_memory(builder);
		return NULL;
	}
	struct cw_yaml_entry *entry = &container->entries[container->count++];
	*entry = (struct cw_yaml_entry){0};
	return entry;
}

static bool read_value(struct builder *builder, const yaml_event_t *event, size_t depth, struct cw_yaml *ret);

static bool read_list(struct builder *builder, size_t depth, struct cw_yaml *ret)
{
	ret->kind = CW_YAML_LIST;
	for (;;) { /* ends: libyaml has no event behind the end of the stream */
		AUTO_EVENT event = {0};
		if (!next(builder, &event))
			return false;
		if (event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		struct cw_yaml_entry *entry = entry_add(builder, ret);
		if (!entry || !read_value(builder, &event, depth + 1, &entry->value))
			return false;
	}
}

/* A key that is no text is reported and leaves "" behind, which no table of keys has. */
static bool read_key(
	struct builder *builder, const yaml_event_t *event, size_t depth, struct cw_yaml_entry *entry)
{
	AUTO_YAML key = {0};
	if (!read_value(builder, event, depth, &key))
		return false;
	entry->line = key.line;
	entry->column = key.column;
	if (key.kind == CW_YAML_LIST || key.kind == CW_YAML_MAP)
		cw_problem(builder->problems, &key, "wanted a key, found %s", cw_yaml_tree_what(&key));
	if (key.kind == CW_YAML_TEXT || key.kind == CW_YAML_NOTHING)
		entry->key = TAKE(key.text);
	else
		entry->repeated = true; /* reported: nobody is to look at it again */
	return true;
}

static void look_for_repeats(struct builder *builder, const struct cw_yaml *map, struct cw_yaml_entry *entry)
{
	for (size_t i = 0; entry->key && &map->entries[i] != entry; i++) {
		const struct cw_yaml_entry *other = &map->entries[i];
		if (!other->key || strcmp(other->key, entry->key) != 0)
			continue;
		char quoted[CW_QUOTED_SIZE];
		cw_problem_at(builder->problems, entry->line, entry->column,
			"key %s is repeated; it stands at %zu:%zu already",
			cw_problem_quote_key(entry->key, quoted), other->line, other->column);
		entry->repeated = true;
		return;
	}
}

static bool read_map(struct builder *builder, size_t depth, struct cw_yaml *ret)
{
	ret->kind = CW_YAML_MAP;
	for (;;) { /* ends: libyaml has no event behind the end of the stream */
		AUTO_EVENT key = {0};
		if (!next(builder, &key))
			return false;
		if (key.type == YAML_MAPPING_END_EVENT)
			return true;
		if (ret->count == CW_YAML_KEYS_MAX) {
			problem_at(builder, &key,
				"more than 200 keys in one map; no map of a deployment has so many");
			return false;
		}
		struct cw_yaml_entry *entry = entry_add(builder, ret);
		if (!entry || !read_key(builder, &key, depth + 1, entry))
			return false;
		look_for_repeats(builder, ret, entry);
		AUTO_EVENT value = {0};
		if (!next(builder, &value) || !read_value(builder, &value, depth + 1, &entry->value))
			return false;
	}
}

static bool read_value(struct builder *builder, const yaml_event_t *event, size_t depth, struct cw_yaml *ret)
{
	ret->line = event->start_mark.line + 1;
	ret->column = event->start_mark.column + 1;
	if (!within_limits(builder, event, depth))
		return false;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(builder, event, ret);
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		look_at_properties(
			builder, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
		return read_list(builder, depth, ret);
	}
	if (event->type == YAML_MAPPING_START_EVENT) {
		look_at_properties(
			builder, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
		return read_map(builder, depth, ret);
	}
	problem_at(builder, event,
		"an alias (*name), which is not read here; write the value out, or put it in quotes where it "
		"begins with \"*\"");
	ret->kind = CW_YAML_BROKEN;
	return true;
}

static bool read_document(struct builder *builder, struct cw_yaml *ret)
{
	for (;;) { /* ends: libyaml has no event behind the end of the stream */
		AUTO_EVENT event = {0};
		if (!next(builder, &event))
			return false;
		if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_START_EVENT)
			continue;
		if (event.type != YAML_STREAM_END_EVENT)
			return read_value(builder, &event, 1, ret);
		cw_problem_at(builder->problems, 1, 1,
			"the file is empty; wanted a deployment, beginning with \"causeway: 1\"");
		return false;
	}
}

/* One file, one deployment: what stands below a second "---" would be read by nobody. */
static bool read_end(struct builder *builder)
{
	for (;;) { /* ends: libyaml has no event behind the end of the stream */
		AUTO_EVENT event = {0};
		if (!next(builder, &event))
			return false;
		if (event.type == YAML_STREAM_END_EVENT)
			return true;
		if (event.type == YAML_DOCUMENT_START_EVENT) {
			problem_at(builder, &event,
				"a second document begins here (\"---\"); wanted one deployment in a file");
			return true;
		}
	}
}

bool cw_yaml_tree_read(const char *data, size_t length, struct cw_yaml *ret, struct cw_problems *problems)
{
	if (!cw_yaml_error_is_text(data, length, problems))
		return false;
	size_t mark = length >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	AUTO_PARSER parser = {0};
	if (!yaml_parser_initialize(&parser)) {
		parser = (yaml_parser_t){0};
		problems->no_memory = true;
		return false;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)data + mark, length - mark);
	struct builder builder = {&parser, data + mark, length - mark, 0, problems};
	AUTO_YAML tree = {0};
	if (!read_document(&builder, &tree) || !read_end(&builder))
		return false;
	*ret = tree;
	tree = (struct cw_yaml){0};
	return true;
}
