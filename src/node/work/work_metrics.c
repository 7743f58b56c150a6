/*
 * OpenMetrics of a running node: names and labels as "check -f openmetrics" has them, of the links that this node has. A link
 * keeps its lines when it is refused.
 */
#include "base/escape.h"
#include "node/node_accept.h"
#include "node/node_dial.h"
#include "node/node_effect.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/work/work_do.h"
#include "node/work/work_status.h"

#include <string.h>
#include <strings.h>

#define LINKS_MAX 512

struct metered {
	char link[330];
	int verdict; /* 0 pass, 2 unknown, 3 refused */
	char code[64];
	cw_time breaks; /* 0: no date is known */
};

struct metering {
	const struct cw_node_core *core;
	struct metered *rows;
	size_t count;
};

static const char *text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));
	return text ? text : "";
}

static int verdict_of(const char *state)
{
	if (strcmp(state, "Active") == 0 || strcmp(state, "On") == 0)
		return 0;
	return strcmp(state, "Checking") == 0 ? 2 : 3;
}

static void add_rows(struct metering *metering, const json_t *rows, const char *kind)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (metering->count == LINKS_MAX || !*text_of(row, "peer"))
			continue;
		struct metered *metered = &metering->rows[metering->count++];
		snprintf(metered->link, sizeof metered->link, "%s%s%.300s", kind, *kind ? " " : "",
			text_of(row, "peer"));
		metered->verdict = verdict_of(text_of(row, "state"));
		snprintf(metered->code, sizeof metered->code, "%.60s", text_of(row, "code"));
	}
}

/* The first date on which the other end's certificates, or the entries that carry them, run out. */
static cw_time first_end(const struct cw_node_live *live)
{
	cw_time first = 0;
	for (size_t i = 0; i < live->count; i++)
		if (!first || cw_cert_not_after(live->chain[i]) < first)
			first = cw_cert_not_after(live->chain[i]);
	return first;
}

static void on_live(void *context, const struct cw_node_live *live)
{
	struct metering *metering = context;
	char link[330];
	snprintf(link, sizeof link, "%s %.300s", cw_link_kind_name(live->kind), live->peer);
	for (size_t i = 0; i < metering->count; i++)
		if (strcasecmp(metering->rows[i].link, link) == 0)
			metering->rows[i].breaks = first_end(live);
}

static void label(struct cw_buffer *out, const char *name, const char *value)
{
	cw_buffer_printf(out, ",%s=\"", name);
	cw_escape(out, value, strlen(value), "\\\"");
	cw_buffer_char(out, '"');
}

static void begin(const struct metering *metering, const char *name, struct cw_buffer *out)
{
	const char *node = metering->core->snapshot->node->fqdn;
	cw_buffer_printf(out, "%s{deployment=\"", name);
	cw_escape(out, node, strlen(node), "\\\"");
	cw_buffer_char(out, '"');
}

static void write_verdicts(const struct metering *metering, struct cw_buffer *out)
{
	cw_buffer_text(out,
		"# TYPE causeway_link_verdict gauge\n"
		"# HELP causeway_link_verdict 0 pass, 1 warn, 2 unknown, 3 refused\n");
	for (size_t i = 0; i < metering->count; i++) {
		begin(metering, "causeway_link_verdict", out);
		label(out, "link", metering->rows[i].link);
		cw_buffer_printf(out, "} %d\n", metering->rows[i].verdict);
	}
	cw_buffer_text(out,
		"# TYPE causeway_link_reason gauge\n# HELP causeway_link_reason 1 for each finding that "
		"warns or refuses, by its code (causeway explain CODE)\n");
	for (size_t i = 0; i < metering->count; i++) {
		if (!*metering->rows[i].code)
			continue;
		begin(metering, "causeway_link_reason", out);
		label(out, "link", metering->rows[i].link);
		label(out, "code", metering->rows[i].code);
		label(out, "severity", "refused");
		cw_buffer_text(out, "} 1\n");
	}
}

static void write_breaks(const struct metering *metering, cw_time now, struct cw_buffer *out)
{
	cw_buffer_text(out,
		"# TYPE causeway_link_first_break_days gauge\n# UNIT causeway_link_first_break_days days\n"
		"# HELP causeway_link_first_break_days Days until the link's verdict gets worse; 0: refused "
		"now; +Inf: never\n");
	for (size_t i = 0; i < metering->count; i++) {
		const struct metered *metered = &metering->rows[i];
		begin(metering, "causeway_link_first_break_days", out);
		label(out, "link", metered->link);
		if (metered->verdict == 3)
			cw_buffer_text(out, "} 0\n");
		else if (!metered->breaks)
			cw_buffer_text(out, "} +Inf\n");
		else
			cw_buffer_printf(out, "} %.3f\n", (double)(metered->breaks - now) / (double)CW_DAY);
	}
}

