#include "node/node_cucm.h"

#include "http/http_reason.h"
#include "net/listener.h"
#include "node/cucm_uds.h"
#include "report/json.h"
#include "traversal/conversation.h"

#include <arpa/inet.h>
#include <string.h>

/* A port, the link whose server end it is, what it shows and by which list its request of a certificate is made. */
struct service {
	const char *name;
	enum cw_link_kind link;
	enum cw_identity_kind identity;
	enum cw_store_kind store;
	bool http; /* else SIP: a registrar */
};

static const struct service services[] = {
	{"tomcat", CW_LINK_TOMCAT, CW_IDENTITY_TOMCAT, CW_STORE_TOMCAT_TRUST, true},
	{"tftp", CW_LINK_TFTP, CW_IDENTITY_CALLMANAGER, CW_STORE_CALLMANAGER_TRUST, true},
	{"sip", CW_LINK_SIP_OUT, CW_IDENTITY_CALLMANAGER, CW_STORE_CALLMANAGER_TRUST, false},
};
#define SERVICES (sizeof services / sizeof services[0])

struct port {
	struct cw_node_core *core;
	const struct service *service;
	struct cw_listener *listener; /* NULL: it is not open */
	size_t clients, refused;
	char last[300]; /* why the last one was refused */
};

struct cw_node_cucm {
	struct port ports[SERVICES];
};

static const struct sockaddr_in *address_of(const struct cw_node_core *core, const struct service *service)
{
	const struct cw_node_file_listen *listen = &core->snapshot->file->listen;
	if (service->link == CW_LINK_TOMCAT)
		return &listen->https;
	return service->link == CW_LINK_TFTP ? &listen->tftp : &listen->sip;
}

static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	struct port *port = context;
	const struct cw_link *link = cw_snapshot_link(port->core->snapshot, port->service->link, NULL);
	struct cw_snapshot_answer answer;
	enum cw_code code;
	*ret = (struct cw_judgement){0};
	if (question->own || !link)
		return true;
	const struct cw_snapshot_evidence evidence = {.chain = question->chain,
		.count = question->chain_count,
		.cache = question->cache,
		.now = cw_time_now()};
	if (!cw_snapshot_ask(port->core->snapshot, link, &evidence, &answer, error))
		return false;
	if (!answer.refuses || !cw_finding_code_named(answer.code, &code))
		return true;
	ret->verdict = CW_VERDICT_REFUSED;
	struct cw_finding *finding = cw_findings_add(&ret->findings, code, 0, NULL);
	cw_finding_detail(&ret->findings, finding, "%s", answer.detail);
	cw_finding_severity(finding, CW_SEVERITY_REFUSED);
	return cw_findings_ok(&ret->findings, error);
}

/* A client that is in. */
struct client {
	struct cw_conversation sip;
	struct cw_buffer in; /* HTTP */
	struct cw_http_head head;
};

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct port *port = context;
	struct client *client = calloc(1, sizeof *client);
	port->clients++;
	if (!client) {
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
		return;
	}
	client->sip = (struct cw_conversation){.kind = CW_CONVERSATION_REGISTER, .server = true, .host = ""};
	cw_http_head_start(&client->head, CW_HTTP_REQUEST, CW_HTTP_METHOD_GET);
	cw_listener_peer_set_context(peer, client);
}

/* The names of this node's cluster, as its own file has them. */
static bool names_of(const struct cw_group *group, struct cw_strings *ret)
{
	for (size_t i = 0; i < group->count; i++)
		if (!cw_strings_add(ret, cw_node_address(group->nodes[i])))
			return false;
	return true;
}

