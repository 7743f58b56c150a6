#include "admin/front/front.h"

#include "admin/front/front_parts.h"
#include "base/confine.h"
#include "node/admin/admin_frame.h"

#include <errno.h>
#include <event2/util.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGE_MAX 256

static void finish(struct cw_front *front)
{
	cw_web_server_free(front->server);
	while (front->questions) {
		struct cw_front_question *question = front->questions;
		front->questions = question->next;
		free(question);
	}
	if (front->comes)
		event_free(front->comes);
	if (front->reads)
		event_free(front->reads);
	if (front->writes)
		event_free(front->writes);
	if (front->base)
		event_base_free(front->base);
	cw_buffer_finish(&front->in);
	cw_buffer_finish(&front->out);
	cw_buffer_finish(&front->style);
}

#define AUTO_FRONT __attribute__((cleanup(finish))) struct cw_front

static void take_connection(struct cw_front *front, int socket, const char *text, size_t length)
{
	json_error_t ignored;
	struct cw_error error;
	char number[24];
	AUTO(json_decref) json_t *said = json_loadb(text, length, 0, &ignored);
	const char *address = json_string_value(json_object_get(said, "address"));
	snprintf(number, sizeof number, "%lld",
		(long long)json_integer_value(json_object_get(said, "connection")));
	(void)!cw_web_server_take(front->server, socket, address, number, &error);
}

static void on_comes(evutil_socket_t socket, short what, void *context)
{
	struct cw_front *front = context;
	char text[MESSAGE_MAX];
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = {text, sizeof text};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room};
	(void)what;
	ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	const struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	if (got <= 0) {
		event_base_loopbreak(front->base);
	} else if (head && head->cmsg_type == SCM_RIGHTS) {
		int connection;
		memcpy(&connection, CMSG_DATA(head), sizeof connection);
		take_connection(front, connection, text, (size_t)got);
	}
}

static void on_frames(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	cw_front_parts_frames(context);
}

static bool begin(struct cw_front *front)
{
	struct cw_error error;
	front->base = event_base_new();
	if (!front->base)
		return false;
	const struct cw_web_server_setup setup = {.base = front->base, .site = &front->site};
	cw_front_parts_site(front);
	randombytes_buf(front->memory.key, sizeof front->memory.key);
	front->comes = event_new(front->base, front->connections, EV_READ | EV_PERSIST, on_comes, front);
	front->reads = event_new(front->base, front->frames, EV_READ | EV_PERSIST, on_frames, front);
	front->writes = event_new(front->base, front->frames, EV_WRITE, on_frames, front);
	return front->comes && front->reads && front->writes && event_add(front->comes, NULL) == 0 &&
		event_add(front->reads, NULL) == 0 && cw_web_server_new(&setup, &front->server, &error);
}

/* Files are closed to it already (node/admin/admin_process.c); from here on it runs nothing and opens no socket. */
int cw_front(void)
{
	AUTO_FRONT front = {.connections = STDIN_FILENO, .frames = STDOUT_FILENO};
	const struct rlimit none = {0, 0};
	setrlimit(RLIMIT_CORE, &none);
	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	if (sodium_init() < 0 || !begin(&front))
		return 1;
	if (!cw_confine_calls())
		return 1;
	event_base_dispatch(front.base);
	return 0;
}
