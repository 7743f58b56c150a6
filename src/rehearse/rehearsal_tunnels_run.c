#include "base/time.h"
#include "rehearse/rehearsal_tunnels_parts.h"
#include "traversal/tunnel_key.h"

#include <openssl/rand.h>
#include <string.h>

/* A tunnel takes a fifth of a second; a machine may be busy. */
#define PATIENCE_SECONDS 180
/* What is no answer (a connection that broke, a process that died) is tried again. */
#define FAILURES_MAX 3

/* E lets nobody speak SSH who has no zone that is up. */
static bool admit(void *context, const struct sockaddr_in *from)
{
	const struct cw_rehearsal_tunnels_server *server = context;
	const struct cw_rehearsal *rehearsal = server->tunnels->rehearsal;
	for (size_t i = 0; i < rehearsal->check->link_count; i++) {
		const struct cw_observed *zone = &rehearsal->observed.items[i];
		size_t place;
		if (zone->link->kind != CW_LINK_TRAVERSAL || zone->link->server.node != server->node ||
			zone->state != CW_OBSERVED_UP ||
			!cw_rehearsal_find_party(rehearsal, zone->link->client.name, &place))
			continue;
		const struct sockaddr_in address = cw_loopback_address(&rehearsal->loopback, place, 0);
		if (address.sin_addr.s_addr == from->sin_addr.s_addr)
			return true;
	}
	return false;
}

static void on_server_changed(void *context, const char *peer, const struct cw_tunnel_status *status)
{
	const struct cw_rehearsal_tunnels_server *server = context;
	cw_rehearsal_tunnels_changed(server->tunnels, peer, status);
}

static bool open_server(
	struct cw_rehearsal_tunnels_server *server, const struct cw_link *link, struct cw_error *error)
{
	struct cw_rehearsal_tunnels *tunnels = server->tunnels;
	size_t place;
	if (!server->key && !cw_rehearsal_tunnels_key(tunnels, link, true, &server->key, error))
		return false;
	if (!cw_rehearsal_party(tunnels->rehearsal, link->server.name, &place))
		return cw_error_memory(error);
	struct cw_tunnel_server_setup setup = {.base = tunnels->rehearsal->base,
		.folder = server->folder,
		.account = &tunnels->account,
		.limits = &tunnels->limits,
		.address = cw_loopback_address(&tunnels->rehearsal->loopback, place, link->port),
		.key = server->key,
		.algorithms = cw_tunnel_key_allowed(link->server.node->group),
		.quick = true,
		.owner = {admit, on_server_changed, NULL, server}};
	if (cw_tunnel_server_open(&setup, &server->server, error))
		return true;
	if (error->code != CW_E_NETWORK)
		return false;
	setup.address.sin_port = 0; /* many nodes may share one address */
	return cw_tunnel_server_open(&setup, &server->server, error);
}

bool cw_rehearsal_tunnels_serve(struct cw_rehearsal_tunnels *tunnels, const struct cw_link *link,
	struct cw_rehearsal_tunnels_server **ret, struct cw_error *error)
{
	struct cw_rehearsal_tunnels_server *server = tunnels->servers;
	while (server && server->node != link->server.node)
		server = server->next;
	if (!server) {
		server = calloc(1, sizeof *server);
		if (!server)
			return cw_error_memory(error);
		server->tunnels = tunnels;
		server->node = link->server.node;
		snprintf(server->folder, sizeof server->folder, "%s/e%zu", tunnels->folder.path, tunnels->made++);
		server->next = tunnels->servers;
		tunnels->servers = server;
	}
	*ret = server;
	return server->server || open_server(server, link, error);
}

/* From now on nothing changes it; told from the loop, outside of every callback of the tunnel itself. */
static void settle(struct cw_rehearsal_tunnels_one *one)
{
	one->over = true;
	event_del(one->settle);
	event_active(one->settle, EV_TIMEOUT, 0);
}

static void up(struct cw_rehearsal_tunnels_one *one)
{
	struct cw_observed *observed = one->observed;
	observed->version = "SSH";
	observed->client.handshake_done = observed->server.handshake_done = true;
	observed->client.connected = observed->server.connected = true;
	strcpy(observed->client.reason, "bytes went through and back");
	strcpy(observed->server.reason, "bytes went through and back");
	observed->state = CW_OBSERVED_UP;
	observed->verdict = observed->seen->verdict;
	if (observed->seen->refused_by) { /* whoever comes in here was to be kept out */
		observed->state = CW_OBSERVED_FAILED;
		strcpy(observed->note, "it came up although a certificate is refused");
	}
	settle(one);
}

