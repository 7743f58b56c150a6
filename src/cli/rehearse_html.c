#include "cli/rehearse_report.h"
#include "cli/rehearse_words.h"
#include "report/html.h"
#include "report/markup.h"

static void cell(struct cw_buffer *out, const struct cw_buffer *words)
{
	cw_buffer_text(out, "<td>");
	cw_markup_text(out, cw_buffer_string(words));
	cw_buffer_text(out, "</td>");
	out->failed |= words->failed;
}

static void row(struct cw_buffer *out, const struct cw_reality *reality)
{
	AUTO_BUFFER ends = {0};
	AUTO_BUFFER really = {0};
	AUTO_BUFFER detail = {0};
	cw_rehearse_ends(&ends, reality->link);
	cw_buffer_printf(&really, "%s ", cw_rehearse_outcome(reality));
	cw_rehearse_how(&really, reality);
	cw_rehearse_detail(&detail, reality);
	for (size_t i = 0; i < reality->differences.count; i++)
		cw_buffer_printf(&detail, " DIFFERS: %s.", reality->differences.items[i]);
	cw_buffer_printf(out, "<tr><td>%s</td>", cw_link_kind_name(reality->link->kind));
	cell(out, &ends);
	cw_buffer_printf(out, "<td>%s</td>", cw_verdict_name(reality->link->verdict));
	cell(out, &really);
	cell(out, &detail);
	cw_buffer_text(out, "</tr>\n");
}

static void section(struct cw_buffer *out, const struct cw_rehearsal *rehearsal)
{
	AUTO_BUFFER summary = {0};
	AUTO_BUFFER agreement = {0};
	cw_rehearse_summary(&summary, rehearsal);
	cw_rehearse_agreement(&agreement, rehearsal);
	cw_buffer_text(out, "<section>\n<h2>Rehearsal</h2>\n<p><strong>");
	cw_markup_text(out, cw_buffer_string(&agreement));
	cw_buffer_text(out, "</strong> ");
	cw_markup_text(out, cw_buffer_string(&summary));
	cw_buffer_text(out,
		"</p>\n<table>\n<thead><tr><th>kind</th><th>link</th><th>predicted</th>"
		"<th>really</th><th>how</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++)
		row(out, cw_rehearsal_reality(rehearsal, i));
	cw_buffer_text(out, "</tbody>\n</table>\n</section>\n");
	out->failed |= summary.failed || agreement.failed;
}

bool cw_rehearse_html(const struct cw_rehearsal *rehearsal, struct cw_buffer *ret, struct cw_error *error)
{
	cw_html_begin(ret);
	section(ret, rehearsal);
	if (!cw_report_html(cw_rehearsal_check(rehearsal), 0, ret, error))
		return false;
	cw_html_end(ret);
	return cw_buffer_ok(ret, error);
}
