#include "labrun/lab_front_parts.h"

#include "config/node_file.h"
#include "plan/remedies.h"
#include "report/html/report_html.h"

#include <arpa/inet.h>
#include <string.h>

/* Dates pass while nothing changes. */
#define JUDGED_SECONDS 60

/* --- the check --- */

/* Where a node's pages and its HTTPS port are; what cannot be read stays as it was. */
static void read_ports(struct cw_lab_front *front)
{
	for (size_t i = 0; i < front->setup.folders->count; i++) {
		AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
		AUTO(cw_node_file_free) struct cw_node_file *file = NULL;
		AUTO_STRINGS problems = {0};
		if (!pool || !cw_node_file_load(front->setup.folders->items[i].path, pool, &file, &problems))
			continue;
		front->nodes[i].admin_port = ntohs(file->listen.admin.sin_port);
		front->nodes[i].https_port = ntohs(file->listen.https.sin_port);
	}
}

void cw_lab_front_judge(struct cw_lab_front *front)
{
	struct cw_lab_source source = {0};
	struct cw_check *check = NULL;
	struct cw_error error;
	AUTO_STRINGS problems = {0};
	const struct cw_check_options terms = {.at = cw_time_now()};
	if (front->check && cw_lab_source_look(&front->source) == front->source.files &&
		terms.at - front->judged < JUDGED_SECONDS)
		return;
	if (!cw_lab_source_load(front->setup.folder, &source, &problems))
		return;
	if (!cw_remedies_check(source.deployment, &terms, &check, &error)) {
		cw_lab_source_finish(&source);
		return;
	}
	cw_check_free(front->check);
	cw_lab_source_finish(&front->source);
	front->source = source;
	front->check = check;
	front->judged = terms.at;
	read_ports(front);
}

/* --- the nodes --- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static bool is_up(const json_t *row)
{
	const char *state = text_of(row, "state");
	return strcmp(state, "Active") == 0 || strcmp(state, "On") == 0;
}

/* Of several zones or tunnels the first that is not up; NULL: the node has none. */
static const json_t *telling_row(const json_t *status, const char *what)
{
	const json_t *rows = json_object_get(status, what);
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		if (!is_up(row))
			return row;
	}
	return json_array_get(rows, 0);
}

static void put_row(struct cw_json *json, json_t *ret, const json_t *row, const char *name)
{
	AUTO_BUFFER code = {0};
	cw_buffer_printf(&code, "%s_code", name);
	cw_json_put(json, ret, name, cw_json_text(row ? text_of(row, "state") : ""));
	cw_json_put(json, ret, cw_buffer_string(&code), cw_json_text(row ? text_of(row, "code") : ""));
}

static const char *state_of_node(const struct cw_lab_folder *folder, const struct cw_lab_front_node *node)
{
	if (*folder->trouble)
		return "cannot run";
	if (!node->running)
		return "does not run";
	return node->status ? "running" : "does not answer";
}

static json_t *node_json(const struct cw_lab_front *front, size_t place)
{
	const struct cw_lab_folder *folder = &front->setup.folders->items[place];
	const struct cw_lab_front_node *node = &front->nodes[place];
	bool cucm = folder->node->kind == CW_NODE_CUCM;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *row = json_object();
	AUTO_BUFFER address = {0};
	cw_buffer_printf(&address, "https://%s:%u/", folder->address, node->admin_port);
	cw_json_put(&json, row, "node", cw_json_text(folder->node->fqdn));
	cw_json_put(&json, row, "role", cw_json_text(cw_node_kind_name(folder->node->kind)));
	cw_json_put(&json, row, "address", cw_json_text(node->admin_port ? cw_buffer_string(&address) : ""));
	cw_json_put(&json, row, "state", cw_json_text(state_of_node(folder, node)));
	put_row(&json, row, telling_row(node->status, cucm ? "services" : "zones"), "zone");
	put_row(&json, row, telling_row(node->status, "tunnels"), "tunnel");
	cw_json_put(&json, row, "restarts", cw_json_count(node->restarts));
	cw_json_put(&json, row, "alarms",
		cw_json_count(json_array_size(json_object_get(node->status, "alarms"))));
	return json.failed ? NULL : TAKE(row);
}

json_t *cw_lab_front_nodes(const struct cw_lab_front *front)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < front->setup.folders->count; i++)
		cw_json_add(&json, rows, node_json(front, i));
	return json.failed ? NULL : TAKE(rows);
}

size_t cw_lab_front_place(const struct cw_lab_front *front, const char *fqdn)
{
	const struct cw_lab_folders *folders = front->setup.folders;
	size_t place = 0;
	while (place < folders->count && strcmp(folders->items[place].node->fqdn, fqdn) != 0)
		place++;
	return place;
}

/* --- the map --- */

/* The node that dials tells of the link: by the address that it dials, or by kind and address. */
static const json_t *row_of_link(const json_t *status, const struct cw_link *link)
{
	const char *what = "services";
	AUTO_BUFFER name = {0};
	size_t i;
	json_t *row;
	if (link->kind == CW_LINK_TRAVERSAL)
		what = "zones";
	else if (link->kind == CW_LINK_TUNNEL)
		what = "tunnels";
	else
		cw_buffer_printf(&name, "%s ", cw_link_kind_name(link->kind));
	cw_buffer_text(&name, link->address);
	json_array_foreach(json_object_get(status, what), i, row)
	{
		if (strcmp(text_of(row, "peer"), cw_buffer_string(&name)) == 0)
			return row;
	}
	return NULL;
}

/* A link that is up keeps what was judged of it, a warning say. */
static void see(void *context, const struct cw_link *link, enum cw_verdict *ret)
{
	const struct cw_lab_front *front = context;
	if (!link->client.node)
		return;
	size_t place = cw_lab_front_place(front, link->client.node->fqdn);
	if (place == front->setup.folders->count)
		return;
	if (!front->nodes[place].status) {
		*ret = CW_VERDICT_UNKNOWN;
		return;
	}
	const json_t *row = row_of_link(front->nodes[place].status, link);
	if (!row)
		return;
	if (is_up(row))
		*ret = link->verdict == CW_VERDICT_WARN ? CW_VERDICT_WARN : CW_VERDICT_PASS;
	else
		*ret = strcmp(text_of(row, "state"), "Checking") == 0 ? CW_VERDICT_UNKNOWN
								      : CW_VERDICT_REFUSED;
}

void cw_lab_front_map(struct cw_lab_front *front, struct cw_buffer *ret)
{
	const struct cw_map_live live = {see, front};
	struct cw_error ignored; /* the page is shown without its map */
	if (front->check)
		(void)!cw_report_html_map(front->check, &live, ret, &ignored);
}
