#include "admin/page/panel.h"

#include "trust/finding.h"

#include <stdarg.h>
#include <string.h>

/* The boxes' states, and those of tests and services. */
const char *cw_panel_verdict(const char *state)
{
	static const struct {
		const char *state, *verdict;
	} rows[] = {
		{"Active", "pass"},
		{"On", "pass"},
		{"good", "pass"},
		{"pass", "pass"},
		{"running", "pass"},
		{"works", "pass"},
		{"Checking", "warn"},
		{"waiting", "warn"},
		{"warn", "warn"},
		{"prompts", "warn"},
		{"degraded", "warn"},
		{"Failed", "refused"},
		{"bad", "refused"},
		{"refused", "refused"},
		{"dead", "refused"},
		{"unknown", "unknown"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].state, state) == 0)
			return rows[i].verdict;
	return "none";
}

void cw_panel_sign(struct cw_screen *screen, const char *verdict)
{
	struct cw_html *html = &screen->html;
	cw_html_open(html, "svg");
	cw_html_attributef(html, "class", "sign %s", verdict);
	cw_html_attribute(html, "viewBox", "-10 -10 20 20");
	cw_html_attribute(html, "aria-hidden", "true");
	cw_html_open(html, "use");
	cw_html_attributef(html, "href", "#sign-%s", verdict);
	cw_html_close(html, "use");
	cw_html_close(html, "svg");
}

void cw_panel_state(struct cw_screen *screen, const char *state)
{
	const char *verdict = cw_panel_verdict(state);
	struct cw_html *html = &screen->html;
	cw_html_open(html, "span");
	cw_html_attributef(html, "class", "state %s", verdict);
	cw_panel_sign(screen, verdict);
	cw_html_text(html, *state ? state : "not known");
	cw_html_close(html, "span");
}

/* The code with what it means, folded; a code that the table lacks stands as it is. */
static void code_meaning(struct cw_screen *screen, const char *code)
{
	struct cw_html *html = &screen->html;
	enum cw_code known;
	if (!cw_finding_code_named(code, &known)) {
		cw_html_element(html, "code", NULL, code);
		return;
	}
	const struct cw_finding_row *row = cw_finding_row(known);
	cw_html_begin(html, "details", "meaning-of");
	cw_html_open(html, "summary");
	cw_html_element(html, "code", NULL, code);
	cw_html_close(html, "summary");
	cw_html_element(html, "p", NULL, row->sentence);
	if (row->advice)
		cw_html_element(html, "p", "next", row->advice);
	cw_html_close(html, "details");
}

void cw_panel_reason(struct cw_screen *screen, const char *code, const char *reason)
{
	if (*reason)
		cw_html_element(&screen->html, "p", NULL, reason);
	if (*code)
		code_meaning(screen, code);
	if (!*reason && !*code)
		cw_html_text(&screen->html, "\xe2\x80\x93");
}

void cw_panel_fact(struct cw_screen *screen, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	cw_html_open(&screen->html, "div");
	cw_html_element(&screen->html, "dt", NULL, name);
	cw_html_open(&screen->html, "dd");
	cw_html_time(&screen->html, value);
	cw_html_close(&screen->html, "dd");
	cw_html_close(&screen->html, "div");
}

void cw_panel_factf(struct cw_screen *screen, const char *name, const char *format, ...)
{
	AUTO_BUFFER text = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&text, format, args);
	va_end(args);
	screen->html.out->failed |= text.failed;
	cw_panel_fact(screen, name, cw_buffer_string(&text));
}

void cw_panel_table_begin(struct cw_panel_table *table)
{
	struct cw_html *html = &table->screen->html;
	cw_html_begin(html, "table", "rows");
	cw_html_element(html, "caption", NULL, table->caption);
	cw_html_open(html, "thead");
	cw_html_open(html, "tr");
	for (size_t i = 0; i < table->count; i++) {
		cw_html_open(html, "th");
		cw_html_attribute(html, "scope", "col");
		cw_html_text(html, table->columns[i]);
		cw_html_close(html, "th");
	}
	cw_html_close(html, "tr");
	cw_html_close(html, "thead");
	cw_html_open(html, "tbody");
}

void cw_panel_table_end(struct cw_panel_table *table)
{
	cw_html_close(&table->screen->html, "tbody");
	cw_html_close(&table->screen->html, "table");
}

void cw_panel_row(struct cw_panel_table *table, const char *id)
{
	cw_html_open(&table->screen->html, "tr");
	cw_html_attribute(&table->screen->html, "id", id);
	table->at = 0;
}

void cw_panel_row_end(struct cw_panel_table *table)
{
	cw_html_close(&table->screen->html, "tr");
}

void cw_panel_cell(struct cw_panel_table *table)
{
	cw_html_open(&table->screen->html, "td");
	if (table->at < table->count)
		cw_html_attribute(&table->screen->html, "data-caption", table->columns[table->at++]);
}

