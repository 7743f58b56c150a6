#include "node/admin/admin_parts.h"

#include "net/listener_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/util.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* One browser's connection: plain bytes both ways, never more waiting than either side takes. */
struct cw_admin_relay {
	struct cw_admin_port *port;
	struct cw_listener_peer *peer;
	uint64_t number;
	char address[INET_ADDRSTRLEN];
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1]; /* whom its certificate names; "": nobody */
	struct cw_listener_relay *bytes;	   /* to the admin process */
	struct cw_admin_relay *next;
};

static void drop_relay(struct cw_admin_relay *relay)
{
	struct cw_admin_relay **place = &relay->port->relays;
	while (*place != relay)
		place = &(*place)->next;
	*place = relay->next;
	cw_listener_peer_set_context(relay->peer, NULL);
	cw_listener_relay_free(relay->bytes);
	free(relay);
}

static void on_over(void *context)
{
	drop_relay(context);
}

static void on_drained(void *context, struct cw_listener_peer *peer)
{
	struct cw_admin_relay *relay = cw_listener_peer_context(peer);
	(void)context;
	if (relay)
		cw_listener_relay_drained(relay->bytes);
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct cw_admin_relay *relay = cw_listener_peer_context(peer);
	(void)context;
	if (relay)
		cw_listener_relay_said(relay->bytes, data, length);
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

/* Hands the other end of its bytes to the process. */
static bool begin_relay(struct cw_admin_relay *relay)
{
	struct cw_node_admin *admin = relay->port->admin;
	const struct sockaddr_in from = cw_listener_peer_from(relay->peer);
	const struct cw_listener_relay_owner owner = {on_over, relay};
	struct cw_error ignored;
	int theirs;
	inet_ntop(AF_INET, &from.sin_addr, relay->address, sizeof relay->address);
	relay->number = ++admin->last_connection;
	if ((relay->port->certified && !find_user(relay)) ||
		!cw_listener_relay_new(
			admin->core->base, relay->peer, &owner, &relay->bytes, &theirs, &ignored))
		return false;
	bool good = cw_admin_parts_pass(admin, theirs, relay->number, relay->address);
	close(theirs);
	return good;
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_admin_port *port = context;
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	struct cw_admin_relay *relay = calloc(1, sizeof *relay);
	if (!relay) {
		cw_connection_refuse(connection, "no memory for it");
		return;
	}
	relay->port = port;
	relay->peer = peer;
	relay->next = port->relays;
	port->relays = relay;
	cw_listener_peer_set_context(peer, relay);
	if (begin_relay(relay))
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
			struct cw_listener_peer *peer = admin->ports[i].relays->peer;
			drop_relay(admin->ports[i].relays);
			cw_listener_relay_close(peer);
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
