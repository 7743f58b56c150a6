#include "live/rehearsal.h"

#include "live/rehearsal_parts.h"

#include <signal.h>

#define AT_ONCE_DEFAULT 16

void cw_rehearsal_drop_plays(struct cw_rehearsal *rehearsal)
{
	while (rehearsal->playing) {
		struct cw_play *play = rehearsal->playing;
		rehearsal->playing = play->next;
		cw_play_free(play);
	}
	rehearsal->playing_count = 0;
}

void cw_rehearsal_free(struct cw_rehearsal *rehearsal)
{
	if (!rehearsal)
		return;
	cw_rehearsal_drop_plays(rehearsal);
	cw_stage_close(rehearsal);
	for (size_t i = 0; rehearsal->realities && i < rehearsal->check->link_count; i++)
		cw_reality_finish(&rehearsal->realities[i]);
	free(rehearsal->realities);
	free(rehearsal->parties);
	free(rehearsal->answers);
	if (rehearsal->base)
		event_base_free(rehearsal->base);
	cw_loopback_release(&rehearsal->loopback);
	cw_twin_free(rehearsal->twin);
	cw_shadow_keys_free(rehearsal->keys);
	free(rehearsal);
}

static bool prepare_realities(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	const struct cw_check *check = rehearsal->check;
	rehearsal->realities = calloc(check->link_count + 1, sizeof *rehearsal->realities);
	if (!rehearsal->realities)
		return cw_error_memory(error);
	for (size_t i = 0; i < check->link_count; i++) {
		struct cw_reality *reality = &rehearsal->realities[i];
		reality->link = check->links[i];
		reality->version = "";
		reality->client.report.alert_sent = reality->client.report.alert_received = -1;
		reality->server.report.alert_sent = reality->server.report.alert_received = -1;
		reality->seen = cw_link_bare(check->links[i]);
		if (!reality->seen)
			return cw_error_memory(error);
	}
	return true;
}

static bool open_stage(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	rehearsal->base = event_base_new();
	if (!rehearsal->base)
		return cw_error_memory(error);
	if (!cw_loopback_take(&rehearsal->loopback, error))
		return false;
	for (size_t i = 0; i < rehearsal->check->link_count; i++)
		if (rehearsal->check->links[i]->kind != CW_LINK_TUNNEL &&
			!cw_stage_listen(rehearsal, rehearsal->check->links[i], error))
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
	rehearsal->keys = cw_shadow_keys_new();
	if (!rehearsal->keys)
		return cw_error_memory(error);
	if (!cw_twin_new(check->deployment, rehearsal->keys, &rehearsal->twin, error) ||
		!prepare_realities(rehearsal, error) || !open_stage(rehearsal, error))
		return false;
	*ret = TAKE(rehearsal);
	return true;
}

static void fail(struct cw_rehearsal *rehearsal, const struct cw_error *error)
{
	if (!rehearsal->failed)
		rehearsal->error = *error;
	rehearsal->failed = true;
}

static void count_done(struct cw_rehearsal *rehearsal, struct cw_reality *reality)
{
	struct cw_error error;
	if (!cw_reality_compare(reality, rehearsal->twin)) {
		cw_error_memory(&error);
		fail(rehearsal, &error);
	}
	rehearsal->done++;
	if (rehearsal->options.progress)
		rehearsal->options.progress(
			rehearsal->options.context, rehearsal->done, rehearsal->check->link_count);
}

static void begin_more(struct cw_rehearsal *rehearsal);

static void on_played(struct cw_play *play, void *context)
{
	struct cw_rehearsal *rehearsal = context;
	struct cw_error error;
	if (!cw_play_conclude(play, &error))
		fail(rehearsal, &error);
	count_done(rehearsal, play->reality);
	cw_play_free(play);
	begin_more(rehearsal);
}

static void begin_more(struct cw_rehearsal *rehearsal)
{
	struct cw_play_watcher watcher = {.over = on_played, .context = rehearsal};
	while (!rehearsal->failed && rehearsal->next < rehearsal->check->link_count &&
		rehearsal->playing_count < rehearsal->options.at_once) {
		struct cw_reality *reality = &rehearsal->realities[rehearsal->next++];
		struct cw_error error;
		struct cw_play *play;
		if (!cw_play_begin(rehearsal, reality, &watcher, &play, &error)) {
			cw_error_prefix(&error, "%s", reality->link->id);
			fail(rehearsal, &error);
		} else if (!play) {
			count_done(rehearsal, reality);
		}
	}
	if (rehearsal->failed || rehearsal->done == rehearsal->check->link_count)
		event_base_loopbreak(rehearsal->base);
}

/* A peer that went away makes a write fail, and nothing else. */
static void ignore_pipes(struct sigaction *before)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, before);
}

bool cw_rehearsal_run(struct cw_rehearsal *rehearsal, struct cw_error *error)
{
	struct sigaction before;
	ignore_pipes(&before);
	begin_more(rehearsal);
	if (!rehearsal->failed && rehearsal->done < rehearsal->check->link_count)
		event_base_dispatch(rehearsal->base);
	sigaction(SIGPIPE, &before, NULL);
	if (rehearsal->failed) {
		*error = rehearsal->error;
		return false;
	}
	return rehearsal->done == rehearsal->check->link_count
		? true
		: cw_error_set(error, CW_E_NETWORK, "the rehearsal ended before every link was made");
}

const struct cw_reality *cw_rehearsal_reality(const struct cw_rehearsal *rehearsal, size_t place)
{
	return &rehearsal->realities[place];
}

size_t cw_rehearsal_differing(const struct cw_rehearsal *rehearsal)
{
	size_t count = 0;
	for (size_t i = 0; i < rehearsal->check->link_count; i++)
		count += rehearsal->realities[i].differences.count > 0;
	return count;
}

size_t cw_rehearsal_made(const struct cw_rehearsal *rehearsal)
{
	size_t count = 0;
	for (size_t i = 0; i < rehearsal->check->link_count; i++)
		count += rehearsal->realities[i].state != CW_REALITY_LATER &&
			rehearsal->realities[i].state != CW_REALITY_NOT_REHEARSABLE;
	return count;
}

const struct cw_twin *cw_rehearsal_twin(const struct cw_rehearsal *rehearsal)
{
	return rehearsal->twin;
}

const struct cw_check *cw_rehearsal_check(const struct cw_rehearsal *rehearsal)
{
	return rehearsal->check;
}
