#include "rehearse/rehearsal_parts.h"

#include <errno.h>
#include <string.h>

bool cw_rehearsal_find_party(const struct cw_rehearsal *rehearsal, const char *name, size_t *ret)
{
	for (size_t i = 0; i < rehearsal->party_count; i++) {
		if (strcmp(rehearsal->parties[i].name, name) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

bool cw_rehearsal_party(struct cw_rehearsal *rehearsal, const char *name, size_t *ret)
{
	if (cw_rehearsal_find_party(rehearsal, name, ret))
		return true;
	if (!cw_memory_grow(&rehearsal->parties, &rehearsal->party_capacity, rehearsal->party_count,
		    sizeof *rehearsal->parties))
		return false;
	*ret = rehearsal->party_count;
	rehearsal->parties[rehearsal->party_count++] = (struct cw_rehearsal_party){.name = name};
	return true;
}

bool cw_rehearsal_serves(const struct cw_rehearsal_listener *listener, const struct cw_link *link)
{
	return listener->port == link->port && cw_link_kind_is_tls(link->kind) &&
		strcmp(listener->rehearsal->parties[listener->party].name, link->server.name) == 0;
}

static struct cw_rehearsal_listener *listener_of(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link)
{
	for (size_t i = 0; i < rehearsal->listener_count; i++) {
		struct cw_rehearsal_listener *listener = rehearsal->listeners[i];
		if (cw_rehearsal_serves(listener, link))
			return listener;
	}
	return NULL;
}

const struct sockaddr_in *cw_rehearsal_server(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link)
{
	const struct cw_rehearsal_listener *listener = listener_of(rehearsal, link);
	return listener ? &listener->address : NULL;
}

static struct cw_exchange *play_from(const struct cw_rehearsal *rehearsal, const struct sockaddr_in *from)
{
	for (struct cw_exchange *exchange = rehearsal->running; exchange; exchange = exchange->next)
		if (exchange->from.sin_port == from->sin_port &&
			exchange->from.sin_addr.s_addr == from->sin_addr.s_addr)
			return exchange;
	return NULL;
}

/* Whoever is not one of the clients of this rehearsal has no business here, unless it is held. */
static void on_accept(void *context, evutil_socket_t socket_, const struct sockaddr *from, int length)
{
	struct cw_rehearsal_listener *listener = context;
	struct cw_exchange *exchange = NULL;
	if (from->sa_family == AF_INET && length >= (int)sizeof(struct sockaddr_in))
		exchange = play_from(listener->rehearsal, (const struct sockaddr_in *)(const void *)from);
	if (exchange && !exchange->server.connection && !exchange->server.ended)
		cw_exchange_accept(exchange, socket_);
	else if (exchange || !listener->rehearsal->on_outside_client ||
		!listener->rehearsal->on_outside_client(
			listener->rehearsal->outside_context, listener, socket_))
		evutil_closesocket(socket_);
}

/* Its cap is that of what goes on: exchanges that the rehearsal began, and CW_SERVE_CLIENTS_MAX others. */
static bool listen_on(
	struct cw_rehearsal_listener *listener, struct sockaddr_in address, struct cw_error *error)
{
	const struct cw_accept_owner owner = {.accepted = on_accept, .context = listener};
	return cw_accept_open(listener->rehearsal->base, (const struct sockaddr *)&address, sizeof address,
		&owner, &listener->accept, error);
}

/* The real port where that may be had: below 1024 only root may, and many nodes may share one address. */
static bool start(struct cw_rehearsal_listener *listener, struct cw_error *error)
{
	struct cw_rehearsal *rehearsal = listener->rehearsal;
	bool open_ = listen_on(
		listener, cw_loopback_address(&rehearsal->loopback, listener->party, listener->port), error);
	if (!open_)
		open_ = listen_on(
			listener, cw_loopback_address(&rehearsal->loopback, listener->party, 0), error);
	if (!open_)
		return error->code == CW_E_MEMORY ? false
						  : cw_error_prefix(error, "on the loopback interface");
	socklen_t size = sizeof listener->address;
	if (getsockname(cw_accept_socket(listener->accept), (struct sockaddr *)&listener->address, &size) ==
		0)
		return true;
	return cw_error_set(
		error, CW_E_NETWORK, "cannot listen on the loopback interface: %s", strerror(errno));
}

bool cw_rehearsal_listen(struct cw_rehearsal *rehearsal, const struct cw_link *link, struct cw_error *error)
{
	size_t party;
	if (listener_of(rehearsal, link))
		return true;
	if (!cw_rehearsal_party(rehearsal, link->server.name, &party) ||
		!cw_memory_grow(&rehearsal->listeners, &rehearsal->listener_capacity,
			rehearsal->listener_count, sizeof(struct cw_rehearsal_listener *)))
		return cw_error_memory(error);
	struct cw_rehearsal_listener *listener = calloc(1, sizeof *listener);
	if (!listener)
		return cw_error_memory(error);
	rehearsal->listeners[rehearsal->listener_count++] = listener;
	listener->rehearsal = rehearsal;
	listener->party = party;
	listener->port = link->port;
	return start(listener, error);
}

void cw_rehearsal_close(struct cw_rehearsal *rehearsal)
{
	for (size_t i = 0; i < rehearsal->listener_count; i++) {
		cw_accept_free(rehearsal->listeners[i]->accept);
		free(rehearsal->listeners[i]);
	}
	free(rehearsal->listeners);
	rehearsal->listeners = NULL;
	rehearsal->listener_count = rehearsal->listener_capacity = 0;
}
