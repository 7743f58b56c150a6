#include "report/html/page_parts.h"

#include "report/cause_words.h"
#include "report/chain_text.h"
#include "report/markup.h"
#include "report/text/layout.h"

/* Links that suffer are named up to this many. */
#define LINKS_SHOWN 6

struct todo {
	struct cw_page *page;
	bool open; /* a step that "then" may still belong to */
};

static void todo_line(void *user, enum cw_todo_kind kind, const char *words)
{
	struct todo *todo = user;
	struct cw_buffer *out = &todo->page->out;
	if (kind != CW_TODO_THEN) {
		cw_buffer_text(out, todo->open ? "</li>\n<li>" : "<li>");
		todo->open = true;
		cw_markup_marked(out, words);
		return;
	}
	cw_buffer_text(out, "<span class=\"then\">");
	cw_markup_marked(out, words);
	cw_buffer_text(out, "</span>");
}

/* A sentence has the first digits only. */
static void whole_sums(struct cw_page *page, const struct cw_cause *cause)
{
	size_t told = 0;
	for (size_t i = 0; i < cause->place_count; i++) {
		const struct cw_cert *cert = cause->places[i].complaint->remedy.cert;
		for (size_t k = 0; k < i && cert; k++)
			if (cause->places[k].complaint->remedy.cert == cert)
				cert = NULL;
		if (!cert)
			continue;
		cw_buffer_text(&page->out,
			told++ ? "<dt>" : "<details class=\"more\"><summary>SHA-256</summary><dl><dt>");
		cw_markup_text(&page->out, cw_cert_subject_text(cert));
		cw_buffer_printf(&page->out, "</dt><dd><code>%s</code></dd>", cw_cert_sha256_text(cert));
	}
	cw_buffer_text(&page->out, told ? "</dl></details>" : "");
}

void cw_page_code(struct cw_page *page, enum cw_code code)
{
	cw_buffer_text(&page->out, "<a class=\"code\" href=\"#");
	cw_page_anchor(page, "code", (size_t)code);
	cw_buffer_printf(&page->out, "\">%s</a>", cw_finding_code_name(code));
}

static void tell_code(struct cw_page *page, enum cw_code code)
{
	const struct cw_finding_row *row = cw_finding_row(code);
	cw_buffer_text(&page->out, "<article class=\"meaning\" id=\"");
	cw_page_anchor(page, "code", (size_t)code);
	cw_buffer_printf(&page->out, "\"><h3>%s</h3>\n<p>", row->name);
	cw_markup_text(&page->out, row->sentence);
	cw_buffer_text(&page->out, "</p><p>");
	cw_markup_text(&page->out, row->advice);
	cw_buffer_text(&page->out, "</p><p class=\"vendor\">");
	if (row->vendor_text)
		cw_markup_printf(&page->out, "The box shows \"%s\". ", row->vendor_text);
	cw_markup_printf(&page->out, "Source: %s", row->source);
	cw_buffer_text(&page->out, "</p></article>\n");
}

void cw_page_codes(struct cw_page *page)
{
	bool wanted[CW_CODE_COUNT] = {false}, begun = false;
	for (size_t i = 0; i < page->check->link_count; i++)
		for (size_t k = 0; k < page->check->links[i]->complaints.count; k++)
			wanted[page->check->links[i]->complaints.items[k].finding.code] = true;
	for (size_t i = 0; i < page->causes.count; i++)
		wanted[page->causes.items[i].told.complaint->finding.code] = true;
	for (int code = 0; code < CW_CODE_COUNT; code++) {
		if (!wanted[code])
			continue;
		cw_buffer_text(
			&page->out, begun ? "" : "<section class=\"codes\"><h2>What the codes mean</h2>\n");
		begun = true;
		tell_code(page, (enum cw_code)code);
	}
	cw_buffer_text(&page->out, begun ? "</section>\n" : "");
}

void cw_page_todo(struct cw_page *page, const struct cw_cause *cause)
{
	struct todo todo = {.page = page};
	cw_buffer_text(&page->out, "<div class=\"todo\"><h4>To do</h4><ul>\n");
	if (!cw_cause_words_todo(&page->causes, cause, page->check->deployment, todo_line, &todo))
		page->out.failed = true;
	cw_buffer_text(&page->out, todo.open ? "</li></ul>" : "</ul>");
	whole_sums(page, cause);
	cw_buffer_text(&page->out, "</div>\n");
}

/* The bundle that holds this link. */
static size_t bundle_of(const struct cw_page *page, const struct cw_link *link)
{
	for (size_t i = 0; i < page->map.bundle_count; i++)
		for (size_t k = 0; k < page->map.bundles[i].count; k++)
			if (page->map.bundles[i].links[k] == link)
				return i;
	return 0;
}

static void links(struct cw_page *page, const char *caption, const struct cw_link *const *items, size_t count)
{
	if (!count)
		return;
	size_t shown = count <= LINKS_SHOWN + 1 ? count : LINKS_SHOWN;
	cw_buffer_printf(&page->out, "<p class=\"suffer\">%s: ", caption);
	for (size_t i = 0; i < shown; i++) {
		cw_buffer_printf(&page->out, "%s<a href=\"#", i ? ", " : "");
		cw_page_anchor(page, "link", bundle_of(page, items[i]));
		cw_buffer_text(&page->out, "\">");
		cw_markup_text(&page->out, items[i]->id);
		cw_buffer_text(&page->out, "</a>");
	}
	if (shown < count)
		cw_buffer_printf(&page->out, " and %zu more", count - shown);
	cw_buffer_text(&page->out, "</p>\n");
}

