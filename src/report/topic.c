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

const struct cw_topic *cw_topic_find(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcasecmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const char *cw_topic_title(const struct cw_topic *topic, size_t *length)
{
	const char *title = topic->text + strlen(topic->name);
	title += strspn(title, ": ");
	*length = strcspn(title, "\n");
	return title;
}
