#include "node/node_accept_parts.h"

#include "traversal/tunnel_key.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <string.h>

static struct cw_node_guest *find_guest(const struct cw_node_accept *accept, const char *name)
{
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		if (guest->active && strcmp(guest->name, name) == 0)
			return guest;
	return NULL;
}

static bool on_admit(void *context, const struct sockaddr_in *from)
{
	const struct cw_node_accept *accept = context;
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		if (guest->active && guest->from.sin_addr.s_addr == from->sin_addr.s_addr)
			return true;
	return false;
}

static void on_changed(void *context, const char *peer, const struct cw_tunnel_status *status)
{
	struct cw_node_accept *accept = context;
	const struct cw_node_state now = {
		"tunnel of", peer, cw_tunnel_status_name(status->state), "", status->text};
	cw_node_core_state(accept->core, &now);
	cw_node_core_changed(accept->core);
}

static void on_told(void *context, const struct sockaddr_in *from, const char *text)
{
	struct cw_node_accept *accept = context;
	char address[INET_ADDRSTRLEN] = "";
	if (from)
		inet_ntop(AF_INET, &from->sin_addr, address, sizeof address);
	cw_node_core_say(accept->core, "tunnels: %s%s%s", address, *address ? ": " : "", text);
}

void cw_node_accept_open_tunnels(struct cw_node_accept *accept)
{
	struct cw_node_core *core = accept->core;
	EVP_PKEY *key = core->snapshot->node->identities[CW_IDENTITY_SERVER].private_key;
	char folder[CW_TUNNEL_FOLDER_MAX];
	struct cw_error error;
	cw_tunnel_server_free(accept->tunnels);
	accept->tunnels = NULL;
	snprintf(accept->tunnel_trouble, sizeof accept->tunnel_trouble, "%s", core->account_trouble);
	if (*accept->tunnel_trouble)
		return;
	snprintf(folder, sizeof folder, "%.490s/run/e", core->folder.path);
	const struct cw_tunnel_server_setup setup = {.base = core->base,
		.folder = folder,
		.account = &core->account,
		.address = core->snapshot->file->listen.tunnels,
		.key = key,
		.algorithms = cw_tunnel_key_allowed(core->snapshot->node->group),
		.owner = {on_admit, on_changed, on_told, accept}};
	if (!cw_tunnel_server_open(&setup, &accept->tunnels, &error))
		snprintf(accept->tunnel_trouble, sizeof accept->tunnel_trouble, "%.590s", error.message);
	EVP_PKEY_free(accept->tunnel_key);
	EVP_PKEY_up_ref(key);
	accept->tunnel_key = key;
	accept->tunnel_algorithms = setup.algorithms;
}

/* sshd's own date: nobody comes in after the first certificate of the chain has run out. */
static cw_time expiry(struct cw_cert *const *chain, size_t count)
{
	cw_time first = 0;
	for (size_t i = 0; i < count; i++)
		if (!first || cw_cert_not_after(chain[i]) < first)
			first = cw_cert_not_after(chain[i]);
	return first ? first + 1 : 0;
}

static bool ask(struct cw_node_guest *guest, struct cw_cert *const *chain, size_t count)
{
	const struct cw_node_core *core = guest->accept->core;
	const struct cw_zone *zone = cw_node_accept_zone_of(guest->zone);
	const struct cw_link *link =
		zone ? cw_snapshot_link(core->snapshot, CW_LINK_TUNNEL, zone, NULL) : NULL;
	const struct cw_snapshot_evidence evidence = {
		.chain = chain, .count = count, .cache = core->cache, .now = cw_time_now()};
	struct cw_error error;
	return link && count &&
		cw_snapshot_ask(core->snapshot, link, &evidence, &guest->tunnel_answer, &error);
}

