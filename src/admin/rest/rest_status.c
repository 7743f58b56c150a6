/*
 * What is no JSON: xStatus as XML (Expressway administrator guide, xStatus), and OpenMetrics.
 */
#include "admin/rest/rest_parts.h"

#include <string.h>

/* --- xStatus --- */

/* Texts of a node may hold anything; XML 1.0 has no way to say a control character. */
static void put_text(struct cw_buffer *out, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (*c == '<')
			cw_buffer_text(out, "&lt;");
		else if (*c == '>')
			cw_buffer_text(out, "&gt;");
		else if (*c == '&')
			cw_buffer_text(out, "&amp;");
		else if (*c == '"')
			cw_buffer_text(out, "&quot;");
		else
			cw_buffer_char(out, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
	}
}

static void put(struct cw_buffer *out, int depth, const char *name, const char *text)
{
	cw_buffer_printf(out, "%*s<%s item=\"1\">", depth * 2, "", name);
	put_text(out, text ? text : "");
	cw_buffer_printf(out, "</%s>\n", name);
}

static void open_row(struct cw_buffer *out, int depth, const char *name, size_t number)
{
	cw_buffer_printf(out, "%*s<%s item=\"%zu\">\n", depth * 2, "", name, number);
}

static void close_row(struct cw_buffer *out, int depth, const char *name)
{
	cw_buffer_printf(out, "%*s</%s>\n", depth * 2, "", name);
}

/* The host name is the first label: its domain is another setting. */
static void put_system(struct cw_buffer *out, const json_t *said)
{
	const char *node = cw_rest_parts_text(said, "node");
	char host[256] = "";
	if (node)
		snprintf(host, sizeof host, "%.*s", (int)strcspn(node, "."), node);
	open_row(out, 1, "SystemUnit", 1);
	put(out, 2, "Product", "TANDBERG VCS");
	put(out, 2, "Hostname", host);
	open_row(out, 2, "Software", 1);
	put(out, 3, "Version", cw_rest_parts_text(said, "release"));
	put(out, 3, "Name", "Release Key");
	close_row(out, 2, "Software");
	close_row(out, 1, "SystemUnit");
}

static void put_zones(struct cw_buffer *out, const json_t *said)
{
	size_t i;
	json_t *zone;
	open_row(out, 1, "Zones", 1);
	json_array_foreach(json_object_get(said, "zones"), i, zone)
	{
		open_row(out, 2, "Zone", i + 1);
		put(out, 3, "Name", cw_rest_parts_text(zone, "zone"));
		put(out, 3, "Status", cw_rest_parts_text(zone, "state"));
		put(out, 3, "Cause", cw_rest_parts_text(zone, "reason"));
		open_row(out, 3, "Peer", 1);
		open_row(out, 4, "SIP", 1);
		put(out, 5, "Status", cw_rest_parts_text(zone, "state"));
		put(out, 5, "Address", cw_rest_parts_text(zone, "peer"));
		put(out, 5, "LastStatusChange", cw_rest_parts_text(zone, "since"));
		close_row(out, 4, "SIP");
		close_row(out, 3, "Peer");
		close_row(out, 2, "Zone");
	}
	close_row(out, 1, "Zones");
}

static void put_tunnels(struct cw_buffer *out, const json_t *said)
{
	size_t i;
	json_t *tunnel;
	open_row(out, 1, "Tunnels", 1);
	json_array_foreach(json_object_get(said, "tunnels"), i, tunnel)
	{
		open_row(out, 2, "Tunnel", i + 1);
		put(out, 3, "Peer", cw_rest_parts_text(tunnel, "peer"));
		put(out, 3, "Status", cw_rest_parts_text(tunnel, "state"));
		put(out, 3, "Reason", cw_rest_parts_text(tunnel, "reason"));
		close_row(out, 2, "Tunnel");
	}
	close_row(out, 1, "Tunnels");
}

static void put_warnings(struct cw_buffer *out, const json_t *said)
{
	size_t i;
	json_t *alarm;
	open_row(out, 1, "Warnings", 1);
	json_array_foreach(json_object_get(said, "alarms"), i, alarm)
	{
		open_row(out, 2, "Warning", i + 1);
		put(out, 3, "ID", cw_rest_parts_text(alarm, "number"));
		put(out, 3, "Reason", cw_rest_parts_text(alarm, "text"));
		put(out, 3, "State", "Unacknowledged");
		close_row(out, 2, "Warning");
	}
	close_row(out, 1, "Warnings");
}

static json_t *give_status(struct cw_rest_giving *giving)
{
	struct cw_buffer *out = &giving->reply->body;
	const char *release = cw_rest_parts_text(giving->said, "release");
	if (cw_rest_parts_is(giving, "cucm"))
		return cw_rest_parts_none(giving);
	cw_buffer_text(out,
		"<?xml version=\"1.0\"?>\n<Status xmlns=\"http://www.tandberg.no/XML/CUIL/1.0\" "
		"product=\"TANDBERG VCS\" version=\"");
	put_text(out, release ? release : "");
	cw_buffer_text(out, "\">\n");
	put_system(out, giving->said);
	put_zones(out, giving->said);
	put_tunnels(out, giving->said);
	put_warnings(out, giving->said);
	return cw_rest_parts_plain(giving, "text/xml", "</Status>\n");
}

/* --- OpenMetrics: the core writes it (operation metrics) --- */

static json_t *give_metrics(struct cw_rest_giving *giving)
{
	return cw_rest_parts_plain(giving, "application/openmetrics-text; version=1.0.0; charset=utf-8",
		cw_rest_parts_text(giving->said, "text"));
}

const struct cw_rest_row cw_rest_root_rows[] = {
	{"GET", "/status.xml", "overview", NULL, give_status, false, "xStatus as XML"},
	{"GET", "/metrics", "metrics", NULL, give_metrics, false, "OpenMetrics"},
};
const size_t cw_rest_root_count = sizeof cw_rest_root_rows / sizeof *cw_rest_root_rows;
