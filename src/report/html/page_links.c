#include "report/html/page_parts.h"

#include "report/cause_words.h"
#include "report/markup.h"

#include <string.h>
#include <strings.h>

static void ends(struct cw_page *page, const struct cw_link *link)
{
	cw_markup_text(&page->out, link->client.name);
	cw_buffer_text(&page->out, " <span class=\"arrow\">&#8594;</span> ");
	cw_markup_text(&page->out, link->server.name);
	if (link->address && strcasecmp(link->address, link->server.name) != 0)
		cw_markup_printf(&page->out, " (as %s)", link->address);
	if (link->port)
		cw_buffer_printf(&page->out, ":%u", link->port);
}

static void title(struct cw_page *page, const struct cw_map_bundle *bundle)
{
	const struct cw_link *link = bundle->links[0];
	const struct cw_complaint *deciding = cw_map_deciding(link);
	cw_page_sign(page, link->verdict);
	cw_buffer_printf(&page->out, "<span class=\"kind\">%s</span> <span class=\"who\">",
		cw_link_kind_name(link->kind));
	ends(page, link);
	if (bundle->count > 1)
		cw_buffer_printf(&page->out, " and %zu more", bundle->count - 1);
	cw_buffer_printf(
		&page->out, "</span> <span class=\"verdict\">%s", cw_finding_verdict_name(link->verdict));
	if (deciding)
		cw_buffer_printf(&page->out, ": %s", cw_finding_code_name(deciding->finding.code));
	cw_buffer_text(&page->out, "</span>");
}

static void reason(struct cw_page *page, const struct cw_complaint *complaint)
{
	size_t cause = cw_causes_index(&page->causes, complaint);
	const struct cw_finding *finding = &complaint->finding;
	AUTO_BUFFER words = {0};
	AUTO_BUFFER vendor = {0};
	cw_cause_words_complaint(&words, complaint);
	cw_cause_words_vendor(&vendor, complaint);
	cw_buffer_printf(&page->out, "<div class=\"reason %s\"><h4>",
		cw_finding_verdict_name(cw_finding_severity_verdict(finding->severity)));
	cw_page_sign(page, cw_finding_severity_verdict(finding->severity));
	cw_page_code(page, finding->code);
	cw_buffer_printf(&page->out, "%s</h4>",
		finding->reached ? "" : " <span class=\"next\">would have failed next</span>");
	cw_page_words(page, "<p>", &words, "</p>");
	cw_page_words(page, "<p class=\"vendor\">", &vendor, "</p>");
	if (cause < page->causes.count && finding->severity != CW_SEVERITY_INFO) {
		cw_page_todo(page, &page->causes.items[cause]);
		cw_buffer_text(&page->out, "<p><a href=\"#");
		cw_page_anchor(page, "cause", cause + 1);
		cw_buffer_printf(
			&page->out, "\">Cause %zu: everything that suffers from it</a></p>", cause + 1);
	}
	cw_buffer_text(&page->out, "</div>\n");
}

static void not_known(struct cw_page *page, const struct cw_question *question)
{
	cw_buffer_text(&page->out, "<p class=\"list\">");
	cw_markup_printf(&page->out, "Not known: the %s certificate of %s, or the list %s of %s.",
		cw_node_identity_name(question->identity), question->subject->name,
		cw_node_store_name(question->store), question->judge->name);
	cw_buffer_text(&page->out, "</p>\n");
}

static void chains(struct cw_page *page, const struct cw_link *link)
{
	for (size_t i = 0; i < link->question_count; i++) {
		const struct cw_question *question = &link->questions[i];
		if (question->judged)
			cw_page_chain(page, question, cw_page_finding(link, question));
		else
			not_known(page, question);
	}
}

static void member(struct cw_page *page, const struct cw_link *link)
{
	cw_buffer_text(&page->out, "<li>");
	ends(page, link);
	for (size_t i = 0; i < link->question_count; i++)
		cw_page_chain_link(page, link, &link->questions[i]);
	cw_buffer_text(&page->out, "</li>\n");
}

static void members(struct cw_page *page, const struct cw_map_bundle *bundle)
{
	if (bundle->count < 2)
		return;
	cw_buffer_printf(&page->out,
		"<details class=\"members\"><summary>All %zu links that fare alike, with their "
		"chains</summary><ul>\n",
		bundle->count);
	for (size_t i = 0; i < bundle->count; i++)
		member(page, bundle->links[i]);
	cw_buffer_text(&page->out, "</ul></details>\n");
}

static void tell_bundle(struct cw_page *page, const struct cw_map_bundle *bundle, size_t number)
{
	const struct cw_link *link = bundle->links[0];
	cw_buffer_printf(
		&page->out, "<details class=\"link %s\"><summary>", cw_finding_verdict_name(link->verdict));
	title(page, bundle);
	cw_buffer_text(&page->out, "</summary><div class=\"inside\" id=\"");
	cw_page_anchor(page, "link", number);
	cw_buffer_text(&page->out, "\">\n");
	for (size_t i = 0; i < link->complaints.count; i++)
		reason(page, &link->complaints.items[i]);
	if (bundle->count > 1) {
		cw_buffer_text(&page->out, "<p class=\"example\">For example ");
		ends(page, link);
		cw_buffer_text(&page->out, "</p>\n");
	}
	cw_buffer_text(&page->out, "<div class=\"beside\">\n");
	cw_page_ladder(page, link);
	cw_buffer_text(&page->out, "<div>\n");
	chains(page, link);
	cw_buffer_text(&page->out, "</div></div>\n");
	members(page, bundle);
	cw_buffer_text(&page->out, "</div></details>\n");
}

static void tell_verdict(struct cw_page *page, enum cw_verdict verdict)
{
	for (size_t i = 0; i < page->map.bundle_count; i++)
		if (page->map.bundles[i].links[0]->verdict == verdict)
			tell_bundle(page, &page->map.bundles[i], i);
}

void cw_page_links(struct cw_page *page)
{
	const struct cw_check *check = page->check;
	if (!check->link_count)
		return;
	cw_buffer_text(&page->out, "<section class=\"links\"><h2>Links</h2>\n");
	if (check->verdicts[CW_VERDICT_PASS] < check->link_count)
		cw_buffer_text(&page->out, "<h3>That do not pass</h3>\n");
	for (int verdict = CW_VERDICT_REFUSED; verdict > CW_VERDICT_PASS; verdict--)
		tell_verdict(page, (enum cw_verdict)verdict);
	if (check->verdicts[CW_VERDICT_PASS])
		cw_buffer_text(&page->out, "<h3>That pass</h3>\n");
	tell_verdict(page, CW_VERDICT_PASS);
	cw_page_chain_list(page);
	cw_buffer_text(&page->out, "</section>\n");
}
