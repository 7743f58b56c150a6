/*
 * Frames between the core and its workers: whole ones come as they were sent, with their files; whatever else comes ends
 * the channel, and a channel that is freed in the middle of a call is gone.
 */
#include "node/worker/worker_channel.h"
#include "support/cmocka.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

struct end {
	struct event_base *base;
	struct cw_worker_channel *channel;
	size_t frames, files, bytes;
	int first_file;
	bool frees; /* at the first frame */
	char ended[100];
};

static void on_said(void *context, const json_t *frame, int *files, size_t count)
{
	struct end *end = context;
	end->frames++;
	end->files += count;
	end->bytes += strlen(json_string_value(json_object_get(frame, "text")));
	if (count && end->first_file < 0) {
		end->first_file = files[0];
		files[0] = -1;
	}
	if (end->frees) {
		cw_worker_channel_free(end->channel);
		end->channel = NULL;
	}
}

static void on_ended(void *context, const char *reason)
{
	struct end *end = context;
	snprintf(end->ended, sizeof end->ended, "%s", reason);
	cw_worker_channel_free(end->channel);
	end->channel = NULL;
}

/* One end is a channel, the other the test's own or a second channel. */
static int open_end(struct event_base *base, struct end *ret)
{
	int ends[2];
	struct cw_error error;
	const struct cw_worker_channel_owner owner = {on_said, on_ended, ret};
	*ret = (struct end){.base = base, .first_file = -1};
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
	assert_true(cw_worker_channel_open(base, ends[0], &owner, &ret->channel, &error));
	return ends[1];
}

static void open_both(struct event_base *base, struct end *one, struct end *other)
{
	struct cw_error error;
	int socket = open_end(base, one);
	const struct cw_worker_channel_owner owner = {on_said, on_ended, other};
	*other = (struct end){.base = base, .first_file = -1};
	assert_true(cw_worker_channel_open(base, socket, &owner, &other->channel, &error));
}

static void send_text(struct end *end, size_t length, const int *files, size_t count)
{
	char *text = malloc(length + 1);
	assert_non_null(text);
	memset(text, 'x', length);
	text[length] = '\0';
	json_t *frame = json_pack("{s:s}", "text", text);
	cw_worker_channel_send(end->channel, frame, files, count);
	json_decref(frame);
	free(text);
}

static void turn(struct event_base *base)
{
	for (int i = 0; i < 400; i++)
		assert_true(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
}

static void frames_of_every_size_come_with_their_files(void **state)
{
	(void)state;
	struct event_base *base = event_base_new();
	struct end core, worker;
	char byte = 0;
	open_both(base, &core, &worker);
	int file = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(write(file, "k", 1), 1);
	send_text(&core, 1, NULL, 0);
	send_text(&core, 900 * 1024, &file, 1);
	send_text(&core, 70000, (int[]){file, file}, 2);
	send_text(&worker, 5, NULL, 0);
	close(file);
	turn(base);
	assert_int_equal(worker.frames, 3);
	assert_int_equal(worker.files, 3);
	assert_int_equal(worker.bytes, 1 + 900 * 1024 + 70000);
	assert_int_equal(core.frames, 1);
	assert_int_equal(cw_worker_channel_waiting(core.channel), 0);
	assert_int_equal(pread(worker.first_file, &byte, 1, 0), 1);
	assert_int_equal(byte, 'k');
	close(worker.first_file);
	cw_worker_channel_free(core.channel);
	turn(base);
	assert_string_equal(worker.ended, "the other end is gone");
	event_base_free(base);
}

static void what_is_no_frame_ends_the_channel(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		const char *want;
	} rows[] = {
		{"\x7f\xff\xff\xff\0", 5, "a frame that is too long came"},
		{"\0\x20\0\0\0", 5, "a frame that is too long came"},
		{"\0\0\0\x02\x09{}", 7, "a frame that is too long came"},
		{"\0\0\0\x02\x01{}", 7, "what came is no frame"},
		{"\0\0\0\x02\0[]", 7, "what came is no frame"},
		{"\0\0\0\x02\0{x", 7, "what came is no frame"},
		{"\0\0\0\0\0", 5, "what came is no frame"},
		{"\0\0\0\x0d\0{\"a\":1,\"a\":2}", 18, "what came is no frame"},
		{"\0\0\0\x02\0{", 6, ""},
		{"\0\0", 2, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct event_base *base = event_base_new();
		struct end core;
		int socket = open_end(base, &core);
		assert_int_equal(write(socket, rows[i].bytes, rows[i].length), rows[i].length);
		turn(base);
		if (strcmp(core.ended, rows[i].want) != 0)
			fail_msg("row %zu: wanted \"%s\", found \"%s\"", i, rows[i].want, core.ended);
		assert_int_equal(core.frames, 0);
		cw_worker_channel_free(core.channel);
		close(socket);
		event_base_free(base);
	}
}

static void files_that_no_frame_names_end_it(void **state)
{
	(void)state;
	struct event_base *base = event_base_new();
	struct end core;
	int socket = open_end(base, &core);
	for (int i = 0; i < 40; i++) {
		_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
		struct iovec part = {(char[]){0}, 1}; /* a byte of a head that never ends */
		struct msghdr message = {.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof control};
		struct cmsghdr *head = CMSG_FIRSTHDR(&message);
		*head = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
		memcpy(CMSG_DATA(head), &socket, sizeof(int));
		(void)!sendmsg(socket, &message, MSG_NOSIGNAL);
		turn(base);
	}
	assert_true(*core.ended);
	close(socket);
	event_base_free(base);
}

static void an_end_that_does_not_read_loses_the_channel(void **state)
{
	(void)state;
	struct event_base *base = event_base_new();
	struct end core;
	int socket = open_end(base, &core);
	for (int i = 0; i < 40 && core.channel; i++) {
		send_text(&core, 900 * 1024, NULL, 0);
		turn(base);
	}
	assert_string_equal(core.ended, "more is to be sent than the other end takes");
	close(socket);
	event_base_free(base);
}

static void it_may_be_freed_by_what_it_says(void **state)
{
	(void)state;
	struct event_base *base = event_base_new();
	struct end core, worker;
	open_both(base, &core, &worker);
	worker.frees = true;
	send_text(&core, 1, NULL, 0);
	send_text(&core, 1, NULL, 0);
	turn(base);
	assert_int_equal(worker.frames, 1);
	assert_string_equal(core.ended, "the other end is gone");
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_of_every_size_come_with_their_files),
		cmocka_unit_test(what_is_no_frame_ends_the_channel),
		cmocka_unit_test(files_that_no_frame_names_end_it),
		cmocka_unit_test(an_end_that_does_not_read_loses_the_channel),
		cmocka_unit_test(it_may_be_freed_by_what_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
