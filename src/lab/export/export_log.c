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

static bool is_name_fault(enum cw_code code)
{
	return code == CW_PEER_NAME_MISMATCH || code == CW_VERIFY_NAME_MISMATCH || code == CW_ADDRESS_IS_IP;
}

/* The side that refuses logs why; the other one sees an alert. */
static void refused(struct lines *lines, const struct cw_link *link, const struct cw_complaint *complaint)
{
	bool judge = complaint->judge_node == lines->node;
	bool server = link->server.node == lines->node;
	const char *detail = "sslv3 alert certificate unknown";
	if (judge && is_name_fault(complaint->finding.code))
		detail = "Peer's TLS certificate identity was unacceptable";
	else if (judge)
		detail = "self signed certificate in certificate chain";
	begin_line(lines, "tvcs");
	cw_buffer_printf(lines->ret,
		"Event=\"%s TLS Negotiation Error\" Service=\"SIP\" Src-ip=\"198.51.100.1\" Src-port=\"25001\"  "
		"Dst-ip=\"198.51.100.2\" Dst-port=\"%u\" Detail=\"%s\" Protocol=\"TLS\" Common-name=\"%s\"",
		server ? "Inbound" : "Outbound", link->port, detail, link->address);
	end_line(lines, 1);
}

static void add_link(struct lines *lines, const struct cw_link *link)
{
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if (complaint->finding.severity == CW_SEVERITY_REFUSED && complaint->finding.reached &&
			complaint->finding.layer == CW_LAYER_TLS) {
			refused(lines, link, complaint);
			return;
		}
	}
}

bool cw_lab_export_log(const struct cw_lab_export *job, const struct cw_node *node, struct cw_buffer *ret)
{
	AUTO(cw_check_free) struct cw_check *check = NULL;
	struct lines lines = {job, node, ret, 0};
	if (!cw_lab_export_check(job, &check))
		return false;
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
			add_link(&lines, check->links[i]);
	return cw_buffer_ok(ret, job->error);
}
