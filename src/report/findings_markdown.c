#include "report/findings_markdown.h"

#include "trust/finding.h"

/* Text as Markdown shows it: nothing in it is markup. */
static void plain(struct cw_buffer *ret, const char *text)
{
	for (; *text; text++) {
		if (*text == '<' || *text == '>' || *text == '*' || *text == '_' || *text == '|' ||
			*text == '`' || *text == '\\')
			cw_buffer_char(ret, '\\');
		cw_buffer_char(ret, *text);
	}
}

static void row(struct cw_buffer *ret, const char *label, const char *text)
{
	if (!text)
		return;
	cw_buffer_printf(ret, "| %s | ", label);
	plain(ret, text);
	cw_buffer_text(ret, " |\n");
}

static void section(struct cw_buffer *ret, const struct cw_finding_row *finding)
{
	cw_buffer_printf(ret, "\n## %s\n\n", finding->name);
	plain(ret, finding->sentence);
	cw_buffer_text(ret, "\n\n| | |\n|---|---|\n");
	row(ret, "What to do", finding->advice);
	row(ret, "Severity", cw_finding_severity_name(finding->severity));
	row(ret, "Layer", cw_finding_layer_name(finding->layer));
	row(ret, "The box shows", finding->vendor_text);
	row(ret, "TLS alert", finding->alert);
	row(ret, "Source", finding->source);
}

void cw_findings_markdown(struct cw_buffer *ret)
{
	cw_buffer_text(ret,
		"# Finding codes\n"
		"\n"
		"Made from the table in `src/trust/finding_table.c` by `scripts/generate-docs`; change it "
		"there.\n"
		"\n"
		"The codes are stable: reports, JSON and JUnit name them, and `causeway explain CODE` "
		"tells the same as this page.\n"
		"The severity is what a code has before the kind of link says otherwise (docs/rules.md). What the box shows is\n"
		"its text word for word; on an SSH tunnel it is always \"No SSH tunnels have been "
		"established\".\n"
		"\n"
		"| Code | Severity | Layer | Meaning |\n"
		"|---|---|---|---|\n");
	for (int code = 0; code < CW_CODE_COUNT; code++) {
		const struct cw_finding_row *finding = cw_finding_row((enum cw_code)code);
		cw_buffer_printf(ret, "| [%s](#%s) | %s | %s | ", finding->name, finding->name,
			cw_finding_severity_name(finding->severity), cw_finding_layer_name(finding->layer));
		plain(ret, finding->sentence);
		cw_buffer_text(ret, " |\n");
	}
	for (int code = 0; code < CW_CODE_COUNT; code++)
		section(ret, cw_finding_row((enum cw_code)code));
}
