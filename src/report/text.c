#include "report/text_parts.h"

const char *cw_text_mark(enum cw_severity severity)
{
	switch (severity) {
	case CW_SEVERITY_INFO:
		return "";
	case CW_SEVERITY_WARN:
		return CW_MARK_WARN;
	case CW_SEVERITY_UNKNOWN:
		return CW_MARK_UNKNOWN;
	case CW_SEVERITY_REFUSED:
		break;
	}
	return CW_MARK_BAD;
}

void cw_text_heading(struct cw_text *text, const char *heading)
{
	cw_buffer_printf(
		&text->out, "%s" CW_MARK_BOLD "%s" CW_MARK_END "\n", text->out.length ? "\n" : "", heading);
}

size_t cw_text_cause_number(const struct cw_text *text, const struct cw_cause *cause)
{
	return (size_t)(cause - text->causes.items) + 1;
}

/* They make the exit status 1 even where all links pass. */
static size_t refused_boxes(const struct cw_check *check)
{
	size_t count = 0;
	for (size_t i = 0; i < check->node_count; i++) {
		const struct cw_complaints *complaints = &check->nodes[i].complaints;
		bool refused = false;
		for (size_t k = 0; k < complaints->count; k++)
			refused |= complaints->items[k].finding.severity == CW_SEVERITY_REFUSED;
		count += refused;
	}
	return count;
}

void cw_text_summary(struct cw_text *text)
{
	const struct cw_check *check = text->check;
	char at[CW_TIME_TEXT_SIZE];
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, CW_MARK_BOLD "%s" CW_MARK_END ", judged as of %s: %zu links",
		check->deployment->name, cw_time_format(check->at, at), check->link_count);
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++)
		cw_buffer_printf(&line, ", %zu %s", check->verdicts[verdict],
			cw_verdict_name((enum cw_verdict)verdict));
	size_t boxes = refused_boxes(check);
	if (boxes)
		cw_buffer_printf(&line, "; %zu box%s with a certificate that is no good by itself", boxes,
			boxes == 1 ? "" : "es");
	text->out.failed |= line.failed;
	cw_buffer_char(&text->out, '\n');
	cw_layout_wrap(&text->out, "", 2, cw_buffer_string(&line));
	if (check->verdicts[CW_VERDICT_UNKNOWN])
		cw_layout_wrap(&text->out, "  ", 2,
			"Unknown is no pass: export what is missing from the box and name it in the "
			"deployment file.");
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
