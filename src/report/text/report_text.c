#include "report/text/text_parts.h"

#include "report/summary.h"

void cw_text_heading(struct cw_text *text, const char *heading)
{
	cw_buffer_printf(
		&text->out, "%s" CW_MARK_BOLD "%s" CW_MARK_END "\n", text->out.length ? "\n" : "", heading);
}

size_t cw_text_cause_number(const struct cw_text *text, const struct cw_cause *cause)
{
	return (size_t)(cause - text->causes.items) + 1;
}

void cw_text_summary(struct cw_text *text)
{
	AUTO_BUFFER line = {0};
	cw_summary_sentence(&line, text->check);
	text->out.failed |= line.failed;
	cw_buffer_char(&text->out, '\n');
	cw_layout_wrap(&text->out, "", 2, cw_buffer_string(&line));
	if (text->check->verdicts[CW_VERDICT_UNKNOWN])
		cw_layout_wrap(&text->out, "  ", 2, CW_SUMMARY_UNKNOWN);
}

static bool build(struct cw_text *text, struct cw_error *error)
{
	if (!cw_causes_find(text->check, &text->causes, error))
		return false;
	if (text->options->title)
		cw_buffer_printf(
			&text->out, CW_MARK_BOLD "=== %s" CW_MARK_END "\n", text->check->deployment->name);
	if (!cw_text_services(text, error))
		return false;
	cw_text_links(text);
	cw_text_causes(text);
	cw_text_nodes(text);
	cw_text_summary(text);
	return cw_buffer_ok(&text->out, error);
}

bool cw_report_text(const struct cw_check *check, const struct cw_text_options *options,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_text text = {.check = check, .options = options};
	bool good = build(&text, error);
	if (good)
		cw_layout_render(&text.out, options->colour, ret);
	cw_causes_finish(&text.causes);
	cw_buffer_finish(&text.out);
	return good && cw_buffer_ok(ret, error);
}
