#include "check/usage.h"
#include "node/node_accept.h"
#include "node/node_dial.h"
#include "node/node_effect.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/work/work_apply.h"
#include "node/work/work_do.h"
#include "node/work/work_identity.h"
#include "node/work/work_json.h"
#include "pki/bundle/pem_write.h"
#include "workbench/list/list.h"
#include "workbench/list/list_report.h"

#include <string.h>
#include <strings.h>

struct served;

/* What the rows of one page share. */
struct page {
	struct cw_work_call *call;
	const struct cw_trust_list *list;
	enum cw_store_kind kind;
	struct cw_list items; /* the same as files; empty where they cannot be read */
	struct cw_usage_set usage;
	struct cw_strings wanted; /* SHA-256s that were asked for */
	cw_time now;
	bool full; /* every entry with PEM and text */
	struct served *served;
	size_t served_count;
};

static void page_finish(struct page *page)
{
	cw_list_finish(&page->items);
	cw_usage_set_finish(&page->usage);
	cw_strings_finish(&page->wanted);
	free(page->served);
}

#define AUTO_PAGE __attribute__((cleanup(page_finish))) struct page

/* --- who finds whom: a search stops at the first entry of a subject --- */

static void put_shadows(struct page *page, json_t *row, size_t place)
{
	const struct cw_trust_list *list = page->list;
	const struct cw_name *subject = cw_cert_subject(list->entries[place].cert);
	struct cw_json *json = &page->call->json;
	size_t first = cw_trust_list_search(list, subject, 0);
	json_t *shadows = json_array();
	bool shadowed = first < place && !cw_cert_same(list->entries[first].cert, list->entries[place].cert);
	for (size_t i = cw_trust_list_search(list, subject, place + 1); first == place && i < list->count;
		i = cw_trust_list_search(list, subject, i + 1))
		if (!cw_cert_same(list->entries[i].cert, list->entries[place].cert))
			cw_json_add(json, shadows, cw_json_count(i + 1));
	cw_json_put(json, row, "shadows", shadows);
	cw_json_put(json, row, "shadowed_by", shadowed ? cw_json_count(first + 1) : json_null());
}

/* --- which links a path through this entry carries, with what their other ends showed --- */

#define SERVED_MAX 512

struct served {
	char link[32], peer[260];
	struct cw_snapshot_path path;
};

struct looking {
	const struct cw_node_core *core;
	enum cw_store_kind store;
	struct served *rows;
	size_t count;
};

static const struct cw_zone *zone_of(const struct cw_snapshot *snapshot, const char *name)
{
	const struct cw_zone *zone = NULL;
	while (name && (zone = cw_node_file_next_zone(snapshot->file, snapshot->file->deployment, zone)))
		if (strcmp(zone->name, name) == 0)
			return zone;
	return NULL;
}

static const struct cw_link *link_of(const struct cw_snapshot *snapshot, const struct cw_node_live *live)
{
	const struct cw_zone *zone = zone_of(snapshot, live->zone);
	if (zone)
		return cw_snapshot_link(snapshot, live->kind, zone, live->by_server ? NULL : live->peer);
	if (live->by_server)
		return cw_snapshot_link_from(snapshot, live->kind, live->count ? live->chain[0] : NULL);
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind == live->kind && link->client.node == snapshot->node &&
			strcasecmp(link->address, live->peer) == 0)
			return link;
	}
	return NULL;
}

static void on_live(void *context, const struct cw_node_live *live)
{
	struct looking *looking = context;
	const struct cw_node_core *core = looking->core;
	const struct cw_link *link = link_of(core->snapshot, live);
	const struct cw_snapshot_evidence evidence = {
		.chain = live->chain, .count = live->count, .cache = core->cache, .now = cw_time_now()};
	struct cw_error ignored;
	if (!link || !live->count || live->refused || looking->count == SERVED_MAX)
		return;
	struct served *row = &looking->rows[looking->count];
	if (!cw_snapshot_ask_path(core->snapshot, link, &evidence, looking->store, &row->path, &ignored))
		return;
	snprintf(row->link, sizeof row->link, "%s", cw_link_kind_name(live->kind));
	snprintf(row->peer, sizeof row->peer, "%.255s", live->peer);
	looking->count++;
}

static void look_at_links(struct page *page, struct looking *looking)
{
	const struct cw_node_core *core = page->call->core;
	const struct cw_node_live_owner owner = {on_live, looking};
	*looking = (struct looking){.core = core, .store = page->kind, .rows = page->served};
	cw_node_dial_live(core, &owner);
	cw_node_accept_live(core, &owner);
	cw_node_reach_live(core, &owner);
	cw_node_ports_live(core, &owner);
	page->served_count = looking->count;
}

