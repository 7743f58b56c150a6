#include "node/node_dial_parts.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/edge/edge_core.h"
#include "report/json.h"
#include "traversal/tunnel_key.h"

#include <string.h>

static void on_changed(void *context, const struct cw_tunnel_status *status)
{
	struct cw_node_dial *dial = context;
	dial->tunnel_since = cw_time_now();
	const struct cw_node_state now = {
		"tunnel to", dial->address, cw_tunnel_status_name(status->state), "", status->text};
	cw_node_core_state(dial->core, &now);
	cw_node_core_changed(dial->core);
}

static void on_told(void *context, const char *text)
{
	struct cw_node_dial *dial = context;
	cw_node_core_say(dial->core, "tunnel to %s: %s", dial->address, text);
}

static void on_stream(void *context, evutil_socket_t socket)
{
	const struct cw_node_dial *dial = context;
	cw_edge_core_stream(dial->core, dial->address, socket);
}

/* The key of what this node presents to Expressway-E. */
static EVP_PKEY *own_key(const struct cw_link *link)
{
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(link);
	if (!cw_presented_identity(&ends, false, &kind))
		return NULL;
	return link->client.node->identities[kind].private_key;
}

static bool open_client(struct cw_node_dial *dial, EVP_PKEY *key, struct cw_error *error)
{
	struct cw_node_core *core = dial->core;
	char folder[CW_TUNNEL_FOLDER_MAX];
	if (*core->account_trouble)
		return cw_error_set(error, CW_E_USAGE, "%s", core->account_trouble);
	int length = snprintf(folder, sizeof folder, "%s/run/c%u", core->folder.path, dial->place);
	if (length < 0 || (size_t)length >= sizeof folder)
		return cw_error_set(
			error, CW_E_USAGE, "%s: the path is too long for tunnels", core->folder.path);
	const struct cw_tunnel_client_setup setup = {.base = core->base,
		.folder = folder,
		.account = &core->account,
		.from = core->snapshot->file->listen.from,
		.key = key,
		.algorithms = cw_tunnel_key_allowed(core->snapshot->node->group),
		.owner = {on_changed, on_stream, on_told, dial}};
	if (!cw_tunnel_client_open(&setup, &dial->tunnel, error))
		return false;
	EVP_PKEY_up_ref(key);
	EVP_PKEY_free(dial->tunnel_key);
	dial->tunnel_key = key;
	dial->tunnel_algorithms = setup.algorithms;
	return true;
}

/* With another key than before it is another client. */
static bool ready(struct cw_node_dial *dial, const struct cw_link *link, struct cw_error *error)
{
	EVP_PKEY *key = own_key(link);
	if (!key)
		return cw_error_set(
			error, CW_E_KEY, "the certificate that this node presents has no key here");
	if (dial->tunnel && EVP_PKEY_eq(dial->tunnel_key, key) != 1) {
		cw_tunnel_client_free(dial->tunnel);
		dial->tunnel = NULL;
	}
	return dial->tunnel || open_client(dial, key, error);
}

static bool begin(struct cw_node_dial *dial, const struct cw_link *link, struct cw_error *error)
{
	const struct cw_node_document *way = &dial->theirs_document;
	if (!ready(dial, link, error))
		return false;
	const struct cw_tunnel_target target = {
		.to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)way->port), .sin_addr = dial->at},
		.login = way->login,
		.key = X509_get0_pubkey(cw_cert_x509(dial->chain[0])),
		.listen = way->listen,
		.secret = way->secret};
	return cw_tunnel_client_allow(dial->tunnel, &target, error);
}

void cw_node_dial_renew_tunnel(struct cw_node_dial *dial)
{
	if (!dial->tunnel ||
		dial->tunnel_algorithms == cw_tunnel_key_allowed(dial->core->snapshot->node->group))
		return;
	cw_tunnel_client_free(dial->tunnel);
	dial->tunnel = NULL;
}

void cw_node_dial_tunnel_down(struct cw_node_dial *dial, const char *why)
{
	if (dial->tunnel && cw_tunnel_client_status(dial->tunnel)->state != CW_TUNNEL_OFF)
		cw_tunnel_client_refuse(dial->tunnel, why);
}

static void tell_refused(struct cw_node_dial *dial, const struct cw_snapshot_answer *answer)
{
	const char *label = cw_cert_label(dial->chain[0]);
	cw_node_core_say(dial->core, "tunnel to %s: refused by this node: %s: %s", dial->address,
		answer->code, answer->detail);
	cw_node_history_refused(dial->core->history, "tunnel", label, answer->code, answer->detail);
}

