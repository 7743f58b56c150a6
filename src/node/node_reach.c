#include "node/node_reach.h"

#include "check/links.h"
#include "model/presented.h"
#include "net/connection.h"
#include "report/json.h"
#include "traversal/conversation.h"

#include <string.h>

#define AGAIN_SECONDS 30
#define SOON_SECONDS 3 /* while one of them is not up */

static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 10000, .drain = 2000};

struct reach {
	struct cw_node_core *core;
	const struct cw_link *link; /* of the snapshot */
	SSL_CTX *tls;
	struct cw_connection *connection;
	struct cw_snapshot_answer answer;
	bool answered;
	char state[16], code[64], reason[500];
};

struct cw_node_reach {
	struct event *again;
	struct reach *items;
	size_t count;
};

static void drop(struct reach *reach)
{
	cw_connection_free(reach->connection);
	reach->connection = NULL;
	SSL_CTX_free(reach->tls);
	reach->tls = NULL;
}

static void set_state(struct reach *reach, const char *state, const char *code, const char *reason)
{
	bool news = strcmp(reach->state, state) != 0 || strcmp(reach->code, code) != 0;
	snprintf(reach->state, sizeof reach->state, "%s", state);
	snprintf(reach->code, sizeof reach->code, "%s", code);
	snprintf(reach->reason, sizeof reach->reason, "%s", reason);
	if (!news)
		return;
	AUTO_BUFFER why = {0};
	if (*code)
		cw_buffer_printf(&why, ": %s", code);
	if (*reason)
		cw_buffer_printf(&why, ": %s", reason);
	cw_node_core_say(reach->core, "%s to %s: %s%s", cw_link_kind_name(reach->link->kind),
		reach->link->address, state, cw_buffer_string(&why));
	cw_node_core_changed(reach->core);
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct reach *reach = context;
	const struct cw_node_core *core = reach->core;
	const struct cw_snapshot_evidence evidence = {
		.chain = chain, .count = count, .cache = core->cache, .now = cw_time_now()};
	struct cw_error error;
	if (!cw_snapshot_ask(core->snapshot, reach->link, &evidence, &reach->answer, &error))
		return SSL_AD_INTERNAL_ERROR;
	return reach->answer.refuses ? reach->answer.alert : CW_TLS_ACCEPT;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct reach *reach = context;
	AUTO_BUFFER out = {0};
	if (reach->link->kind == CW_LINK_SIP_OUT) {
		struct cw_conversation sip = {.kind = CW_CONVERSATION_REGISTER, .host = reach->link->address};
		cw_conversation_ask(&sip, &out);
		cw_conversation_finish(&sip);
	} else {
		cw_buffer_printf(
			&out, "GET /cucm-uds/version HTTP/1.1\r\nHost: %s\r\n\r\n", reach->link->address);
	}
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else
		cw_connection_send(connection, out.data, out.length);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct reach *reach = context;
	(void)data;
	(void)length;
	if (!reach->answered)
		cw_connection_close(connection);
	reach->answered = true;
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct reach *reach = context;
	(void)connection;
	reach->connection = NULL; /* it frees itself */
	if (reach->answered)
		set_state(reach, "Active", "", "");
	else if (reach->answer.refuses)
		set_state(reach, "Failed", reach->answer.code, reach->answer.detail);
	else
		set_state(reach, "Failed", "", report->reason);
	drop(reach);
}

static bool make_tls(struct reach *reach, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(reach->link);
	const struct cw_node *node = reach->link->client.node;
	struct cw_tls_setup setup = {.versions = CW_TLS_ANY, .asks = true, .chain = chain};
	if (cw_presented_identity(&ends, false, &kind) && node->identities[kind].private_key) {
		setup.chain_count = cw_presented_chain(node, kind, chain);
		setup.key = node->identities[kind].private_key;
	}
	return cw_tls_context(&setup, &reach->tls, error);
}

