#include "node/crl/node_crl.h"

#include "base/file.h"
#include "node/admin/admin_child.h"
#include "node/work/node_work.h"
#include "report/json.h"
#include "workbench/crl/crl_fetch.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOOK_SECONDS 20
#define HEAD ((size_t)5)
#define DAY ((cw_time)86400)
#define IN_MAX (CW_NODE_CRL_URLS_MAX * (CW_NODE_CRL_BYTES_MAX + HEAD))

struct trouble {
	char url[300], text[300];
};

struct cw_node_crl {
	struct cw_node_core *core;
	struct event *look, *reads, *late;
	struct cw_child child;
	struct cw_strings urls; /* those that were asked last, or are being asked */
	struct cw_buffer in;	/* what the process said */
	size_t at;		/* as far as that was taken */
	cw_time last;		/* when it was begun last; 0: never */
	struct trouble troubles[CW_NODE_CRL_URLS_MAX];
	size_t trouble_count;
};

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

/* --- what came --- */

/* In the order in which they were asked. */
static bool take_next(void *context, const char *url, const struct cw_fetch_limits *limits,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_node_crl *crl = context;
	const unsigned char *head = (const unsigned char *)crl->in.data + crl->at;
	size_t left = crl->in.length - crl->at, length = 0;
	(void)url;
	(void)limits;
	for (size_t i = 1; left >= HEAD && i < HEAD; i++)
		length = length << 8 | head[i];
	if (left < HEAD || length > left - HEAD)
		return cw_error_set(error, CW_E_NETWORK,
			"no answer: all of them together may take %d seconds", CW_NODE_CRL_SECONDS_ALL);
	const char *bytes = (const char *)head + HEAD;
	crl->at += HEAD + length;
	if (*head != 'y')
		return cw_error_set(error, CW_E_NETWORK, "%.*s", (int)(length < 400 ? length : 400), bytes);
	cw_buffer_append(ret, bytes, length);
	return cw_buffer_ok(ret, error);
}

static void note(struct cw_node_crl *crl, const char *url, const char *text)
{
	if (crl->trouble_count == CW_NODE_CRL_URLS_MAX)
		return;
	struct trouble *trouble = &crl->troubles[crl->trouble_count++];
	snprintf(trouble->url, sizeof trouble->url, "%.299s", url);
	snprintf(trouble->text, sizeof trouble->text, "%.299s", text);
}

/* True: a list of at least one address is new. */
static bool tell(struct cw_node_crl *crl, const struct cw_crl_rows *rows)
{
	static const char *const words[] = {"stored", "kept", "refused", "failed"};
	bool stored = false;
	for (size_t i = 0; i < rows->count; i++) {
		const struct cw_crl_row *row = &rows->items[i];
		char text[600];
		snprintf(text, sizeof text, "%s: %.580s", words[row->outcome], row->detail);
		const struct cw_node_history_event event = {
			.kind = "crl-update", .about = row->url, .who = "crl-updates", .text = text};
		cw_node_history_tell(crl->core->history, &event);
		cw_node_core_say(crl->core, "crl-updates: %s: %s", row->url, text);
		stored = stored || row->outcome == CW_CRL_STORED;
		if (row->outcome == CW_CRL_REFUSED || row->outcome == CW_CRL_FAILED)
			note(crl, row->url, text);
	}
	return stored;
}

/* By the upload's own operation. */
static void lay_over(struct cw_node_crl *crl, const struct cw_buffer *pem)
{
	static const struct cw_node_work_who who = {.user = "crl-updates", .role = CW_ROLE_READ_WRITE};
	size_t size = sodium_base64_encoded_len(pem->length, sodium_base64_VARIANT_ORIGINAL);
	AUTO(free) char *text = malloc(size);
	AUTO(json_decref) json_t *with = NULL, *answer = NULL;
	struct cw_error error;
	if (!text)
		return;
	sodium_bin2base64(text, size, (const unsigned char *)cw_buffer_string(pem), pem->length,
		sodium_base64_VARIANT_ORIGINAL);
	with = json_pack("{s:s, s:s}", "file", text, "file_name", "crl-updates.pem");
	if (!with || !cw_node_work(crl->core, &who, "crl/upload", with, &answer, &error)) {
		note(crl, "what was downloaded", with ? error.message : "out of memory");
		return;
	}
	const char *why = json_string_value(
		json_object_get(json_object_get(json_object_get(answer, "answer"), "error"), "text"));
	if (!why)
		why = json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
	if (why)
		note(crl, "what was downloaded", why);
}

