#include "labrun/lab_relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <string.h>

#define FIRST_PORT 20000
/* A side that reads slowly slows the other down. */
#define WAITING_MAX (256 * 1024)

struct stream {
	struct cw_lab_relay *relay;
	struct bufferevent *sides[2];
	struct stream *next;
};

struct port {
	struct cw_lab_relay *relay;
	const char *node, *service;
	struct sockaddr_in to, at;
	struct evconnlistener *listener;
};

struct cw_lab_relay {
	struct event_base *base;
	struct port *ports;
	size_t count;
	struct stream *streams;
	size_t stream_count;
};

/* --- one connection --- */

static void stream_free(struct stream *stream)
{
	struct stream **place = &stream->relay->streams;
	while (*place != stream)
		place = &(*place)->next;
	*place = stream->next;
	stream->relay->stream_count--;
	for (size_t i = 0; i < 2; i++)
		if (stream->sides[i])
			bufferevent_free(stream->sides[i]);
	free(stream);
}

static struct bufferevent *other_of(const struct stream *stream, const struct bufferevent *side)
{
	return stream->sides[side == stream->sides[0]];
}

static void on_bytes(struct bufferevent *side, void *context)
{
	struct bufferevent *other = other_of(context, side);
	(void)bufferevent_write_buffer(other, bufferevent_get_input(side));
	if (evbuffer_get_length(bufferevent_get_output(other)) > WAITING_MAX)
		(void)bufferevent_disable(side, EV_READ);
}

/* What was sent makes room; after the other side's end it is the end. */
static void on_sent(struct bufferevent *side, void *context)
{
	struct bufferevent *other = other_of(context, side);
	if (!(bufferevent_get_enabled(other) & EV_READ) && !(bufferevent_get_enabled(other) & EV_WRITE))
		stream_free(context);
	else
		(void)bufferevent_enable(other, EV_READ);
}

static void on_event(struct bufferevent *side, short what, void *context)
{
	struct bufferevent *other = other_of(context, side);
	if (what & BEV_EVENT_CONNECTED)
		return;
	if (!(what & BEV_EVENT_EOF) || !evbuffer_get_length(bufferevent_get_output(other))) {
		stream_free(context);
		return;
	}
	(void)bufferevent_disable(side, EV_READ | EV_WRITE); /* the rest is still to be sent */
}

static void on_connection(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *from,
	int length, void *context)
{
	struct port *port = context;
	struct cw_lab_relay *relay = port->relay;
	struct stream *stream =
		relay->stream_count < CW_LAB_RELAY_STREAMS_MAX ? calloc(1, sizeof *stream) : NULL;
	(void)listener;
	(void)from;
	(void)length;
	if (!stream) {
		evutil_closesocket(socket);
		return;
	}
	stream->relay = relay;
	stream->next = relay->streams;
	relay->streams = stream;
	relay->stream_count++;
	stream->sides[0] = bufferevent_socket_new(relay->base, socket, BEV_OPT_CLOSE_ON_FREE);
	stream->sides[1] = bufferevent_socket_new(relay->base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (!stream->sides[0])
		evutil_closesocket(socket);
	if (!stream->sides[0] || !stream->sides[1]) {
		stream_free(stream);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		bufferevent_setcb(stream->sides[i], on_bytes, on_sent, on_event, stream);
		(void)bufferevent_enable(stream->sides[i], EV_READ | EV_WRITE);
	}
	(void)bufferevent_socket_connect(
		stream->sides[1], (const struct sockaddr *)&port->to, (int)sizeof port->to);
}

/* --- the ports --- */

void cw_lab_relay_end(struct cw_lab_relay *relay)
{
	if (!relay)
		return;
	while (relay->streams)
		stream_free(relay->streams);
	for (size_t i = 0; i < relay->count; i++)
		if (relay->ports[i].listener)
			evconnlistener_free(relay->ports[i].listener);
	free(relay->ports);
	free(relay);
}

CW_DEFINE_AUTO(struct cw_lab_relay *, cw_lab_relay_end)

static const struct {
	enum cw_node_kind kind;
	const char *service;
	unsigned port;
} services[] = {
	{CW_NODE_EXPRESSWAY_E, "pages", 443},
	{CW_NODE_EXPRESSWAY_E, "edge", 8443},
	{CW_NODE_EXPRESSWAY_E, "sip", 5061},
	{CW_NODE_EXPRESSWAY_E, "zone", 7001},
	{CW_NODE_EXPRESSWAY_E, "tunnels", 2222},
	{CW_NODE_EXPRESSWAY_C, "pages", 443},
	{CW_NODE_EXPRESSWAY_C, "sip", 5061},
	{CW_NODE_CUCM, "tomcat", 8443},
	{CW_NODE_CUCM, "tftp", 6972},
	{CW_NODE_CUCM, "sip", 5061},
};
#define SERVICES (sizeof services / sizeof services[0])

static bool add_port(struct cw_lab_relay *relay, const struct cw_lab_folder *folder, size_t service,
	const struct sockaddr_in *at, struct cw_error *error)
{
	struct port *port = &relay->ports[relay->count++];
	socklen_t size = sizeof port->at;
	char text[CW_LOOPBACK_TEXT_SIZE];
	*port = (struct port){.relay = relay,
		.node = folder->node->fqdn,
		.service = services[service].service,
		.to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)services[service].port)},
		.at = *at};
	(void)inet_pton(AF_INET, folder->address, &port->to.sin_addr);
	port->listener = evconnlistener_new_bind(relay->base, on_connection, port,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, -1,
		(const struct sockaddr *)at, (int)sizeof *at);
	if (!port->listener)
		return cw_error_set(error, CW_E_NETWORK, "%s cannot be listened on: %s",
			cw_loopback_text(at, text), strerror(errno));
	return getsockname(evconnlistener_get_fd(port->listener), (struct sockaddr *)&port->at, &size) == 0 ||
		cw_error_set(error, CW_E_NETWORK, "the port is not known");
}

