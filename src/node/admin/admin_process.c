#include "net/send_out.h"
#include "node/admin/admin_parts.h"
#include "node/worker/node_child.h"

#include "report/json.h"

#include <errno.h>
#include <event2/util.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define AGAIN_MAX_S 30
#define PIECE ((size_t)65536)

static void free_event(struct event **event)
{
	if (*event)
		event_free(*event);
	*event = NULL;
}

static void close_one(int *socket)
{
	if (*socket >= 0)
		close(*socket);
	*socket = -1;
}

static void drop_process(struct cw_admin_process *process)
{
	free_event(&process->reads);
	free_event(&process->writes);
	free_event(&process->ends);
	cw_child_finish(&process->child);
	process->child = CW_CHILD_NONE;
	close_one(&process->frames);
	close_one(&process->connections);
	cw_buffer_finish(&process->in);
	cw_buffer_finish(&process->out);
}

void cw_admin_parts_stop(struct cw_node_admin *admin)
{
	drop_process(&admin->process);
	free_event(&admin->process.again);
}

/* It has ended, or is of no more use. */
static void restart(struct cw_node_admin *admin, const char *why)
{
	struct cw_admin_process *process = &admin->process;
	char status[CW_CHILD_STATUS_SIZE];
	if (cw_child_ended(&process->child) && process->child.pidfd >= 0)
		why = cw_child_status_text(process->child.status, status);
	snprintf(process->trouble, sizeof process->trouble, "the process that serves the pages: %.200s", why);
	cw_node_core_say(admin->core, "%s", process->trouble);
	drop_process(process);
	process->generation++;
	cw_admin_parts_drop(admin);
	process->wait = process->wait ? process->wait * 2 : 1;
	if (process->wait > AGAIN_MAX_S)
		process->wait = AGAIN_MAX_S;
	const struct timeval wait = {(time_t)process->wait, 0};
	if (process->again)
		event_add(process->again, &wait);
	cw_node_core_changed(admin->core);
}

/* --- frames --- */

static void send_out(struct cw_node_admin *admin)
{
	struct cw_admin_process *process = &admin->process;
	if (cw_send_out(process->frames, &process->out) && process->out.length && process->writes)
		event_add(process->writes, NULL);
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	send_out(context);
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	cw_admin_parts_start(context);
}

void cw_admin_parts_send(struct cw_node_admin *admin, unsigned generation, const json_t *frame)
{
	struct cw_admin_process *process = &admin->process;
	struct cw_error error;
	if (process->frames < 0 || generation != process->generation)
		return;
	size_t before = process->out.length;
	if (!cw_admin_frame_write(frame, &process->out, &error)) {
		process->out.length = before;
		cw_node_core_say(admin->core, "admin: %s", error.message);
		return;
	}
	send_out(admin);
	/* it sends and does not read: it is started again, from the loop */
	if (process->out.length > CW_ADMIN_PROCESS_OUT_MAX)
		cw_child_signal(&process->child, 9);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_admin *admin = context;
	struct cw_admin_process *process = &admin->process;
	char piece[PIECE];
	unsigned generation = process->generation;
	json_t *frame;
	(void)what;
	ssize_t got = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		restart(admin, "its socket was closed");
		return;
	}
	process->in.secret = true;
	cw_buffer_append(&process->in, piece, (size_t)got);
	explicit_bzero(piece, (size_t)got);
	while (generation == process->generation) { /* ends: each turn takes a frame, or there is none */
		switch (cw_admin_frame_take(&process->in, &frame)) {
		case CW_ADMIN_FRAME_MORE:
			return;
		case CW_ADMIN_FRAME_BROKEN:
			restart(admin, "it sent what is no frame");
			return;
		case CW_ADMIN_FRAME_WHOLE:
			break;
		}
		process->wait = 0;
		cw_admin_parts_answer(admin, frame);
	}
}

static void on_ends(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	restart(context, "it ended");
}

/* --- the beginning --- */

static bool make_sockets(int frames[2], int connections[2], struct cw_error *error)
{
	bool good = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, frames) == 0 &&
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, connections) == 0;
	return good ? true : cw_error_set(error, CW_E_IO, "no socket: %s", strerror(errno));
}

static bool watch(struct cw_node_admin *admin, struct cw_error *error)
{
	struct cw_admin_process *process = &admin->process;
	struct event_base *base = admin->core->base;
	process->reads = event_new(base, process->frames, EV_READ | EV_PERSIST, on_reads, admin);
	process->writes = event_new(base, process->frames, EV_WRITE, on_writes, admin);
	process->ends = event_new(base, process->child.pidfd, EV_READ, on_ends, admin);
	return process->reads && process->writes && process->ends && event_add(process->reads, NULL) == 0 &&
			event_add(process->ends, NULL) == 0
		? true
		: cw_error_memory(error);
}

void cw_admin_parts_start(struct cw_node_admin *admin)
{
	struct cw_admin_process *process = &admin->process;
	int frames[2] = {-1, -1}, connections[2] = {-1, -1};
	struct cw_error error;
	if (!process->again)
		process->again = evtimer_new(admin->core->base, on_again, admin);
	bool good = make_sockets(frames, connections, &error);
	const struct cw_node_child_setup setup = {.word = CW_NODE_ADMIN_WORD,
		.account = &admin->core->account,
		.in = connections[1],
		.out = frames[1]};
	good = good && cw_node_child_start(&setup, &process->child, &error);
	process->frames = frames[0];
	process->connections = connections[0];
	close_one(&frames[1]);
	close_one(&connections[1]);
	if (!good || !watch(admin, &error)) {
		restart(admin, error.message);
		return;
	}
	if (!*process->trouble)
		return;
	process->trouble[0] = '\0';
	cw_node_core_changed(admin->core);
}

/* --- connections --- */

bool cw_admin_parts_pass(struct cw_node_admin *admin, int socket, uint64_t number, const char *address)
{
	char text[128];
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	int length = snprintf(text, sizeof text, "{\"connection\":%llu,\"address\":\"%.45s\"}",
		(unsigned long long)number, address);
	struct iovec part = {text, (size_t)length};
	struct msghdr message = {.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof socket);
	memcpy(CMSG_DATA(head), &socket, sizeof socket);
	return admin->process.connections >= 0 &&
		sendmsg(admin->process.connections, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == length;
}
