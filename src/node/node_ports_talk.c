#include "http/http_reason.h"
#include "node/cucm_uds.h"
#include "node/edge/edge_core.h"
#include "node/node_ports_parts.h"
#include "node/replica/replica_link.h"
#include "node/replica/replica_record.h"
#include "report/json.h"
#include "traversal/conversation.h"

#include <string.h>

struct cw_node_ports_client {
	struct cw_conversation sip;
	struct cw_cucm_registrar_line line;
	struct cw_buffer in; /* HTTP */
	struct cw_http_head head;
	struct cw_buffer document; /* ours, as the conversation borrows it */
	struct cw_node_document theirs;
	bool heard;
	char password[CW_REPLICA_LINK_PASSWORD_SIZE];
};

void cw_node_ports_client_free(struct cw_node_ports_client *client)
{
	if (!client)
		return;
	cw_conversation_finish(&client->sip);
	cw_cucm_registrar_line_finish(&client->line);
	cw_buffer_finish(&client->in);
	cw_buffer_finish(&client->document);
	explicit_bzero(client->password, sizeof client->password);
	free(client);
}

/* TLS is up and the registration is refused: the vendor answers 403 where CUCM misses the profile's name. */
static bool is_forbidden(const struct cw_node_port *port, const struct cw_listener_peer *peer)
{
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	struct cw_snapshot_answer answer;
	struct cw_error ignored;
	return count && cw_node_ports_ask(port, chain, count, &answer, &ignored) && answer.forbids;
}

static bool borrow(struct cw_node_port *port, struct cw_node_ports_client *client)
{
	const struct cw_credentials *own = cw_node_core_credentials(port->core);
	client->sip.kind = CW_CONVERSATION_ZONE;
	client->sip.host = port->core->snapshot->node->fqdn;
	client->sip.username = own->username;
	client->sip.password = own->password;
	cw_buffer_finish(&client->document);
	cw_node_core_document(port->core, &client->document);
	client->sip.document = client->document.failed ? "{}" : cw_buffer_string(&client->document);
	return !client->document.failed;
}

void cw_node_ports_refresh(struct cw_listener_peer *peer, void *context)
{
	struct cw_node_port *port = context;
	struct cw_node_ports_client *client = cw_listener_peer_context(peer);
	if (client && port->row->talk == CW_NODE_PORT_REPLICA)
		client->sip.host = port->core->snapshot->node->fqdn;
	if (client && port->row->talk == CW_NODE_PORT_CLUSTER && !borrow(port, client))
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
}

static bool begin_replica(
	struct cw_node_port *port, struct cw_node_ports_client *client, struct cw_listener_peer *peer)
{
	const char *security = port->core->snapshot->file->security_password;
	SSL *ssl = cw_connection_ssl(cw_listener_peer_connection(peer));
	client->sip.kind = CW_CONVERSATION_ZONE;
	client->sip.host = port->core->snapshot->node->fqdn;
	client->sip.username = CW_REPLICA_LINK_USER;
	client->sip.password = client->password;
	client->sip.document = "{}";
	return security && cw_replica_link_password(ssl, security, client->password);
}

bool cw_node_ports_client(struct cw_node_port *port, struct cw_listener_peer *peer)
{
	struct cw_node_ports_client *client = calloc(1, sizeof *client);
	if (!client)
		return false;
	cw_listener_peer_set_context(peer, client);
	client->sip = (struct cw_conversation){.kind = CW_CONVERSATION_OPTIONS, .server = true, .host = ""};
	cw_http_head_start(&client->head, CW_HTTP_REQUEST, CW_HTTP_METHOD_GET);
	if (port->row->talk == CW_NODE_PORT_REGISTRAR) {
		client->line = (struct cw_cucm_registrar_line){
			.registrar = port->registrar, .forbid = is_forbidden(port, peer)};
		cw_connection_set_idle(cw_listener_peer_connection(peer), CW_CUCM_REGISTRAR_EXPIRES * 1000);
	}
	if (port->row->talk == CW_NODE_PORT_REPLICA)
		return begin_replica(port, client, peer);
	return port->row->talk != CW_NODE_PORT_CLUSTER || borrow(port, client);
}

/* --- HTTP --- */

/* The names of this node's cluster, as its own file has them. */
static bool names_of(const struct cw_group *group, struct cw_strings *ret)
{
	for (size_t i = 0; i < group->count; i++)
		if (!cw_strings_add(ret, cw_node_address(group->nodes[i])))
			return false;
	return true;
}

/* True: it was answered, and the next request may follow. The head's bound is that of the parser. */
static bool serve_request(
	struct cw_node_port *port, struct cw_node_ports_client *client, struct cw_connection *connection)
{
	AUTO_BUFFER out = {0};
	AUTO_STRINGS names = {0};
	enum cw_http_reason reason;
	struct cw_error error;
	const struct cw_node *node = port->core->snapshot->node;
	const struct cw_cucm_uds_box box = {.host = node->fqdn,
		.servers = &names,
		.tftp = port->row->talk == CW_NODE_PORT_TFTP,
		.secure = node->group->secure_registration == CW_SWITCH_ON};
	switch (cw_http_head_parse(
		&client->head, (struct cw_http_text){client->in.data, client->in.length}, &reason)) {
	case CW_HTTP_OPEN:
		return false;
	case CW_HTTP_REFUSED:
		cw_connection_refuse(connection, cw_http_reason_text(reason));
		return false;
	case CW_HTTP_WHOLE:
		break;
	}
	if (!names_of(node->group, &names) || !cw_cucm_uds_answer(&client->head, &box, &out, &error)) {
		cw_connection_refuse(connection, "no answer can be made");
		return false;
	}
	cw_connection_touch(connection);
	cw_connection_send(connection, out.data, out.length);
	if (!cw_cucm_uds_keeps(&client->head))
		cw_connection_close(connection);
	return cw_cucm_uds_keeps(&client->head);
}

