#include "node/worker/worker_channel.h"

#include "base/buffer.h"
#include "base/forward.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HEAD 5
#define CHUNK 65536
#define FILES (CW_WORKER_CHANNEL_FILES_MAX * 4)

/* A frame that waits, or a part of it. */
struct outgoing {
	struct outgoing *next;
	int files[CW_WORKER_CHANNEL_FILES_MAX];
	size_t file_count; /* 0 once they are on their way */
	size_t sent, length;
	char bytes[];
};

struct cw_worker_channel {
	struct cw_worker_channel_owner owner;
	int socket;
	struct event *reads, *writes, *broken;
	const char *reason; /* why it is to end; NULL: it is not */
	struct cw_buffer in;
	int files[FILES]; /* that came and belong to no frame yet, in their order */
	size_t file_count;
	struct outgoing *first, **last;
	size_t waiting;
	bool busy, freed; /* the owner is being called, and has freed this */
};

static void close_all(int *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (files[i] >= 0)
			close(files[i]);
}

static void drop_first(struct cw_worker_channel *channel)
{
	struct outgoing *first = channel->first;
	channel->first = first->next;
	if (!channel->first)
		channel->last = &channel->first;
	channel->waiting -= first->length - first->sent;
	close_all(first->files, first->file_count);
	free(first);
}

static void release(struct cw_worker_channel *channel)
{
	while (channel->first)
		drop_first(channel);
	if (channel->reads)
		event_free(channel->reads);
	if (channel->writes)
		event_free(channel->writes);
	if (channel->broken)
		event_free(channel->broken);
	close_all(channel->files, channel->file_count);
	cw_buffer_finish(&channel->in);
	close(channel->socket);
	free(channel);
}

void cw_worker_channel_free(struct cw_worker_channel *channel)
{
	if (!channel)
		return;
	channel->freed = true;
	if (!channel->busy)
		release(channel);
}

/* --- what comes --- */

/* The last call of the owner, but where it has freed the channel already. */
static void end(struct cw_worker_channel *channel, const char *reason)
{
	event_del(channel->reads);
	event_del(channel->writes);
	event_del(channel->broken);
	if (!channel->freed)
		channel->owner.ended(channel->owner.context, reason);
}

/* The bytes of one frame. False: it is none. */
static bool hand_over(struct cw_worker_channel *channel, size_t length, size_t count)
{
	json_error_t ignored;
	json_t *object = json_loadb(channel->in.data + HEAD, length, JSON_REJECT_DUPLICATES, &ignored);
	int files[CW_WORKER_CHANNEL_FILES_MAX];
	if (!json_is_object(object) || count > channel->file_count) {
		json_decref(object);
		return false;
	}
	if (count)
		memcpy(files, channel->files, count * sizeof *files);
	channel->file_count -= count;
	memmove(channel->files, channel->files + count, channel->file_count * sizeof *files);
	channel->owner.said(channel->owner.context, object, files, count);
	close_all(files, count);
	json_decref(object);
	return true;
}

/* Every whole frame of what came. NULL: go on; else why the channel ends. */
static const char *take_frames(struct cw_worker_channel *channel)
{
	size_t unread = CW_FORWARD_BEGIN;
	while (!channel->freed && channel->in.length >= HEAD && cw_forward(&unread, channel->in.length)) {
		const uint8_t *head = (const uint8_t *)channel->in.data;
		size_t length =
			(size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
		size_t count = head[4];
		if (length > CW_WORKER_CHANNEL_FRAME_MAX || count > CW_WORKER_CHANNEL_FILES_MAX)
			return "a frame that is too long came";
		if (channel->in.length < HEAD + length)
			return NULL;
		if (!hand_over(channel, length, count))
			return "what came is no frame";
		channel->in.length -= HEAD + length;
		memmove(channel->in.data, channel->in.data + HEAD + length, channel->in.length + 1);
	}
	return NULL;
}

/* False: more files than a channel holds; those are closed. */
static bool take_files(struct cw_worker_channel *channel, struct msghdr *message)
{
	bool good = !(message->msg_flags & MSG_CTRUNC);
	for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int file;
			memcpy(&file, CMSG_DATA(part) + i * sizeof file, sizeof file);
			if (channel->file_count < FILES) {
				channel->files[channel->file_count++] = file;
				continue;
			}
			close(file);
			good = false;
		}
	}
	return good;
}

/* NULL: go on. */
static const char *receive(struct cw_worker_channel *channel)
{
	char bytes[CHUNK];
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * CW_WORKER_CHANNEL_FILES_MAX)];
	struct iovec part = {bytes, sizeof bytes};
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	ssize_t got = recvmsg(channel->socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return NULL;
	if (got <= 0)
		return "the other end is gone";
	if (!take_files(channel, &message))
		return "more open files came than a frame can have";
	cw_buffer_append(&channel->in, bytes, (size_t)got);
	return channel->in.failed ? "out of memory" : take_frames(channel);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_worker_channel *channel = context;
	(void)socket;
	(void)what;
	channel->busy = true;
	const char *reason = receive(channel);
	if (reason)
		end(channel, reason);
	channel->busy = false;
	if (channel->freed)
		release(channel);
}

