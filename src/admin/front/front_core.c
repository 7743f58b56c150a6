#include "admin/front/front_parts.h"

#include "net/send_out.h"
#include "node/admin/admin_frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define PIECE ((size_t)65536)

static void send_out(struct cw_front *front)
{
	if (cw_send_out(front->frames, &front->out) && front->out.length)
		event_add(front->writes, NULL);
}

static uint64_t connection_of(const struct cw_web_exchange *exchange)
{
	return strtoull(cw_web_exchange_note(exchange), NULL, 10);
}

static json_t *frame_of(struct cw_front_asker *asker, uint64_t id, const char *operation, json_t *with)
{
	struct cw_json json = {0};
	json_t *frame = json_object();
	json_object_set_new(frame, "id", json_integer((json_int_t)id));
	json_object_set_new(frame, "connection", json_integer((json_int_t)connection_of(asker->exchange)));
	cw_json_put(&json, frame, "do", cw_json_text(operation));
	if (*asker->token)
		cw_json_put(&json, frame, "session", cw_json_text(asker->token));
	if (asker->quiet)
		cw_json_put(&json, frame, "quiet", json_true());
	if (asker->basic)
		cw_json_put(&json, frame, "basic", json_incref(asker->basic));
	if (with)
		cw_json_put(&json, frame, "with", with);
	if (!json.failed)
		return frame;
	json_decref(frame);
	return NULL;
}

static bool add_question(struct cw_front_asker *asker, cw_front_then *then)
{
	struct cw_front *front = asker->front;
	if (front->asked >= CW_FRONT_PARTS_ASKED_MAX)
		return false;
	struct cw_front_question *question = calloc(1, sizeof *question);
	if (!question)
		return false;
	question->id = ++front->last;
	question->asker = asker;
	question->then = then;
	question->next = front->questions;
	front->questions = question;
	front->asked++;
	return true;
}

void cw_front_parts_ask(
	struct cw_front_asker *asker, const char *operation, json_t *with, cw_front_then *then)
{
	struct cw_front *front = asker->front;
	AUTO(json_decref) json_t *frame = frame_of(asker, front->last + 1, operation, with);
	struct cw_error error;
	size_t before = front->out.length;
	front->out.secret = true;
	if (strcmp(operation, "session/look") != 0)
		snprintf(asker->operation, sizeof asker->operation, "%s", operation);
	if (frame && cw_admin_frame_write(frame, &front->out, &error) && add_question(asker, then)) {
		send_out(front);
		return;
	}
	front->out.length = before;
	front->out.failed = false;
	cw_web_exchange_fault(asker->exchange, 503, "the node cannot be asked now: try again");
}

void cw_front_parts_forget(struct cw_front *front, const struct cw_front_asker *asker)
{
	for (struct cw_front_question *each = front->questions; each; each = each->next)
		if (each->asker == asker)
			each->asker = NULL;
}

void cw_front_parts_changed(struct cw_front *front)
{
	for (struct cw_front_asker *each = front->askers; each; each = each->next)
		if (each->listens)
			cw_web_exchange_event(each->exchange, "changed", "");
}

/* What the core says: a page that refuses is an answer, too. */
static void take(struct cw_front *front, const json_t *frame)
{
	uint64_t id = (uint64_t)json_integer_value(json_object_get(frame, "id"));
	unsigned status = (unsigned)json_integer_value(json_object_get(frame, "status"));
	struct cw_front_question **place = &front->questions;
	if (json_is_true(json_object_get(frame, "changed")))
		cw_front_parts_changed(front);
	while (*place && (*place)->id != id)
		place = &(*place)->next;
	struct cw_front_question *question = *place;
	if (!question)
		return;
	*place = question->next;
	front->asked--;
	struct cw_front_asker *asker = question->asker;
	cw_front_then *then = question->then;
	free(question);
	if (!asker)
		return;
	const json_t *answer = json_object_get(frame, "answer");
	json_t *page = json_object_get(answer ? answer : frame, "page");
	json_decref(asker->page);
	asker->page = json_incref(page);
	then(asker, status, answer ? answer : frame);
}

static bool take_all(struct cw_front *front)
{
	for (;;) { /* ends: each turn takes a frame, or there is none */
		json_t *frame;
		switch (cw_admin_frame_take(&front->in, &frame)) {
		case CW_ADMIN_FRAME_MORE:
			return true;
		case CW_ADMIN_FRAME_BROKEN:
			return false;
		case CW_ADMIN_FRAME_WHOLE:
			break;
		}
		take(front, frame);
		json_decref(frame);
	}
}

void cw_front_parts_frames(struct cw_front *front)
{
	char piece[PIECE];
	if (front->out.length)
		send_out(front);
	ssize_t got = recv(front->frames, piece, sizeof piece, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0)
		cw_buffer_append(&front->in, piece, (size_t)got);
	if (got <= 0 || !take_all(front))
		event_base_loopbreak(front->base);
}
