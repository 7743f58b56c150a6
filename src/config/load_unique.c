#include "config/load_parts.h"

#include <string.h>
#include <strings.h>

static int by_name_and_place(const void *left, const void *right)
{
	const struct cw_named *a = left, *b = right;
	int order = strcasecmp(a->name, b->name);
	if (order != 0)
		return order;
	if (a->at->line != b->at->line)
		return a->at->line < b->at->line ? -1 : 1;
	return a->at->column < b->at->column ? -1 : a->at->column > b->at->column;
}

void cw_load_unique(struct cw_loader *loader, struct cw_named *names, size_t count, const char *what)
{
	char quoted[CW_QUOTED_SIZE];
	if (count)
		qsort(names, count, sizeof *names, by_name_and_place);
	for (size_t i = 1; i < count; i++)
		if (strcasecmp(names[i - 1].name, names[i].name) == 0)
			cw_problem(&loader->problems, names[i].at,
				"%s %s is repeated; it stands at %zu:%zu already", what,
				cw_problem_quote(names[i].name, quoted), names[i - 1].at->line,
				names[i - 1].at->column);
}
