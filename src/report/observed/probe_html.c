#include "report/observed/probe_report.h"

#include "base/file.h"
#include "report/html/report_html.h"
#include "report/json.h"
#include "report/markup.h"

#include <string.h>

/* A rehearsal of the largest deployment is some megabytes of JSON. */
#define REHEARSED_MAX ((size_t)64 * 1024 * 1024)

struct columns {
	const struct cw_probe_report *report;
	const struct cw_check *check;
	const json_t *rehearsed; /* its links, or NULL */
	struct cw_buffer *out;
};

static const char *colour_of(enum cw_verdict verdict)
{
	static const char *const names[] = {"good", "warn", "unknown", "bad"};
	return names[verdict];
}

/* A word in the colour of its verdict. */
static void word(struct cw_buffer *out, const char *caption, const char *colour, const char *text)
{
	cw_buffer_printf(out, "<td data-caption=\"%s\"><b class=\"%s\">", caption, colour);
	cw_markup_text(out, text);
	cw_buffer_text(out, "</b></td>");
}

/* The server that the link leads to, and what it presented on this link; NULL: none was looked at. */
static const struct cw_probed *probed_of(
	const struct columns *columns, const struct cw_link *link, const struct cw_link **ret_seen)
{
	const struct cw_probed *there = NULL;
	*ret_seen = NULL;
	for (size_t i = 0; i < columns->report->set->count; i++) {
		const struct cw_probed *probed = &columns->report->set->items[i];
		if (link->kind == CW_LINK_TUNNEL || !link->port || probed->port != link->port ||
			strcasecmp(probed->host, link->address) != 0)
			continue;
		there = probed;
		for (size_t k = 0; k < probed->link_count; k++)
			if (probed->links[k].link == link)
				*ret_seen = probed->links[k].seen;
	}
	return there;
}

static void put_rehearsed(const struct columns *columns, const struct cw_link *link)
{
	static const struct {
		const char *state, *colour;
	} colours[] = {{"up", "good"}, {"refused", "bad"}, {"failed", "bad"}};
	const char *state = NULL, *colour = "unknown";
	for (size_t i = 0; i < json_array_size(columns->rehearsed); i++) {
		const json_t *object = json_array_get(columns->rehearsed, i);
		const char *id = json_string_value(json_object_get(object, "id"));
		if (id && strcmp(id, link->id) == 0)
			state = json_string_value(json_object_get(object, "state"));
	}
	for (size_t i = 0; state && i < sizeof colours / sizeof colours[0]; i++)
		if (strcmp(state, colours[i].state) == 0)
			colour = colours[i].colour;
	word(columns->out, "rehearsed", colour, state ? state : "not in it");
}

/* How what was presented compares with the file, and what else is to be said of the server. */
static void put_how(struct cw_buffer *out, const struct cw_probed *probed)
{
	cw_buffer_text(out, "<td>");
	if (!probed)
		cw_buffer_text(out, "not looked at");
	else if (probed->reach != CW_PROBED_TLS)
		cw_markup_text(out, probed->reason);
	else if (probed->file == CW_PROBED_FILE_SAME)
		cw_buffer_text(out, "the certificate of the file");
	for (size_t i = 0; probed && i < probed->remarks.count; i++) {
		cw_buffer_text(out, "<p>");
		cw_markup_text(out, probed->remarks.items[i]);
		cw_buffer_text(out, "</p>");
	}
	cw_buffer_text(out, "</td>");
}

static void put_row(const struct columns *columns, const struct cw_link *link)
{
	const struct cw_link *seen;
	const struct cw_probed *probed = probed_of(columns, link, &seen);
	struct cw_buffer *out = columns->out;
	bool differs = seen && seen->verdict != link->verdict;
	cw_buffer_printf(out, "<tr%s><th scope=\"row\">%s</th><td>", differs ? " class=\"differs\"" : "",
		cw_link_kind_name(link->kind));
	cw_markup_text(out, link->id);
	cw_buffer_text(out, "</td>");
	word(out, "predicted", colour_of(link->verdict), cw_finding_verdict_name(link->verdict));
	if (columns->rehearsed)
		put_rehearsed(columns, link);
	enum cw_verdict verdict = seen ? seen->verdict : CW_VERDICT_UNKNOWN;
	word(out, "presented", colour_of(verdict), cw_finding_verdict_name(verdict));
	put_how(out, probed);
	cw_buffer_text(out, "</tr>\n");
}

static void section(const struct columns *columns)
{
	struct cw_buffer *out = columns->out;
	size_t reached = 0;
	for (size_t i = 0; i < columns->report->set->count; i++)
		reached += columns->report->set->items[i].reach == CW_PROBED_TLS;
	cw_buffer_text(out, "<section class=\"rehearsal\">\n<h2>Probe of ");
	cw_markup_text(out, columns->check->deployment->name);
	cw_buffer_printf(out,
		"</h2>\n<p class=\"summary\">%zu of %zu servers were reached from here. Presented is what each server "
		"shows now, judged as its clients do; predicted is what the files say.</p>\n<table>\n<thead><tr>"
		"<th>kind</th><th>link</th><th>predicted</th>%s<th>presented</th><th>how</th></tr></thead>\n<tbody>\n",
		reached, columns->report->set->count, columns->rehearsed ? "<th>rehearsed</th>" : "");
	for (size_t i = 0; i < columns->check->link_count; i++)
		put_row(columns, columns->check->links[i]);
	cw_buffer_text(out, "</tbody>\n</table>\n</section>\n");
}

static bool read_rehearsed(const char *path, json_t **ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	json_error_t place;
	if (!cw_file_read(path, REHEARSED_MAX, &text, error))
		return false;
	AUTO(json_decref) json_t *whole = json_loadb(cw_buffer_string(&text), text.length, 0, &place);
	json_t *links = json_object_get(whole, "links");
	if (!json_is_array(links) || !json_object_get(json_object_get(whole, "summary"), "not_rehearsable"))
		return cw_error_set(error, CW_E_FORMAT,
			"%s: wanted what `causeway rehearse -f json` writes, found %s", path,
			whole ? "other JSON" : place.text);
	*ret = json_incref(links);
	return true;
}

bool cw_probe_report_html(const struct cw_probe_report *report, const struct cw_check *check,
	const char *rehearsed, struct cw_buffer *ret, struct cw_error *error)
{
	AUTO(json_decref) json_t *links = NULL;
	if (rehearsed && !read_rehearsed(rehearsed, &links, error))
		return false;
	const struct columns columns = {report, check, links, ret};
	cw_report_html_begin(ret);
	if (!cw_report_html_people(check, ret, error))
		return false;
	section(&columns);
	if (!cw_report_html_rest(check, ret, error))
		return false;
	cw_report_html_end(ret);
	return cw_buffer_ok(ret, error);
}
