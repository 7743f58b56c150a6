#include "report/explain.h"

#include "report/layout.h"

#define CODE_WIDTH 28
#define LABEL_WIDTH 14

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
	labelled(ret, "Severity", cw_severity_name(row->severity));
	labelled(ret, "Layer", cw_layer_name(row->layer));
	labelled(ret, "TLS alert", row->alert);
	labelled(ret, "Source", row->source);
}

void cw_explain_all(struct cw_buffer *ret)
{
	for (int code = 0; code < CW_CODE_COUNT; code++) {
		const struct cw_finding_row *row = cw_finding_row((enum cw_code)code);
		AUTO_BUFFER prefix = {0};
		cw_layout_column(&prefix, row->name, CODE_WIDTH);
		cw_layout_column(&prefix, cw_severity_name(row->severity), sizeof "refused");
		cw_layout_wrap(ret, cw_buffer_string(&prefix), CODE_WIDTH + sizeof "refused", row->sentence);
		ret->failed |= prefix.failed;
	}
}
