#include "node/admin/admin_parts.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/util.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE ((size_t)16384)
/* For what is still to be sent once the process has closed. */
#define LAST_MS 30000

/* One browser's connection: plain bytes both ways, never more waiting than either side takes. */
struct cw_admin_relay {
	struct cw_admin_port *port;
	struct cw_listener_peer *peer;
	uint64_t number;
	char address[INET_ADDRSTRLEN];
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1]; /* whom its certificate names; "": nobody */
	int socket;				   /* to the admin process */
	struct event *reads, *writes;
	struct cw_buffer out; /* what the process has not taken yet */
	struct cw_admin_relay *next;
};

static void drop_relay(struct cw_admin_relay *relay)
{
	struct cw_admin_relay **place = &relay->port->relays;
	while (*place != relay)
		place = &(*place)->next;
	*place = relay->next;
	cw_listener_peer_set_context(relay->peer, NULL);
	if (relay->reads)
		event_free(relay->reads);
	if (relay->writes)
		event_free(relay->writes);
	if (relay->socket >= 0)
		close(relay->socket);
	cw_buffer_finish(&relay->out);
	free(relay);
}

/* --- to the browser --- */

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_admin_relay *relay = context;
	struct cw_connection *connection = cw_listener_peer_connection(relay->peer);
	char piece[PIECE];
	(void)what;
	ssize_t got = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop_relay(relay);
		cw_connection_set_idle(
			connection, LAST_MS); /* who does not take the rest is no reason to wait */
		cw_connection_close(connection);
		return;
	}
	if (!cw_connection_send(connection, piece, (size_t)got))
		event_del(relay->reads); /* until it is drained */
}

static void on_drained(void *context, struct cw_listener_peer *peer)
{
	struct cw_admin_relay *relay = cw_listener_peer_context(peer);
	(void)context;
	if (relay)
		event_add(relay->reads, NULL);
}

/* --- to the process --- */

static void flush(struct cw_admin_relay *relay)
{
	struct cw_buffer *out = &relay->out;
	size_t sent = 0;
	while (sent < out->length) { /* ends: each turn sends something, or the socket is full */
		ssize_t more = send(
			relay->socket, out->data + sent, out->length - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			break;
		sent += (size_t)more;
	}
	out->length -= sent;
	if (sent)
		memmove(out->data, out->data + sent, out->length);
	cw_connection_pause(cw_listener_peer_connection(relay->peer), out->length > 0);
	if (out->length)
		event_add(relay->writes, NULL);
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	flush(context);
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct cw_admin_relay *relay = cw_listener_peer_context(peer);
	(void)context;
	if (!relay)
		return;
	relay->out.secret = true;
	cw_buffer_append(&relay->out, data, length);
	flush(relay);
}

/* --- who comes and goes --- */

/* Whom the certificate names: it was judged inside the handshake, and is asked again for that. */
static bool find_user(struct cw_admin_relay *relay)
{
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(relay->peer, &count);
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error ignored;
	bool good = false;
	return count &&
		cw_admin_parts_judge(
			relay->port->admin, chain[0], &good, relay->user, &judgement, &ignored) &&
		good;
}

static bool begin_relay(struct cw_admin_relay *relay, int theirs)
{
	struct cw_node_admin *admin = relay->port->admin;
	const struct sockaddr_in from = cw_listener_peer_from(relay->peer);
	inet_ntop(AF_INET, &from.sin_addr, relay->address, sizeof relay->address);
	relay->number = ++admin->last_connection;
	if (relay->port->certified && !find_user(relay))
		return false;
	relay->reads = event_new(admin->core->base, relay->socket, EV_READ | EV_PERSIST, on_reads, relay);
	relay->writes = event_new(admin->core->base, relay->socket, EV_WRITE, on_writes, relay);
	return relay->reads && relay->writes && event_add(relay->reads, NULL) == 0 &&
		cw_admin_parts_pass(admin, theirs, relay->number, relay->address);
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_admin_port *port = context;
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	struct cw_admin_relay *relay = calloc(1, sizeof *relay);
	int ends[2];
	if (!relay || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) {
		free(relay);
		cw_connection_refuse(connection, "no socket for it");
		return;
	}
	relay->port = port;
	relay->peer = peer;
	relay->socket = ends[0];
	relay->next = port->relays;
	port->relays = relay;
	cw_listener_peer_set_context(peer, relay);
	cw_connection_set_idle(connection, 0); /* the process knows what a slow client is */
	bool good = begin_relay(relay, ends[1]);
	close(ends[1]);
	if (good)
		return;
	drop_relay(relay);
	cw_connection_refuse(connection, "no process serves the pages now");
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct cw_admin_relay *relay = cw_listener_peer_context(peer);
	(void)context;
	(void)report;
	if (relay)
		drop_relay(relay);
}

/* The own chain is shown as it stands, so that a browser shows what it is. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	const struct cw_admin_port *port = context;
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];
	bool good;
	*ret = (struct cw_judgement){0};
	return question->own ||
		cw_admin_parts_judge(port->admin, question->chain[0], &good, user, ret, error);
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

void cw_admin_parts_drop(struct cw_node_admin *admin)
{
	for (size_t i = 0; i < CW_ADMIN_PORT_COUNT; i++)
		while (admin->ports[i].relays) { /* ends: each turn drops one */
			struct cw_connection *connection =
				cw_listener_peer_connection(admin->ports[i].relays->peer);
			drop_relay(admin->ports[i].relays);
			cw_connection_set_idle(connection, LAST_MS);
			cw_connection_close(connection);
		}
}

