#include "node/node_status.h"

#include "node/node_accept.h"
#include "node/node_core.h"
#include "node/node_dial.h"
#include "node/node_ports.h"
#include "node/node_reach.h"
#include "node/node_socket.h"
#include "node/replica/replica_link.h"
#include "node/sip/sip_core.h"
#include "node/worker/node_workers.h"
#include "report/json.h"
#include "report/text/layout.h"

#include <errno.h>
#include <event2/listener.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET_NAME "status.sock"

struct cw_node_status {
	struct cw_node_core *core;
	struct evconnlistener *events;
};

/* --- the node's side --- */

static json_t *alarms_of(struct cw_json *json, const struct cw_node_core *core)
{
	json_t *alarms = json_array();
	for (size_t i = 0; i < core->alarm_count; i++) {
		const struct cw_node_alarm *alarm = &core->alarms[i];
		json_t *row = json_object();
		cw_json_put(json, row, "number", cw_json_text(alarm->number));
		cw_json_put(json, row, "severity", cw_json_text(alarm->severity));
		cw_json_put(json, row, "text", cw_json_text(alarm->text));
		cw_json_put(json, row, "raised", cw_json_time(alarm->raised));
		cw_json_add(json, alarms, row);
	}
	return alarms;
}

json_t *cw_node_status_json(const struct cw_node_core *core)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *zones = json_array(), *tunnels = json_array(), *services = json_array(),
	       *workers = json_array();
	bool whole = cw_node_dial_status(core, zones, tunnels) &&
		cw_node_accept_status(core, zones, tunnels) && cw_node_dial_services(core, services) && cw_node_ports_status(core, services) &&
		cw_node_workers_status(core, services, workers) && cw_node_reach_status(core, services) &&
		cw_replica_link_status(core, services);
	cw_json_put(&json, object, "causeway", cw_json_count(1));
	cw_json_put(&json, object, "node", cw_json_text(core->snapshot->node->fqdn));
	cw_json_put(&json, object, "role", cw_json_text(cw_node_kind_name(core->snapshot->node->kind)));
	cw_json_put(&json, object, "pid", cw_json_count((size_t)getpid()));
	cw_json_put(&json, object, "started", cw_json_time(core->started));
	cw_json_put(&json, object, "snapshot", cw_json_count(core->snapshot->number));
	cw_json_put(&json, object, "zones", zones);
	cw_json_put(&json, object, "tunnels", tunnels);
	cw_json_put(&json, object, "services", services);
	cw_json_put(&json, object, "workers", workers);
	if (core->sip)
		cw_json_put(&json, object, "edge", cw_sip_core_status(core));
	cw_json_put(&json, object, "alarms", alarms_of(&json, core));
	cw_json_put(&json, object, "changed", cw_json_time(core->changed));
	cw_json_put(&json, object, "change", cw_json_text(core->change));
	return whole && !json.failed ? TAKE(object) : NULL;
}

static bool write_status(const struct cw_node_core *core, struct cw_buffer *ret)
{
	struct cw_json json = {0};
	struct cw_error error;
	AUTO(json_decref) json_t *object = cw_node_status_json(core);
	return object && cw_json_print(&json, object, true, ret, &error);
}

/* What is told fits the socket's buffer; who does not read it goes without. */
static void on_accept(struct evconnlistener *events, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	const struct cw_node_status *status = context;
	AUTO_BUFFER text = {0};
	int room = CW_NODE_SOCKET_ANSWER_MAX;
	(void)events;
	(void)from;
	(void)length;
	setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	if (write_status(status->core, &text))
		(void)!send(socket_, text.data, text.length, MSG_DONTWAIT | MSG_NOSIGNAL);
	evutil_closesocket(socket_);
}