/* One request a connection. The head's bound is that of the parser. */
static void serve_http(struct port *port, struct client *client, struct cw_connection *connection)
{
	AUTO_BUFFER out = {0};
	AUTO_STRINGS names = {0};
	enum cw_http_reason reason;
	struct cw_error error;
	const struct cw_node *node = port->core->snapshot->node;
	switch (cw_http_head_parse(
		&client->head, (struct cw_http_text){client->in.data, client->in.length}, &reason)) {
	case CW_HTTP_OPEN:
		return;
	case CW_HTTP_REFUSED:
		cw_connection_refuse(connection, cw_http_reason_text(reason));
		return;
	case CW_HTTP_WHOLE:
		break;
	}
	if (!names_of(node->group, &names) ||
		!cw_cucm_uds_answer(&client->head, node->fqdn, &names, &out, &error)) {
		cw_connection_refuse(connection, "no answer can be made");
		return;
	}
	cw_connection_send(connection, out.data, out.length);
	cw_connection_close(connection);
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct port *port = context;
	struct client *client = cw_listener_peer_context(peer);
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	AUTO_BUFFER out = {0};
	if (!client)
		return;
	if (port->service->http) {
		cw_buffer_append(&client->in, data, length);
		serve_http(port, client, connection);
		return;
	}
	struct cw_conversation *conversation = &client->sip;
	if (cw_conversation_take(conversation, data, length, &out))
		cw_connection_touch(connection);
	if (out.length && !out.failed)
		cw_connection_send(connection, out.data, out.length);
	if (out.failed || conversation->state == CW_CONVERSATION_BROKEN)
		cw_connection_refuse(connection, out.failed ? "out of memory" : conversation->reason);
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct port *port = context;
	struct client *client = cw_listener_peer_context(peer);
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	if (judgement && judgement->findings.count) {
		const struct cw_finding *finding = &judgement->findings.items[0];
		port->refused++;
		snprintf(port->last, sizeof port->last, "%s: %.200s", cw_finding_code_name(finding->code),
			finding->detail ? finding->detail : "");
		cw_node_core_say(port->core, "%s: refused: %s", port->service->name, port->last);
	} else if (!report->handshake_done || report->end == CW_END_OWNER_REFUSED) {
		cw_node_core_say(port->core, "%s: ended: %s", port->service->name, report->reason);
	}
	if (client) {
		cw_conversation_finish(&client->sip);
		cw_buffer_finish(&client->in);
	}
	free(client);
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

static bool open_port(struct cw_node_core *core, struct port *port, struct cw_error *error)
{
	const struct service *service = port->service;
	struct cw_node *node = core->snapshot->node;
	struct cw_identity *identity = &node->identities[service->identity];
	const struct sockaddr_in *address = address_of(core, service);
	if (!identity->private_key)
		return true; /* nothing is installed there: the port stays closed */
	const struct cw_listener_setup setup = {.base = core->base,
		.address = (const struct sockaddr *)address,
		.length = sizeof *address,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[service->store].list,
		.profile = CW_PROFILE_RFC5280,
		.asks = cw_snapshot_link(core->snapshot, service->link, NULL) != NULL,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = CW_TLS_ANY,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.judged_again = on_judged_again,
			.judge = on_judge,
			.context = port}};
	return cw_listener_open(&setup, &port->listener, error)
		? true
		: cw_error_prefix(error, "%s, port %u", service->name, (unsigned)ntohs(address->sin_port));
}

bool cw_node_cucm_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node_cucm *cucm = core->cucm = calloc(1, sizeof *cucm);
	if (!cucm)
		return cw_error_memory(error);
	for (size_t i = 0; i < SERVICES; i++) {
		cucm->ports[i].core = core;
		cucm->ports[i].service = &services[i];
		if (!open_port(core, &cucm->ports[i], error))
			return false;
	}
	return true;
}

void cw_node_cucm_end(struct cw_node_core *core)
{
	for (size_t i = 0; core->cucm && i < SERVICES; i++)
		cw_listener_free(core->cucm->ports[i].listener);
	free(core->cucm);
	core->cucm = NULL;
}

void cw_node_cucm_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	struct cw_node *node = core->snapshot->node;
	bool another = cw_snapshot_other_identity(before, core->snapshot);
	struct cw_error error;
	for (size_t i = 0; core->cucm && i < SERVICES; i++) {
		struct port *port = &core->cucm->ports[i];
		struct cw_identity *identity = &node->identities[port->service->identity];
		if (!port->listener)
			continue;
		if ((another && identity->private_key &&
			    !cw_listener_set_identity(
				    port->listener, identity->leaf, identity->private_key, &error)) ||
			!cw_listener_set_list(
				port->listener, &node->stores[port->service->store].list, &error))
			cw_node_core_say(core, "%s: %s", port->service->name, error.message);
	}
}

bool cw_node_cucm_status(const struct cw_node_core *core, json_t *rows)
{
	struct cw_json json = {0};
	for (size_t i = 0; core->cucm && i < SERVICES; i++) {
		const struct port *port = &core->cucm->ports[i];
		json_t *row = json_object();
		char name[32];
		snprintf(name, sizeof name, "%s:%u", port->service->name,
			port->listener ? cw_listener_port(port->listener) : 0);
		cw_json_put(&json, row, "peer", cw_json_text(name));
		cw_json_put(&json, row, "state", cw_json_text(port->listener ? "On" : "Off"));
		cw_json_put(&json, row, "clients", cw_json_count(port->clients));
		cw_json_put(&json, row, "refused", cw_json_count(port->refused));
		cw_json_put(&json, row, "reason", cw_json_text(port->last));
		cw_json_add(&json, rows, row);
	}
	return !json.failed;
}