/* --- what goes --- */

static void on_broken(evutil_socket_t socket, short what, void *context)
{
	struct cw_worker_channel *channel = context;
	(void)socket;
	(void)what;
	channel->busy = true;
	end(channel, channel->reason);
	channel->busy = false;
	if (channel->freed)
		release(channel);
}

/* Told from the loop: whoever sends does not expect to lose its channel meanwhile. */
static void break_off(struct cw_worker_channel *channel, const char *reason)
{
	if (!channel->reason)
		channel->reason = reason;
	event_active(channel->broken, EV_TIMEOUT, 0);
}

/* 1: sent something; 0: not now; -1: it cannot be. */
static int send_some(struct cw_worker_channel *channel, struct outgoing *next)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * CW_WORKER_CHANNEL_FILES_MAX)] = {0};
	struct iovec part = {next->bytes + next->sent, next->length - next->sent};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	if (next->file_count) {
		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * next->file_count);
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(sizeof(int) * next->file_count);
		memcpy(CMSG_DATA(head), next->files, sizeof(int) * next->file_count);
	}
	ssize_t sent = sendmsg(channel->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	close_all(next->files, next->file_count);
	next->file_count = 0;
	next->sent += (size_t)sent;
	channel->waiting -= (size_t)sent;
	return 1;
}

static void send_on(struct cw_worker_channel *channel)
{
	while (channel->first) {
		int went = send_some(channel, channel->first);
		if (went < 0)
			break_off(channel, "the other end is gone");
		else if (went == 0 && event_add(channel->writes, NULL) < 0)
			break_off(channel, "out of memory");
		if (went <= 0)
			return;
		if (channel->first->sent == channel->first->length)
			drop_first(channel);
	}
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	send_on(context);
}

static struct outgoing *make_outgoing(const char *text, size_t length, const int *files, size_t count)
{
	struct outgoing *made = calloc(1, sizeof *made + HEAD + length);
	if (!made)
		return NULL;
	const uint8_t head[HEAD] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8),
		(uint8_t)length, (uint8_t)count};
	memcpy(made->bytes, head, HEAD);
	memcpy(made->bytes + HEAD, text, length);
	made->length = HEAD + length;
	for (size_t i = 0; i < count; i++) {
		int copy = fcntl(files[i], F_DUPFD_CLOEXEC, 3);
		if (copy < 0) {
			close_all(made->files, made->file_count);
			free(made);
			return NULL;
		}
		made->files[made->file_count++] = copy;
	}
	return made;
}

void cw_worker_channel_send(
	struct cw_worker_channel *channel, const json_t *frame, const int *files, size_t count)
{
	AUTO(free) char *text = json_dumps(frame, JSON_COMPACT);
	size_t length = text ? strlen(text) : 0;
	if (channel->reason)
		return;
	if (length > CW_WORKER_CHANNEL_FRAME_MAX || count > CW_WORKER_CHANNEL_FILES_MAX ||
		channel->waiting > CW_WORKER_CHANNEL_WAITING_MAX) {
		break_off(channel, "more is to be sent than the other end takes");
		return;
	}
	struct outgoing *made = text ? make_outgoing(text, length, files, count) : NULL;
	if (!made) {
		break_off(channel, "out of memory, or of open files");
		return;
	}
	*channel->last = made;
	channel->last = &made->next;
	channel->waiting += made->length;
	if (channel->first == made)
		send_on(channel);
}

size_t cw_worker_channel_waiting(const struct cw_worker_channel *channel)
{
	return channel->waiting;
}

bool cw_worker_channel_open(struct event_base *base, int socket, const struct cw_worker_channel_owner *owner,
	struct cw_worker_channel **ret, struct cw_error *error)
{
	struct cw_worker_channel *channel = calloc(1, sizeof *channel);
	if (!channel) {
		close(socket);
		return cw_error_memory(error);
	}
	channel->owner = *owner;
	channel->socket = socket;
	channel->last = &channel->first;
	channel->reads = event_new(base, socket, EV_READ | EV_PERSIST, on_reads, channel);
	channel->writes = event_new(base, socket, EV_WRITE, on_writes, channel);
	channel->broken = evtimer_new(base, on_broken, channel);
	if (!channel->reads || !channel->writes || !channel->broken || event_add(channel->reads, NULL) < 0) {
		release(channel);
		return cw_error_memory(error);
	}
	*ret = channel;
	return true;
}
