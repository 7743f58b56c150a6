#include "report/html/report_html.h"

#include "check/doubt.h"
#include "report/html/page_parts.h"
#include "report/markup.h"
#include "report/service_groups.h"
#include "report/summary.h"
#include "report/text/layout.h"

#include <openssl/evp.h>
#include <string.h>

void cw_page_anchor(struct cw_page *page, const char *kind, size_t number)
{
	cw_buffer_printf(&page->out, "d%zu-%s-%zu", page->number, kind, number);
}

void cw_page_sign(struct cw_page *page, enum cw_verdict verdict)
{
	const char *name = cw_finding_verdict_name(verdict);
	cw_buffer_printf(&page->out,
		"<svg class=\"sign %s\" viewBox=\"-10 -10 20 20\" role=\"img\" aria-label=\"%s\">"
		"<use href=\"#sign-%s\"/></svg>",
		name, name, name);
}

void cw_page_words(struct cw_page *page, const char *before, const struct cw_buffer *words, const char *after)
{
	page->out.failed |= words->failed;
	if (!words->length)
		return;
	cw_buffer_text(&page->out, before);
	cw_markup_marked(&page->out, cw_buffer_string(words));
	cw_buffer_text(&page->out, after);
}

/* A shape for each verdict; its colour says the same again. */
static const char signs[] =
	"<svg class=\"defs\" aria-hidden=\"true\"><defs><g id=\"sign-pass\"><circle class=\"shape\" "
	"r=\"8\"/><path class=\"glyph\" d=\"M-4 0l3 3 5-6\"/></g><g id=\"sign-warn\"><path class=\"shape\" "
	"d=\"M0-9L9 8H-9z\"/><path class=\"glyph\" d=\"M0-3V2M0 5v.5\"/></g><g id=\"sign-unknown\"><path "
	"class=\"shape\" d=\"M0-10L10 0 0 10-10 0z\"/><path class=\"glyph\" d=\"M-2.5-2.5C-2-5 2.5-5 2.5-2 "
	"2.5 0 0 0 0 2M0 4.8v.5\"/></g><g id=\"sign-refused\"><rect class=\"shape\" x=\"-8\" y=\"-8\" "
	"width=\"16\" height=\"16\" rx=\"3\"/><path class=\"glyph\" d=\"M-4-4L4 4M4-4L-4 4\"/></g><g "
	"id=\"sign-none\"><circle class=\"shape\" r=\"3\"/></g>";

/* The head of an arrow, by verdict. */
static const char arrow_head[] =
	"<marker id=\"head-%s\" class=\"head %s\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
	"markerWidth=\"10\" markerHeight=\"10\" markerUnits=\"userSpaceOnUse\" "
	"orient=\"auto-start-reverse\"><path d=\"M0 0L10 5 0 10z\"/></marker>";

void cw_page_style_signs(struct cw_buffer *ret)
{
	cw_buffer_text(ret, signs);
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++) {
		const char *name = cw_finding_verdict_name((enum cw_verdict)verdict);
		cw_buffer_printf(ret, arrow_head, name, name);
	}
	cw_buffer_text(ret, "</defs></svg>\n");
}

/* The one script of the page by its hash: a script that a name out of a certificate smuggled in, against all
 * escaping, would still not run. */
static void content_policy(struct cw_buffer *ret)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned char text[4 * EVP_MAX_MD_SIZE];
	unsigned length = 0;
	if (!EVP_Digest(cw_page_script, strlen(cw_page_script), digest, &length, EVP_sha256(), NULL)) {
		ret->failed = true;
		return;
	}
	EVP_EncodeBlock(text, digest, (int)length);
	cw_buffer_printf(ret,
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
		"'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n",
		text);
}

