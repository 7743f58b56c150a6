#include "config/deployment_write_parts.h"

#include <string.h>

#define DEFAULT_PORT 7001

static void write_port(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	if (zone->port == DEFAULT_PORT)
		return;
	cw_deployment_write_begin_line(writer, "port");
	cw_buffer_printf(writer->out, " %u", zone->port);
	cw_deployment_write_end_line(writer);
}

static void write_peers(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	AUTO_STRINGS peers = {0};
	for (size_t i = 0; i < zone->peer_count; i++)
		if (!cw_strings_add(&peers, zone->peers[i].address))
			writer->out->failed = true;
	cw_deployment_write_list(writer, "peers", &peers, cw_deployment_write_text);
}

static void write_credentials(struct cw_deployment_writer *writer, const struct cw_credentials *credentials)
{
	cw_deployment_write_pair(writer, "username", credentials->username);
	if (credentials->password_path)
		cw_deployment_write_pair(writer, "password-file", credentials->password_path);
	else
		cw_deployment_write_pair(writer, "password", credentials->password);
}

/* The zone that `traversal:` of both groups stands for, or NULL where it takes `zones:` to say it. */
const struct cw_zone *cw_deployment_write_short_zone(const struct cw_deployment *deployment)
{
	bool is_short = deployment->zone_count == 1 && strcmp(deployment->zones[0].name, "traversal") == 0 &&
		cw_deployment_write_count(deployment, CW_NODE_EXPRESSWAY_C) == 1 &&
		cw_deployment_write_count(deployment, CW_NODE_EXPRESSWAY_E) == 1;
	return is_short ? &deployment->zones[0] : NULL;
}

void cw_deployment_write_traversal(
	struct cw_deployment_writer *writer, const struct cw_zone *zone, const struct cw_group *group)
{
	bool has_keys = group->kind == CW_NODE_EXPRESSWAY_C || zone->tls_verify_name || zone->on_e.username ||
		zone->on_e.password;
	if (!has_keys)
		return;
	cw_deployment_write_begin_line(writer, "traversal");
	cw_deployment_write_end_line(writer);
	writer->indent += 2;
	if (group->kind == CW_NODE_EXPRESSWAY_C) {
		write_peers(writer, zone);
		write_port(writer, zone);
		write_credentials(writer, &zone->on_c);
	} else {
		cw_deployment_write_pair(writer, "tls-verify-name", zone->tls_verify_name);
		write_credentials(writer, &zone->on_e);
	}
	writer->indent -= 2;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* One zone of the long form, which has one user name and one password for both ends. */
static void write_zone(struct cw_deployment_writer *writer, const struct cw_zone *zone)
{
	writer->place = (struct cw_deployment_place){.zone = zone};
	writer->dash = true;
	cw_deployment_write_pair(writer, "name", zone->name);
	cw_deployment_write_pair(writer, "c", zone->c->name);
	cw_deployment_write_pair(writer, "e", zone->e->name);
	write_port(writer, zone);
	write_peers(writer, zone);
	cw_deployment_write_pair(writer, "tls-verify-name", zone->tls_verify_name);
	write_credentials(writer, &zone->on_c);
	if (!writer->unlike &&
		(!is_same(zone->on_c.username, zone->on_e.username) ||
			!is_same(zone->on_c.password, zone->on_e.password)))
		writer->unlike = zone;
}

/* Several groups of one kind need `zones:` even where there is none. */
void cw_deployment_write_zones(struct cw_deployment_writer *writer, const struct cw_deployment *deployment)
{
	if (cw_deployment_write_short_zone(deployment))
		return;
	bool several = cw_deployment_write_count(deployment, CW_NODE_EXPRESSWAY_C) > 1 ||
		cw_deployment_write_count(deployment, CW_NODE_EXPRESSWAY_E) > 1;
	if (!deployment->zone_count) {
		cw_buffer_text(writer->out, several ? "\nzones: []\n" : "");
		return;
	}
	cw_deployment_write_section(writer, "zones");
	writer->indent = 4;
	for (size_t i = 0; i < deployment->zone_count; i++)
		write_zone(writer, &deployment->zones[i]);
}