struct cw_admin_parts_connection cw_admin_parts_connection(const struct cw_node_admin *admin, uint64_t number)
{
	for (size_t i = 0; i < CW_ADMIN_PORT_COUNT; i++)
		for (const struct cw_admin_relay *each = admin->ports[i].relays; each; each = each->next)
			if (each->number == number)
				return (struct cw_admin_parts_connection){
					each->address, each->port->certified, each->user};
	return (struct cw_admin_parts_connection){"", false, ""};
}

/* --- the port --- */

static enum cw_identity_kind identity_of(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM ? CW_IDENTITY_TOMCAT : CW_IDENTITY_SERVER;
}

static enum cw_store_kind store_of(const struct cw_node *node)
{
	return node->kind == CW_NODE_CUCM ? CW_STORE_TOMCAT_TRUST : CW_STORE_TRUSTED_CA;
}

static const struct sockaddr_in *address_of(
	const struct cw_snapshot *snapshot, const struct cw_admin_port *port)
{
	return port->certified ? &snapshot->file->listen.admin_cert : &snapshot->file->listen.admin;
}

static bool is_wanted(const struct cw_admin_port *port)
{
	return !port->certified || cw_admin_parts_cba(port->admin) != CW_CBA_NOT_REQUIRED;
}

/* Each takes two descriptors: at most half of those that this process may have, so that the other ports keep theirs. */
static size_t peers_max(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur / 4 < CW_ADMIN_PORT_PEERS)
		return (size_t)(limit.rlim_cur / 4);
	return CW_ADMIN_PORT_PEERS;
}

static bool open_port(struct cw_admin_port *port, struct cw_error *error)
{
	const struct cw_node_core *core = port->admin->core;
	const struct cw_snapshot *snapshot = core->snapshot;
	struct cw_node *node = snapshot->node;
	const struct cw_identity *identity = &node->identities[identity_of(node)];
	const struct sockaddr_in *address = address_of(snapshot, port);
	if (!identity->private_key)
		return cw_error_set(error, CW_E_KEY, "there is no certificate with a key to show");
	const struct cw_listener_setup setup = {.base = core->base,
		.address = (const struct sockaddr *)address,
		.length = sizeof *address,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[store_of(node)].list,
		.profile = cw_node_is_expressway(node) ? CW_PROFILE_EXPRESSWAY : CW_PROFILE_RFC5280,
		.asks = port->certified,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = cw_snapshot_versions(snapshot),
		.keylog = core->keylog,
		.peers_max = peers_max(),
		.makes_room = true,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.judged_again = on_judged_again,
			.drained = on_drained,
			.judge = on_judge,
			.context = port}};
	return cw_listener_open(&setup, &port->listener, error)
		? true
		: cw_error_prefix(error, "admin, port %u", (unsigned)ntohs(address->sin_port));
}

static void open_one(struct cw_admin_port *port)
{
	struct cw_error error;
	port->trouble[0] = '\0';
	if (!is_wanted(port) || open_port(port, &error))
		return;
	snprintf(port->trouble, sizeof port->trouble, "%.290s", error.message);
	cw_node_core_say(port->admin->core, "admin: no pages: %s", error.message);
}

void cw_admin_parts_open(struct cw_node_admin *admin)
{
	for (size_t i = 0; i < CW_ADMIN_PORT_COUNT; i++) {
		admin->ports[i].admin = admin;
		admin->ports[i].certified = i == CW_ADMIN_PORT_CERTIFICATE;
		open_one(&admin->ports[i]);
	}
}

static void close_one(struct cw_admin_port *port)
{
	while (port->relays) /* ends: each turn drops one */
		drop_relay(port->relays);
	cw_listener_free(port->listener);
	port->listener = NULL;
}

void cw_admin_parts_close(struct cw_node_admin *admin)
{
	for (size_t i = 0; i < CW_ADMIN_PORT_COUNT; i++)
		close_one(&admin->ports[i]);
}

static bool same_address(const struct sockaddr_in *one, const struct sockaddr_in *other)
{
	return one->sin_port == other->sin_port && one->sin_addr.s_addr == other->sin_addr.s_addr;
}

static bool renew(struct cw_admin_port *port, const struct cw_snapshot *before)
{
	const struct cw_snapshot *snapshot = port->admin->core->snapshot;
	const struct cw_node *node = snapshot->node;
	const struct cw_identity *identity = &node->identities[identity_of(node)];
	struct cw_error error;
	if (!is_wanted(port) || !port->listener ||
		!same_address(address_of(before, port), address_of(snapshot, port)))
		return false;
	if (cw_snapshot_other_identity(before, snapshot) &&
		(!identity->private_key ||
			!cw_listener_set_identity(
				port->listener, identity->leaf, identity->private_key, &error)))
		return false;
	return cw_listener_set_list(port->listener, &node->stores[store_of(node)].list, &error);
}

/* Who is connected stays, but where the address is another one. */
void cw_node_admin_reload(struct cw_node_admin *admin, const struct cw_snapshot *before)
{
	for (size_t i = 0; admin && i < CW_ADMIN_PORT_COUNT; i++) {
		struct cw_admin_port *port = &admin->ports[i];
		if (renew(port, before))
			continue;
		close_one(port);
		open_one(port);
	}
}
