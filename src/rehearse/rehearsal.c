#include "rehearse/rehearsal.h"

#include "net/loop_signal.h"
#include "rehearse/carried.h"
#include "rehearse/rehearsal_parts.h"

#include <signal.h>

#define AT_ONCE_DEFAULT 16
/* Each is three processes. */
#define TUNNELS_AT_ONCE 6

void cw_rehearsal_drop_exchanges(struct cw_rehearsal *rehearsal)
{
	while (rehearsal->running) {
		struct cw_exchange *exchange = rehearsal->running;
		rehearsal->running = exchange->next;
		cw_exchange_free(exchange);
	}
	rehearsal->running_count = 0;
}

void cw_rehearsal_free(struct cw_rehearsal *rehearsal)
{
	if (!rehearsal)
		return;
	cw_rehearsal_tunnels_free(rehearsal->tunnels);
	cw_rehearsal_drop_exchanges(rehearsal);
	cw_rehearsal_close(rehearsal);
	for (size_t i = 0; rehearsal->observed.items && i < rehearsal->check->link_count; i++)
		cw_observed_finish(&rehearsal->observed.items[i]);
	free(rehearsal->observed.items);
	free(rehearsal->parties);
	free(rehearsal->answers);
	if (rehearsal->base)
		event_base_free(rehearsal->base);
	cw_loopback_release(&rehearsal->loopback);
	cw_stand_ins_free(rehearsal->stand_ins);
	cw_stand_in_keys_free(rehearsal->keys);
	free(rehearsal);
}

static void on_tunnel_over(void *context, struct cw_observed *observed);

static const struct cw_cert *original(const void *context, const struct cw_cert *seen)
{
	return cw_stand_ins_original(context, seen);
}

static bool prepare_observed(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	const struct cw_check *check = rehearsal->check;
	rehearsal->observed = (struct cw_observed_set){
		.check = check, .original = original, .context = rehearsal->stand_ins};
	rehearsal->observed.items = calloc(check->link_count + 1, sizeof *rehearsal->observed.items);
	if (!rehearsal->observed.items)
		return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++) {
		struct cw_observed *observed = &rehearsal->observed.items[i];
		observed->link = check->links[i];
		observed->version = "";
		observed->client.alert_sent = observed->client.alert_received = -1;
		observed->server.alert_sent = observed->server.alert_received = -1;
		observed->seen = cw_link_bare(check->links[i]);
		if (!observed->seen)
			return cw_error_memory(error);
	}
	return true;
}

static bool open_listeners(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	rehearsal->base = event_base_new();
	if (!rehearsal->base)
		return cw_error_memory(error);
	if (!cw_loopback_take(&rehearsal->loopback, error))
		return false;
	for (size_t i = 0; i < rehearsal->check->link_count; i++)
		if (cw_link_kind_is_tls(rehearsal->check->links[i]->kind) &&
			!cw_rehearsal_listen(rehearsal, rehearsal->check->links[i], error))
			return false;
	return true;
}

bool cw_rehearsal_new(const struct cw_check *check, const struct cw_rehearsal_options *options,
	struct cw_rehearsal **ret, struct cw_error *error)
{
	AUTO(cw_rehearsal_free) struct cw_rehearsal *rehearsal = calloc(1, sizeof *rehearsal);
	if (!rehearsal)
		return cw_error_memory(error);
	rehearsal->check = check;
	rehearsal->options = *options;
	rehearsal->loopback.lock = -1;
	if (!rehearsal->options.at_once)
		rehearsal->options.at_once = AT_ONCE_DEFAULT;
	rehearsal->keys = cw_stand_in_keys_new();
	if (!rehearsal->keys)
		return cw_error_memory(error);
	if (!cw_stand_ins_new(check->deployment, rehearsal->keys, &rehearsal->stand_ins, error) ||
		!prepare_observed(rehearsal, error) || !open_listeners(rehearsal, error))
		return false;
	const struct cw_rehearsal_tunnels_owner owner = {on_tunnel_over, rehearsal};
	rehearsal->tunnels = cw_rehearsal_tunnels_new(rehearsal, &owner, options->keeps_tunnels);
	if (!rehearsal->tunnels)
		return cw_error_memory(error);
	*ret = TAKE(rehearsal);
	return true;
}

static void fail(struct cw_rehearsal *rehearsal, const struct cw_error *error)
{
	if (!rehearsal->failed)
		rehearsal->error = *error;
	rehearsal->failed = true;
}

static void count_done(struct cw_rehearsal *rehearsal, struct cw_observed *observed)
{
	struct cw_error error;
	if (!cw_observed_compare(observed, &rehearsal->observed)) {
		cw_error_memory(&error);
		fail(rehearsal, &error);
	}
	rehearsal->done++;
	if (rehearsal->options.progress)
		rehearsal->options.progress(
			rehearsal->options.context, rehearsal->done, rehearsal->check->link_count);
}

/* Links that are said over another one, once those are through. */
static void conclude_carried(struct cw_rehearsal *rehearsal)
{
	struct cw_error error;
	for (size_t i = 0; i < rehearsal->check->link_count && !rehearsal->failed; i++) {
		struct cw_observed *observed = &rehearsal->observed.items[i];
		if (observed->link->kind != CW_LINK_SERVICE)
			continue;
		if (!cw_carried_conclude(rehearsal, observed, &error))
			fail(rehearsal, &error);
		count_done(rehearsal, observed);
	}
}

static size_t count_carried(const struct cw_check *check)
{
	size_t count = 0;
	for (size_t i = 0; i < check->link_count; i++)
		count += check->links[i]->kind == CW_LINK_SERVICE;
	return count;
}

static void begin_more(struct cw_rehearsal *rehearsal);