static bool let_in(
	struct cw_node_guest *guest, struct cw_cert *const *chain, size_t count, struct cw_error *error)
{
	struct cw_node_accept *accept = guest->accept;
	struct cw_node_document *own = &guest->own;
	if (!accept->tunnels)
		return cw_error_set(error, CW_E_IO, "%s", accept->tunnel_trouble);
	const struct cw_tunnel_peer peer = {.name = guest->name,
		.key = X509_get0_pubkey(cw_cert_x509(chain[0])),
		.from = guest->from.sin_addr,
		.listen = own->listen.sin_port ? own->listen : accept->core->snapshot->file->listen.streams,
		.secret = guest->secret,
		.expires = expiry(chain, count)};
	if (!cw_tunnel_server_allow(accept->tunnels, &peer, &own->listen, error))
		return false;
	snprintf(own->login, sizeof own->login, "%s", accept->core->account.name);
	own->port = ntohs(cw_tunnel_server_address(accept->tunnels)->sin_port);
	memcpy(own->secret, guest->secret, sizeof own->secret);
	return true;
}

static void put_out(struct cw_node_guest *guest, const char *code, const char *detail)
{
	char why[CW_TUNNEL_TEXT_MAX];
	snprintf(why, sizeof why, "%s: %.500s", code, detail);
	guest->own.passes = false;
	guest->own.login[0] = '\0';
	snprintf(guest->own.code, sizeof guest->own.code, "%s", code);
	snprintf(guest->own.detail, sizeof guest->own.detail, "%.*s", CW_NODE_DOCUMENT_TEXT - 1, detail);
	if (guest->accept->tunnels)
		cw_tunnel_server_refuse(guest->accept->tunnels, guest->name, why);
}

static void write_document(struct cw_node_guest *guest)
{
	guest->own.serial++;
	snprintf(guest->own.node, sizeof guest->own.node, "%s", guest->accept->core->snapshot->node->fqdn);
	cw_buffer_finish(&guest->document);
	cw_node_document_write(&guest->own, NULL, NULL, &guest->document);
	guest->conversation.document = guest->document.failed ? "{}" : cw_buffer_string(&guest->document);
}

void cw_node_accept_tunnel(struct cw_node_guest *guest)
{
	struct cw_node_core *core = guest->accept->core;
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(guest->peer, &count);
	const struct cw_snapshot_answer before = guest->tunnel_answer;
	struct cw_error error;
	if (!ask(guest, chain, count))
		return;
	const struct cw_snapshot_answer *answer = &guest->tunnel_answer;
	cw_node_document_answer(&guest->own, answer);
	if (answer->refuses) {
		if (!before.refuses || strcmp(before.detail, answer->detail) != 0) {
			cw_node_core_say(core, "tunnel of %s (%s): refused by this node: %s: %s", guest->name,
				guest->subject, answer->code, answer->detail);
			cw_node_history_refused(
				core->history, "tunnel", guest->subject, answer->code, answer->detail);
		}
		put_out(guest, answer->code, answer->detail);
	} else if (!let_in(guest, chain, count, &error)) {
		cw_node_core_say(core, "tunnel of %s: cannot be let in: %s", guest->name, error.message);
		put_out(guest, "", error.message);
	}
	write_document(guest);
}

bool cw_node_accept_stream(struct cw_node_core *core, const struct cw_tunnel_dial_owner *owner,
	struct cw_tunnel_dial **ret, struct cw_error *error)
{
	struct cw_node_accept *accept = core->accept;
	size_t count = 0, place = 0;
	for (const struct cw_node_guest *guest = accept ? accept->guests : NULL; guest; guest = guest->next)
		count++;
	size_t first = count ? accept->turn++ % count : 0;
	/* from the one whose turn it is on, then from the beginning */
	for (size_t round = 0; count && round < 2; round++) {
		place = 0;
		for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next, place++)
			if ((place >= first) == (round == 0) && guest->active && accept->tunnels &&
				cw_tunnel_server_dial(accept->tunnels, guest->name, owner, ret, error))
				return true;
	}
	return cw_error_set(error, CW_E_NETWORK, "no tunnel is active");
}

const struct cw_tunnel_status *cw_node_accept_tunnel_of(const struct cw_node_guest *guest)
{
	const struct cw_node_accept *accept = guest->accept;
	if (!accept->tunnels || find_guest(accept, guest->name) != guest)
		return NULL;
	return cw_tunnel_server_status(accept->tunnels, guest->name);
}
