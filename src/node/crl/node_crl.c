#include "node/crl/node_crl_parts.h"

#include "node/worker/node_child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_SECONDS 20
#define DAY ((cw_time)86400)
#define IN_MAX (CW_NODE_CRL_URLS_MAX * (CW_NODE_CRL_BYTES_MAX + CW_NODE_CRL_HEAD))

static void free_event(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void end_child(struct cw_node_crl *crl)
{
	free_event(&crl->reads);
	free_event(&crl->late);
	cw_child_finish(&crl->child);
	crl->child = CW_CHILD_NONE;
}

/* --- when --- */

bool cw_node_crl_is_due(cw_time now, cw_time last, const char *daily)
{
	unsigned hour = 3, minute = 0;
	if (daily)
		(void)sscanf(daily, "%2u:%2u", &hour, &minute);
	cw_time today = now - now % DAY + (cw_time)hour * 3600 + (cw_time)minute * 60;
	return !last || (now >= today && last < today) || last > now;
}

static bool same_urls(const struct cw_strings *one, const struct cw_strings *other)
{
	bool same = one->count == other->count;
	for (size_t i = 0; same && i < one->count; i++)
		same = strcmp(one->items[i], other->items[i]) == 0;
	return same;
}

static bool is_wanted(const struct cw_node_crl *crl)
{
	const struct cw_node_file_crl *update = &crl->core->snapshot->file->crl_update;
	cw_time now = cw_time_now();
	if (!update->enabled || !update->urls.count || crl->child.pid)
		return false;
	return !same_urls(&crl->urls, &update->urls) || cw_node_crl_is_due(now, crl->last, update->daily) ||
		(crl->trouble_count && now - crl->last >= CW_NODE_CRL_AGAIN);
}

void cw_node_crl_note(struct cw_node_crl *crl, const char *url, const char *text)
{
	if (crl->trouble_count == CW_NODE_CRL_URLS_MAX)
		return;
	struct cw_node_crl_trouble *trouble = &crl->troubles[crl->trouble_count++];
	snprintf(trouble->url, sizeof trouble->url, "%.299s", url);
	snprintf(trouble->text, sizeof trouble->text, "%.299s", text);
}

/* --- what came --- */

static void finish(struct cw_node_crl *crl)
{
	end_child(crl);
	crl->at = crl->trouble_count = 0;
	cw_node_crl_take(crl);
	cw_buffer_finish(&crl->in);
	cw_node_core_changed(crl->core);
}

static void on_reads(evutil_socket_t pipe, short what, void *context)
{
	struct cw_node_crl *crl = context;
	char piece[65536];
	(void)what;
	ssize_t got = read(pipe, piece, sizeof piece);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0 && crl->in.length < IN_MAX && !crl->in.failed)
		cw_buffer_append(&crl->in, piece, (size_t)got);
	else
		finish(crl);
}

static void on_late(evutil_socket_t none, short what, void *context)
{
	(void)none;
	(void)what;
	finish(context);
}

/* --- asking --- */

static bool start(struct cw_node_crl *crl, struct cw_error *error)
{
	const struct cw_node_child_setup setup = {.word = CW_NODE_CRL_WORD,
		.account = &crl->core->account,
		.in = CW_CHILD_PIPE,
		.out = CW_CHILD_PIPE,
		.resolves = true};
	return cw_node_child_start(&setup, &crl->child, error);
}

/* Thirty-two lines of a thousand bytes: shorter than a pipe's buffer, they go in whole. */
static bool send_urls(struct cw_node_crl *crl, struct cw_error *error)
{
	AUTO_BUFFER lines = {0};
	for (size_t i = 0; i < crl->urls.count; i++)
		cw_buffer_printf(&lines, "%s\n", crl->urls.items[i]);
	if (!cw_buffer_ok(&lines, error))
		return false;
	bool sent = write(crl->child.in, lines.data, lines.length) == (ssize_t)lines.length;
	close(crl->child.in);
	crl->child.in = -1;
	return sent ? true : cw_error_set(error, CW_E_IO, "the process that downloads takes nothing");
}

static bool watch(struct cw_node_crl *crl, struct cw_error *error)
{
	static const struct timeval patience = {CW_NODE_CRL_SECONDS_ALL, 0};
	struct event_base *base = crl->core->base;
	crl->reads = event_new(base, crl->child.out, EV_READ | EV_PERSIST, on_reads, crl);
	crl->late = evtimer_new(base, on_late, crl);
	return crl->reads && crl->late && event_add(crl->reads, NULL) == 0 &&
			event_add(crl->late, &patience) == 0
		? true
		: cw_error_memory(error);
}

static bool keep_urls(struct cw_node_crl *crl, struct cw_error *error)
{
	const struct cw_strings *urls = &crl->core->snapshot->file->crl_update.urls;
	cw_strings_finish(&crl->urls);
	for (size_t i = 0; i < urls->count && i < CW_NODE_CRL_URLS_MAX; i++)
		if (strlen(urls->items[i]) < 1000 && !cw_strings_add(&crl->urls, urls->items[i]))
			return cw_error_memory(error);
	return true;
}

static void ask(struct cw_node_crl *crl)
{
	struct cw_error error;
	crl->last = cw_time_now();
	if (keep_urls(crl, &error) && start(crl, &error) && send_urls(crl, &error) && watch(crl, &error))
		return;
	end_child(crl);
	crl->trouble_count = 0;
	cw_node_crl_note(crl, "the process that downloads", error.message);
}

static void on_look(evutil_socket_t none, short what, void *context)
{
	static const struct timeval every = {LOOK_SECONDS, 0};
	struct cw_node_crl *crl = context;
	(void)none;
	(void)what;
	if (is_wanted(crl))
		ask(crl);
	event_add(crl->look, &every);
}

/* --- begin and end --- */

bool cw_node_crl_begin(struct cw_node_core *core, struct cw_error *error)
{
	static const struct timeval soon = {0, 0};
	if (!cw_node_is_expressway(core->snapshot->node))
		return true;
	struct cw_node_crl *crl = core->crl = calloc(1, sizeof *crl);
	if (!crl)
		return cw_error_memory(error);
	crl->core = core;
	crl->child = CW_CHILD_NONE;
	crl->look = evtimer_new(core->base, on_look, crl);
	return crl->look && event_add(crl->look, &soon) == 0 ? true : cw_error_memory(error);
}

void cw_node_crl_end(struct cw_node_core *core)
{
	struct cw_node_crl *crl = core->crl;
	core->crl = NULL;
	if (!crl)
		return;
	end_child(crl);
	free_event(&crl->look);
	cw_strings_finish(&crl->urls);
	cw_buffer_finish(&crl->in);
	free(crl);
}

void cw_node_crl_reload(struct cw_node_core *core)
{
	static const struct timeval soon = {0, 0};
	if (core->crl)
		event_add(core->crl->look, &soon);
}

void cw_node_crl_look(struct cw_node_core *core)
{
	const struct cw_node_crl *crl = core->crl;
	if (!crl || !core->snapshot->file->crl_update.enabled)
		return;
	for (size_t i = 0; i < crl->trouble_count; i++) {
		const struct cw_node_crl_trouble *trouble = &crl->troubles[i];
		char key[160];
		snprintf(key, sizeof key, "crl-updates %.140s", trouble->url);
		cw_node_core_alarm(core, NULL, "Warning", key, "Automatic CRL updates: %s: %s", trouble->url,
			trouble->text);
	}
}
