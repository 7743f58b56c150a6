#include "report/explain.h"

#include "report/text/layout.h"
#include "report/topic.h"

#define CODE_WIDTH 28
#define LABEL_WIDTH 14
#define TOPIC_WIDTH 11

static void labelled(struct cw_buffer *ret, const char *label, const char *words)
{
	AUTO_BUFFER prefix = {0};
	if (!words)
		return;
	cw_buffer_printf(&prefix, "  %-*s", LABEL_WIDTH, label);
	cw_layout_wrap(ret, cw_buffer_string(&prefix), LABEL_WIDTH + 2, words);
	ret->failed |= prefix.failed;
}

void cw_explain_code(struct cw_buffer *ret, enum cw_code code)
{
	const struct cw_finding_row *row = cw_finding_row(code);
	cw_buffer_printf(ret, "%s\n", row->name);
	labelled(ret, "Means", row->sentence);
	labelled(ret, "What to do", row->advice);
	labelled(ret, "The box shows", row->vendor_text);
	labelled(ret, "Severity", cw_finding_severity_name(row->severity));
	labelled(ret, "Layer", cw_finding_layer_name(row->layer));
	labelled(ret, "TLS alert", row->alert);
	labelled(ret, "Source", row->source);
}

static void list_topics(struct cw_buffer *ret)
{
	size_t count, length;
	const struct cw_topic *topics = cw_topic_all(&count);
	cw_buffer_text(ret, "Topics: how it all hangs together\n");
	for (size_t i = 0; i < count; i++) {
		const char *title = cw_topic_title(&topics[i], &length);
		cw_buffer_printf(ret, "  %-*s %.*s\n", TOPIC_WIDTH, topics[i].name, (int)length, title);
	}
}

void cw_explain_all(struct cw_buffer *ret)
{
	list_topics(ret);
	cw_buffer_text(ret, "\nFinding codes: what a report says, and why\n");
	for (int code = 0; code < CW_CODE_COUNT; code++) {
		const struct cw_finding_row *row = cw_finding_row((enum cw_code)code);
		AUTO_BUFFER prefix = {0};
		cw_buffer_text(&prefix, "  ");
		cw_layout_column(&prefix, row->name, CODE_WIDTH);
		cw_layout_column(&prefix, cw_finding_severity_name(row->severity), sizeof "refused");
		cw_layout_wrap(
			ret, cw_buffer_string(&prefix), CODE_WIDTH + 2 + sizeof "refused", row->sentence);
		ret->failed |= prefix.failed;
	}
}
