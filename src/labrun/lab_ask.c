#include "labrun/lab_ask.h"

#include "base/buffer.h"
#include "node/node_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "status.sock"
/* Against a stranger on the socket. */
#define STATUS_MAX (1024 * 1024)
static const struct timeval patience = {2, 0};

struct cw_lab_ask {
	struct event_base *base;
	const char *folder;
	size_t place;
	cw_lab_ask_told *told;
	void *context;
	int socket; /* -1: no question is out */
	bool again; /* what is out may be answered with what was true before somebody asked again */
	struct event *event;
	struct cw_buffer text;
};

static void close_all(struct cw_lab_ask *ask)
{
	if (ask->event)
		event_free(ask->event);
	ask->event = NULL;
	if (ask->socket >= 0)
		close(ask->socket);
	ask->socket = -1;
	cw_buffer_finish(&ask->text);
	ask->text = (struct cw_buffer){0};
}

struct cw_lab_ask *cw_lab_ask_new(
	struct event_base *base, const char *folder, size_t place, cw_lab_ask_told *told, void *context)
{
	struct cw_lab_ask *ask = calloc(1, sizeof *ask);
	if (ask)
		*ask = (struct cw_lab_ask){.base = base,
			.folder = folder,
			.place = place,
			.told = told,
			.context = context,
			.socket = -1};
	return ask;
}

void cw_lab_ask_free(struct cw_lab_ask *ask)
{
	if (ask)
		close_all(ask);
	free(ask);
}

static void answer(struct cw_lab_ask *ask, bool whole)
{
	json_error_t ignored;
	json_t *status = whole ? json_loadb(ask->text.data, ask->text.length, 0, &ignored) : NULL;
	bool again = ask->again;
	close_all(ask);
	ask->again = false;
	ask->told(ask->context, ask->place, status);
	json_decref(status);
	if (again)
		cw_lab_ask_now(ask);
}

static void on_bytes(evutil_socket_t socket, short what, void *context)
{
	struct cw_lab_ask *ask = context;
	char bytes[16384];
	ssize_t got = what & EV_TIMEOUT ? -1 : recv(socket, bytes, sizeof bytes, 0);
	if (got < 0 && !(what & EV_TIMEOUT) && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0) {
		cw_buffer_append(&ask->text, bytes, (size_t)got);
		if (ask->text.failed || ask->text.length > STATUS_MAX)
			answer(ask, false);
		return;
	}
	answer(ask, got == 0 && ask->text.length > 0);
}

static bool dial(struct cw_lab_ask *ask)
{
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char name[CW_NODE_FOLDER_NAME_SIZE];
	struct cw_error ignored;
	if (!cw_node_folder_open(ask->folder, false, &folder, &ignored))
		return false;
	snprintf(address.sun_path, sizeof address.sun_path, "%s",
		cw_node_folder_run_name(&folder, SOCKET_NAME, name));
	ask->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return ask->socket >= 0 &&
		connect(ask->socket, (const struct sockaddr *)&address, sizeof address) == 0;
}

void cw_lab_ask_now(struct cw_lab_ask *ask)
{
	if (ask->socket >= 0) {
		ask->again = true;
		return;
	}
	if (dial(ask)) {
		ask->event = event_new(ask->base, ask->socket, EV_READ | EV_PERSIST, on_bytes, ask);
		if (ask->event && event_add(ask->event, &patience) == 0)
			return;
	}
	answer(ask, false);
}
