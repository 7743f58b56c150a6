#include "import/answered.h"

#include <string.h>

/*
 * Most questions are about one value, wherever in the file it stands: any value of that key answers them. The rows
 * here are asked of several boxes, each of which has the value of its own, in its node or in its cluster; `other`
 * is a key that makes the question needless where it was typed (revocation: off needs no CRLs).
 */
static const struct {
	const char *key;
	const char *other;
} each_box[] = {
	{"crl", "revocation"}, {"revocation", NULL}, {"release", NULL}, {"cluster", NULL},
	{"boxes", NULL}, /* of whole sections: expressway-c, cucm */
};

struct answers {
	const struct cw_strings *kept;
	const struct cw_document_values *values;
};

static bool typed_anywhere(const struct answers *answers, const char *key)
{
	size_t length = strlen(key);
	for (size_t i = 0; i < answers->kept->count; i++) {
		const char *path = answers->kept->items[i];
		size_t whole = strlen(path);
		if (whole > length && path[whole - length - 1] == '/' &&
			strcmp(path + whole - length, key) == 0)
			return true;
	}
	return false;
}

/* The path of the box's cluster, "/expressway-c/": how long it is within the path of its node, "nodes[NAME]/fqdn". */
static const char *cluster_of(const struct answers *answers, const char *name, size_t *ret_length)
{
	AUTO_BUFFER tail = {0};
	cw_buffer_printf(&tail, "nodes[%s]/fqdn", name);
	for (size_t i = 0; i < answers->values->count && !tail.failed; i++) {
		const char *path = answers->values->items[i].path;
		size_t whole = strlen(path);
		if (whole <= tail.length || strcmp(path + whole - tail.length, cw_buffer_string(&tail)) != 0)
			continue;
		*ret_length = whole - tail.length;
		return path;
	}
	return NULL;
}

static bool has_section(const struct answers *answers, const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < answers->values->count; i++) {
		const char *path = answers->values->items[i].path;
		if (*path == '/' && strncmp(path + 1, name, length) == 0 && strchr("/[", path[length + 1]))
			return true;
	}
	return false;
}

static bool typed_of(const struct answers *answers, const char *name, const char *key)
{
	size_t length;
	if (key && strcmp(key, "boxes") == 0)
		return has_section(answers, name);
	const char *cluster = cluster_of(answers, name, &length);
	AUTO_BUFFER whole = {0};
	AUTO_BUFFER node = {0};
	if (!cluster || !key)
		return false;
	cw_buffer_printf(&whole, "%.*s%s", (int)length, cluster, key);
	cw_buffer_printf(&node, "%.*snodes[%s]/%s", (int)length, cluster, name, key);
	return !whole.failed && !node.failed &&
		(cw_strings_contain(answers->kept, cw_buffer_string(&whole)) ||
			cw_strings_contain(answers->kept, cw_buffer_string(&node)));
}

/* Leaves the boxes that have no value yet; false: no memory. */
static bool narrow(const struct answers *answers, struct cw_imported_question *question, const char *other)
{
	AUTO_BUFFER left = {0};
	const char *at = question->names;
	while (*at) {
		char name[256];
		size_t length = strcspn(at, ",");
		snprintf(name, sizeof name, "%.*s", (int)length, at);
		if (!typed_of(answers, name, question->key) && !typed_of(answers, name, other))
			cw_buffer_printf(&left, "%s%s", left.length ? ", " : "", name);
		at += length + strspn(at + length, ", ");
	}
	return !left.failed && cw_imported_ask_again(question, cw_buffer_string(&left));
}

/* Nothing is left to be asked. */
static bool settle(const struct answers *answers, struct cw_imported_question *question, bool *ret)
{
	for (size_t i = 0; i < sizeof each_box / sizeof each_box[0]; i++) {
		if (strcmp(question->key, each_box[i].key) != 0 || !*question->names)
			continue;
		if (!narrow(answers, question, each_box[i].other))
			return false;
		*ret = !*question->names;
		return true;
	}
	*ret = typed_anywhere(answers, question->key);
	return true;
}

bool cw_answered_drop(
	struct cw_imported *imported, const struct cw_document *document, const struct cw_strings *kept)
{
	AUTO_DOCUMENT_VALUES values = {0};
	struct answers answers = {kept, &values};
	size_t left = 0;
	if (!cw_document_list(document, &values))
		return false;
	for (size_t i = 0; i < imported->question_count; i++) {
		struct cw_imported_question *question = &imported->questions[i];
		bool settled;
		if (!settle(&answers, question, &settled))
			return false;
		if (settled)
			cw_imported_question_finish(question);
		else if (left++ != i) {
			imported->questions[left - 1] = *question;
			*question = (struct cw_imported_question){0};
		}
	}
	imported->question_count = left;
	return true;
}
