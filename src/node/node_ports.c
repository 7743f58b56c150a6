#include "node/node_ports.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/node_effect.h"
#include "node/node_ports_parts.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <string.h>

#define LISTEN(member) offsetof(struct cw_node_file_listen, member)

static const struct cw_node_port_row rows[] = {
	{"tomcat", CW_LINK_TOMCAT, CW_NODE_CUCM, CW_IDENTITY_TOMCAT, CW_STORE_TOMCAT_TRUST, LISTEN(https),
		CW_NODE_PORT_UDS},
	{"tftp", CW_LINK_TFTP, CW_NODE_CUCM, CW_IDENTITY_CALLMANAGER, CW_STORE_CALLMANAGER_TRUST,
		LISTEN(tftp), CW_NODE_PORT_TFTP},
	{"sip", CW_LINK_SIP_OUT, CW_NODE_CUCM, CW_IDENTITY_CALLMANAGER, CW_STORE_CALLMANAGER_TRUST,
		LISTEN(sip), CW_NODE_PORT_REGISTRAR},
	{"sip-oauth", CW_LINK_SIP_OAUTH, CW_NODE_CUCM, CW_IDENTITY_TOMCAT, CW_STORE_TOMCAT_TRUST,
		LISTEN(sip_oauth), CW_NODE_PORT_REGISTRAR},
	{"cluster", CW_LINK_CLUSTER, CW_NODE_EXPRESSWAY_C, CW_IDENTITY_SERVER, CW_STORE_TRUSTED_CA,
		LISTEN(cluster), CW_NODE_PORT_CLUSTER},
	{"cluster", CW_LINK_CLUSTER, CW_NODE_EXPRESSWAY_E, CW_IDENTITY_SERVER, CW_STORE_TRUSTED_CA,
		LISTEN(cluster), CW_NODE_PORT_CLUSTER},
	{"replication", CW_LINK_CLUSTER, CW_NODE_CUCM, CW_IDENTITY_TOMCAT, CW_STORE_TOMCAT_TRUST,
		LISTEN(cluster), CW_NODE_PORT_REPLICA},
};
#define ROWS (sizeof rows / sizeof rows[0])

struct cw_node_ports {
	struct cw_node_port items[ROWS];
};

/* What a handshake picks of CUCM's twins, where this node knows who comes; else the row's. */
static enum cw_identity_kind identity_of(const struct cw_node_port *port)
{
	const struct cw_snapshot *snapshot = port->core->snapshot;
	const struct cw_link *link = cw_snapshot_link_from(snapshot, port->row->link, NULL);
	enum cw_identity_kind kind;
	if (link) {
		const struct cw_link_ends ends = cw_link_ends(link);
		if (cw_presented_identity(&ends, true, &kind) && snapshot->node->identities[kind].private_key)
			return kind;
	}
	return port->row->identity;
}

static const struct sockaddr_in *address_of(const struct cw_node_port *port)
{
	const char *listen = (const char *)&port->core->snapshot->file->listen;
	return (const struct sockaddr_in *)(const void *)(listen + port->row->listen);
}

/* --- the judge --- */

bool cw_node_ports_ask(const struct cw_node_port *port, struct cw_cert *const *chain, size_t count,
	struct cw_snapshot_answer *ret, struct cw_error *error)
{
	const struct cw_node_core *core = port->core;
	const struct cw_link *link = cw_snapshot_link_from(core->snapshot, port->row->link, chain[0]);
	const struct cw_snapshot_evidence evidence = {
		.chain = chain, .count = count, .cache = core->cache, .now = cw_time_now()};
	*ret = (struct cw_snapshot_answer){.alert = -1, .code = ""};
	return !link || cw_snapshot_ask(core->snapshot, link, &evidence, ret, error);
}