static bool parse_address(const char *text, struct sockaddr_in *ret)
{
	char address[INET_ADDRSTRLEN] = "";
	unsigned long port = FIRST_PORT;
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	if (length >= sizeof address)
		return false;
	memcpy(address, text, length);
	if (colon) {
		size_t digits = strspn(colon + 1, "0123456789");
		if (!digits || digits > 5 || colon[1 + digits])
			return false;
		port = strtoul(colon + 1, NULL, 10);
	}
	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	return port <= 65535 && inet_pton(AF_INET, address, &ret->sin_addr) == 1;
}

static bool parse(const char *text, struct sockaddr_in *ret, struct cw_error *error)
{
	if (parse_address(text, ret))
		return true;
	return cw_error_set(error, CW_E_USAGE,
		"wanted an IPv4 address, with a first port or without (192.0.2.1, 192.0.2.1:20000), found \"%s\"",
		text);
}

bool cw_lab_relay_begin(struct event_base *base, const char *listen, const struct cw_lab_folders *folders,
	struct cw_lab_relay **ret, struct cw_error *error)
{
	AUTO(cw_lab_relay_end) struct cw_lab_relay *relay = calloc(1, sizeof *relay);
	struct sockaddr_in at;
	if (!relay)
		return cw_error_memory(error);
	relay->base = base;
	relay->ports = calloc(folders->count * SERVICES + 1, sizeof *relay->ports);
	if (!relay->ports)
		return cw_error_memory(error);
	if (!parse(listen, &at, error))
		return false;
	for (size_t i = 0; i < folders->count; i++)
		for (size_t k = 0; k < SERVICES; k++) {
			if (services[k].kind != folders->items[i].node->kind || *folders->items[i].trouble)
				continue;
			if (!add_port(relay, &folders->items[i], k, &at, error))
				return false;
			if (at.sin_port)
				at.sin_port = htons((uint16_t)(ntohs(at.sin_port) + 1));
		}
	*ret = TAKE(relay);
	return true;
}

void cw_lab_relay_tell(const struct cw_lab_relay *relay, struct cw_buffer *ret)
{
	for (size_t i = 0; i < relay->count; i++) {
		char at[CW_LOOPBACK_TEXT_SIZE], to[CW_LOOPBACK_TEXT_SIZE];
		const struct port *port = &relay->ports[i];
		cw_buffer_printf(ret, "%s %s (%s): %s\n", port->node, port->service,
			cw_loopback_text(&port->to, to), cw_loopback_text(&port->at, at));
	}
}
