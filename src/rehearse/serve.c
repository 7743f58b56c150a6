#include "rehearse/serve.h"

#include "base/buffer.h"
#include "net/loop_signal.h"
#include "rehearse/rehearsal_parts.h"
#include "traversal/zone.h"

#include <openssl/rand.h>
#include <signal.h>

#define SIGNALS 3

struct held_zone {
	struct serving *serving;
	const struct cw_link *link;
	struct cw_observed observed;
	struct cw_exchange *exchange; /* NULL: not connected */
	struct cw_zone_status status;
	struct event *timer;
};

struct outside;

struct serving {
	struct cw_rehearsal *rehearsal;
	const struct cw_serve_options *options;
	const struct cw_zone_times *times;
	bool failed;
	struct held_zone *zones;
	size_t zone_count;
	size_t outside_clients;
	struct outside *outside; /* those clients */
	struct event *signals[SIGNALS];
};

static void tell(struct serving *serving, const char *format, ...) CW_PRINTF(2, 3);

static void tell(struct serving *serving, const char *format, ...)
{
	AUTO_BUFFER line = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&line, format, args);
	va_end(args);
	serving->options->told(serving->options->context, cw_buffer_string(&line));
}

static void tell_complaints(struct serving *serving, const struct cw_observed *observed)
{
	for (size_t i = 0; i < observed->seen->complaints.count; i++) {
		const struct cw_complaint *complaint = &observed->seen->complaints.items[i];
		AUTO_BUFFER line = {0};
		cw_finding_line(
			&line, &complaint->finding, &(struct cw_finding_line){.who = complaint->judge});
		tell(serving, "    %s", line.failed ? "out of memory" : cw_buffer_string(&line));
	}
}

static bool fresh_observed(struct cw_observed *observed, const struct cw_link *link)
{
	cw_observed_finish(observed);
	*observed = (struct cw_observed){.link = link, .version = "", .seen = cw_link_bare(link)};
	observed->client.alert_sent = observed->client.alert_received = -1;
	observed->server.alert_sent = observed->server.alert_received = -1;
	return observed->seen != NULL;
}

/* A stand-ins that cannot be looked after any more is taken down, and says so. */
static void give_up(struct serving *serving)
{
	serving->failed = true;
	event_base_loopbreak(serving->rehearsal->base);
}

/* Zones: connect, keep alive, wait, again. */

static void zone_timer(struct held_zone *zone, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	if (event_add(zone->timer, &wait) < 0)
		give_up(zone->serving);
}

static void zone_event(struct held_zone *zone, enum cw_zone_event event)
{
	if (cw_zone_tell(&zone->status, event))
		tell(zone->serving, "zone %s: %s", zone->link->id, cw_zone_state_name(zone->status.state));
}

static void zone_lost(struct held_zone *zone, const char *why)
{
	uint32_t random = 0;
	(void)RAND_bytes((unsigned char *)&random, sizeof random);
	(void)cw_zone_tell(&zone->status, CW_ZONE_LOST);
	unsigned wait = cw_zone_wait(&zone->status, zone->serving->times, random);
	tell(zone->serving, "zone %s: %s (%s); next try in %u.%u s", zone->link->id,
		cw_zone_state_name(zone->status.state), why, wait / 1000, wait % 1000 / 100);
	if (zone->observed.seen)
		tell_complaints(zone->serving, &zone->observed);
	zone_timer(zone, wait);
}

static void zone_over(struct cw_exchange *exchange, void *context)
{
	struct held_zone *zone = context;
	char why[sizeof zone->observed.client.reason];
	snprintf(why, sizeof why, "%s",
		*exchange->client.conversation.reason ? exchange->client.conversation.reason
						      : zone->observed.client.reason);
	struct cw_error error;
	if (!cw_exchange_conclude(exchange, &error)) /* adds what the zone's digest found */
		give_up(zone->serving);
	zone->exchange = NULL;
	cw_exchange_free(exchange);
	zone_lost(zone, why);
}

static void zone_answered(struct cw_exchange *exchange, void *context)
{
	struct held_zone *zone = context;
	(void)exchange;
	zone_event(zone, CW_ZONE_ANSWERED);
	zone_timer(zone, zone->serving->times->keep_alive);
}

static void connect_zone(struct held_zone *zone)
{
	struct cw_error error;
	struct cw_exchange_watcher watcher = {.over = zone_over, .answered = zone_answered, .context = zone};
	zone_event(zone, CW_ZONE_CONNECTS);
	if (!fresh_observed(&zone->observed, zone->link))
		cw_error_memory(&error);
	else if (cw_exchange_begin(
			 zone->serving->rehearsal, &zone->observed, &watcher, &zone->exchange, &error) &&
		zone->exchange)
		return;
	zone_lost(zone, *zone->observed.note ? zone->observed.note : error.message);
}

static void on_zone_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct held_zone *zone = context;
	if (zone->exchange)
		cw_exchange_ask_again(zone->exchange);
	else
		connect_zone(zone);
}

static bool hold_zones(struct serving *serving, struct cw_error *error)
{
	const struct cw_check *check = serving->rehearsal->check;
	serving->zones = calloc(check->link_count + 1, sizeof *serving->zones);
	if (!serving->zones)
		return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++) {
		if (check->links[i]->kind != CW_LINK_TRAVERSAL ||
			serving->rehearsal->observed.items[i].state == CW_OBSERVED_NOT_REHEARSABLE)
			continue;
		struct held_zone *zone = &serving->zones[serving->zone_count++];
		zone->serving = serving;
		zone->link = check->links[i];
		zone->timer = evtimer_new(serving->rehearsal->base, on_zone_time, zone);
		if (!zone->timer)
			return cw_error_memory(error);
		connect_zone(zone);
	}
	return true;
}