static bool carries(const struct served *served, const struct cw_cert *cert)
{
	for (size_t i = 0; i < served->path.count; i++)
		if (cw_cert_same(served->path.certs[i], cert))
			return true;
	return false;
}

static json_t *serves(const struct page *page, const struct cw_cert *cert)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *rows = json_array();
	for (size_t i = 0; i < page->served_count; i++) {
		if (!carries(&page->served[i], cert))
			continue;
		json_t *row = json_object();
		cw_json_put(&json, row, "link", cw_json_text(page->served[i].link));
		cw_json_put(&json, row, "peer", cw_json_text(page->served[i].peer));
		cw_json_add(&json, rows, row);
	}
	return json.failed ? NULL : TAKE(rows);
}

static const char *needed(const struct page *page, const struct cw_cert *cert)
{
	for (size_t i = 0; i < page->served_count; i++)
		if (carries(&page->served[i], cert))
			return "yes";
	switch (cw_usage_in(&page->usage, page->kind, cert)) {
	case CW_USED:
		return "yes";
	case CW_UNUSED:
		return "no";
	case CW_USAGE_UNKNOWN:
		break;
	}
	return "unknown";
}

static json_t *remarks_of(struct page *page, size_t place)
{
	AUTO_STRINGS remarks = {0};
	if (cw_list_certs(&page->items) == page->list->count &&
		!cw_list_report_remarks(&page->items, place + 1, page->now, &remarks))
		return NULL;
	return cw_json_texts(&remarks);
}

static json_t *entry_of(struct page *page, size_t place)
{
	const struct cw_cert *cert = page->list->entries[place].cert;
	struct cw_json *json = &page->call->json;
	bool full = page->full || cw_strings_contain(&page->wanted, cw_cert_sha256_text(cert));
	json_t *row = cw_work_json_cert(cert, page->now, full);
	cw_json_put(json, row, "position", cw_json_count(place + 1));
	put_shadows(page, row, place);
	cw_json_put(json, row, "serves", serves(page, cert));
	cw_json_put(json, row, "needed", cw_json_text(needed(page, cert)));
	cw_json_put(json, row, "remarks", remarks_of(page, place));
	return row;
}

static json_t *pem_of(const struct page *page)
{
	AUTO_BUFFER pem = {0};
	struct cw_error ignored;
	for (size_t i = 0; page->full && i < page->list->count; i++)
		if (!cw_pem_write_cert(&pem, page->list->entries[i].cert, &ignored))
			return NULL;
	return page->full ? cw_json_text(cw_buffer_string(&pem)) : json_null();
}

static void put_stores(struct cw_work_call *call)
{
	const struct cw_node *node = call->core->snapshot->node;
	json_t *stores = json_array();
	for (unsigned i = 0; i < CW_STORE_TRUST; i++)
		if (node->stores[i].state == CW_KNOWN)
			cw_json_add(&call->json, stores,
				cw_json_text(cw_work_identity_store_name((enum cw_store_kind)i)));
	cw_work_call_put(call, "stores", stores);
}

bool cw_work_do_trust(struct cw_work_call *call)
{
	const struct cw_snapshot *snapshot = call->core->snapshot;
	AUTO_PAGE page = {.call = call, .now = cw_time_now()};
	struct looking looking;
	struct cw_error ignored;
	bool given;
	if (!cw_work_identity_store(call, snapshot->node, &page.kind) ||
		!cw_work_call_texts(call, "sha256", &page.wanted, &given))
		return false;
	page.served = calloc(SERVED_MAX, sizeof *page.served);
	if (!page.served)
		return cw_work_call_memory(call);
	look_at_links(&page, &looking);
	page.list = &snapshot->node->stores[page.kind].list;
	page.full = page.list->count <= CW_NODE_WORK_LIST_FULL;
	AUTO_BUFFER word = {0};
	cw_buffer_printf(&word, "%s:%s", snapshot->node->fqdn, cw_node_store_name(page.kind));
	bool read = cw_list_open_store(
		snapshot->file->deployment, cw_buffer_string(&word), snapshot->pool, &page.items, &ignored);
	if (word.failed || (!read && ignored.code == CW_E_MEMORY) ||
		!cw_usage_set_find(snapshot->check, snapshot->node, NULL, &page.usage))
		return cw_work_call_memory(call);
	json_t *entries = json_array();
	for (size_t i = 0; i < page.list->count; i++)
		cw_json_add(&call->json, entries, entry_of(&page, i));
	cw_work_call_put(call, "store", cw_json_text(cw_work_identity_store_name(page.kind)));
	cw_work_call_put(call, "entries", entries);
	cw_work_call_put(call, "pem", pem_of(&page));
	put_stores(call);
	return true;
}
