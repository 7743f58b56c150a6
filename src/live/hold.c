#include "live/hold.h"

#include "base/buffer.h"
#include "live/rehearsal_parts.h"
#include "live/zone.h"

#include <openssl/rand.h>
#include <signal.h>

#define SIGNALS 3

struct held_zone {
	struct cw_hold *hold;
	const struct cw_link *link;
	struct cw_reality reality;
	struct cw_play *play; /* NULL: not connected */
	struct cw_zone_status status;
	struct event *timer;
};

struct cw_hold {
	struct cw_rehearsal *rehearsal;
	const struct cw_hold_options *options;
	const struct cw_zone_times *times;
	bool failed;
	struct held_zone *zones;
	size_t zone_count;
	size_t guests;
	struct event *signals[SIGNALS];
};

static void tell(struct cw_hold *hold, const char *format, ...) CW_PRINTF(2, 3);

static void tell(struct cw_hold *hold, const char *format, ...)
{
	AUTO_BUFFER line = {0};
	va_list args;
	va_start(args, format);
	cw_buffer_vprintf(&line, format, args);
	va_end(args);
	hold->options->told(hold->options->context, cw_buffer_string(&line));
}

static void tell_complaints(struct cw_hold *hold, const struct cw_reality *reality)
{
	for (size_t i = 0; i < reality->seen->complaints.count; i++) {
		const struct cw_complaint *complaint = &reality->seen->complaints.items[i];
		tell(hold, "    %s by %s: %s", cw_code_name(complaint->finding.code), complaint->judge,
			complaint->finding.detail ? complaint->finding.detail : "");
	}
}

static bool fresh_reality(struct cw_reality *reality, const struct cw_link *link)
{
	cw_reality_finish(reality);
	*reality = (struct cw_reality){.link = link, .version = "", .seen = cw_link_bare(link)};
	reality->client.report.alert_sent = reality->client.report.alert_received = -1;
	reality->server.report.alert_sent = reality->server.report.alert_received = -1;
	return reality->seen != NULL;
}

/* A twin that cannot be looked after any more is taken down, and says so. */
static void give_up(struct cw_hold *hold)
{
	hold->failed = true;
	event_base_loopbreak(hold->rehearsal->base);
}

/* Zones: connect, keep alive, wait, again. */

static void zone_timer(struct held_zone *zone, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	if (event_add(zone->timer, &wait) < 0)
		give_up(zone->hold);
}

static void zone_event(struct held_zone *zone, enum cw_zone_event event)
{
	if (cw_zone_tell(&zone->status, event))
		tell(zone->hold, "zone %s: %s", zone->link->id, cw_zone_state_name(zone->status.state));
}

static void zone_lost(struct held_zone *zone, const char *why)
{
	uint32_t random = 0;
	(void)RAND_bytes((unsigned char *)&random, sizeof random);
	(void)cw_zone_tell(&zone->status, CW_ZONE_LOST);
	unsigned wait = cw_zone_wait(&zone->status, zone->hold->times, random);
	tell(zone->hold, "zone %s: %s (%s); next try in %u.%u s", zone->link->id,
		cw_zone_state_name(zone->status.state), why, wait / 1000, wait % 1000 / 100);
	if (zone->reality.seen)
		tell_complaints(zone->hold, &zone->reality);
	zone_timer(zone, wait);
}

static void zone_over(struct cw_play *play, void *context)
{
	struct held_zone *zone = context;
	char why[sizeof zone->reality.client.report.reason];
	snprintf(why, sizeof why, "%s",
		*play->client.dialog.reason ? play->client.dialog.reason
					    : zone->reality.client.report.reason);
	struct cw_error error;
	if (!cw_play_conclude(play, &error)) /* adds what the zone's digest found */
		give_up(zone->hold);
	zone->play = NULL;
	cw_play_free(play);
	zone_lost(zone, why);
}

static void zone_answered(struct cw_play *play, void *context)
{
	struct held_zone *zone = context;
	(void)play;
	zone_event(zone, CW_ZONE_ANSWERED);
	zone_timer(zone, zone->hold->times->keep_alive);
}

static void connect_zone(struct held_zone *zone)
{
	struct cw_error error;
	struct cw_play_watcher watcher = {.over = zone_over, .answered = zone_answered, .context = zone};
	zone_event(zone, CW_ZONE_CONNECTS);
	if (!fresh_reality(&zone->reality, zone->link))
		cw_error_memory(&error);
	else if (cw_play_begin(zone->hold->rehearsal, &zone->reality, &watcher, &zone->play, &error) &&
		zone->play)
		return;
	zone_lost(zone, *zone->reality.note ? zone->reality.note : error.message);
}

static void on_zone_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	struct held_zone *zone = context;
	if (zone->play)
		cw_play_ask_again(zone->play);
	else
		connect_zone(zone);
}