static void on_played(struct cw_exchange *exchange, void *context)
{
	struct cw_rehearsal *rehearsal = context;
	struct cw_error error;
	if (!cw_exchange_conclude(exchange, &error))
		fail(rehearsal, &error);
	count_done(rehearsal, exchange->observed);
	cw_exchange_free(exchange);
	begin_more(rehearsal);
}

static void on_tunnel_over(void *context, struct cw_observed *observed)
{
	struct cw_rehearsal *rehearsal = context;
	rehearsal->tunnels_running--;
	count_done(rehearsal, observed);
	begin_more(rehearsal);
}

static bool begin_tunnel(
	struct cw_rehearsal *rehearsal, struct cw_observed *observed, bool *ret, struct cw_error *error)
{
	*ret = false;
	if (rehearsal->options.without_tunnels) {
		observed->state = CW_OBSERVED_NOT_REHEARSABLE;
		snprintf(observed->note, sizeof observed->note, "SSH tunnels were left out");
		return true;
	}
	if (!cw_rehearsal_tunnels_begin(rehearsal->tunnels, observed, ret, error))
		return false;
	rehearsal->tunnels_running += *ret ? 1 : 0;
	return true;
}

static bool begin_exchange(
	struct cw_rehearsal *rehearsal, struct cw_observed *observed, bool *ret, struct cw_error *error)
{
	const struct cw_exchange_watcher watcher = {.over = on_played, .context = rehearsal};
	struct cw_exchange *exchange;
	if (!cw_exchange_begin(rehearsal, observed, &watcher, &exchange, error))
		return false;
	*ret = exchange != NULL;
	return true;
}

/* First all links but the tunnels, which rest on others; then those. NULL: none is left to begin. */
static struct cw_observed *next_link(struct cw_rehearsal *rehearsal)
{
	const struct cw_check *check = rehearsal->check;
	for (;;) {
		while (rehearsal->next < check->link_count) {
			size_t i = rehearsal->next++;
			if ((check->links[i]->kind == CW_LINK_TUNNEL) == rehearsal->tunnels_turn)
				return &rehearsal->observed.items[i];
		}
		if (rehearsal->tunnels_turn || rehearsal->running_count)
			return NULL;
		rehearsal->tunnels_turn = true;
		rehearsal->next = 0;
	}
}

static bool has_room(const struct cw_rehearsal *rehearsal)
{
	return rehearsal->running_count < rehearsal->options.at_once &&
		rehearsal->tunnels_running < TUNNELS_AT_ONCE;
}

static void begin_more(struct cw_rehearsal *rehearsal)
{
	while (!rehearsal->failed && has_room(rehearsal)) {
		struct cw_observed *observed = next_link(rehearsal);
		struct cw_error error;
		bool runs;
		if (!observed)
			break;
		if (observed->link->kind == CW_LINK_SERVICE)
			continue; /* judged over the zone's connection */
		bool begun = observed->link->kind == CW_LINK_TUNNEL
			? begin_tunnel(rehearsal, observed, &runs, &error)
			: begin_exchange(rehearsal, observed, &runs, &error);
		if (!begun) {
			cw_error_prefix(&error, "%s", observed->link->id);
			fail(rehearsal, &error);
		} else if (!runs) {
			count_done(rehearsal, observed);
		}
	}
	if (!rehearsal->failed &&
		rehearsal->done + count_carried(rehearsal->check) == rehearsal->check->link_count)
		conclude_carried(rehearsal);
	if (rehearsal->failed || rehearsal->done == rehearsal->check->link_count)
		event_base_loopbreak(rehearsal->base);
}

/* A peer that went away makes a write fail, and nothing else. */
static void ignore_pipes(struct sigaction *before)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, before);
}

/* This is the main loop of a rehearsal: who interrupts it leaves no keys and no processes of tunnels behind. */
static void on_interrupt(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	struct cw_error error;
	cw_error_set(&error, CW_E_USAGE, "interrupted");
	fail(context, &error);
	event_base_loopbreak(((struct cw_rehearsal *)context)->base);
}

static bool dispatch(struct cw_rehearsal *rehearsal)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct event *events[sizeof numbers / sizeof numbers[0]] = {NULL};
	struct cw_error error;
	bool good = true;
	for (size_t i = 0; good && i < sizeof numbers / sizeof numbers[0]; i++)
		good = cw_loop_signal_add(rehearsal->base, &(struct cw_loop_signal){numbers[i], true},
			on_interrupt, rehearsal, &events[i], &error);
	if (good && event_base_dispatch(rehearsal->base) < 0)
		good = false;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (events[i])
			event_free(events[i]);
	return good;
}

bool cw_rehearsal_run(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	struct sigaction before;
	bool good = true;
	ignore_pipes(&before);
	begin_more(rehearsal);
	if (!rehearsal->failed && rehearsal->done < rehearsal->check->link_count)
		good = dispatch(rehearsal);
	sigaction(SIGPIPE, &before, NULL);
	if (!good && !rehearsal->failed)
		return cw_error_memory(error);
	if (rehearsal->failed) {
		*error = rehearsal->error;
		return false;
	}
	return rehearsal->done == rehearsal->check->link_count
		? true
		: cw_error_set(error, CW_E_NETWORK, "the rehearsal ended before every link was made");
}

const struct cw_observed_set *cw_rehearsal_observed(const struct cw_rehearsal *rehearsal)
{
	return &rehearsal->observed;
}

const struct cw_stand_ins *cw_rehearsal_stand_ins(const struct cw_rehearsal *rehearsal)
{
	return rehearsal->stand_ins;
}

const struct cw_check *cw_rehearsal_check(const struct cw_rehearsal *rehearsal)
{
	return rehearsal->check;
}
