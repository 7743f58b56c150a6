#include "node/worker/worker.h"

#include "report/json.h"

#include <stdarg.h>
#include <string.h>

static void send_frame(struct cw_worker *worker, const struct cw_json *json, const json_t *frame)
{
	if (!json->failed)
		cw_worker_channel_send(worker->channel, frame, NULL, 0);
}

void cw_worker_say(struct cw_worker *worker, const char *format, ...)
{
	char line[CW_WORKER_TEXT_MAX];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	cw_json_put(&json, frame, "do", cw_json_text("say"));
	cw_json_put(&json, frame, "text", cw_json_text(line));
	send_frame(worker, &json, frame);
}

static json_t *cut(const char *text)
{
	AUTO_BUFFER copy = {0};
	if (!text)
		return json_null();
	cw_buffer_append(&copy, text, strnlen(text, CW_WORKER_TEXT_MAX));
	return copy.failed ? NULL : cw_json_text(cw_buffer_string(&copy));
}

void cw_worker_refused(
	struct cw_worker *worker, const char *what, const char *who, const char *code, const char *detail)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text("refused"));
	cw_json_put(&json, frame, "what", cut(what));
	cw_json_put(&json, frame, "who", cut(who));
	cw_json_put(&json, frame, "code", cut(code));
	cw_json_put(&json, frame, "detail", cut(detail));
	send_frame(worker, &json, frame);
}

void cw_worker_send(
	struct cw_worker *worker, const char *lane, json_t *with, const int *files, size_t file_count)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	cw_json_put(&json, frame, "do", cw_json_text("lane"));
	cw_json_put(&json, frame, "lane", cw_json_text(lane));
	cw_json_put(&json, frame, "with", json_incref(with));
	if (!json.failed)
		cw_worker_channel_send(worker->channel, frame, files, file_count);
}

const json_t *cw_worker_shared(const struct cw_worker *worker, const char *key)
{
	return json_object_get(worker->shared, key);
}

void cw_worker_live(struct cw_worker *worker, enum cw_link_kind kind, unsigned id,
	struct cw_cert *const *chain, size_t count)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	json_t *shown = json_array();
	for (size_t i = 0; i < count; i++) {
		AUTO_BUFFER hex = {0};
		size_t length;
		const uint8_t *der = cw_cert_der(chain[i], &length);
		cw_buffer_hex(&hex, der, length);
		cw_json_add(&json, shown, hex.failed ? NULL : cw_json_text(cw_buffer_string(&hex)));
	}
	cw_json_put(&json, frame, "do", cw_json_text("live"));
	cw_json_put(&json, frame, "link", cw_json_text(cw_link_kind_name(kind)));
	cw_json_put(&json, frame, "id", cw_json_count(id));
	cw_json_put(&json, frame, "chain", shown);
	send_frame(worker, &json, frame);
}

bool cw_worker_ask(const struct cw_worker *worker, enum cw_link_kind kind, struct cw_cert *const *chain,
	size_t count, struct cw_snapshot_answer *ret, struct cw_error *error)
{
	const struct cw_link *link = cw_snapshot_link_from(worker->snapshot, kind, count ? chain[0] : NULL);
	const struct cw_snapshot_evidence evidence = {
		.chain = chain, .count = count, .cache = worker->cache, .now = cw_time_now()};
	*ret = (struct cw_snapshot_answer){.alert = -1, .code = ""};
	return !link || cw_snapshot_ask(worker->snapshot, link, &evidence, ret, error);
}