static void write_node(const struct metering *metering, cw_time now, struct cw_buffer *out)
{
	const struct cw_node *node = metering->core->snapshot->node;
	cw_buffer_text(out,
		"# TYPE causeway_certificate_not_after_timestamp_seconds gauge\n"
		"# UNIT causeway_certificate_not_after_timestamp_seconds seconds\n"
		"# HELP causeway_certificate_not_after_timestamp_seconds Last second of a certificate that a "
		"box presents\n");
	for (unsigned i = 0; i < CW_IDENTITY_KIND_COUNT; i++) {
		if (!node->identities[i].leaf)
			continue;
		begin(metering, "causeway_certificate_not_after_timestamp_seconds", out);
		label(out, "node", node->fqdn);
		label(out, "identity", cw_node_identity_name((enum cw_identity_kind)i));
		cw_buffer_printf(out, "} %lld\n", (long long)cw_cert_not_after(node->identities[i].leaf));
	}
	cw_buffer_text(out, "# TYPE causeway_alarms gauge\n# HELP causeway_alarms Alarms that are raised\n");
	begin(metering, "causeway_alarms", out);
	cw_buffer_printf(out, "} %zu\n", metering->core->alarm_count);
	cw_buffer_text(out,
		"# TYPE causeway_checked_timestamp_seconds gauge\n"
		"# UNIT causeway_checked_timestamp_seconds seconds\n# HELP "
		"causeway_checked_timestamp_seconds As of when the deployment was judged\n");
	begin(metering, "causeway_checked_timestamp_seconds", out);
	cw_buffer_printf(out, "} %lld\n# EOF\n", (long long)now);
}

/* --- people's requests and sign-ins --- */

static size_t edge_count(const json_t *edge, const char *key)
{
	json_int_t count = json_integer_value(json_object_get(edge, key));
	return count > 0 ? (size_t)count : 0;
}

static void write_count(const struct metering *metering, const json_t *edge, const char *key,
	const char *name, struct cw_buffer *out)
{
	if (!json_object_get(edge, key))
		return;
	begin(metering, name, out);
	cw_buffer_printf(out, "} %zu\n", edge_count(edge, key));
}

static void write_statuses(const struct metering *metering, json_t *statuses, struct cw_buffer *out)
{
	const char *status;
	json_t *ignored;
	if (!statuses)
		return;
	cw_buffer_text(out,
		"# TYPE causeway_edge_requests counter\n# HELP causeway_edge_requests Requests of clients outside that were "
		"answered, by status\n");
	json_object_foreach(statuses, status, ignored)
	{
		begin(metering, "causeway_edge_requests_total", out);
		label(out, "status", status);
		cw_buffer_printf(out, "} %zu\n", edge_count(statuses, status));
	}
}

static void write_sign_ins(const struct metering *metering, const json_t *edge, struct cw_buffer *out)
{
	static const char *const results[][2] = {{"sign_ins", "good"}, {"sign_ins_refused", "refused"}};
	if (!json_object_get(edge, "sign_ins"))
		return;
	cw_buffer_text(out,
		"# TYPE causeway_edge_sign_ins counter\n# HELP causeway_edge_sign_ins Answers to get_edge_config with a "
		"password\n");
	for (size_t i = 0; i < sizeof results / sizeof *results; i++) {
		begin(metering, "causeway_edge_sign_ins_total", out);
		label(out, "result", results[i][1]);
		cw_buffer_printf(out, "} %zu\n", edge_count(edge, results[i][0]));
	}
}

static void write_edge(const struct metering *metering, const json_t *edge, struct cw_buffer *out)
{
	static const struct {
		const char *key, *name, *help;
	} gauges[] = {
		{"active", "causeway_edge_connections", "Connections of clients outside over HTTPS"},
		{"sessions", "causeway_edge_sessions",
			"Expressway-C: people who are signed in; Expressway-E: connections over SIP"},
		{"registrations", "causeway_edge_registrations",
			"Devices that are registered through this node"},
	};
	if (!edge)
		return;
	for (size_t i = 0; i < sizeof gauges / sizeof *gauges; i++) {
		if (!json_object_get(edge, gauges[i].key))
			continue;
		cw_buffer_printf(out, "# TYPE %s gauge\n# HELP %s %s\n", gauges[i].name, gauges[i].name,
			gauges[i].help);
		write_count(metering, edge, gauges[i].key, gauges[i].name, out);
	}
	write_statuses(metering, json_object_get(edge, "statuses"), out);
	write_sign_ins(metering, edge, out);
}

bool cw_work_do_metrics(struct cw_work_call *call)
{
	AUTO(json_decref) json_t *status = NULL;
	AUTO(free) struct metered *rows = calloc(LINKS_MAX, sizeof *rows);
	struct metering metering = {.core = call->core, .rows = rows};
	const struct cw_node_live_owner owner = {on_live, &metering};
	AUTO_BUFFER text = {0};
	cw_time now = cw_time_now();
	if (!rows)
		return cw_work_call_memory(call);
	if (!cw_work_status_read(call, &status))
		return false;
	add_rows(&metering, json_object_get(status, "zones"), cw_link_kind_name(CW_LINK_TRAVERSAL));
	add_rows(&metering, json_object_get(status, "tunnels"), cw_link_kind_name(CW_LINK_TUNNEL));
	add_rows(&metering, json_object_get(status, "services"), "");
	cw_node_dial_live(call->core, &owner);
	cw_node_accept_live(call->core, &owner);
	cw_node_reach_live(call->core, &owner);
	cw_node_ports_live(call->core, &owner);
	write_verdicts(&metering, &text);
	write_breaks(&metering, now, &text);
	write_edge(&metering, json_object_get(status, "edge"), &text);
	write_node(&metering, now, &text);
	if (text.failed)
		return cw_work_call_memory(call);
	cw_work_call_put(call, "text", cw_json_text(cw_buffer_string(&text)));
	return true;
}