void cw_panel_cell_end(struct cw_panel_table *table)
{
	cw_html_close(&table->screen->html, "td");
}

void cw_panel_cell_text(struct cw_panel_table *table, const char *text)
{
	cw_panel_cell(table);
	cw_html_name(&table->screen->html, *text ? text : "\xe2\x80\x93");
	cw_panel_cell_end(table);
}

void cw_panel_cell_time(struct cw_panel_table *table, const char *time)
{
	cw_panel_cell(table);
	cw_html_time(&table->screen->html, *time ? time : "\xe2\x80\x93");
	cw_panel_cell_end(table);
}

static void joined(struct cw_screen *screen, const char *name, const json_t *items)
{
	AUTO_BUFFER text = {0};
	size_t i;
	json_t *item;
	json_array_foreach(items, i, item)
	{
		cw_buffer_printf(&text, "%s%s", i ? ", " : "", cw_screen_json_item(item, "name"));
	}
	screen->html.out->failed |= text.failed;
	cw_panel_fact(screen, name, cw_buffer_string(&text));
}

void cw_panel_certificate(struct cw_screen *screen, const json_t *certificate)
{
	long long days = cw_screen_json_count(certificate, "days_left");
	cw_html_begin(&screen->html, "dl", "facts");
	cw_panel_fact(screen, "Subject", cw_screen_json_text(certificate, "subject"));
	cw_panel_fact(screen, "Issuer", cw_screen_json_text(certificate, "issuer"));
	cw_panel_fact(screen, "Not before", cw_screen_json_text(certificate, "not_before"));
	cw_panel_fact(screen, "Not after", cw_screen_json_text(certificate, "not_after"));
	if (cw_screen_json_has(certificate, "days_left") && days < 0)
		cw_panel_fact(screen, "Days left", "none: expired");
	else if (cw_screen_json_has(certificate, "days_left"))
		cw_panel_factf(screen, "Days left", "%lld", days);
	joined(screen, "Subject alternative names", json_object_get(certificate, "sans"));
	joined(screen, "Extended key usage", json_object_get(certificate, "eku"));
	cw_panel_fact(screen, "Key", cw_screen_json_text(certificate, "key"));
	cw_panel_fact(screen, "Digest", cw_screen_json_text(certificate, "digest"));
	cw_panel_fact(screen, "Serial number", cw_screen_json_text(certificate, "serial"));
	cw_panel_fact(screen, "SHA-256", cw_screen_json_text(certificate, "sha256"));
	cw_html_close(&screen->html, "dl");
}

void cw_panel_folded(struct cw_screen *screen, const char *summary, const char *text)
{
	struct cw_html *html = &screen->html;
	if (!text || !*text)
		return;
	cw_html_begin(html, "details", "shown");
	cw_html_element(html, "summary", NULL, summary);
	cw_html_open(html, "pre");
	cw_html_attribute(html, "tabindex", "0");
	cw_html_attribute(html, "role", "region");
	cw_html_attribute(html, "aria-label", summary);
	cw_html_lines(html, text);
	cw_html_close(html, "pre");
	cw_html_close(html, "details");
}

void cw_panel_shown(struct cw_screen *screen, const json_t *certificate)
{
	cw_panel_folded(
		screen, cw_vendor_word(CW_WORD_SHOW_DECODED), cw_screen_json_text(certificate, "decoded"));
	cw_panel_folded(screen, cw_vendor_word(CW_WORD_SHOW_PEM), cw_screen_json_text(certificate, "pem"));
}

static const char *severity_verdict(const char *severity)
{
	return strcmp(severity, "info") == 0 ? "none" : cw_panel_verdict(severity);
}

/* The answer's own words; else the table's. */
static void finding(struct cw_screen *screen, const json_t *item)
{
	struct cw_html *html = &screen->html;
	const char *sentence = cw_screen_json_text(item, "sentence");
	const char *verdict = severity_verdict(cw_screen_json_text(item, "severity"));
	cw_html_open(html, "li");
	cw_html_attribute(html, "class", verdict);
	cw_panel_sign(screen, verdict);
	cw_html_open(html, "div");
	if (cw_screen_json_is(item, "vendor_text"))
		cw_html_element(html, "p", "vendor", cw_screen_json_text(item, "vendor_text"));
	cw_html_element(html, "p", NULL, *sentence ? sentence : cw_screen_json_text(item, "detail"));
	if (cw_screen_json_is(item, "advice"))
		cw_html_element(html, "p", "next", cw_screen_json_text(item, "advice"));
	code_meaning(screen, cw_screen_json_text(item, "code"));
	cw_html_close(html, "div");
	cw_html_close(html, "li");
}

