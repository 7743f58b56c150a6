#include "node/sip/sip_relay_parts.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/sip/lane_sip_relay.h"
#include "report/json.h"

#include <openssl/ssl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define NAME "sip-out"
#define REFUSED "Unified CM is not reached, or not trusted"

static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 0, .idle = 0, .drain = 2000};

/* --- which --- */

static struct cw_sip_relay_server *find(
	const struct cw_sip_relay *relay, const struct cw_sip_server_target *target)
{
	struct cw_sip_relay_server *server = relay->servers;
	while (server &&
		(strcmp(server->host, target->host) != 0 || server->port != target->port ||
			server->secure != (target->link != NULL)))
		server = server->next;
	return server;
}

struct cw_sip_relay_server *cw_sip_relay_server(struct cw_sip_relay *relay, const char *host)
{
	struct cw_sip_server_target target;
	if (!cw_sip_server_find(relay->worker->snapshot, host, &target))
		return NULL;
	struct cw_sip_relay_server *server = find(relay, &target);
	if (server || !(server = calloc(1, sizeof *server)))
		return server;
	server->relay = relay;
	server->port = target.port;
	server->secure = target.link != NULL;
	snprintf(server->host, sizeof server->host, "%s", target.host);
	server->next = relay->servers;
	relay->servers = server;
	return server;
}

struct cw_sip_relay_server *cw_sip_relay_server_of(const struct cw_sip_relay *relay, uint64_t connection)
{
	struct cw_sip_relay_server *server = relay->servers;
	while (server && (server->connection != connection || server->state == CW_SIP_RELAY_DOWN))
		server = server->next;
	return server;
}

/* --- the judge --- */

static void drop_chain(struct cw_sip_relay_server *server)
{
	for (size_t i = 0; i < server->chain_count; i++)
		cw_cert_free(server->chain[i]);
	server->chain_count = 0;
}

/* The link as the snapshot of now has it; NULL: it is gone, or in the clear now. */
static const struct cw_link *link_of(const struct cw_sip_relay_server *server)
{
	struct cw_sip_server_target target;
	if (!cw_sip_server_find(server->relay->worker->snapshot, server->host, &target) || !target.link ||
		strcmp(target.host, server->host) != 0)
		return NULL;
	return target.link;
}

static bool ask(struct cw_sip_relay_server *server)
{
	const struct cw_worker *worker = server->relay->worker;
	const struct cw_link *link = link_of(server);
	const struct cw_snapshot_evidence evidence = {.chain = server->chain,
		.count = server->chain_count,
		.cache = worker->cache,
		.now = cw_time_now()};
	struct cw_error error;
	if (link && cw_snapshot_ask(worker->snapshot, link, &evidence, &server->answer, &error))
		return !server->answer.refuses;
	server->answer = (struct cw_snapshot_answer){
		.asked = true, .refuses = true, .alert = SSL_AD_INTERNAL_ERROR, .code = "not-asked"};
	snprintf(server->answer.detail, sizeof server->answer.detail, "%.480s",
		link ? error.message : "no such link any more");
	return false;
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_sip_relay_server *server = context;
	drop_chain(server);
	for (size_t i = 0; i < count && i < CW_PATH_DEPTH_MAX; i++)
		server->chain[server->chain_count++] = cw_cert_ref(chain[i]);
	snprintf(server->subject, sizeof server->subject, "%s", count ? cw_cert_label(chain[0]) : "");
	return ask(server) ? CW_TLS_ACCEPT : server->answer.alert;
}

static void tell(struct cw_sip_relay_server *server, const char *why)
{
	struct cw_sip_relay *relay = server->relay;
	if (!server->answer.refuses) {
		cw_sip_relay_refused(relay, NAME " to %s:%u: %s", server->host, server->port, why);
		return;
	}
	cw_sip_relay_refused(relay, NAME " to %s (%s): refused by this node: %s: %s", server->host,
		server->subject, server->answer.code, server->answer.detail);
	cw_worker_refused(relay->worker, NAME, server->subject, server->answer.code, server->answer.detail);
}

/* --- its connection --- */

static void forget_connection(struct cw_sip_relay_server *server)
{
	server->state = CW_SIP_RELAY_DOWN;
	server->stream = NULL;
	cw_sip_frame_finish(&server->frame);
	server->frame = (struct cw_sip_frame){.dialled = true};
	cw_buffer_finish(&server->queue);
	drop_chain(server);
}

static void lost(struct cw_sip_relay_server *server, unsigned status, const char *why)
{
	bool silent = server->state == CW_SIP_RELAY_UP && !server->heard;
	char text[300];
	snprintf(text, sizeof text, "%.200s%s", why,
		silent ? " (without an answer: it may have refused this node's certificate)" : "");
	tell(server, text);
	forget_connection(server);
	(void)cw_sip_relay_give_up(server, status, REFUSED, 0);
	server->answer = (struct cw_snapshot_answer){0};
}

void cw_sip_relay_server_drop(struct cw_sip_relay_server *server, unsigned status, const char *why)
{
	cw_edge_stream_cut(server->stream);
	server->stream = NULL;
	if (server->state != CW_SIP_RELAY_DOWN)
		lost(server, status, why);
}

static void on_up(void *context)
{
	struct cw_sip_relay_server *server = context;
	server->state = CW_SIP_RELAY_UP;
	server->pinged = cw_time_now();
	server->heard = 0;
	if (server->queue.length && !server->queue.failed)
		cw_edge_stream_send(server->stream, server->queue.data, server->queue.length);
	cw_buffer_finish(&server->queue);
}