/* Tunnels that the rehearsal made look after themselves. */
static void on_tunnel(void *context, const struct cw_link *link, const char *text)
{
	tell(context, "tunnel %s: %s", link->id, text);
}

/* Outside clients: whoever else comes to a listener. */

struct outside {
	struct serving *serving;
	struct cw_observed observed;
	struct outside *next, **place;
};

static void outside_add(struct outside *outside, struct serving *serving)
{
	outside->serving = serving;
	outside->next = serving->outside;
	outside->place = &serving->outside;
	if (outside->next)
		outside->next->place = &outside->next;
	serving->outside = outside;
	serving->outside_clients++;
}

static void outside_free(struct outside *outside)
{
	*outside->place = outside->next;
	if (outside->next)
		outside->next->place = outside->place;
	outside->serving->outside_clients--;
	cw_observed_finish(&outside->observed);
	free(outside);
}

static void outside_over(struct cw_exchange *exchange, void *context)
{
	struct outside *outside = context;
	const struct cw_observed_end *report = &outside->observed.server;
	tell(outside->serving, "outside client on %s:%u, judged as %s of a %s link: %s%s",
		outside->observed.link->server.name, outside->observed.link->port,
		outside->observed.link->client.name, cw_link_kind_name(outside->observed.link->kind),
		report->handshake_done ? "handshake done; " : "", report->reason);
	tell_complaints(outside->serving, &outside->observed);
	cw_exchange_free(exchange);
	outside_free(outside);
}

static bool welcome(struct serving *serving, const struct cw_link *link, evutil_socket_t socket_)
{
	struct outside *outside = calloc(1, sizeof *outside);
	struct cw_error error;
	if (!outside)
		return false;
	outside_add(outside, serving);
	struct cw_exchange_watcher watcher = {.over = outside_over, .context = outside};
	if (fresh_observed(&outside->observed, link) &&
		cw_exchange_with_outside_client(
			serving->rehearsal, &outside->observed, &watcher, socket_, &error))
		return true;
	outside_free(outside);
	return false;
}

/* Whose outside it is: that of the client at whose address it is bound, else of the first. */
static const struct cw_link *link_of_outside_client(
	const struct serving *serving, const struct cw_rehearsal_listener *listener, evutil_socket_t socket_)
{
	const struct cw_check *check = serving->rehearsal->check;
	const struct cw_link *first = NULL;
	struct sockaddr_in from = {0}, client;
	socklen_t size = sizeof from;
	(void)getpeername(socket_, (struct sockaddr *)&from, &size);
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (!cw_rehearsal_serves(listener, link))
			continue;
		first = first ? first : link;
		if (cw_serve_client_address(serving->rehearsal, link, &client) &&
			client.sin_addr.s_addr == from.sin_addr.s_addr)
			return link;
	}
	return first;
}

static bool on_outside_client(
	void *context, const struct cw_rehearsal_listener *listener, evutil_socket_t socket_)
{
	struct serving *serving = context;
	const struct cw_link *link = serving->outside_clients < CW_SERVE_CLIENTS_MAX
		? link_of_outside_client(serving, listener, socket_)
		: NULL;
	return link && welcome(serving, link, socket_);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	struct serving *serving = context;
	event_base_loopbreak(serving->rehearsal->base);
}

static bool look_after_signals(struct serving *serving, struct cw_error *error)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < SIGNALS; i++)
		if (!cw_loop_signal_add(serving->rehearsal->base, &(struct cw_loop_signal){numbers[i], true},
			    on_signal, serving, &serving->signals[i], error))
			return false;
	return true;
}

static void release(struct serving *serving)
{
	cw_rehearsal_drop_exchanges(serving->rehearsal);
	cw_rehearsal_tunnels_watch(serving->rehearsal->tunnels, NULL, NULL);
	serving->rehearsal->on_outside_client = NULL;
	while (serving->outside)
		outside_free(serving->outside);
	for (size_t i = 0; i < serving->zone_count; i++) {
		if (serving->zones[i].timer)
			event_free(serving->zones[i].timer);
		cw_observed_finish(&serving->zones[i].observed);
	}
	free(serving->zones);
	for (size_t i = 0; i < SIGNALS; i++)
		if (serving->signals[i])
			event_free(serving->signals[i]);
}

bool cw_serve_rehearsal(
	struct cw_rehearsal *rehearsal, const struct cw_serve_options *options, struct cw_error *error)
{
	struct serving serving = {.rehearsal = rehearsal,
		.options = options,
		.times = options->times ? options->times : &cw_zone_times_default};
	struct sigaction before, ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, &before);
	bool good = look_after_signals(&serving, error) && options->ready(options->context, error) &&
		hold_zones(&serving, error);
	if (good) {
		rehearsal->on_outside_client = on_outside_client;
		rehearsal->outside_context = &serving;
		cw_rehearsal_tunnels_watch(rehearsal->tunnels, on_tunnel, &serving);
		good = event_base_dispatch(rehearsal->base) == 0 && !serving.failed;
		if (!good)
			cw_error_memory(error);
	}
	release(&serving);
	sigaction(SIGPIPE, &before, NULL);
	return good;
}

const struct sockaddr_in *cw_serve_address(const struct cw_rehearsal *rehearsal, const struct cw_link *link)
{
	return cw_rehearsal_server(rehearsal, link);
}

bool cw_serve_client_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link, struct sockaddr_in *ret)
{
	size_t place;
	if (!cw_rehearsal_find_party(rehearsal, link->client.name, &place))
		return false;
	*ret = cw_loopback_address(&rehearsal->loopback, place, 0);
	return true;
}