/* The lists that are there, as far as no newer one came: in a file of run/, which the gate reads and writes. */
static bool prepare(const struct cw_node_crl *crl, const char *draft, struct cw_error *error)
{
	const struct cw_strings *paths = &crl->core->snapshot->node->crl_paths;
	AUTO(free)
	char *path = cw_file_path(crl->core->folder.path, paths->count ? paths->items[0] : "certs/crl.pem");
	AUTO_BUFFER there = {0};
	unlink(draft);
	if (!path)
		return cw_error_memory(error);
	if (access(path, F_OK) != 0)
		return true;
	return cw_file_read(path, CW_NODE_WORK_FILE_MAX, &there, error) &&
		cw_file_write(draft, cw_buffer_string(&there), there.length, 0600, error);
}

static void judge_all(struct cw_node_crl *crl)
{
	AUTO(free) char *draft = cw_file_path(crl->core->folder.path, "run/crl-updates.pem");
	const struct cw_crl_fetch_options options = {
		.path = draft, .at = cw_time_now(), .get = take_next, .context = crl};
	AUTO_CRL_ROWS rows = {0};
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	if (!draft)
		return;
	if (!prepare(crl, draft, &error) ||
		!cw_crl_fetch(crl->core->snapshot->file->deployment, &crl->urls, &options, &rows, &error))
		note(crl, "what was downloaded", error.message);
	else if (tell(crl, &rows) && cw_file_read(draft, CW_NODE_WORK_FILE_MAX, &pem, &error))
		lay_over(crl, &pem);
	unlink(draft);
}

static void finish(struct cw_node_crl *crl)
{
	end_child(crl);
	crl->at = crl->trouble_count = 0;
	judge_all(crl);
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

/* What a program needs to begin and to find a host; nothing of the node. */
static bool confine(struct cw_confine *ret, struct cw_error *error)
{
	static const struct cw_confine_path paths[] = {
		{CW_ADMIN_CHILD_PROGRAM, CW_CONFINE_READ},
		{"/usr", CW_CONFINE_READ},
		{"/lib", CW_CONFINE_READ},
		{"/lib64", CW_CONFINE_READ},
		{"/etc/ld.so.cache", CW_CONFINE_READ},
		{"/etc/resolv.conf", CW_CONFINE_READ},
		{"/etc/hosts", CW_CONFINE_READ},
		{"/etc/nsswitch.conf", CW_CONFINE_READ},
		{"/etc/ssl", CW_CONFINE_READ},
		{"/dev/null", CW_CONFINE_WRITE},
		{"/dev/urandom", CW_CONFINE_READ},
#ifdef __SANITIZE_ADDRESS__
		{"/proc", CW_CONFINE_READ},
#endif
	};
	return cw_confine_prepare(paths, sizeof paths / sizeof paths[0], ret, error);
}

static bool start(struct cw_node_crl *crl, struct cw_error *error)
{
	static const char *const arguments[] = {CW_ADMIN_CHILD_PROGRAM, CW_NODE_CRL_WORD, NULL};
	const struct cw_tunnel_account *account = &crl->core->account;
	struct cw_confine confined = CW_CONFINE_NONE;
	const struct cw_child_setup setup = {.arguments = arguments,
		.in = CW_CHILD_PIPE,
		.out = CW_CHILD_PIPE,
		.err = CW_CHILD_NULL,
		.drops = account->drops,
		.uid = account->uid,
		.gid = account->gid,
		.confine = &confined};
	bool good = confine(&confined, error) && cw_child_start(&setup, &crl->child, error);
	cw_confine_finish(&confined);
	return good;
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
	note(crl, "the process that downloads", error.message);
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
		const struct trouble *trouble = &crl->troubles[i];
		char key[160];
		snprintf(key, sizeof key, "crl-updates %.140s", trouble->url);
		cw_node_core_alarm(core, NULL, "Warning", key, "Automatic CRL updates: %s: %s", trouble->url,
			trouble->text);
	}
}
