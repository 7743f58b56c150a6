#include "cli/rehearse_report.h"
#include "cli/rehearse_words.h"
#include "report/html.h"
#include "report/markup.h"

/* What wants to be read first. */
enum weight { WEIGHT_DIFFERS, WEIGHT_NOT_UP, WEIGHT_UP, WEIGHT_COUNT };

static enum weight weight_of(const struct cw_reality *reality)
{
	if (reality->differences.count)
		return WEIGHT_DIFFERS;
	return reality->state == CW_REALITY_LATER ||
			(reality->state == CW_REALITY_UP && reality->verdict == CW_VERDICT_PASS)
		? WEIGHT_UP
		: WEIGHT_NOT_UP;
}

/* A word in the colour of its verdict. */
static void word(struct cw_buffer *out, const char *caption, const char *verdict, const char *text)
{
	cw_buffer_printf(out, "<td data-caption=\"%s\"><b class=\"%s\">", caption, verdict);
	cw_markup_text(out, text);
	cw_buffer_text(out, "</b>");
}

static const char *colour_of(enum cw_verdict verdict)
{
	static const char *const names[] = {"good", "warn", "unknown", "bad"};
	return names[verdict];
}

static const char *colour_of_reality(const struct cw_reality *reality)
{
	switch (reality->state) {
	case CW_REALITY_UP:
		return colour_of(reality->verdict);
	case CW_REALITY_REFUSED:
	case CW_REALITY_FAILED:
		return "bad";
	case CW_REALITY_NOT_REHEARSABLE:
	case CW_REALITY_LATER:
		return "unknown";
	}
	return "";
}

static void put_detail(struct cw_buffer *out, const struct cw_reality *reality)
{
	AUTO_BUFFER detail = {0};
	cw_rehearse_detail(&detail, reality);
	cw_buffer_text(out, "<td>");
	cw_markup_text(out, cw_buffer_string(&detail));
	for (size_t i = 0; i < reality->differences.count; i++) {
		cw_buffer_text(out, "<p><b class=\"bad\">DIFFERS</b>: ");
		cw_markup_text(out, reality->differences.items[i]);
		cw_buffer_text(out, "</p>");
	}
	cw_buffer_text(out, "</td>");
	out->failed |= detail.failed;
}

static void put_row(struct cw_buffer *out, const struct cw_reality *reality)
{
	AUTO_BUFFER ends = {0};
	AUTO_BUFFER how = {0};
	const struct cw_link *link = reality->link;
	cw_rehearse_ends(&ends, link);
	cw_rehearse_how(&how, reality);
	cw_buffer_printf(out, "<tr%s><th scope=\"row\">%s</th><td>",
		reality->differences.count ? " class=\"differs\"" : "", cw_link_kind_name(link->kind));
	cw_markup_text(out, cw_buffer_string(&ends));
	cw_buffer_text(out, "</td>");
	word(out, "predicted", colour_of(link->verdict), cw_verdict_name(link->verdict));
	cw_buffer_text(out, "</td>");
	word(out, "really", colour_of_reality(reality), cw_rehearse_outcome(reality));
	cw_buffer_char(out, ' ');
	cw_markup_text(out, cw_buffer_string(&how));
	cw_buffer_text(out, "</td>");
	put_detail(out, reality);
	cw_buffer_text(out, "</tr>\n");
	out->failed |= ends.failed || how.failed;
}

static size_t count_of_tunnels(const struct cw_rehearsal *rehearsal)
{
	size_t count = 0;
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++)
		count += cw_rehearsal_reality(rehearsal, i)->state == CW_REALITY_LATER;
	return count;
}

static size_t count_of(const struct cw_rehearsal *rehearsal, enum weight weight)
{
	size_t count = 0;
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++)
		count += weight_of(cw_rehearsal_reality(rehearsal, i)) == weight;
	return count;
}

static void put_table(struct cw_buffer *out, const struct cw_rehearsal *rehearsal, enum weight weight)
{
	cw_buffer_text(out,
		"<table>\n<thead><tr><th>kind</th><th>link</th><th>predicted</th><th>really</th>"
		"<th>how</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < cw_rehearsal_check(rehearsal)->link_count; i++) {
		const struct cw_reality *reality = cw_rehearsal_reality(rehearsal, i);
		if (weight_of(reality) == weight)
			put_row(out, reality);
	}
	cw_buffer_text(out, "</tbody>\n</table>\n");
}

static void put_links(struct cw_buffer *out, const struct cw_rehearsal *rehearsal, enum weight weight)
{
	static const char *const headings[WEIGHT_COUNT] = {
		"Links that went otherwise than predicted", "Links that did not simply come up", NULL};
	size_t count = count_of(rehearsal, weight);
	if (!count)
		return;
	if (headings[weight])
		cw_buffer_printf(out, "<h3>%s</h3>\n", headings[weight]);
	else
		count -= count_of_tunnels(rehearsal);
	if (!headings[weight])
		cw_buffer_printf(out,
			"<details%s><summary>The %zu link%s that came up as predicted, and the tunnels, "
			"which are not rehearsed yet</summary>\n",
			count_of(rehearsal, WEIGHT_DIFFERS) + count_of(rehearsal, WEIGHT_NOT_UP) ? ""
												 : " open",
			count, count == 1 ? "" : "s");
	put_table(out, rehearsal, weight);
	if (!headings[weight])
		cw_buffer_text(out, "</details>\n");
}

static void section(struct cw_buffer *out, const struct cw_rehearsal *rehearsal)
{
	AUTO_BUFFER summary = {0};
	AUTO_BUFFER agreement = {0};
	cw_rehearse_summary(&summary, rehearsal);
	cw_rehearse_agreement(&agreement, rehearsal);
	cw_buffer_text(out, "<section class=\"rehearsal\">\n<h2>Rehearsal of ");
	cw_markup_text(out, cw_rehearsal_check(rehearsal)->deployment->name);
	cw_buffer_printf(out, "</h2>\n<p class=\"%s\"><strong>",
		cw_rehearsal_differing(rehearsal) ? "differ" : "agree");
	cw_markup_text(out, cw_buffer_string(&agreement));
	cw_buffer_text(out, "</strong></p>\n<p class=\"summary\">");
	cw_markup_text(out, cw_buffer_string(&summary));
	cw_buffer_text(out, "</p>\n");
	for (int weight = 0; weight < WEIGHT_COUNT; weight++)
		put_links(out, rehearsal, (enum weight)weight);
	cw_buffer_text(out, "</section>\n");
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
