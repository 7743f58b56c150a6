#include "lab/export/lab_export_parts.h"

#include "check/check.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * The lines of a diagnostic log: the process, the event and its values in quotes, some with blanks in them, and
 * the time twice. Fragments as "Configure and Troubleshoot Collaboration Edge (MRA) Certificates" shows them.
 */
struct lines {
	const struct cw_lab_export *job;
	const struct cw_node *node;
	struct cw_buffer *ret;
	unsigned number;
};

static void begin_line(struct lines *lines, const char *process)
{
	time_t at = (time_t)lines->job->at;
	struct tm utc;
	char text[40];
	gmtime_r(&at, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	cw_buffer_printf(lines->ret, "%s.%03u+00:00 %.*s %s: ", text, lines->number++ % 1000,
		(int)cw_lab_export_label(lines->node->fqdn), lines->node->fqdn, process);
}

static void end_line(struct lines *lines, unsigned level)
{
	time_t at = (time_t)lines->job->at;
	struct tm utc;
	char text[40];
	gmtime_r(&at, &utc);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
	cw_buffer_printf(
		lines->ret, " Level=\"%u\" UTCTime=\"%s,%03u\"\n", level, text, lines->number % 1000);
}

/* What OpenSSL says of a reason, in the judge's event (X509_verify_cert_error_string(3)). */
static const char *reason_of(enum cw_code code)
{
	static const struct {
		enum cw_code code;
		const char *text;
	} rows[] = {
		{CW_PEER_NAME_MISMATCH, "Peer's TLS certificate identity was unacceptable"},
		{CW_VERIFY_NAME_MISMATCH, "Peer's TLS certificate identity was unacceptable"},
		{CW_ADDRESS_IS_IP, "Peer's TLS certificate identity was unacceptable"},
		{CW_ISSUER_MISSING, "unable to get local issuer certificate"},
		{CW_SELF_SIGNED_UNTRUSTED, "self signed certificate"},
		{CW_EXPIRED, "certificate has expired"},
		{CW_NOT_YET_VALID, "certificate is not yet valid"},
		{CW_REVOKED, "certificate revoked"},
		{CW_CRL_MISSING, "unable to get certificate CRL"},
		{CW_CRL_EXPIRED, "CRL has expired"},
		{CW_SERVER_AUTH_MISSING, "unsupported certificate purpose"},
		{CW_CLIENT_AUTH_MISSING, "unsupported certificate purpose"},
		{CW_SIGNATURE_INVALID, "certificate signature failure"},
		{CW_ISSUER_SHADOWED, "certificate signature failure"},
		{CW_NOT_A_CA, "invalid CA certificate"},
		{CW_PATH_TOO_LONG, "path length constraint exceeded"},
		{CW_CRITICAL_EXTENSION, "unhandled critical extension"},
		{CW_NAME_CONSTRAINT, "permitted subtree violation"},
		{CW_KEY_USAGE_UNFIT, "unsupported certificate purpose"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].code == code)
			return rows[i].text;
	return "self signed certificate in certificate chain";
}

/* The alert that comes of it, as the other side's OpenSSL names it. */
static void put_alert(struct cw_buffer *ret, enum cw_code code)
{
	const char *name = cw_finding_row(code)->alert;
	cw_buffer_text(ret, name && strstr(name, "certificate") ? "sslv3 alert " : "tlsv1 alert ");
	for (const char *at = name ? name : "handshake_failure"; *at; at++)
		cw_buffer_char(ret, *at == '_' ? ' ' : *at);
}

/* The side that refuses logs why; the other one sees an alert. */
static void refused(
	struct lines *lines, const struct cw_link *link, const struct cw_complaint *complaint, unsigned port)
{
	char client[CW_LAB_EXPORT_ADDRESS_SIZE], server[CW_LAB_EXPORT_ADDRESS_SIZE];
	begin_line(lines, "tvcs");
	cw_buffer_printf(lines->ret,
		"Event=\"%s TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"%s\" Src-port=\"%u\"  "
		"Dst-ip=\"%s\" Dst-port=\"%u\" Detail=\"",
		link->server.node == lines->node ? "Inbound" : "Outbound",
		cw_lab_export_address(lines->job, link->client.node, client), port,
		cw_lab_export_address(lines->job, link->server.node, server), link->port);
	if (complaint->judge_node == lines->node)
		cw_buffer_text(lines->ret, reason_of(complaint->finding.code));
	else
		put_alert(lines->ret, complaint->finding.code);
	cw_buffer_printf(lines->ret, "\" Protocol=\"TLS\" Common-name=\"%s\"", link->address);
	end_line(lines, 1);
}

static void add_link(struct lines *lines, const struct cw_link *link, unsigned port)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (complaint->finding.severity == CW_SEVERITY_REFUSED && complaint->finding.reached &&
			complaint->finding.layer == CW_LAYER_TLS) {
			refused(lines, link, complaint, port);
			return;
		}
	}
}

bool cw_lab_export_log(const struct cw_lab_export *job, const struct cw_node *node, struct cw_buffer *ret)
{
	const struct cw_check *check = job->check;
	struct lines lines = {job, node, ret, 0};
	begin_line(&lines, "httpd[2145]");
	cw_buffer_text(ret,
		"web: Event=\"System Configuration Changed\" Node=\"clusterdb\" Detail=\"DEBUG_MARKER start\"");
	end_line(&lines, 1);
	begin_line(&lines, "tvcs");
	static const char *const modes[] = {"Permissive", "Enforcing"};
	bool on = node->group->cluster_tls_verify;
	cw_buffer_printf(ret, "xconfiguration clusterConfiguration tls_verify - changed from: %s to: %s",
		modes[!on], modes[on]);
	end_line(&lines, 1);
	for (size_t i = 0; i < check->link_count; i++)
		if (check->links[i]->client.node == node || check->links[i]->server.node == node)
			add_link(&lines, check->links[i], CW_LAB_EXPORT_PORT(i));
	return cw_buffer_ok(ret, job->error);
}
