#include "report/observed/probe_report.h"

#include "base/escape.h"
#include "pki/alert.h"
#include "report/text/layout.h"

#include <string.h>

#define INDENT "   "
#define CA_NAMES_SHOWN 5

static void foreign(struct cw_buffer *ret, const char *text)
{
	cw_escape(ret, text, strlen(text), "");
}

static void wrapped(struct cw_buffer *ret, const struct cw_buffer *line)
{
	cw_layout_flow(ret, INDENT, strlen(INDENT) + 2, cw_buffer_string(line));
	ret->failed |= line->failed;
}

static void title(struct cw_buffer *ret, const struct cw_probed *probed)
{
	AUTO_BUFFER line = {0};
	cw_buffer_text(&line, CW_MARK_BOLD);
	foreign(&line, probed->host);
	cw_buffer_printf(&line, ":%u" CW_MARK_END, probed->port);
	if (*probed->address && strcmp(probed->address, probed->host) != 0)
		cw_buffer_printf(&line, " (%s)", probed->address);
	if (*probed->from)
		cw_buffer_printf(&line, " from %s", probed->from);
	if (probed->reach == CW_PROBED_TLS)
		cw_buffer_printf(&line, ", %s, %u ms", probed->version, probed->milliseconds);
	if (probed->with_1_3 && probed->versions_tried)
		cw_buffer_text(&line, probed->with_1_2 ? ", TLSv1.2 as well" : ", not with TLSv1.2");
	cw_layout_flow(ret, "", 2, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void not_reached(struct cw_buffer *ret, const struct cw_probed *probed)
{
	AUTO_BUFFER line = {0};
	if (probed->reach == CW_PROBED_SSH) {
		cw_buffer_text(&line, "an SSH server: ");
		foreign(&line, probed->said ? probed->said : "");
		wrapped(ret, &line);
		return;
	}
	cw_buffer_printf(&line, CW_MARK_UNKNOWN "unknown" CW_MARK_END ": %s: ",
		probed->reach == CW_PROBED_NO_TLS ? "no TLS came about" : "not reached from here");
	foreign(&line, probed->reason);
	wrapped(ret, &line);
}

static void sent(struct cw_buffer *ret, const struct cw_probed *probed)
{
	char until[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(ret, INDENT "sends %zu certificate%s\n", probed->chain_count,
		probed->chain_count == 1 ? "" : "s");
	for (size_t i = 0; i < probed->chain_count; i++) {
		const struct cw_cert *cert = probed->chain[i];
		AUTO_BUFFER line = {0};
		cw_buffer_printf(&line, "%zu. ", i + 1);
		foreign(&line, cw_cert_subject_text(cert));
		cw_buffer_text(&line, "; issued by ");
		foreign(&line, cw_cert_issuer_text(cert));
		cw_buffer_printf(&line, "; until %s; SHA-256 %.16s...",
			cw_time_format_date(cw_cert_not_after(cert), until), cw_cert_sha256_text(cert));
		cw_layout_flow(ret, INDENT INDENT, strlen(INDENT) * 3, cw_buffer_string(&line));
		ret->failed |= line.failed;
	}
}

static void asked(struct cw_buffer *ret, const struct cw_probed *probed)
{
	char alert[CW_ALERT_TEXT_SIZE];
	AUTO_BUFFER line = {0};
	if (!probed->asks) {
		cw_buffer_text(ret, INDENT "asks for no client certificate\n");
		return;
	}
	cw_buffer_text(&line, "asks for a client certificate");
	if (!probed->ca_names.count)
		cw_buffer_text(&line, " of any CA");
	for (size_t i = 0; i < probed->ca_names.count && i < CA_NAMES_SHOWN; i++) {
		cw_buffer_text(&line, i ? "; " : " of ");
		foreign(&line, probed->ca_names.items[i]);
	}
	if (probed->ca_names.count > CA_NAMES_SHOWN)
		cw_buffer_printf(&line, "; and %zu more", probed->ca_names.count - CA_NAMES_SHOWN);
	if (probed->alert >= 0)
		cw_buffer_printf(
			&line, "; without one it refuses: alert %s", cw_alert_text(probed->alert, alert));
	else
		cw_buffer_text(&line, "; without one it goes on");
	wrapped(ret, &line);
}

static void finding(struct cw_buffer *ret, const struct cw_finding *finding)
{
	AUTO_BUFFER line = {0};
	cw_finding_line(&line, finding, NULL);
	cw_layout_flow(ret, INDENT INDENT, strlen(INDENT) * 3, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void verdict_words(struct cw_buffer *ret, enum cw_verdict verdict)
{
	cw_buffer_printf(
		ret, "%s%s" CW_MARK_END, cw_layout_verdict_mark(verdict), cw_finding_verdict_name(verdict));
}

static void on_links(struct cw_buffer *ret, const struct cw_probed *probed)
{
	for (size_t i = 0; i < probed->link_count; i++) {
		const struct cw_probed_link *link = &probed->links[i];
		AUTO_BUFFER line = {0};
		cw_buffer_text(&line, link->link->id);
		cw_buffer_text(&line, ": what was presented is ");
		verdict_words(&line, link->seen->verdict);
		cw_buffer_text(&line, "; by the files ");
		verdict_words(&line, link->link->verdict);
		wrapped(ret, &line);
		for (size_t k = 0; k < link->seen->complaints.count; k++)
			finding(ret, &link->seen->complaints.items[k].finding);
	}
}

static void judged(
	struct cw_buffer *ret, const struct cw_probe_report *report, const struct cw_probed *probed)
{
	AUTO_BUFFER line = {0};
	if (report->deployment) {
		on_links(ret, probed);
		return;
	}
	if (!probed->judged) {
		cw_buffer_text(&line,
			CW_MARK_UNKNOWN "unknown" CW_MARK_END ": there is no list to judge by (--trust)");
		wrapped(ret, &line);
		return;
	}
	verdict_words(&line, probed->verdict);
	cw_buffer_printf(&line, ", judged as %s does", report->role->client);
	wrapped(ret, &line);
	for (size_t i = 0; i < probed->findings.count; i++)
		finding(ret, &probed->findings.items[i]);
}

static void remarks(struct cw_buffer *ret, const struct cw_probed *probed)
{
	for (size_t i = 0; i < probed->remarks.count; i++) {
		AUTO_BUFFER line = {0};
		foreign(&line, probed->remarks.items[i]);
		wrapped(ret, &line);
	}
}

static void server(
	struct cw_buffer *ret, const struct cw_probe_report *report, const struct cw_probed *probed)
{
	title(ret, probed);
	if (probed->reach != CW_PROBED_TLS) {
		not_reached(ret, probed);
		cw_buffer_char(ret, '\n');
		return;
	}
	sent(ret, probed);
	asked(ret, probed);
	if (probed->said) {
		AUTO_BUFFER line = {0};
		cw_buffer_text(&line, "answers OPTIONS: ");
		foreign(&line, probed->said);
		wrapped(ret, &line);
	}
	if (probed->file == CW_PROBED_FILE_SAME)
		cw_buffer_text(ret, INDENT "presents the certificate of the deployment's file\n");
	remarks(ret, probed);
	judged(ret, report, probed);
	cw_buffer_char(ret, '\n');
}

bool cw_probe_report_text(const struct cw_probe_report *report, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	size_t counts[CW_VERDICT_REFUSED + 1] = {0};
	for (size_t i = 0; i < report->set->count; i++) {
		server(&text, report, &report->set->items[i]);
		counts[cw_probe_report_verdict(&report->set->items[i])]++;
	}
	cw_buffer_printf(&text, "%zu server%s: %zu pass, %zu warn, %zu unknown, %zu refused\n",
		report->set->count, report->set->count == 1 ? "" : "s", counts[CW_VERDICT_PASS],
		counts[CW_VERDICT_WARN], counts[CW_VERDICT_UNKNOWN], counts[CW_VERDICT_REFUSED]);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_layout_render(&text, look, ret);
	return cw_buffer_ok(ret, error);
}