void cw_report_html_begin(struct cw_buffer *ret)
{
	cw_buffer_text(ret,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n");
	content_policy(ret);
	cw_buffer_text(ret, "<title>Causeway: who is cut off, why, and what repairs it</title>\n<style>\n");
	cw_buffer_text(ret, cw_page_style);
	cw_buffer_text(ret, "</style>\n</head>\n<body>\n");
	cw_page_style_signs(ret);
}

void cw_report_html_end(struct cw_buffer *ret)
{
	cw_buffer_text(ret,
		"<footer>Made by Causeway " CW_VERSION
		" from files; this page asks nothing of anybody, and can be mailed.</footer>\n<script>");
	cw_buffer_text(ret, cw_page_script);
	cw_buffer_text(ret, "</script>\n</body>\n</html>\n");
}

static void pills(struct cw_page *page)
{
	const struct cw_check *check = page->check;
	cw_buffer_text(&page->out, "<ul class=\"pills\">");
	for (int verdict = CW_VERDICT_REFUSED; verdict >= CW_VERDICT_PASS; verdict--) {
		if (!check->verdicts[verdict])
			continue;
		cw_buffer_printf(
			&page->out, "<li class=\"%s\">", cw_finding_verdict_name((enum cw_verdict)verdict));
		cw_page_sign(page, (enum cw_verdict)verdict);
		cw_buffer_printf(&page->out, "<span><strong>%zu</strong> %s</span></li>",
			check->verdicts[verdict], cw_finding_verdict_name((enum cw_verdict)verdict));
	}
	cw_buffer_text(&page->out, "</ul>\n");
}

static void header(struct cw_page *page)
{
	AUTO_BUFFER summary = {0};
	cw_summary_sentence(&summary, page->check);
	cw_buffer_printf(&page->out, "<header class=\"top\">\n<h1 id=\"d%zu\">", page->number);
	cw_markup_text(&page->out, page->check->deployment->name);
	cw_buffer_text(&page->out, "</h1>\n");
	pills(page);
	cw_page_words(page, "<p class=\"summary\">", &summary, "</p>\n");
	if (page->check->verdicts[CW_VERDICT_UNKNOWN])
		cw_buffer_text(&page->out, "<p class=\"summary\">" CW_SUMMARY_UNKNOWN "</p>\n");
	cw_buffer_text(&page->out, "</header>\n");
}

/* Whether the files are the boxes': before anything else. */
static bool doubts(struct cw_page *page, struct cw_error *error)
{
	AUTO_DOUBTS found = {0};
	if (!cw_doubt_find(page->check->deployment, &found, error))
		return false;
	for (size_t i = 0; i < found.count; i++) {
		cw_buffer_text(&page->out,
			i ? "<li>" : "<section class=\"doubts\"><h2>Doubts about the input</h2><ul>\n<li>");
		cw_markup_text(&page->out, found.items[i].sentence);
		cw_buffer_text(&page->out, "</li>\n");
	}
	cw_buffer_text(&page->out, found.count ? "</ul></section>\n" : "");
	return true;
}

static enum cw_verdict state_verdict(enum cw_service_state state)
{
	switch (state) {
	case CW_SERVICE_WORKS:
		return CW_VERDICT_PASS;
	case CW_SERVICE_PROMPTS:
	case CW_SERVICE_DEGRADED:
		return CW_VERDICT_WARN;
	case CW_SERVICE_UNKNOWN:
		return CW_VERDICT_UNKNOWN;
	case CW_SERVICE_DEAD:
		break;
	}
	return CW_VERDICT_REFUSED;
}

static void cause_links(struct cw_page *page, const struct cw_service_group *group)
{
	const char *before = "<span class=\"see\">";
	if (page->alone)
		return;
	for (size_t i = 0; i < group->cause_count; i++) {
		if (!group->causes[i])
			continue;
		cw_buffer_printf(&page->out, "%s<a href=\"#", before);
		cw_page_anchor(page, "cause", i + 1);
		cw_buffer_printf(&page->out, "\">Cause %zu: why</a>", i + 1);
		before = " ";
	}
	cw_buffer_text(&page->out, *before == '<' ? "" : "</span>");
}

static bool service(struct cw_page *page, const struct cw_service_group *group, struct cw_error *error)
{
	enum cw_verdict verdict = state_verdict(group->first->state);
	AUTO_BUFFER sentence = {0};
	AUTO_BUFFER others = {0};
	if (!cw_service_group_sentence(&sentence, page->check, group, error))
		return false;
	cw_buffer_printf(&page->out, "<li class=\"%s\">", cw_finding_verdict_name(verdict));
	cw_page_sign(page, verdict);
	if (!page->alone)
		cw_service_group_causes(&sentence, group);
	cw_page_words(page, "<div><p>", &sentence, "</p>");
	if (group->endpoint_count > 2)
		cw_service_group_others(&others, group);
	cw_page_words(
		page, "<details class=\"others\"><summary>who else</summary><p>", &others, "</p></details>");
	cause_links(page, group);
	cw_buffer_text(&page->out, "</div></li>\n");
	return true;
}

static bool services(struct cw_page *page, struct cw_error *error)
{
	AUTO_SERVICE_GROUPS groups = {0};
	if (!cw_service_groups_find(page->check, &page->causes, &groups, error))
		return false;
	if (!groups.count)
		return true;
	cw_buffer_text(&page->out, "<section class=\"services\"><h2>People</h2><ul>\n");
	for (size_t i = 0; i < groups.count; i++)
		if (!service(page, &groups.items[i], error))
			return false;
	cw_buffer_text(&page->out, "</ul></section>\n");
	return true;
}

static void chains_finish(struct cw_page_chains *chains)
{
	for (size_t i = 0; i < chains->count; i++) {
		free(chains->drawings[i]);
		free(chains->captions[i]);
	}
	free(chains->drawings);
	free(chains->captions);
}

static void page_finish(struct cw_page *page)
{
	cw_buffer_finish(&page->out);
	cw_causes_finish(&page->causes);
	cw_map_finish(&page->map);
	chains_finish(&page->chains);
}

static bool build(struct cw_page *page, bool people, struct cw_error *error)
{
	if (!cw_causes_find(page->check, &page->causes, error) ||
		!cw_map_find(page->check, &page->causes, &page->map, error))
		return false;
	cw_buffer_text(&page->out, "<article class=\"deployment\">\n");
	header(page);
	if (people && (!doubts(page, error) || !services(page, error)))
		return false;
	cw_page_plan(page);
	cw_page_map(page);
	cw_page_causes(page);
	cw_page_boxes(page);
	cw_page_links(page);
	cw_page_codes(page);
	cw_buffer_text(&page->out, "</article>\n");
	return cw_buffer_ok(&page->out, error);
}

/* Hands over what was built, and releases the page. */
static bool give(struct cw_page *page, bool built, struct cw_buffer *ret, struct cw_error *error)
{
	if (built)
		cw_buffer_append(ret, cw_buffer_string(&page->out), page->out.length);
	page_finish(page);
	return built && cw_buffer_ok(ret, error);
}

bool cw_report_html(
	const struct cw_check *check, size_t number, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_page page = {.check = check, .number = number, .plan = check->plan};
	return give(&page, build(&page, true, error), ret, error);
}

bool cw_report_html_rest(const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_page page = {.check = check, .plan = check->plan};
	return give(&page, build(&page, false, error), ret, error);
}

bool cw_report_html_plan(const struct cw_check *check, const struct cw_repair *plan, struct cw_buffer *ret,
	struct cw_error *error)
{
	struct cw_page page = {.check = check, .plan = plan, .alone = true};
	cw_buffer_text(&page.out, "<article class=\"deployment\">\n");
	header(&page);
	bool built = cw_causes_find(check, &page.causes, error) && services(&page, error);
	cw_page_plan(&page);
	if (!plan->count && !plan->leaf_count)
		cw_buffer_text(&page.out, "<p>Nothing is refused, nothing is to be done.</p>\n");
	cw_buffer_text(&page.out, "</article>\n");
	return give(&page, built && cw_buffer_ok(&page.out, error), ret, error);
}

bool cw_report_html_renewal(const struct cw_check *check, const struct cw_renewal *renewal,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_page page = {.check = check, .alone = true};
	cw_buffer_text(&page.out, "<article class=\"deployment\">\n");
	header(&page);
	cw_page_renewal(&page, renewal);
	cw_buffer_text(&page.out, "</article>\n");
	return give(&page, cw_buffer_ok(&page.out, error), ret, error);
}

bool cw_report_html_map(const struct cw_check *check, const struct cw_map_live *live, struct cw_buffer *ret,
	struct cw_error *error)
{
	struct cw_page page = {.check = check, .live = live};
	bool built = cw_causes_find(check, &page.causes, error) &&
		cw_map_find(check, &page.causes, &page.map, error);
	if (built) {
		cw_page_map(&page);
		cw_page_causes(&page);
		cw_page_links(&page);
		cw_page_codes(&page);
		built = cw_buffer_ok(&page.out, error);
	}
	return give(&page, built, ret, error);
}

bool cw_report_html_people(const struct cw_check *check, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_page page = {.check = check};
	bool built = cw_causes_find(check, &page.causes, error) && services(&page, error) &&
		cw_buffer_ok(&page.out, error);
	return give(&page, built, ret, error);
}