static bool hold_zones(struct cw_hold *hold, struct cw_error *error)
{
	const struct cw_check *check = hold->rehearsal->check;
	hold->zones = calloc(check->link_count + 1, sizeof *hold->zones);
	if (!hold->zones)
		return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++) {
		if (check->links[i]->kind != CW_LINK_TRAVERSAL ||
			hold->rehearsal->realities[i].state == CW_REALITY_NOT_REHEARSABLE)
			continue;
		struct held_zone *zone = &hold->zones[hold->zone_count++];
		zone->hold = hold;
		zone->link = check->links[i];
		zone->timer = evtimer_new(hold->rehearsal->base, on_zone_time, zone);
		if (!zone->timer)
			return cw_error_memory(error);
		connect_zone(zone);
	}
	return true;
}

/* Guests: whoever else comes to a listener. */

struct guest {
	struct cw_hold *hold;
	struct cw_reality reality;
};

static void guest_over(struct cw_play *play, void *context)
{
	struct guest *guest = context;
	const struct cw_connection_report *report = &guest->reality.server.report;
	tell(guest->hold, "guest on %s:%u, judged as %s of a %s link: %s%s", guest->reality.link->server.name,
		guest->reality.link->port, guest->reality.link->client.name,
		cw_link_kind_name(guest->reality.link->kind),
		report->handshake_done ? "handshake done; " : "", report->reason);
	tell_complaints(guest->hold, &guest->reality);
	guest->hold->guests--;
	cw_play_free(play);
	cw_reality_finish(&guest->reality);
	free(guest);
}

static bool welcome(struct cw_hold *hold, const struct cw_link *link, evutil_socket_t socket_)
{
	struct guest *guest = calloc(1, sizeof *guest);
	struct cw_error error;
	if (!guest)
		return false;
	guest->hold = hold;
	struct cw_play_watcher watcher = {.over = guest_over, .context = guest};
	hold->guests++;
	if (fresh_reality(&guest->reality, link) &&
		cw_play_guest(hold->rehearsal, &guest->reality, &watcher, socket_, &error))
		return true;
	hold->guests--;
	cw_reality_finish(&guest->reality);
	free(guest);
	return false;
}

/* Whose guest it is: that of the client at whose address it is bound, else of the first. */
static const struct cw_link *link_of_guest(
	const struct cw_hold *hold, const struct cw_stage_listener *listener, evutil_socket_t socket_)
{
	const struct cw_check *check = hold->rehearsal->check;
	const struct cw_link *first = NULL;
	struct sockaddr_in from = {0}, client;
	socklen_t size = sizeof from;
	(void)getpeername(socket_, (struct sockaddr *)&from, &size);
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (!cw_stage_serves(listener, link))
			continue;
		first = first ? first : link;
		if (cw_rehearsal_client_address(hold->rehearsal, link, &client) &&
			client.sin_addr.s_addr == from.sin_addr.s_addr)
			return link;
	}
	return first;
}

static bool on_guest(void *context, const struct cw_stage_listener *listener, evutil_socket_t socket_)
{
	struct cw_hold *hold = context;
	const struct cw_link *link =
		hold->guests < CW_HOLD_GUESTS_MAX ? link_of_guest(hold, listener, socket_) : NULL;
	return link && welcome(hold, link, socket_);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	struct cw_hold *hold = context;
	event_base_loopbreak(hold->rehearsal->base);
}

static bool look_after_signals(struct cw_hold *hold, struct cw_error *error)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	for (size_t i = 0; i < SIGNALS; i++) {
		hold->signals[i] = evsignal_new(hold->rehearsal->base, numbers[i], on_signal, hold);
		if (!hold->signals[i] || event_add(hold->signals[i], NULL) < 0)
			return cw_error_memory(error);
	}
	return true;
}

static void release(struct cw_hold *hold)
{
	cw_rehearsal_drop_plays(hold->rehearsal);
	hold->rehearsal->on_guest = NULL;
	for (size_t i = 0; i < hold->zone_count; i++) {
		if (hold->zones[i].timer)
			event_free(hold->zones[i].timer);
		cw_reality_finish(&hold->zones[i].reality);
	}
	free(hold->zones);
	for (size_t i = 0; i < SIGNALS; i++)
		if (hold->signals[i])
			event_free(hold->signals[i]);
}

bool cw_rehearsal_hold(
	struct cw_rehearsal *rehearsal, const struct cw_hold_options *options, struct cw_error *error)
{
	struct cw_hold hold = {.rehearsal = rehearsal,
		.options = options,
		.times = options->times ? options->times : &cw_zone_times_default};
	struct sigaction before, ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, &before);
	bool good = look_after_signals(&hold, error) && options->ready(options->context, error) &&
		hold_zones(&hold, error);
	if (good) {
		rehearsal->on_guest = on_guest;
		rehearsal->guest_context = &hold;
		good = event_base_dispatch(rehearsal->base) == 0 && !hold.failed;
		if (!good)
			cw_error_memory(error);
	}
	release(&hold);
	sigaction(SIGPIPE, &before, NULL);
	return good;
}

const struct sockaddr_in *cw_rehearsal_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link)
{
	return cw_stage_server(rehearsal, link);
}

bool cw_rehearsal_client_address(
	const struct cw_rehearsal *rehearsal, const struct cw_link *link, struct sockaddr_in *ret)
{
	size_t place;
	if (!cw_stage_find_party(rehearsal, link->client.name, &place))
		return false;
	*ret = cw_loopback_address(&rehearsal->loopback, place, 0);
	return true;
}
