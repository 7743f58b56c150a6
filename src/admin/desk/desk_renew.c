#include "admin/desk/desk_parts.h"

static void put_renew_form(struct cw_desk_page *page)
{
	static const char *const identities[] = {"server", "client", "tomcat", "callmanager"};
	struct cw_html *html = &page->html;
	cw_html_element(html, "p", NULL,
		"Drop the new certificate here, with the CAs that its CA sent along, or none where it is not issued yet: "
		"what changes, and the order in which nobody is cut off.");
	cw_desk_page_form(page, "/renew", true);
	cw_desk_page_input(page, "text", "box", "Box (its FQDN in the deployment)");
	cw_html_open(html, "p");
	cw_html_open(html, "label");
	cw_html_element(html, "span", NULL, "Which certificate");
	cw_html_open(html, "select");
	cw_html_attribute(html, "name", "identity");
	for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
		cw_html_open(html, "option");
		cw_html_text(html, identities[i]);
		cw_html_close(html, "option");
	}
	cw_html_close(html, "select");
	cw_html_close(html, "label");
	cw_html_close(html, "p");
	cw_desk_page_input(page, "file", "file", "New certificate (PEM, or a PKCS#7 bundle)");
	cw_desk_page_button(page, "What would it do?");
	cw_html_close(html, "form");
}

void cw_desk_renew_page(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_page page = {0};
	cw_desk_page_begin(
		&page, cw_desk_visitor(context, exchange), CW_DESK_STEP_RENEW, "A new certificate");
	put_renew_form(&page);
	cw_desk_page_end(&page, exchange);
}

static void show_renewal(struct cw_desk_job *job)
{
	struct cw_desk_page page = {0};
	struct cw_html *html = &page.html;
	const struct cw_desk_part *parts = &job->parts[job->asked - 2]; /* the last two */
	cw_desk_page_begin(&page, job->visitor, CW_DESK_STEP_RENEW, "A new certificate");
	cw_html_element(html, "h2", NULL, "The order without a break");
	cw_desk_page_trouble(&page, &parts[0]);
	cw_desk_page_text(&page, cw_buffer_string(&parts[0].out));
	if (parts[1].out.length) {
		cw_html_element(html, "h2", NULL, "If it were installed now, and nothing else done");
		cw_desk_page_text(&page, cw_buffer_string(&parts[1].out));
	}
	put_renew_form(&page);
	cw_desk_page_end(&page, job->exchange);
}

void cw_desk_renew_try(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_web_form *form = cw_web_exchange_form(exchange);
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, show_renewal);
	AUTO_BUFFER change = {0}, content = {0};
	struct cw_http_text file = {0};
	if (!job)
		return;
	bool given = cw_web_form_find(form, "file", 0, &file) && file.length;
	cw_buffer_printf(&change, "%s:%s=%s", cw_web_form_value(form, "box"),
		cw_web_form_value(form, "identity"), given ? "new/certificate" : "?");
	if (given) {
		cw_buffer_append(&content, file.at, file.length);
		cw_desk_job_ask(job, CW_DESK_FRAME_PUT, "new/certificate", &content);
	}
	const char *words = cw_buffer_string(&change);
	cw_desk_job_run(job, (const char *const[]){"renew", CW_DESK_SITE, "--cert", words, NULL});
	if (given)
		cw_desk_job_run(job, (const char *const[]){"whatif", CW_DESK_SITE, "--cert", words, NULL});
	else
		cw_desk_job_ask(job, CW_DESK_FRAME_LIST, "uploads", NULL);
	cw_desk_job_begin(job);
}