/* The node's own certificate is no question here: a box comes up with whatever is installed. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	struct cw_snapshot_answer answer;
	*ret = (struct cw_judgement){0};
	if (question->own)
		return true;
	return cw_node_ports_ask(context, question->chain, question->chain_count, &answer, error) &&
		cw_snapshot_judgement(&answer, ret, error);
}

/* --- who comes and goes --- */

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_node_port *port = context;
	port->clients++;
	if (!cw_node_ports_client(port, peer))
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct cw_node_port *port = context;
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	if (judgement && judgement->findings.count) {
		const struct cw_finding *finding = &judgement->findings.items[0];
		size_t count;
		struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
		port->refused++;
		snprintf(port->last, sizeof port->last, "%s: %.200s", cw_finding_code_name(finding->code),
			finding->detail ? finding->detail : "");
		const char *who = count ? cw_cert_label(chain[0]) : "no certificate";
		cw_node_core_say(port->core, "%s: refused: %s (%s)", port->row->name, port->last, who);
		cw_node_history_refused(port->core->history, port->row->name, who,
			cw_finding_code_name(finding->code), finding->detail);
	} else if (!report->handshake_done || report->end == CW_END_OWNER_REFUSED) {
		cw_node_core_say(port->core, "%s: ended: %s", port->row->name, report->reason);
	}
	cw_node_ports_client_free(cw_listener_peer_context(peer));
	cw_listener_peer_set_context(peer, NULL);
}

static void on_judged_again(void *context, struct cw_listener_peer *peer, enum cw_verdict before)
{
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	(void)context;
	(void)before;
	if (judgement && judgement->verdict == CW_VERDICT_REFUSED)
		cw_connection_refuse(
			cw_listener_peer_connection(peer), "refused by the list that is there now");
}

/* --- one port --- */

static bool is_wanted(const struct cw_node_port *port)
{
	const struct cw_snapshot *snapshot = port->core->snapshot;
	if (snapshot->node->kind != port->row->role ||
		!snapshot->node->identities[identity_of(port)].private_key)
		return false;
	if (port->row->talk == CW_NODE_PORT_REPLICA)
		return !snapshot->node->publisher && snapshot->file->security_password;
	if (port->row->link == CW_LINK_SIP_OAUTH)
		return snapshot->node->group->sip_oauth;
	return snapshot->node->kind == CW_NODE_CUCM || cw_snapshot_link_from(snapshot, port->row->link, NULL);
}

static bool open_port(struct cw_node_port *port, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = port->core->snapshot;
	struct cw_node *node = snapshot->node;
	struct cw_identity *identity = &node->identities[identity_of(port)];
	const struct sockaddr_in *address = address_of(port);
	port->asks = cw_snapshot_link_from(snapshot, port->row->link, NULL) != NULL;
	if (port->row->talk == CW_NODE_PORT_REGISTRAR && !port->registrar &&
		!cw_cucm_registrar_new(node->fqdn, &port->registrar, error))
		return false;
	const struct cw_listener_setup setup = {.base = port->core->base,
		.address = (const struct sockaddr *)address,
		.length = sizeof *address,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[port->row->store].list,
		.profile = cw_node_is_expressway(node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280,
		.asks = port->asks,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = cw_snapshot_versions(snapshot),
		.keylog = port->core->keylog,
		.owner = {.came = on_came,
			.said = cw_node_ports_said,
			.left = on_left,
			.judged_again = on_judged_again,
			.judge = on_judge,
			.context = port}};
	return cw_listener_open(&setup, &port->listener, error)
		? true
		: cw_error_prefix(error, "%s, port %u", port->row->name, (unsigned)ntohs(address->sin_port));
}

static void drop_client(struct cw_listener_peer *peer, void *context)
{
	(void)context;
	cw_node_ports_client_free(cw_listener_peer_context(peer));
}

static void close_port(struct cw_node_port *port)
{
	if (port->listener)
		cw_listener_each(port->listener, drop_client, NULL);
	cw_listener_free(port->listener);
	port->listener = NULL;
}

/* --- all of them --- */

bool cw_node_ports_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node_ports *ports = core->ports = calloc(1, sizeof *ports);
	if (!ports)
		return cw_error_memory(error);
	for (size_t i = 0; i < ROWS; i++) {
		ports->items[i].core = core;
		ports->items[i].row = &rows[i];
		if (is_wanted(&ports->items[i]) && !open_port(&ports->items[i], error))
			return false;
	}
	return true;
}

void cw_node_ports_end(struct cw_node_core *core)
{
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		close_port(&core->ports->items[i]);
		cw_cucm_registrar_free(core->ports->items[i].registrar);
	}
	free(core->ports);
	core->ports = NULL;
}