static void by_itself(struct cw_page *page, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_boxes(&words, cause);
	cw_page_words(page, "<p>And by itself: ", &words, "</p>\n");
}

static void chain(struct cw_page *page, const struct cw_cause *cause)
{
	const struct cw_finding *finding = &cause->told.complaint->finding;
	const struct cw_question *question = cause->told.complaint->question;
	if (cause->severity >= CW_SEVERITY_REFUSED && question && cw_chain_text_matters(finding->code))
		cw_page_chain(page, question, finding);
}

static void tell_cause(struct cw_page *page, const struct cw_cause *cause)
{
	size_t number = (size_t)(cause - page->causes.items) + 1;
	const char *verdict = cw_finding_verdict_name(cw_finding_severity_verdict(cause->severity));
	AUTO_BUFFER effect = {0};
	AUTO_BUFFER what = {0};
	AUTO_BUFFER vendor = {0};
	cw_cause_words_effect(&effect, cause);
	cw_cause_words_complaint(&what, cause->told.complaint);
	if (cause->severity >= CW_SEVERITY_REFUSED)
		cw_cause_words_vendor(&vendor, cause->told.complaint);
	cw_buffer_printf(&page->out, "<article class=\"cause %s\" id=\"", verdict);
	cw_page_anchor(page, "cause", number);
	cw_buffer_text(&page->out, "\">");
	cw_buffer_printf(&page->out, "<h3>Cause %zu: ", number);
	cw_page_code(page, cause->told.complaint->finding.code);
	cw_page_words(page, "", &effect, "");
	cw_buffer_text(&page->out, "</h3>\n");
	cw_page_words(page, "<p>", &what, "</p>\n");
	cw_page_todo(page, cause);
	chain(page, cause);
	cw_page_words(page, "<p class=\"vendor\">", &vendor, "</p>\n");
	links(page, "Links", cause->links, cause->link_count);
	links(page, "Down with it", cause->followers, cause->follower_count);
	by_itself(page, cause);
	cw_buffer_text(&page->out, "</article>\n");
}

static void tell_all(struct cw_page *page, bool reached, const char *heading)
{
	bool begun = false;
	for (size_t i = 0; i < page->causes.count; i++) {
		const struct cw_cause *cause = &page->causes.items[i];
		if (!cause->link_count || cause->reached != reached || cause->severity == CW_SEVERITY_INFO)
			continue;
		if (!begun)
			cw_buffer_printf(&page->out, "<section class=\"causes\"><h2>%s</h2>\n", heading);
		begun = true;
		tell_cause(page, cause);
	}
	cw_buffer_text(&page->out, begun ? "</section>\n" : "");
}

void cw_page_causes(struct cw_page *page)
{
	tell_all(page, true, "Why, and what repairs it");
	tell_all(page, false, "What would have failed next");
}

/* Causes that are no link's, and notes; `refused` says which half. */
static bool is_box_cause(const struct cw_cause *cause, bool refused)
{
	bool told_above = cause->link_count && cause->severity != CW_SEVERITY_INFO;
	return cause->node_count && !told_above && (cause->severity == CW_SEVERITY_REFUSED) == refused;
}

static size_t count_boxes(const struct cw_page *page, bool refused)
{
	size_t count = 0;
	for (size_t i = 0; i < page->causes.count; i++)
		count += is_box_cause(&page->causes.items[i], refused);
	return count;
}

static void tell_boxes(struct cw_page *page, bool refused)
{
	for (size_t i = 0; i < page->causes.count; i++) {
		const struct cw_cause *cause = &page->causes.items[i];
		AUTO_BUFFER words = {0};
		if (!is_box_cause(cause, refused))
			continue;
		cw_cause_words_on_boxes(&words, cause);
		cw_buffer_printf(&page->out, "<article class=\"cause %s\" id=\"",
			cw_finding_verdict_name(cw_finding_severity_verdict(cause->severity)));
		cw_page_anchor(page, "cause", i + 1);
		cw_page_words(page, "\"><p>", &words, "</p>\n");
		if (cause->severity != CW_SEVERITY_INFO)
			cw_page_todo(page, cause);
		cw_buffer_text(&page->out, "<p class=\"see\">What it means: ");
		cw_page_code(page, cause->told.complaint->finding.code);
		cw_buffer_text(&page->out, "</p></article>\n");
	}
}

void cw_page_boxes(struct cw_page *page)
{
	size_t refused = count_boxes(page, true), others = count_boxes(page, false);
	if (!refused && !others)
		return;
	cw_buffer_text(&page->out, "<section class=\"boxes\"><h2>The boxes by themselves</h2>\n");
	tell_boxes(page, true);
	if (others) {
		cw_buffer_printf(&page->out, "<details><summary>%zu warning%s</summary>\n", others,
			others == 1 ? " or note" : "s and notes");
		tell_boxes(page, false);
		cw_buffer_text(&page->out, "</details>\n");
	}
	cw_buffer_text(&page->out, "</section>\n");
}