static void on_received(void *context, const char *data, size_t length)
{
	struct cw_sip_relay_server *server = context;
	server->heard = cw_time_now();
	cw_sip_relay_from_server(server, data, length);
}

static void on_ended(void *context, bool in_order, const char *reason)
{
	struct cw_sip_relay_server *server = context;
	(void)in_order;
	server->stream = NULL; /* it frees itself */
	lost(server, 502, reason);
}

void cw_sip_relay_server_wake(struct cw_sip_relay_server *server)
{
	struct cw_sip_relay *relay = server->relay;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *with = NULL;
	if (server->state != CW_SIP_RELAY_DOWN)
		return;
	server->state = CW_SIP_RELAY_DIALLING;
	server->connection = ++relay->next_connection;
	server->id = ++relay->next_id;
	server->answer = (struct cw_snapshot_answer){0};
	with = json_object();
	cw_json_put(&json, with, "connect", cw_json_count(server->id));
	cw_json_put(&json, with, "host", cw_json_text(server->host));
	cw_json_put(&json, with, "port", cw_json_count(server->port));
	cw_worker_send(relay->worker, CW_LANE_SIP_RELAY_NAME, with, NULL, 0);
}

static void begin(struct cw_sip_relay_server *server, int socket)
{
	struct cw_sip_relay *relay = server->relay;
	struct cw_error error;
	const struct cw_edge_stream_setup setup = {.base = relay->worker->base,
		.streams = &relay->streams,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = server}};
	const struct cw_edge_stream_tls tls = {.context = relay->tls,
		.judge = {.ask = on_ask,
			.context = server,
			.known = relay->worker->snapshot->pool,
			.seen = relay->worker->recent},
		.limits = &limits};
	server->state = CW_SIP_RELAY_SHAKING;
	bool made = server->secure
		? cw_edge_stream_begin(&setup, &tls, socket, server->host, &server->stream, &error)
		: cw_edge_stream_plain(&setup, socket, &server->stream, &error);
	if (!made)
		lost(server, 502, error.message);
	else if (!server->secure)
		on_up(server);
}

void cw_sip_relay_server_dialled(struct cw_sip_relay *relay, unsigned id, int socket, const char *why)
{
	struct cw_sip_relay_server *server = relay->servers;
	while (server && (server->id != id || server->state != CW_SIP_RELAY_DIALLING))
		server = server->next;
	if (!server && socket >= 0)
		close(socket);
	else if (server && socket >= 0)
		begin(server, socket);
	else if (server)
		lost(server, 502, why);
}

void cw_sip_relay_server_send(struct cw_sip_relay_server *server, const struct cw_buffer *out)
{
	if (server->state == CW_SIP_RELAY_UP) {
		cw_edge_stream_send(server->stream, out->data, out->length);
		return;
	}
	if (server->queue.length + out->length <= CW_SIP_RELAY_QUEUE_MAX)
		cw_buffer_append(&server->queue, out->data, out->length);
}

/* --- time and change --- */

void cw_sip_relay_server_judge(struct cw_sip_relay_server *server, bool another)
{
	if (server->state != CW_SIP_RELAY_UP || !server->secure)
		return;
	if (another)
		cw_sip_relay_server_drop(server, 502, "this node shows another certificate now");
	else if (!ask(server))
		cw_sip_relay_server_drop(server, 502, "refused by the list that is there now");
}

void cw_sip_relay_server_turn(struct cw_sip_relay_server *server, cw_time now)
{
	if (server->state == CW_SIP_RELAY_UP && server->pinged + CW_SIP_RELAY_PING_SECONDS <= now) {
		server->pinged = now;
		cw_edge_stream_send(
			server->stream, CW_SIP_FRAME_PING_TEXT, sizeof CW_SIP_FRAME_PING_TEXT - 1);
	}
	cw_time since = now - CW_SIP_RELAY_ANSWER_SECONDS;
	/* one that says nothing at all is tried anew */
	if (cw_sip_relay_give_up(server, 408, "Request Timeout", since) && server->state == CW_SIP_RELAY_UP &&
		server->heard < since)
		cw_sip_relay_server_drop(server, 408, "it does not answer");
}

void cw_sip_relay_server_free(struct cw_sip_relay_server *server)
{
	cw_edge_stream_cut(server->stream);
	server->stream = NULL;
	forget_connection(server);
	free(server);
}

bool cw_sip_relay_server_tls(struct cw_sip_relay *relay, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	SSL_CTX *tls = NULL;
	const struct cw_snapshot *snapshot = relay->worker->snapshot;
	const struct cw_link *link = cw_snapshot_link(snapshot, CW_LINK_SIP_OUT, NULL, NULL);
	struct cw_tls_setup setup = {.versions = cw_snapshot_versions(snapshot),
		.keylog = relay->worker->keylog,
		.asks = true,
		.chain = chain};
	if (link) {
		const struct cw_link_ends ends = cw_link_ends(link);
		const struct cw_node *node = snapshot->node;
		if (cw_presented_identity(&ends, false, &kind) && node->identities[kind].private_key) {
			setup.chain_count = cw_presented_chain(node, kind, chain);
			setup.key = node->identities[kind].private_key;
		}
	}
	if (!cw_tls_context(&setup, &tls, error))
		return false;
	SSL_CTX_free(relay->tls);
	relay->tls = tls;
	return true;
}
