#include "report/html/horizon_html.h"

#include "check/service.h"
#include "report/horizon_report.h"
#include "report/html/report_html.h"
#include "report/markup.h"

#define LINKS_SHOWN 8

static const char *state_class(const struct cw_horizon_break *found)
{
	const char *worst = "warn";
	for (size_t i = 0; i < found->service_count; i++)
		if (found->services[i].after == CW_SERVICE_DEAD)
			worst = "refused";
	return worst;
}

static void services(struct cw_buffer *ret, const struct cw_horizon_break *found)
{
	for (size_t i = 0; i < found->service_count; i++) {
		const struct cw_horizon_service *service = &found->services[i];
		cw_buffer_text(ret, "<p>");
		cw_markup_printf(ret, "Sign-in with %s for %s: %s, then ", service->endpoint->name,
			service->domain->name, cw_service_state_name(service->before));
		cw_buffer_printf(ret, "<b class=\"%s\">%s</b></p>\n",
			service->after == CW_SERVICE_DEAD ? "bad" : "warn",
			cw_service_state_name(service->after));
	}
}

static void causes(struct cw_buffer *ret, const struct cw_horizon_break *found)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_buffer_text(ret, "<ol>\n");
	for (size_t i = 0; i < found->cause_count; i++) {
		const struct cw_horizon_cause *cause = &found->causes[i];
		AUTO_BUFFER todo = {0};
		cw_horizon_report_todo(&todo, cause);
		ret->failed |= todo.failed;
		cw_buffer_text(ret, "<li>");
		cw_markup_printf(ret, "The %s%s of %s (%s) ends on %s: ", cause->store,
			cause->cert ? " certificate" : "", cause->node, cause->subject,
			cw_time_format(found->at - 1, date));
		cw_markup_text(ret, cw_buffer_string(&todo));
		if (cause->cert)
			cw_buffer_printf(ret,
				"<details class=\"more\"><summary>SHA-256</summary><code>%s</code></details>",
				cw_cert_sha256_text(cause->cert));
		cw_buffer_text(ret, "</li>\n");
	}
	cw_buffer_text(ret, "</ol>\n");
}

static void links(struct cw_buffer *ret, const struct cw_strings *links)
{
	bool many = links->count > LINKS_SHOWN;
	cw_buffer_printf(ret,
		many ? "<details class=\"more\"><summary>%zu links</summary><ul>\n" : "<ul class=\"more\">\n",
		links->count);
	for (size_t i = 0; i < links->count; i++) {
		cw_buffer_text(ret, "<li>");
		cw_markup_text(ret, links->items[i]);
		cw_buffer_text(ret, "</li>\n");
	}
	cw_buffer_text(ret, many ? "</ul></details>\n" : "</ul>\n");
}

static void tell_break(struct cw_buffer *ret, const struct cw_horizon_break *found, cw_time now)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret, "<article class=\"cause card %s\"><h3>%s, in %lld days: %zu %s</h3>\n",
		state_class(found), cw_time_format_date(found->at, date),
		(long long)((found->at - now) / CW_DAY), found->links.count,
		found->links.count == 1 ? "link breaks" : "links break");
	services(ret, found);
	causes(ret, found);
	links(ret, &found->links);
	cw_buffer_text(ret, "</article>\n");
}

static void tell_all(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_horizon *horizon)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_time_format_date(horizon->at, date);
	cw_buffer_text(ret, "<article class=\"deployment\">\n<header class=\"top\"><h1>");
	cw_markup_text(ret, deployment->name);
	cw_buffer_text(ret, "</h1></header>\n");
	if (horizon->refused_now)
		cw_buffer_printf(ret,
			"<section class=\"services\"><h2>Refused already</h2><ul><li class=\"refused\"><div><p>As of "
			"%s, %zu link%s; causeway check says why, and what repairs it.</p></div></li></ul></section>\n",
			date, horizon->refused_now, horizon->refused_now == 1 ? "" : "s");
	cw_buffer_printf(
		ret, "<section class=\"horizon\"><h2>If nobody does anything, from %s on</h2>\n", date);
	for (size_t i = 0; i < horizon->count; i++)
		tell_break(ret, &horizon->breaks[i], horizon->at);
	if (!horizon->count)
		cw_buffer_text(
			ret, "<p>No link ever breaks by a date: nothing that a link rests on ends.</p>\n");
	if (horizon->cut)
		cw_buffer_printf(
			ret, "<p>Only the first %d dates were looked at.</p>\n", CW_HORIZON_DATES_MAX);
	cw_buffer_text(ret, "</section>\n</article>\n");
}

bool cw_horizon_html(const struct cw_deployment *deployment, const struct cw_horizon *horizon,
	struct cw_buffer *ret, struct cw_error *error)
{
	cw_report_html_begin(ret);
	tell_all(ret, deployment, horizon);
	cw_report_html_end(ret);
	return cw_buffer_ok(ret, error);
}
