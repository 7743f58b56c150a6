#include "node/node_control.h"

#include "node/node_effect.h"
#include "node/node_socket.h"
#include "report/json.h"

#include <errno.h>
#include <event2/listener.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_NAME "control.sock"
/* Against a stranger: a path, and a word. */
#define REQUEST_MAX 8192
#define PATIENCE_S 10

struct cw_node_control {
	struct cw_node_core *core;
	struct evconnlistener *listener;
	struct asker *askers;
};

/* Who has connected and not been answered yet. */
struct asker {
	struct cw_node_control *control;
	evutil_socket_t socket;
	struct event *reads;
	size_t length;
	struct asker *next;
	char request[REQUEST_MAX];
};

/* --- the node's side --- */

static void drop(struct asker *asker)
{
	struct asker **place = &asker->control->askers;
	while (*place != asker)
		place = &(*place)->next;
	*place = asker->next;
	if (asker->reads)
		event_free(asker->reads);
	evutil_closesocket(asker->socket);
	free(asker);
}

static json_t *try_folder(const struct cw_node_core *core, const char *folder)
{
	AUTO(cw_snapshot_free) struct cw_snapshot *after = NULL;
	AUTO_STRINGS problems = {0};
	AUTO_BUFFER change = {0};
	struct cw_json json = {0};
	if (!cw_snapshot_read(folder, core->snapshot->number + 1, cw_time_now(), &after, &problems)) {
		json_t *answer = json_object();
		cw_json_put(&json, answer, "problems", cw_json_texts(&problems));
		return answer;
	}
	json_t *answer = cw_node_effect(core, after);
	cw_snapshot_compare(core->snapshot, after, &change);
	if (!answer)
		return NULL;
	cw_json_put(&json, answer, "problems", json_array());
	cw_json_put(&json, answer, "change", cw_json_text(cw_buffer_string(&change)));
	return answer;
}

static void answer(const struct asker *asker)
{
	json_error_t ignored;
	struct cw_json json = {0};
	struct cw_error error;
	AUTO_BUFFER text = {0};
	AUTO(json_decref) json_t *request = json_loadb(asker->request, asker->length, 0, &ignored);
	const char *folder = json_string_value(json_object_get(request, "try"));
	int room = CW_NODE_SOCKET_ANSWER_MAX;
	if (!folder || folder[0] != '/')
		return;
	AUTO(json_decref) json_t *said = try_folder(asker->control->core, folder);
	setsockopt(asker->socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	if (said && cw_json_print(&json, said, true, &text, &error))
		(void)!send(asker->socket, text.data, text.length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct asker *asker = context;
	ssize_t got = what & EV_TIMEOUT
		? 0
		: recv(socket, asker->request + asker->length, REQUEST_MAX - asker->length, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0) {
		asker->length += (size_t)got;
		if (!memchr(asker->request, '\n', asker->length) && asker->length < REQUEST_MAX)
			return;
		answer(asker);
	}
	drop(asker);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *from,
	int length, void *context)
{
	static const struct timeval patience = {PATIENCE_S, 0};
	struct cw_node_control *control = context;
	struct asker *asker = calloc(1, sizeof *asker);
	(void)listener;
	(void)from;
	(void)length;
	if (!asker) {
		evutil_closesocket(socket);
		return;
	}
	asker->control = control;
	asker->socket = socket;
	asker->next = control->askers;
	control->askers = asker;
	asker->reads = event_new(control->core->base, socket, EV_READ | EV_PERSIST, on_reads, asker);
	if (!asker->reads || event_add(asker->reads, &patience) < 0)
		drop(asker);
}

bool cw_node_control_open(struct cw_node_core *core, struct cw_node_control **ret, struct cw_error *error)
{
	AUTO(cw_node_control_close) struct cw_node_control *control = calloc(1, sizeof *control);
	if (!control)
		return cw_error_memory(error);
	control->core = core;
	int socket = cw_node_socket_listen(&core->folder, SOCKET_NAME);
	if (socket >= 0)
		control->listener = evconnlistener_new(core->base, on_accept, control,
			LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, socket);
	if (!control->listener)
		return cw_error_set(
			error, CW_E_IO, "%s/run/%s: %s", core->folder.path, SOCKET_NAME, strerror(errno));
	*ret = TAKE(control);
	return true;
}

void cw_node_control_close(struct cw_node_control *control)
{
	if (!control)
		return;
	while (control->askers)
		drop(control->askers);
	if (control->listener) {
		evconnlistener_free(control->listener);
		cw_node_socket_remove(&control->core->folder, SOCKET_NAME);
	}
	free(control);
}

/* --- who asks --- */

bool cw_node_control_try(const char *folder, const char *candidate, json_t **ret, struct cw_error *error)
{
	AUTO(free) char *whole = realpath(candidate, NULL);
	AUTO(json_decref) json_t *request = json_object();
	AUTO_BUFFER text = {0};
	struct cw_json json = {0};
	if (!whole)
		return cw_error_set(error, CW_E_IO, "%s: %s", candidate, strerror(errno));
	cw_json_put(&json, request, "try", cw_json_text(whole));
	if (!cw_json_print(&json, request, true, &text, error))
		return false;
	return cw_node_socket_ask(folder, SOCKET_NAME, cw_buffer_string(&text), ret, error);
}
