#include "report/text/text_parts.h"

#include "report/service_groups.h"

/* More names than this are only shown with --all. */
#define OTHERS_MAX 12

/* "and 2 more" are people too: their names, in small print. */
static void others(struct cw_text *text, const struct cw_service_group *group)
{
	bool works = group->first->state == CW_SERVICE_WORKS;
	bool few = text->options->all || group->endpoint_count - 1 <= OTHERS_MAX;
	if (works || group->endpoint_count <= 2 || !few)
		return;
	AUTO_BUFFER names = {0};
	cw_service_group_others(&names, group);
	text->out.failed |= names.failed;
	cw_layout_wrap(&text->out, "    also ", 9, cw_buffer_string(&names));
}

bool cw_text_services(struct cw_text *text, struct cw_error *error)
{
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_service_groups_find(text->check, &text->causes, &groups, error))
		return false;
	for (size_t i = 0; i < groups.count; i++) {
		AUTO_BUFFER line = {0};
		if (!cw_service_group_sentence(&line, text->check, &groups.items[i], error))
			return false;
		cw_service_group_causes(&line, &groups.items[i]);
		text->out.failed |= line.failed;
		cw_layout_wrap(&text->out, "", 2, cw_buffer_string(&line));
		others(text, &groups.items[i]);
	}
	return true;
}
