#include "check/remedy.h"

void cw_remedy_finish(struct cw_remedy *remedy)
{
	free(remedy->value);
	cw_strings_finish(&remedy->names);
	*remedy = (struct cw_remedy){0};
}

const char *cw_remedy_action_name(enum cw_action action)
{
	static const char *const names[] = {
		"none", "append", "remove", "move-before", "reissue", "install", "restart", "set"};
	return names[action];
}