void cw_panel_findings(struct cw_screen *screen, const json_t *findings)
{
	size_t i;
	json_t *item;
	if (!json_array_size(findings))
		return;
	cw_html_begin(&screen->html, "ul", "findings");
	json_array_foreach(findings, i, item)
	{
		finding(screen, item);
	}
	cw_html_close(&screen->html, "ul");
}

void cw_panel_sentences(struct cw_screen *screen, const char *heading, const json_t *sentences)
{
	size_t i;
	json_t *item;
	if (!json_array_size(sentences))
		return;
	cw_html_element(&screen->html, "h3", NULL, heading);
	cw_html_begin(&screen->html, "ul", "plain");
	json_array_foreach(sentences, i, item)
	{
		cw_html_element(&screen->html, "li", NULL, cw_screen_json_item(item, "text"));
	}
	cw_html_close(&screen->html, "ul");
}

static void ended(struct cw_screen *screen, const json_t *link, const char *what)
{
	struct cw_html *html = &screen->html;
	const char *detail = cw_screen_json_text(link, "detail");
	cw_html_begin(html, "li", "refused");
	cw_panel_sign(screen, "refused");
	cw_html_open(html, "div");
	cw_html_open(html, "p");
	cw_html_printf(html, "This %s would refuse: ", what);
	cw_html_open(html, "b");
	cw_html_printf(html, "%s %s \xe2\x86\x94 %s", cw_screen_json_text(link, "link"),
		cw_screen_json_text(screen->page, "node"), cw_screen_json_text(link, "peer"));
	cw_html_close(html, "b");
	cw_html_close(html, "p");
	if (*detail)
		cw_html_element(html, "p", NULL, detail);
	if (cw_screen_json_is(link, "code"))
		code_meaning(screen, cw_screen_json_text(link, "code"));
	cw_html_close(html, "div");
	cw_html_close(html, "li");
}

static void begun(struct cw_screen *screen, const json_t *link, const char *what)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "li", "pass");
	cw_panel_sign(screen, "pass");
	cw_html_open(html, "p");
	cw_html_printf(html, "This %s would no longer refuse: ", what);
	cw_html_open(html, "b");
	cw_html_printf(html, "%s %s \xe2\x86\x94 %s", cw_screen_json_text(link, "link"),
		cw_screen_json_text(screen->page, "node"), cw_screen_json_text(link, "peer"));
	cw_html_close(html, "b");
	cw_html_close(html, "p");
	cw_html_close(html, "li");
}

void cw_panel_effect(struct cw_screen *screen, const json_t *answer, const char *what)
{
	const json_t *given = json_object_get(answer, "effect");
	const json_t *effect = json_is_object(given) ? given : answer;
	const json_t *ends = json_object_get(effect, "ends"), *begins = json_object_get(effect, "begins");
	size_t i;
	json_t *link;
	if (!json_array_size(ends) && !json_array_size(begins)) {
		cw_html_begin(&screen->html, "p", "quiet");
		cw_html_printf(&screen->html, "No link that is up now would end by this %s.", what);
		cw_html_close(&screen->html, "p");
	} else {
		cw_html_begin(&screen->html, "ul", "findings effect");
		json_array_foreach(ends, i, link)
		{
			ended(screen, link, what);
		}
		json_array_foreach(begins, i, link)
		{
			begun(screen, link, what);
		}
		cw_html_close(&screen->html, "ul");
	}
	cw_panel_sentences(screen, "What this node would not take", json_object_get(effect, "problems"));
}

void cw_panel_restart(struct cw_screen *screen)
{
	if (!cw_screen_json_is(screen->answer, "restart_wanted"))
		return;
	cw_screen_bar(screen, CW_SCREEN_WARNING, cw_screen_json_text(screen->answer, "restart_wanted"), NULL);
	cw_html_begin(&screen->html, "p", NULL);
	cw_html_link(&screen->html, "restart", cw_vendor_word(CW_WORD_TITLE_RESTART));
	cw_html_close(&screen->html, "p");
}

void cw_panel_live(struct cw_screen *screen, const char *id)
{
	struct cw_html *html = &screen->html;
	cw_html_begin(html, "div", "live");
	cw_html_attribute(html, "id", id);
	cw_html_flag(html, "data-live", true);
}

void cw_panel_live_end(struct cw_screen *screen)
{
	struct cw_html *html = &screen->html;
	const char *key = screen->row->with;
	if (key && !json_is_string(json_object_get(screen->sent, key)))
		key = NULL; /* its keys are none, or have a default */
	cw_html_begin(html, "p", "reload");
	cw_html_text(html, "This is the state when the page was asked for. ");
	cw_html_open(html, "a");
	cw_html_path(html, screen->row->name, key, key ? cw_screen_json_text(screen->sent, key) : NULL);
	cw_html_text(html, "Ask again");
	cw_html_close(html, "a");
	cw_html_close(html, "p");
	cw_html_close(html, "div");
}