void cw_node_dial_tunnel(struct cw_node_dial *dial)
{
	const struct cw_link *link = cw_node_dial_link(dial, CW_LINK_TUNNEL);
	char why[CW_TUNNEL_TEXT_MAX];
	struct cw_error error;
	if (!link || dial->status.state != CW_ZONE_ACTIVE || !dial->chain_count)
		return;
	const struct cw_snapshot_answer before = dial->tunnel_answer;
	cw_node_dial_ask(dial, CW_LINK_TUNNEL, &dial->tunnel_answer);
	const struct cw_snapshot_answer *answer = &dial->tunnel_answer;
	if (answer->refuses && (!before.refuses || strcmp(before.detail, answer->detail) != 0))
		tell_refused(dial, answer);
	if (answer->refuses) {
		snprintf(why, sizeof why, "%s: %s", answer->code, answer->detail);
		cw_node_dial_tunnel_down(dial, why);
	} else if (dial->theirs_document.tunnel && !dial->theirs_document.passes) {
		snprintf(why, sizeof why, "refused by %s: %s: %s", dial->address, dial->theirs_document.code,
			dial->theirs_document.detail);
		cw_node_dial_tunnel_down(dial, why);
	} else if (*dial->theirs_document.login && !begin(dial, link, &error)) {
		cw_node_core_say(
			dial->core, "tunnel to %s: cannot be dialled: %s", dial->address, error.message);
		snprintf(dial->tunnel_answer.detail, sizeof dial->tunnel_answer.detail, "%.490s",
			error.message);
	}
}

static const char *code_of(const struct cw_node_dial *dial, const struct cw_tunnel_status *status)
{
	if (dial->tunnel_answer.refuses)
		return dial->tunnel_answer.code;
	if (dial->theirs_document.tunnel && !dial->theirs_document.passes)
		return dial->theirs_document.code;
	if (status && status->state == CW_TUNNEL_FAILED)
		return cw_tunnel_words_name(status->reason);
	return NULL;
}

static const char *text_of(const struct cw_node_dial *dial, const struct cw_tunnel_status *status)
{
	if (dial->status.state != CW_ZONE_ACTIVE)
		return "the traversal zone is not active";
	if (dial->tunnel_answer.refuses)
		return dial->tunnel_answer.detail;
	if (dial->theirs_document.tunnel && !dial->theirs_document.passes)
		return dial->theirs_document.detail;
	return status ? status->text : dial->tunnel_answer.detail;
}

bool cw_node_dial_tunnel_status(const struct cw_node_dial *dial, json_t *tunnels)
{
	const struct cw_tunnel_status *status = dial->tunnel ? cw_tunnel_client_status(dial->tunnel) : NULL;
	struct cw_json json = {0};
	json_t *row = json_object();
	const char *refused_by = NULL;
	if (dial->tunnel_answer.refuses)
		refused_by = dial->core->snapshot->node->fqdn;
	else if (dial->theirs_document.tunnel && !dial->theirs_document.passes)
		refused_by = dial->address;
	cw_json_put(&json, row, "peer", cw_json_text(dial->address));
	cw_json_put(&json, row, "state",
		cw_json_text(cw_tunnel_status_name(status ? status->state : CW_TUNNEL_OFF)));
	cw_json_put(&json, row, "code", cw_json_text(code_of(dial, status)));
	cw_json_put(&json, row, "refused_by", cw_json_text(refused_by));
	cw_json_put(&json, row, "reason", cw_json_text(text_of(dial, status)));
	cw_json_put(&json, row, "since", dial->tunnel_since ? cw_json_time(dial->tunnel_since) : json_null());
	cw_json_add(&json, tunnels, row);
	return !json.failed;
}

/* --- SERVICE --- */

const struct cw_link *cw_node_dial_service_link(const struct cw_node_dial *dial)
{
	const struct cw_snapshot *snapshot = dial->core->snapshot;
	const struct cw_link *zone = cw_node_dial_link(dial, CW_LINK_TRAVERSAL);
	for (size_t i = 0; zone && i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind == CW_LINK_SERVICE && link->server.node == snapshot->node &&
			link->client.node == zone->server.node)
			return link;
	}
	return NULL;
}

void cw_node_dial_service(struct cw_node_dial *dial)
{
	const struct cw_link *link = cw_node_dial_service_link(dial);
	struct cw_snapshot_answer answer;
	struct cw_error ignored;
	if (!link || dial->status.state != CW_ZONE_ACTIVE || !dial->chain_count)
		return;
	const struct cw_snapshot_evidence evidence = {
		.chain = dial->chain, .count = 1, .cache = dial->core->cache, .now = cw_time_now()};
	if (!cw_snapshot_ask(dial->core->snapshot, link, &evidence, &answer, &ignored))
		return;
	bool news = !dial->service.asked || dial->service.refuses != answer.refuses ||
		strcmp(dial->service.detail, answer.detail) != 0;
	dial->service = answer;
	if (!news)
		return;
	const struct cw_node_state now = {"service from", link->client.node->fqdn,
		answer.refuses ? "Failed" : "Active", answer.code, answer.detail};
	dial->service_since = cw_time_now();
	cw_node_core_state(dial->core, &now);
	cw_node_core_changed(dial->core);
}
