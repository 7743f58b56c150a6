#include "report/topic.h"

#include <string.h>
#include <strings.h>

#define X(symbol, name) extern const char cw_topic_##symbol[];
CW_TOPIC_LIST(X)
#undef X

static const struct cw_topic table[] = {
#define X(symbol, name) {name, cw_topic_##symbol},
	CW_TOPIC_LIST(X)
#undef X
};

const struct cw_topic *cw_topic_all(size_t *count)
{
	*count = sizeof table / sizeof table[0];
	return table;
}

/* Words of reports that are no code, and the topic that explains them. */
static const char *const explained[][2] = {{"works", "states"}, {"prompts", "states"}, {"degraded", "states"},
	{"unknown", "states"}, {"dead", "states"}, {"refused", "states"}, {"warn", "states"},
	{"pass", "states"}};

static const struct cw_topic *find_whole(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcasecmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

static const struct cw_topic *find_beginning(const char *name)
{
	const struct cw_topic *found = NULL;
	size_t length = strlen(name);
	for (size_t i = 0; length && i < sizeof table / sizeof table[0]; i++) {
		if (strncasecmp(table[i].name, name, length) != 0)
			continue;
		if (found)
			return NULL;
		found = &table[i];
	}
	return found;
}

const struct cw_topic *cw_topic_find(const char *name)
{
	for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++)
		if (strcasecmp(explained[i][0], name) == 0)
			return find_whole(explained[i][1]);
	const struct cw_topic *found = find_whole(name);
	return found ? found : find_beginning(name);
}

const char *cw_topic_title(const struct cw_topic *topic, size_t *length)
{
	const char *title = topic->text + strlen(topic->name);
	title += strspn(title, ": ");
	*length = strcspn(title, "\n");
	return title;
}