/* What this machine lacks says nothing of the deployment. */
static bool is_of_this_machine(enum cw_tunnel_reason reason)
{
	return reason == CW_TUNNEL_NO_OPENSSH || reason == CW_TUNNEL_ACCOUNT || reason == CW_TUNNEL_FILES ||
		reason == CW_TUNNEL_BLOCKED;
}

/* What the refusal of a key looks like from outside: it is not let in, or not even a kind that is spoken of. */
static bool is_no(enum cw_tunnel_reason reason)
{
	return reason == CW_TUNNEL_USER_KEY || reason == CW_TUNNEL_ALGORITHMS;
}

/* The same at the next try. */
static bool is_an_answer(enum cw_tunnel_reason reason)
{
	return is_no(reason) || reason == CW_TUNNEL_HOST_KEY || is_of_this_machine(reason);
}

static void failed(struct cw_rehearsal_tunnels_one *one, const struct cw_tunnel_status *status)
{
	struct cw_observed *observed = one->observed;
	if (!is_an_answer(status->reason) && ++one->failures < FAILURES_MAX)
		return;
	observed->ssh_reason = cw_tunnel_words_name(status->reason);
	observed->client.connected = true;
	snprintf(observed->client.reason, sizeof observed->client.reason, "%s",
		cw_tunnel_words_sentence(status->reason));
	snprintf(observed->note, sizeof observed->note, "%s", status->text);
	if (is_of_this_machine(status->reason)) {
		observed->state = CW_OBSERVED_NOT_REHEARSABLE;
	} else if (observed->seen->refused_by && is_no(status->reason)) {
		observed->server.connected = true;
		observed->state = CW_OBSERVED_REFUSED;
		observed->verdict = CW_VERDICT_REFUSED;
		observed->refused_by = observed->seen->refused_by;
		observed->layer = CW_LAYER_SSH;
		snprintf(observed->note, sizeof observed->note, "%s dialled, and its key was not let in",
			observed->link->client.name);
	} else {
		observed->state = CW_OBSERVED_FAILED;
	}
	settle(one);
}

static void look(struct cw_rehearsal_tunnels_one *one)
{
	const struct cw_tunnel_status *server =
		cw_tunnel_server_status(one->server->server, one->observed->link->id);
	bool client_up = one->client && cw_tunnel_client_status(one->client)->state == CW_TUNNEL_ACTIVE;
	if (client_up && server && server->state == CW_TUNNEL_ACTIVE)
		up(one);
}

static void tell(const struct cw_rehearsal_tunnels_one *one, const struct cw_tunnel_status *status)
{
	const struct cw_rehearsal_tunnels *tunnels = one->tunnels;
	char text[CW_TUNNEL_TEXT_MAX + 32];
	snprintf(text, sizeof text, "%s%s%s", cw_tunnel_status_name(status->state), *status->text ? ": " : "",
		status->text);
	if (tunnels->told)
		tunnels->told(tunnels->told_context, one->observed->link, text);
}

static void on_client_changed(void *context, const struct cw_tunnel_status *status)
{
	struct cw_rehearsal_tunnels_one *one = context;
	if (one->over)
		tell(one, status);
	else if (status->state == CW_TUNNEL_FAILED)
		failed(one, status);
	else if (status->state == CW_TUNNEL_ACTIVE)
		look(one);
}

void cw_rehearsal_tunnels_changed(
	struct cw_rehearsal_tunnels *tunnels, const char *id, const struct cw_tunnel_status *status)
{
	for (struct cw_rehearsal_tunnels_one *one = tunnels->ones; one; one = one->next)
		if (!one->over && status->state == CW_TUNNEL_ACTIVE &&
			strcmp(one->observed->link->id, id) == 0)
			look(one);
}

static void on_settle(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct cw_rehearsal_tunnels_one *one = context;
	const struct cw_rehearsal_tunnels *tunnels = one->tunnels;
	struct cw_observed *observed = one->observed;
	if (!one->over) {
		one->over = true;
		observed->state = CW_OBSERVED_FAILED;
		snprintf(observed->note, sizeof observed->note, "nothing came within %d seconds; last: %s",
			PATIENCE_SECONDS, cw_tunnel_client_status(one->client)->text);
	}
	if (!tunnels->keep || observed->state != CW_OBSERVED_UP) {
		cw_tunnel_client_free(one->client);
		one->client = NULL;
	}
	tunnels->owner.over(tunnels->owner.context, observed);
}

/* The first date at which a judge would say something else, as far as certificates tell. A rehearsal may be of
 * another day than sshd's clock. */
