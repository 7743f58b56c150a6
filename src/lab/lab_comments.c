#include "lab/lab_comments.h"

#include "base/strings.h"
#include "config/deployment_reference.h"

#include <string.h>

#define COLUMN 40 /* comments stand below each other where the line leaves room */

/* The key that a line of block style begins with: "    - fqdn: c1" has "fqdn". */
static bool key_of(const char *line, size_t length, struct cw_strings *ret)
{
	size_t start = 0;
	while (start < length && (line[start] == ' ' || line[start] == '-'))
		start++;
	size_t end = start;
	while (end < length && line[end] != ':' && line[end] != ' ' && line[end] != '{')
		end++;
	return end < length && line[end] == ':' && end > start &&
		cw_strings_add_range(ret, line + start, end - start);
}

/* True: `line` is the first one with this key, and `*where` says where its value is found. */
static bool comment_of(const char *line, size_t length, struct cw_strings *told, const char **where)
{
	AUTO_STRINGS key = {0};
	if (!key_of(line, length, &key) || cw_strings_contain(told, key.items[0]) ||
		!cw_strings_add(told, key.items[0]))
		return false;
	const struct cw_deployment_reference *row =
		cw_deployment_reference(&cw_deployment_schema, key.items[0]);
	*where = row ? row->where : NULL;
	return row;
}

void cw_lab_comments(const struct cw_buffer *yaml, struct cw_buffer *ret)
{
	AUTO_STRINGS told = {0};
	for (const char *line = cw_buffer_string(yaml); *line;) {
		size_t length = strcspn(line, "\n");
		const char *where;
		cw_buffer_append(ret, line, length);
		if (comment_of(line, length, &told, &where))
			cw_buffer_printf(
				ret, "%*s # %s", length < COLUMN ? (int)(COLUMN - length) : 0, "", where);
		cw_buffer_char(ret, '\n');
		line += length + (line[length] == '\n');
	}
	ret->failed |= yaml->failed;
}
