#include "report/html/report_html.h"
#include "report/markup.h"
#include "report/observed/rehearsal_report.h"
#include "report/observed/rehearsal_words.h"

/* What wants to be read first. */
enum weight { WEIGHT_DIFFERS, WEIGHT_NOT_UP, WEIGHT_UP, WEIGHT_COUNT };

static enum weight weight_of(const struct cw_observed *observed)
{
	if (observed->differences.count)
		return WEIGHT_DIFFERS;
	bool simply_up = observed->state == CW_OBSERVED_UP && observed->verdict == CW_VERDICT_PASS;
	return simply_up ? WEIGHT_UP : WEIGHT_NOT_UP;
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

static const char *colour_of_reality(const struct cw_observed *observed)
{
	switch (observed->state) {
	case CW_OBSERVED_UP:
		return colour_of(observed->verdict);
	case CW_OBSERVED_REFUSED:
	case CW_OBSERVED_FAILED:
		return "bad";
	case CW_OBSERVED_NOT_REHEARSABLE:
		return "unknown";
	}
	return "";
}

static void put_detail(struct cw_buffer *out, const struct cw_observed *observed)
{
	AUTO_BUFFER detail = {0};
	cw_rehearsal_words_detail(&detail, observed);
	cw_buffer_text(out, "<td>");
	cw_markup_text(out, cw_buffer_string(&detail));
	for (size_t i = 0; i < observed->differences.count; i++) {
		cw_buffer_text(out, "<p><b class=\"bad\">DIFFERS</b>: ");
		cw_markup_text(out, observed->differences.items[i]);
		cw_buffer_text(out, "</p>");
	}
	cw_buffer_text(out, "</td>");
	out->failed |= detail.failed;
}

static void put_row(struct cw_buffer *out, const struct cw_observed *observed)
{
	AUTO_BUFFER ends = {0};
	AUTO_BUFFER how = {0};
	const struct cw_link *link = observed->link;
	cw_observed_ends(&ends, link);
	cw_rehearsal_words_how(&how, observed);
	cw_buffer_printf(out, "<tr%s><th scope=\"row\">%s</th><td>",
		observed->differences.count ? " class=\"differs\"" : "", cw_link_kind_name(link->kind));
	cw_markup_text(out, cw_buffer_string(&ends));
	cw_buffer_text(out, "</td>");
	word(out, "predicted", colour_of(link->verdict), cw_finding_verdict_name(link->verdict));
	cw_buffer_text(out, "</td>");
	word(out, "really", colour_of_reality(observed), cw_observed_outcome(observed));
	cw_buffer_char(out, ' ');
	cw_markup_text(out, cw_buffer_string(&how));
	cw_buffer_text(out, "</td>");
	put_detail(out, observed);
	cw_buffer_text(out, "</tr>\n");
	out->failed |= ends.failed || how.failed;
}

static size_t count_of(const struct cw_observed_set *set, enum weight weight)
{
	size_t count = 0;
	for (size_t i = 0; i < set->check->link_count; i++)
		count += weight_of(&set->items[i]) == weight;
	return count;
}

static void put_table(struct cw_buffer *out, const struct cw_observed_set *set, enum weight weight)
{
	cw_buffer_text(out,
		"<table>\n<thead><tr><th>kind</th><th>link</th><th>predicted</th><th>really</th>"
		"<th>how</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < set->check->link_count; i++) {
		const struct cw_observed *observed = &set->items[i];
		if (weight_of(observed) == weight)
			put_row(out, observed);
	}
	cw_buffer_text(out, "</tbody>\n</table>\n");
}

static void put_links(struct cw_buffer *out, const struct cw_observed_set *set, enum weight weight)
{
	static const char *const headings[WEIGHT_COUNT] = {
		"Links that went otherwise than predicted", "Links that did not simply come up", NULL};
	size_t count = count_of(set, weight);
	if (!count)
		return;
	if (headings[weight]) {
		cw_buffer_printf(out, "<h3>%s</h3>\n", headings[weight]);
		put_table(out, set, weight);
		return;
	}
	bool open = count_of(set, WEIGHT_DIFFERS) + count_of(set, WEIGHT_NOT_UP) == 0;
	cw_buffer_printf(out, "<details%s><summary>The %zu ", open ? " open" : "", count);
	cw_buffer_text(out, count == 1 ? "link" : "links");
	cw_buffer_text(out, " that came up as predicted</summary>\n");
	put_table(out, set, weight);
	cw_buffer_text(out, "</details>\n");
}

static void section(struct cw_buffer *out, const struct cw_observed_set *set)
{
	AUTO_BUFFER summary = {0};
	AUTO_BUFFER agreement = {0};
	cw_rehearsal_words_summary(&summary, set);
	cw_rehearsal_words_agreement(&agreement, set);
	cw_buffer_text(out, "<section class=\"rehearsal\">\n<h2>Rehearsal of ");
	cw_markup_text(out, set->check->deployment->name);
	cw_buffer_printf(
		out, "</h2>\n<p class=\"%s\"><strong>", cw_observed_differing(set) ? "differ" : "agree");
	cw_markup_text(out, cw_buffer_string(&agreement));
	cw_buffer_text(out, "</strong></p>\n<p class=\"summary\">");
	cw_markup_text(out, cw_buffer_string(&summary));
	cw_buffer_text(out, "</p>\n");
	for (int weight = 0; weight < WEIGHT_COUNT; weight++)
		put_links(out, set, (enum weight)weight);
	cw_buffer_text(out, "</section>\n");
	out->failed |= summary.failed || agreement.failed;
}

bool cw_rehearsal_report_html(
	const struct cw_observed_set *set, struct cw_buffer *ret, struct cw_error *error)
{
	cw_report_html_begin(ret);
	cw_buffer_text(ret, "<div class=\"rehearsal\">\n");
	if (!cw_report_html_people(set->check, ret, error))
		return false;
	cw_buffer_text(ret, "</div>\n");
	section(ret, set);
	if (!cw_report_html_rest(set->check, ret, error))
		return false;
	cw_report_html_end(ret);
	return cw_buffer_ok(ret, error);
}