static cw_time expiry(const struct cw_rehearsal_tunnels_one *one)
{
	const struct cw_link *seen = one->observed->seen;
	const cw_time at = one->tunnels->rehearsal->options.check.at;
	cw_time first = 0;
	for (size_t i = 0; i < seen->question_count; i++) {
		const struct cw_path *path = &seen->questions[i].judgement.path;
		for (size_t k = 0; !seen->questions[i].by_client && k < path->count; k++) {
			cw_time end = cw_cert_not_after(path->steps[k].cert);
			if (end >= at && (!first || end < first))
				first = end;
		}
	}
	return first ? cw_time_now() + (first - at) + 1 : 0;
}

static bool let_in(
	struct cw_rehearsal_tunnels_one *one, bool passed, struct sockaddr_in *listen, struct cw_error *error)
{
	const struct cw_rehearsal *rehearsal = one->tunnels->rehearsal;
	const struct cw_link *link = one->observed->link;
	size_t client, server;
	if (!cw_rehearsal_find_party(rehearsal, link->client.name, &client) ||
		!cw_rehearsal_find_party(rehearsal, link->server.name, &server))
		return cw_error_memory(error);
	*listen = cw_loopback_address(&rehearsal->loopback, server, 0);
	const struct cw_tunnel_peer peer = {.name = link->id,
		.key = one->key,
		.from = cw_loopback_address(&rehearsal->loopback, client, 0).sin_addr,
		.listen = *listen,
		.secret = one->secret,
		.expires = expiry(one)};
	if (passed)
		return cw_tunnel_server_allow(one->server->server, &peer, listen, error);
	/* nobody told C of a port; it asks for one, and is not let in before */
	listen->sin_port = cw_tunnel_server_address(one->server->server)->sin_port;
	return true;
}

static bool open_client(struct cw_rehearsal_tunnels_one *one, struct cw_error *error)
{
	struct cw_rehearsal_tunnels *tunnels = one->tunnels;
	const struct cw_rehearsal *rehearsal = tunnels->rehearsal;
	size_t place;
	if (!cw_rehearsal_tunnels_key(tunnels, one->observed->link, false, &one->key, error))
		return false;
	if (!cw_rehearsal_find_party(rehearsal, one->observed->link->client.name, &place))
		return cw_error_memory(error);
	const struct cw_tunnel_client_setup setup = {.base = rehearsal->base,
		.folder = one->folder,
		.account = &tunnels->account,
		.limits = &tunnels->limits,
		.from = cw_loopback_address(&rehearsal->loopback, place, 0).sin_addr,
		.key = one->key,
		.algorithms = cw_tunnel_key_allowed(one->observed->link->client.node->group),
		.quick = true,
		.owner = {on_client_changed, NULL, NULL, one}};
	return cw_tunnel_client_open(&setup, &one->client, error);
}

static bool dial(struct cw_rehearsal_tunnels_one *one, bool passed, struct cw_error *error)
{
	static const struct timeval patience = {PATIENCE_SECONDS, 0};
	struct sockaddr_in listen;
	if (RAND_bytes(one->secret, sizeof one->secret) != 1)
		return cw_error_set(error, CW_E_CRYPTO, "no random bytes for a tunnel's key");
	if (!open_client(one, error) ||
		!cw_rehearsal_tunnels_serve(one->tunnels, one->observed->link, &one->server, error) ||
		!let_in(one, passed, &listen, error))
		return false;
	one->settle = evtimer_new(one->tunnels->rehearsal->base, on_settle, one);
	if (!one->settle || event_add(one->settle, &patience) < 0)
		return cw_error_memory(error);
	const struct cw_tunnel_target target = {.to = *cw_tunnel_server_address(one->server->server),
		.login = one->tunnels->account.name,
		.key = one->server->key,
		.listen = listen,
		.secret = one->secret};
	return cw_tunnel_client_allow(one->client, &target, error);
}

bool cw_rehearsal_tunnels_dial(struct cw_rehearsal_tunnels *tunnels, struct cw_observed *observed,
	bool passed, struct cw_error *error)
{
	struct cw_rehearsal_tunnels_one *one = calloc(1, sizeof *one);
	if (!one)
		return cw_error_memory(error);
	one->tunnels = tunnels;
	one->observed = observed;
	snprintf(one->folder, sizeof one->folder, "%s/c%zu", tunnels->folder.path, tunnels->made++);
	one->next = tunnels->ones;
	tunnels->ones = one;
	if (dial(one, passed, error))
		return true;
	one->over = true; /* it is freed with the others; nothing of it runs */
	if (one->settle)
		event_del(one->settle);
	cw_tunnel_client_free(one->client);
	one->client = NULL;
	return false;
}