static bool try_connect(struct reach *reach, struct cw_error *error)
{
	const struct cw_node_file *file = reach->core->snapshot->file;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)reach->link->port)};
	const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = file->listen.from};
	if (!cw_node_file_find(file, reach->link->address, &to.sin_addr))
		return cw_error_set(
			error, CW_E_NETWORK, "no address is known of it; name it in hosts: of node.yaml");
	if (!make_tls(reach, error))
		return false;
	const struct cw_connection_setup setup = {.base = reach->core->base,
		.tls = reach->tls,
		.judge = {.ask = on_ask, .context = reach, .known = reach->core->snapshot->pool},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = reach}};
	const struct cw_connection_route route = {(const struct sockaddr *)&from,
		(const struct sockaddr *)&to, sizeof to, reach->link->address};
	return cw_connection_open(&setup, &route, &reach->connection, error);
}

static void try_now(struct reach *reach)
{
	struct cw_error error;
	if (reach->connection)
		return;
	reach->answered = false;
	reach->answer = (struct cw_snapshot_answer){0};
	if (try_connect(reach, &error))
		return;
	drop(reach);
	set_state(reach, "Failed", "", error.message);
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	struct timeval wait = {AGAIN_SECONDS, 0};
	struct cw_node_core *core = context;
	(void)socket;
	(void)what;
	for (size_t i = 0; i < core->reach->count; i++) {
		try_now(&core->reach->items[i]);
		if (strcmp(core->reach->items[i].state, "Active") != 0)
			wait.tv_sec = SOON_SECONDS;
	}
	(void)event_add(core->reach->again, &wait);
}

static bool is_wanted(const struct cw_node_core *core, const struct cw_link *link)
{
	return link->client.node == core->snapshot->node &&
		(link->kind == CW_LINK_TOMCAT || link->kind == CW_LINK_TFTP || link->kind == CW_LINK_SIP_OUT);
}

static bool collect(struct cw_node_core *core)
{
	const struct cw_check *check = core->snapshot->check;
	struct cw_node_reach *reach = core->reach;
	reach->items = calloc(check->link_count + 1, sizeof *reach->items);
	for (size_t i = 0; reach->items && i < check->link_count; i++)
		if (is_wanted(core, check->links[i]))
			reach->items[reach->count++] =
				(struct reach){.core = core, .link = check->links[i], .state = "Checking"};
	return reach->items != NULL;
}

bool cw_node_reach_begin(struct cw_node_core *core, struct cw_error *error)
{
	static const struct timeval now = {0, 0};
	core->reach = calloc(1, sizeof *core->reach);
	if (!core->reach)
		return cw_error_memory(error);
	core->reach->again = evtimer_new(core->base, on_again, core);
	if (!core->reach->again || !collect(core) || event_add(core->reach->again, &now) < 0)
		return cw_error_memory(error);
	return true;
}

void cw_node_reach_end(struct cw_node_core *core)
{
	struct cw_node_reach *reach = core->reach;
	core->reach = NULL;
	if (!reach)
		return;
	for (size_t i = 0; i < reach->count; i++)
		drop(&reach->items[i]);
	if (reach->again)
		event_free(reach->again);
	free(reach->items);
	free(reach);
}

bool cw_node_reach_reload(struct cw_node_core *core, struct cw_error *error)
{
	cw_node_reach_end(core);
	return cw_node_reach_begin(core, error);
}

void cw_node_reach_look(struct cw_node_core *core)
{
	for (size_t i = 0; core->reach && i < core->reach->count; i++) {
		const struct reach *reach = &core->reach->items[i];
		if (strcmp(reach->state, "Failed") != 0)
			continue;
		cw_node_core_alarm(core, NULL, "Alert", reach->link->id, "%s to %s: %s %s",
			cw_link_kind_name(reach->link->kind), reach->link->address, reach->code,
			reach->reason);
	}
}

bool cw_node_reach_status(const struct cw_node_core *core, json_t *services)
{
	struct cw_json json = {0};
	for (size_t i = 0; core->reach && i < core->reach->count; i++) {
		const struct reach *reach = &core->reach->items[i];
		json_t *row = json_object();
		char name[300];
		snprintf(name, sizeof name, "%s %.250s", cw_link_kind_name(reach->link->kind),
			reach->link->address);
		cw_json_put(&json, row, "peer", cw_json_text(name));
		cw_json_put(&json, row, "state", cw_json_text(reach->state));
		cw_json_put(&json, row, "code", cw_json_text(*reach->code ? reach->code : NULL));
		cw_json_put(&json, row, "reason", cw_json_text(reach->reason));
		cw_json_add(&json, services, row);
	}
	return !json.failed;
}