bool cw_node_status_open(struct cw_node_core *core, struct cw_node_status **ret, struct cw_error *error)
{
	struct cw_node_status *status = calloc(1, sizeof *status);
	if (!status)
		return cw_error_memory(error);
	status->core = core;
	int socket_ = cw_node_socket_listen(&core->folder, SOCKET_NAME);
	if (socket_ >= 0)
		status->events = evconnlistener_new(core->base, on_accept, status,
			LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, socket_);
	if (!status->events) {
		free(status);
		return cw_error_set(
			error, CW_E_IO, "%s/run/%s: %s", core->folder.path, SOCKET_NAME, strerror(errno));
	}
	*ret = status;
	return true;
}

void cw_node_status_close(struct cw_node_status *status)
{
	if (!status)
		return;
	evconnlistener_free(status->events);
	cw_node_socket_remove(&status->core->folder, SOCKET_NAME);
	free(status);
}

/* --- who asks --- */

bool cw_node_status_ask(const char *path, json_t **ret, struct cw_error *error)
{
	return cw_node_socket_ask(path, SOCKET_NAME, NULL, ret, error);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static const char *mark_of(const char *state)
{
	if (strcmp(state, "Active") == 0 || strcmp(state, "On") == 0)
		return CW_MARK_GOOD;
	return strcmp(state, "Checking") == 0 ? CW_MARK_WARN : CW_MARK_BAD;
}

static void put_rows(const json_t *rows, const char *what, struct cw_buffer *ret)
{
	size_t i;
	json_t *row;
	json_array_foreach(rows, i, row)
	{
		const char *peer = text_of(row, "peer"), *state = text_of(row, "state"),
			   *code = text_of(row, "code"), *reason = text_of(row, "reason");
		cw_buffer_printf(ret, "  %-8s", what);
		cw_layout_column(ret, *peer ? peer : "-", 28);
		cw_buffer_printf(ret, "%s%s%s", mark_of(state), state, CW_MARK_END);
		if (*code)
			cw_buffer_printf(ret, "  %s", code);
		cw_buffer_char(ret, '\n');
		if (*reason)
			cw_layout_wrap(ret, "            ", 12, reason);
	}
}

static void put_edge(const json_t *edge, struct cw_buffer *ret)
{
	if (edge)
		cw_buffer_printf(ret, "  edge    %lld sessions, %lld registrations\n",
			(long long)json_integer_value(json_object_get(edge, "sessions")),
			(long long)json_integer_value(json_object_get(edge, "registrations")));
}

void cw_node_status_text(const json_t *status, struct cw_buffer *ret)
{
	const json_t *tunnels = json_object_get(status, "tunnels"),
		     *alarms = json_object_get(status, "alarms");
	size_t active = 0, i;
	json_t *row;
	json_array_foreach(tunnels, i, row) active += strcmp(text_of(row, "state"), "Active") == 0;
	cw_buffer_printf(ret, "%s%s%s, %s, since %s\n", CW_MARK_BOLD, text_of(status, "node"), CW_MARK_END,
		text_of(status, "role"), text_of(status, "started"));
	put_rows(json_object_get(status, "zones"), "zone", ret);
	put_rows(tunnels, "tunnel", ret);
	put_rows(json_object_get(status, "services"), "service", ret);
	put_rows(json_object_get(status, "workers"), "worker", ret);
	put_edge(json_object_get(status, "edge"), ret);
	if (!active && json_array_size(json_object_get(status, "zones")))
		cw_buffer_printf(ret, "  %s%s%s\n", CW_MARK_BAD, CW_NODE_NO_TUNNELS, CW_MARK_END);
	json_array_foreach(alarms, i, row)
	{
		AUTO_BUFFER prefix = {0};
		const char *number = text_of(row, "number");
		cw_buffer_printf(&prefix, "  alarm   %s%s", number, *number ? " " : "");
		cw_layout_wrap(ret, cw_buffer_string(&prefix), 10, text_of(row, "text"));
	}
	if (*text_of(status, "change"))
		cw_buffer_printf(
			ret, "  changed %s: %s\n", text_of(status, "changed"), text_of(status, "change"));
}
