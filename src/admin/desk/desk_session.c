#include "admin/desk/desk_session.h"

#include "admin/desk/desk_worker.h"
#include "base/child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct question {
	struct cw_buffer bytes;
	size_t sent;
	cw_desk_session_done *done;
	void *context;
	struct question *next;
};

struct cw_desk_session {
	struct cw_child child;
	int socket;
	struct event *reads, *writes;
	struct question *first, *last;
	struct cw_buffer in;
	bool over;
};

bool cw_desk_session_is_over(const struct cw_desk_session *session)
{
	return session->over;
}

static struct question *take_first(struct cw_desk_session *session)
{
	struct question *question = session->first;
	session->first = question->next;
	if (!session->first)
		session->last = NULL;
	return question;
}

static void free_question(struct question *question)
{
	cw_buffer_finish(&question->bytes);
	free(question);
}

static void tell(struct question *question, const struct cw_desk_session_answer *answer)
{
	if (question->done)
		question->done(question->context, answer);
	free_question(question);
}

static void end(struct cw_desk_session *session)
{
	static const struct cw_buffer nothing = {0};
	const struct cw_desk_session_answer none = {false, 2, &nothing, &nothing};
	session->over = true;
	event_del(session->reads);
	event_del(session->writes);
	while (session->first) /* ends: each turn takes one */
		tell(take_first(session), &none);
}

/* --- questions --- */

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	struct cw_desk_session *session = context;
	struct question *question = session->first;
	(void)what;
	while (question && question->sent < question->bytes.length) { /* ends: each turn sends something */
		ssize_t sent = send(socket, question->bytes.data + question->sent,
			question->bytes.length - question->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
			event_add(session->writes, NULL);
			return;
		}
		if (sent <= 0) {
			end(session);
			return;
		}
		question->sent += (size_t)sent;
	}
}

bool cw_desk_session_ask(struct cw_desk_session *session, enum cw_desk_frame_kind kind,
	const struct cw_buffer *name, const struct cw_buffer *data, cw_desk_session_done *done, void *context)
{
	size_t length = data ? data->length : 0;
	unsigned char head[CW_DESK_FRAME_HEAD];
	if (session->over || name->failed || name->length > CW_DESK_FRAME_NAME_MAX ||
		(data && data->failed) || length > CW_DESK_FRAME_DATA_MAX)
		return false;
	struct question *question = calloc(1, sizeof *question);
	if (!question)
		return false;
	const struct cw_desk_frame_head asked = {(uint32_t)kind, (uint32_t)name->length, (uint32_t)length};
	cw_desk_frame_put(head, asked);
	question->done = done;
	question->context = context;
	question->bytes.secret = true;
	cw_buffer_append(&question->bytes, head, sizeof head);
	cw_buffer_append(&question->bytes, name->data, name->length);
	if (length)
		cw_buffer_append(&question->bytes, data->data, length);
	if (question->bytes.failed) {
		free_question(question);
		return false;
	}
	if (session->last)
		session->last->next = question;
	else
		session->first = question;
	session->last = question;
	if (session->first == question)
		event_add(session->writes, NULL);
	return true;
}

void cw_desk_session_forget(struct cw_desk_session *session, const void *context)
{
	for (struct question *question = session->first; question; question = question->next)
		if (question->context == context)
			question->done = NULL;
}

/* --- answers --- */

/* True: a whole one was taken from the front. */
static bool take_answer(struct cw_desk_session *session)
{
	const struct cw_buffer *in = &session->in;
	if (in->length < CW_DESK_FRAME_HEAD)
		return false;
	const struct cw_desk_frame_head head = cw_desk_frame_get((const unsigned char *)in->data);
	size_t wanted = CW_DESK_FRAME_HEAD + (size_t)head.second + head.third;
	if (head.second > CW_DESK_FRAME_OUT_MAX || head.third > CW_DESK_FRAME_OUT_MAX || !session->first) {
		end(session);
		return false;
	}
	if (in->length < wanted)
		return false;
	AUTO_BUFFER out = {.secret = true}, err = {0};
	cw_buffer_append(&out, in->data + CW_DESK_FRAME_HEAD, head.second);
	cw_buffer_append(&err, in->data + CW_DESK_FRAME_HEAD + head.second, head.third);
	size_t rest = in->length - wanted;
	memmove(session->in.data, session->in.data + wanted, rest);
	session->in.length = rest;
	struct question *question = take_first(session);
	if (session->first)
		event_add(session->writes, NULL);
	const struct cw_desk_session_answer answer = {!out.failed && !err.failed, head.first, &out, &err};
	tell(question, &answer);
	return true;
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_desk_session *session = context;
	char piece[65536];
	(void)what;
	ssize_t got = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		end(session);
		return;
	}
	cw_buffer_append(&session->in, piece, (size_t)got);
	if (session->in.failed)
		end(session);
	while (!session->over && take_answer(session)) /* ends: each turn takes one */
		;
}

/* --- begin and end --- */

static bool start(struct cw_desk_session *session, int theirs, struct cw_error *error)
{
	static const char *const words[] = {"/proc/self/exe", CW_DESK_WORKER_WORD, NULL};
	const struct cw_child_setup setup = {
		.arguments = words, .in = theirs, .out = CW_CHILD_NULL, .err = STDERR_FILENO};
	return cw_child_start(&setup, &session->child, error);
}

bool cw_desk_session_new(struct event_base *base, struct cw_desk_session **ret, struct cw_error *error)
{
	AUTO(cw_desk_session_free) struct cw_desk_session *session = calloc(1, sizeof *session);
	int ends[2];
	if (!session)
		return cw_error_memory(error);
	session->child = CW_CHILD_NONE;
	session->socket = -1;
	session->in.secret = true;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return cw_error_set(error, CW_E_IO, "no socket for a session: %s", strerror(errno));
	session->socket = ends[0];
	bool good = start(session, ends[1], error);
	close(ends[1]);
	if (!good)
		return false;
	session->reads = event_new(base, session->socket, EV_READ | EV_PERSIST, on_reads, session);
	session->writes = event_new(base, session->socket, EV_WRITE, on_writes, session);
	if (!session->reads || !session->writes || event_add(session->reads, NULL) != 0)
		return cw_error_memory(error);
	*ret = TAKE(session);
	return true;
}

void cw_desk_session_free(struct cw_desk_session *session)
{
	if (!session)
		return;
	if (session->reads && session->writes)
		end(session);
	if (session->reads)
		event_free(session->reads);
	if (session->writes)
		event_free(session->writes);
	while (session->first)
		free_question(take_first(session));
	if (session->socket >= 0)
		close(session->socket);
	cw_child_finish(&session->child);
	cw_buffer_finish(&session->in);
	free(session);
}
