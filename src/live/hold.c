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

/* Zones: connect, keep alive, wait, again. */

static void zone_timer(struct held_zone *zone, unsigned milliseconds)
{
	struct timeval wait = {(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	event_add(zone->timer, &wait);
}

static void zone_event(struct held_zone *zone, enum cw_zone_event event)
{
	if (cw_zone_tell(&zone->status, event))
		tell(zone->hold, "zone %s: %s", zone->link->id, cw_zone_state_name(zone->status.state));
}

static void zone_lost(struct held_zone *zone)
{
	uint32_t random = 0;
	(void)RAND_bytes((unsigned char *)&random, sizeof random);
	zone_event(zone, CW_ZONE_LOST);
	zone_timer(zone, cw_zone_wait(&zone->status, random));
}

static void zone_over(struct cw_play *play, void *context)
{
	struct held_zone *zone = context;
	zone->play = NULL;
	if (*play->client.dialog.reason)
		tell(zone->hold, "    %s", play->client.dialog.reason);
	tell_complaints(zone->hold, &zone->reality);
	cw_play_free(play);
	zone_lost(zone);
}

static void zone_answered(struct cw_play *play, void *context)
{
	struct held_zone *zone = context;
	(void)play;
	zone_event(zone, CW_ZONE_ANSWERED);
	zone_timer(zone, CW_ZONE_KEEP_ALIVE);
}

static void connect_zone(struct held_zone *zone)
{
	struct cw_error error;
	struct cw_play_watcher watcher = {.over = zone_over, .answered = zone_answered, .context = zone};
	zone_event(zone, CW_ZONE_CONNECTS);
	if (fresh_reality(&zone->reality, zone->link) &&
		cw_play_begin(zone->hold->rehearsal, &zone->reality, &watcher, &zone->play, &error) &&
		zone->play)
		return;
	zone_lost(zone);
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
	tell(guest->hold, "guest on %s, judged as a %s link: %s%s", guest->reality.link->server.name,
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

static bool on_guest(void *context, const struct cw_stage_listener *listener, evutil_socket_t socket_)
{
	struct cw_hold *hold = context;
	const struct cw_check *check = hold->rehearsal->check;
	for (size_t i = 0; hold->guests < CW_HOLD_GUESTS_MAX && i < check->link_count; i++)
		if (cw_stage_serves(listener, check->links[i]))
			return welcome(hold, check->links[i], socket_);
	return false;
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
	struct cw_hold hold = {.rehearsal = rehearsal, .options = options};
	struct sigaction before, ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, &before);
	bool good = look_after_signals(&hold, error) && options->ready(options->context, error) &&
		hold_zones(&hold, error);
	if (good) {
		rehearsal->on_guest = on_guest;
		rehearsal->guest_context = &hold;
		event_base_dispatch(rehearsal->base);
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
