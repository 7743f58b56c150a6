#include "report/html/page_parts.h"

#include "report/markup.h"
#include "report/plan/renewal_words.h"

#define BREAKS_OPEN 2 /* links that are named before a fold */

/* As a sign-in of the other pages: a verdict and a sentence. */
static void tell_headline(struct cw_page *page, const struct cw_renewal *renewal)
{
	AUTO_BUFFER line = {0};
	enum cw_verdict verdict = renewal->break_count ? CW_VERDICT_REFUSED : CW_VERDICT_PASS;
	cw_renewal_words_headline(&line, renewal);
	if (!line.length)
		return;
	cw_buffer_printf(&page->out, "<section class=\"services\"><ul><li class=\"%s\">",
		cw_finding_verdict_name(verdict));
	cw_page_sign(page, verdict);
	cw_page_words(page, "<div><p>", &line, "</p>");
	for (size_t i = 0; i < renewal->break_count; i++) {
		AUTO_BUFFER found = {0};
		cw_renewal_words_break(&found, &renewal->breaks[i]);
		if (i == BREAKS_OPEN)
			cw_buffer_printf(&page->out,
				"<details class=\"others\"><summary>and %zu more</summary>",
				renewal->break_count - i);
		cw_page_words(page, "<p class=\"others\">", &found, "</p>");
	}
	cw_buffer_text(&page->out, renewal->break_count > BREAKS_OPEN ? "</details>" : "");
	cw_buffer_text(&page->out, "</div></li></ul></section>\n");
}

/* A list of sentences, which is begun with the first of them. */
static void item(struct cw_page *page, const char *heading, bool *begun, const struct cw_buffer *line)
{
	if (!*begun)
		cw_buffer_printf(&page->out, "<section class=\"doubts\">%s<ul>\n", heading);
	*begun = true;
	cw_page_words(page, "<li>", line, "</li>\n");
}

static void tell_notes(struct cw_page *page, const struct cw_renewal *renewal)
{
	bool begun = false;
	for (size_t i = 0; i < renewal->alone.count; i++) {
		AUTO_BUFFER line = {0};
		cw_renewal_words_alone(&line, renewal->alone.items[i]);
		item(page, "", &begun, &line);
	}
	for (size_t i = 0; i < renewal->installed.count; i++) {
		AUTO_BUFFER line = {0};
		cw_renewal_words_installed(&line, renewal->installed.items[i]);
		item(page, "", &begun, &line);
	}
	cw_buffer_text(&page->out, begun ? "</ul></section>\n" : "");
}

static void tell_findings(struct cw_page *page, const struct cw_renewal *renewal)
{
	bool begun = false;
	for (size_t i = 0; i < renewal->finding_count; i++) {
		AUTO_BUFFER line = {0};
		if (cw_renewal_words_told(renewal, i))
			continue;
		cw_renewal_words_finding(&line, &renewal->findings[i]);
		item(page, "<h2>" CW_RENEWAL_WORDS_FINDINGS "</h2>", &begun, &line);
	}
	cw_buffer_text(&page->out, begun ? "</ul></section>\n" : "");
}

static void tell_state(
	struct cw_page *page, const struct cw_renewal_state *state, const struct cw_renewal_columns *columns)
{
	AUTO_BUFFER name = {0};
	cw_renewal_words_state(&name, state);
	cw_page_words(page, "<tr><th scope=\"row\">", &name, "</th>");
	for (size_t i = 0; i < columns->count; i++) {
		AUTO_BUFFER cell = {0};
		cw_renewal_words_cell(&cell, state, columns->kinds[i]);
		cw_page_words(page, "<td>", &cell, "</td>");
	}
	cw_buffer_text(&page->out, "</tr>\n");
}

/* A row a state, a column a kind of link; on a phone it is moved sideways under its first column. */
static void tell_states(struct cw_page *page, const struct cw_renewal *renewal)
{
	struct cw_renewal_columns columns = cw_renewal_words_columns(renewal->plan.after);
	cw_buffer_text(&page->out,
		"<section class=\"states\"><h2>" CW_RENEWAL_WORDS_STATES
		"</h2>\n<div class=\"wide\"><table><thead><tr><th></th>");
	for (size_t i = 0; i < columns.count; i++)
		cw_buffer_printf(
			&page->out, "<th scope=\"col\">%s</th>", cw_link_kind_name(columns.kinds[i]));
	cw_buffer_text(&page->out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < renewal->state_count; i++)
		tell_state(page, &renewal->states[i], &columns);
	cw_buffer_text(&page->out,
		"</tbody></table></div>\n<p class=\"legend\">" CW_RENEWAL_WORDS_LEGEND "</p></section>\n");
}

void cw_page_renewal(struct cw_page *page, const struct cw_renewal *renewal)
{
	tell_headline(page, renewal);
	tell_notes(page, renewal);
	tell_findings(page, renewal);
	if (!renewal->plan.count)
		return;
	cw_buffer_text(&page->out, "<section class=\"plan\"><h2>The plan, proven</h2>\n");
	cw_page_plan_cards(page, &renewal->plan);
	cw_buffer_text(&page->out,
		"<h3>" CW_RENEWAL_WORDS_LATER "</h3>\n<p class=\"then\">" CW_RENEWAL_WORDS_TIDY
		"</p>\n</section>\n");
	tell_states(page, renewal);
}