static void serve_http(
	struct cw_node_port *port, struct cw_node_ports_client *client, struct cw_connection *connection)
{
	while (serve_request(port, client, connection)) { /* ends: a request fewer each time */
		size_t parsed = client->head.parsed, left = client->in.length - parsed;
		if (left)
			memmove(client->in.data, client->in.data + parsed, left);
		client->in.length = left;
		cw_http_head_start(&client->head, CW_HTTP_REQUEST, CW_HTTP_METHOD_GET);
	}
}

/* --- SIP --- */

/* What a peer of the cluster tells of itself. */
static void hear(struct cw_node_port *port, struct cw_node_ports_client *client)
{
	struct cw_node_document document;
	const struct cw_buffer *told = &client->sip.told;
	client->sip.news = false;
	if (!cw_node_document_read(cw_buffer_string(told), told->length, &document))
		return;
	cw_edge_core_hear(port->core, document.node, cw_buffer_string(told), told->length);
	bool news = !client->heard || strcmp(document.list, client->theirs.list) != 0;
	client->theirs = document;
	client->heard = true;
	if (news)
		cw_node_core_changed(port->core);
}

/* What the publisher said, done, and what this node says to it. */
static void follow(struct cw_node_port *port, struct cw_node_ports_client *client)
{
	struct cw_node_core *core = port->core;
	const struct cw_buffer *told = &client->sip.told;
	struct cw_node_document theirs;
	struct cw_json json = {0};
	struct cw_error error;
	json_t *wanted = NULL;
	AUTO_STRINGS done = {0};
	AUTO(json_decref) json_t *object = json_object();
	client->sip.news = false;
	cw_error_set(&error, CW_E_FORMAT, "what the publisher told is no document");
	bool good = cw_node_document_read(cw_buffer_string(told), told->length, &theirs) &&
		cw_replica_record_apply(
			core->snapshot, cw_buffer_string(told), told->length, &wanted, &done, &error);
	for (size_t i = 0; i < done.count && good; i++) {
		const struct cw_node_history_event event = {
			.kind = "change", .about = "replication", .who = theirs.node, .after = done.items[i]};
		cw_node_core_say(core, "replication from %s: %s", theirs.node, done.items[i]);
		cw_node_history_tell(core->history, &event);
		core->reread = true;
	}
	cw_json_put(&json, object, "version", cw_json_count(1));
	cw_json_put(&json, object, "serial", cw_json_count(theirs.serial));
	cw_json_put(&json, object, "wants", good ? wanted : json_array());
	cw_json_put(&json, object, "trouble", cw_json_text(good ? NULL : error.message));
	cw_buffer_finish(&client->document);
	bool written = cw_json_print(&json, object, true, &client->document, &error);
	client->sip.document = written ? cw_buffer_string(&client->document) : "{}";
}

static void serve_registrar(
	struct cw_node_ports_client *client, struct cw_connection *connection, struct cw_http_text said)
{
	AUTO_BUFFER out = {0};
	if (cw_cucm_registrar_take(&client->line, said.at, said.length, cw_time_now(), &out))
		cw_connection_touch(connection);
	if (out.length && !out.failed)
		cw_connection_send(connection, out.data, out.length);
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else if (client->line.trouble)
		cw_connection_refuse(connection, client->line.trouble);
}

static void serve_sip(struct cw_node_port *port, struct cw_node_ports_client *client,
	struct cw_connection *connection, struct cw_http_text said)
{
	AUTO_BUFFER out = {0};
	struct cw_conversation *conversation = &client->sip;
	if (cw_conversation_take(conversation, said.at, said.length, &out))
		cw_connection_touch(connection);
	if (out.length && !out.failed)
		cw_connection_send(connection, out.data, out.length);
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else if (conversation->state == CW_CONVERSATION_BROKEN ||
		conversation->state == CW_CONVERSATION_DENIED)
		cw_connection_refuse(connection, conversation->reason);
	else if (conversation->news && port->row->talk == CW_NODE_PORT_REPLICA)
		follow(port, client);
	else if (conversation->news)
		hear(port, client);
}

void cw_node_ports_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct cw_node_port *port = context;
	struct cw_node_ports_client *client = cw_listener_peer_context(peer);
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	if (!client)
		return;
	switch (port->row->talk) {
	case CW_NODE_PORT_UDS:
	case CW_NODE_PORT_TFTP:
		cw_buffer_append(&client->in, data, length);
		serve_http(port, client, connection);
		break;
	case CW_NODE_PORT_REGISTRAR:
		serve_registrar(client, connection, (struct cw_http_text){data, length});
		break;
	case CW_NODE_PORT_CLUSTER:
	case CW_NODE_PORT_REPLICA:
		serve_sip(port, client, connection, (struct cw_http_text){data, length});
		break;
	}
}

const struct cw_node_document *cw_node_ports_heard(const struct cw_listener_peer *peer)
{
	const struct cw_node_ports_client *client = cw_listener_peer_context(peer);
	return client && client->heard ? &client->theirs : NULL;
}
