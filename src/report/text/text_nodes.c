#include "report/text/text_parts.h"

#include "report/cause_words.h"

/* Warnings and notes shown without --all. */
#define WARNINGS_SHOWN 12

static bool shown(const struct cw_text *text, const struct cw_cause *cause, size_t warnings)
{
	if (text->options->all || cause->severity == CW_SEVERITY_REFUSED)
		return true;
	return cause->severity != CW_SEVERITY_INFO && warnings < WARNINGS_SHOWN;
}

static void tell_box(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_on_boxes(&words, cause);
	text->out.failed |= words.failed;
	cw_layout_wrap(&text->out, "  ", 4, cw_buffer_string(&words));
	if (cause->severity != CW_SEVERITY_INFO)
		cw_text_remedies(text, cause, 4);
}

void cw_text_nodes(struct cw_text *text)
{
	size_t told = 0, hidden = 0;
	for (size_t i = 0; i < text->causes.count; i++) {
		const struct cw_cause *cause = &text->causes.items[i];
		if (cause->link_count && cause->severity != CW_SEVERITY_INFO)
			continue;
		if (!cause->node_count)
			continue;
		if (!shown(text, cause, told)) {
			hidden++;
			continue;
		}
		if (!told++)
			cw_text_heading(text, "The boxes by themselves");
		tell_box(text, cause);
	}
	if (!hidden)
		return;
	cw_buffer_text(&text->out, told ? "" : "\n");
	cw_buffer_printf(&text->out, "  --all shows %zu more %s\n", hidden,
		hidden == 1 ? "warning or note." : "warnings and notes.");
}