/* A port that asks nobody for a certificate, and has to now, is another port. */
static bool reload_port(struct cw_node_port *port, bool another, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = port->core->snapshot;
	struct cw_identity *identity = &snapshot->node->identities[identity_of(port)];
	bool asks = cw_snapshot_link_from(snapshot, port->row->link, NULL) != NULL;
	if (port->listener && (!is_wanted(port) || port->asks != asks))
		close_port(port);
	if (!port->listener)
		return is_wanted(port) ? open_port(port, error) : true;
	cw_listener_each(port->listener, cw_node_ports_refresh, port);
	return (!another ||
		       cw_listener_set_identity(
			       port->listener, identity->leaf, identity->private_key, error)) &&
		cw_listener_set_list(port->listener, &snapshot->node->stores[port->row->store].list, error);
}

void cw_node_ports_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	bool another = cw_snapshot_other_identity(before, core->snapshot);
	struct cw_error error;
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		struct cw_node_port *port = &core->ports->items[i];
		port->trouble[0] = '\0';
		if (reload_port(port, another, &error))
			continue;
		snprintf(port->trouble, sizeof port->trouble, "%.290s", error.message);
		cw_node_core_say(core, "%s: %s", port->row->name, error.message);
	}
}

void cw_node_ports_tell(struct cw_node_core *core)
{
	for (size_t i = 0; core->ports && i < ROWS; i++)
		if (core->ports->items[i].listener)
			cw_listener_each(core->ports->items[i].listener, cw_node_ports_refresh,
				&core->ports->items[i]);
}

void cw_node_ports_judge(struct cw_node_core *core)
{
	struct cw_error error;
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		struct cw_node_port *port = &core->ports->items[i];
		const struct cw_trust_list *list = &core->snapshot->node->stores[port->row->store].list;
		if (port->listener && !cw_listener_set_list(port->listener, list, &error))
			cw_node_core_say(
				core, "%s: cannot be judged again: %s", port->row->name, error.message);
	}
}

/* --- what is told of them --- */

static void look_at_client(struct cw_listener_peer *peer, void *context)
{
	struct cw_node_port *port = context;
	const struct cw_node_document *document = cw_node_ports_heard(peer);
	if (document)
		cw_node_core_compare_list(port->core, document);
}

void cw_node_ports_look(struct cw_node_core *core)
{
	char key[64];
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		struct cw_node_port *port = &core->ports->items[i];
		if (port->row->talk == CW_NODE_PORT_CLUSTER && port->listener)
			cw_listener_each(port->listener, look_at_client, port);
		if (!*port->trouble)
			continue;
		snprintf(key, sizeof key, "port %s", port->row->name);
		cw_node_core_alarm(core, NULL, "Alert", key, "%s: %s", port->row->name, port->trouble);
	}
}

bool cw_node_ports_status(const struct cw_node_core *core, json_t *ret)
{
	struct cw_json json = {0};
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		const struct cw_node_port *port = &core->ports->items[i];
		if (!port->listener && !is_wanted(port) && core->snapshot->node->kind != port->row->role)
			continue;
		if (!port->listener && !is_wanted(port) && port->row->talk != CW_NODE_PORT_UDS)
			continue;
		json_t *row = json_object();
		char name[32];
		snprintf(name, sizeof name, "%s:%u", port->row->name,
			port->listener ? cw_listener_port(port->listener) : 0);
		cw_json_put(&json, row, "peer", cw_json_text(name));
		cw_json_put(&json, row, "state", cw_json_text(port->listener ? "On" : "Off"));
		cw_json_put(&json, row, "clients", cw_json_count(port->clients));
		cw_json_put(&json, row, "refused", cw_json_count(port->refused));
		if (port->registrar)
			cw_json_put(&json, row, "registrations",
				cw_json_count(cw_cucm_registrar_count(port->registrar, cw_time_now())));
		cw_json_put(&json, row, "reason", cw_json_text(*port->trouble ? port->trouble : port->last));
		cw_json_add(&json, ret, row);
	}
	return !json.failed;
}

struct live_port {
	const struct cw_node_port *port;
	const struct cw_node_live_owner *owner;
};

static void tell_live(struct cw_listener_peer *peer, void *context)
{
	const struct live_port *at = context;
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	const struct cw_node_live live = {.kind = at->port->row->link,
		.by_server = true,
		.peer = count ? cw_cert_label(chain[0]) : "",
		.chain = chain,
		.count = count};
	at->owner->each(at->owner->context, &live);
}

void cw_node_ports_live(const struct cw_node_core *core, const struct cw_node_live_owner *owner)
{
	for (size_t i = 0; core->ports && i < ROWS; i++) {
		struct live_port at = {&core->ports->items[i], owner};
		if (at.port->listener)
			cw_listener_each(at.port->listener, tell_live, &at);
	}
}
