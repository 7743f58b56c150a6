#include "node/node_control.h"

#include "node/node_effect.h"
#include "node/node_socket.h"
#include "node/work/node_work.h"
#include "report/json.h"

#include <errno.h>
#include <event2/listener.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_NAME "control.sock"
/* Against a flood: an uploaded file in Base64, and words around it. */
#define REQUEST_MAX ((size_t)4 * 1024 * 1024)
#define PATIENCE_S 10

struct cw_node_control {
	struct cw_node_core *core;
	struct evconnlistener *listener;
	struct asker *askers;
	uint64_t count;
};

/* Who has connected and not been answered yet. */
struct asker {
	struct cw_node_control *control;
	evutil_socket_t socket;
	struct event *reads;
	uint64_t number;
	struct cw_buffer request;
	struct asker *next;
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
	cw_buffer_finish(&asker->request);
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

/* The folder's own user may all that an administrator may. */
static json_t *do_work(const struct asker *asker, const json_t *request, const char *operation)
{
	const char *user = json_string_value(json_object_get(request, "user"));
	const struct cw_node_work_who who = {
		.user = user ? user : "local", .role = CW_ROLE_READ_WRITE, .connection = asker->number};
	json_t *frame = NULL;
	struct cw_error error;
	if (cw_node_work(
		    asker->control->core, &who, operation, json_object_get(request, "with"), &frame, &error))
		return frame;
	cw_node_core_say(asker->control->core, "%s: %s", operation, error.message);
	return json_pack("{s:i,s:{s:s}}", "status", 500, "error", "text", error.message);
}

static void answer(const struct asker *asker)
{
	json_error_t ignored;
	struct cw_json json = {0};
	struct cw_error error;
	AUTO_BUFFER text = {0};
	AUTO(json_decref)
	json_t *request = json_loadb(cw_buffer_string(&asker->request), asker->request.length, 0, &ignored);
	const char *folder = json_string_value(json_object_get(request, "try"));
	const char *operation = json_string_value(json_object_get(request, "do"));
	int room = CW_NODE_SOCKET_ANSWER_MAX;
	AUTO(json_decref) json_t *said = NULL;
	if (operation)
		said = do_work(asker, request, operation);
	else if (folder && folder[0] == '/')
		said = try_folder(asker->control->core, folder);
	setsockopt(asker->socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	if (said && cw_json_print(&json, said, true, &text, &error))
		(void)!send(asker->socket, text.data, text.length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct asker *asker = context;
	char bytes[16384];
	ssize_t got = what & EV_TIMEOUT ? 0 : recv(socket, bytes, sizeof bytes, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got > 0) {
		cw_buffer_append(&asker->request, bytes, (size_t)got);
		if (!memchr(bytes, '\n', (size_t)got) && asker->request.length < REQUEST_MAX &&
			!asker->request.failed)
			return;
		if (!asker->request.failed)
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
	asker->number = ++control->count;
	asker->request.secret = true; /* a private key may be uploaded */
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
