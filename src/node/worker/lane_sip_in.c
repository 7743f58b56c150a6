#include "node/worker/lane_sip_in.h"

#include "net/listener.h"
#include "report/json.h"
#include "traversal/conversation.h"

#include <string.h>

#define NAME "sip"

struct lane {
	struct cw_worker *worker;
	int socket;
	struct cw_listener *listener;
	unsigned next; /* number of a client */
	size_t clients, refused;
	char last[300]; /* why the last one was refused */
};

struct client {
	unsigned id;
	struct cw_conversation sip;
};

static bool wanted(const struct cw_snapshot *snapshot)
{
	return snapshot->node->identities[CW_IDENTITY_SERVER].private_key &&
		cw_snapshot_link_from(snapshot, CW_LINK_SIP_IN, NULL);
}

/* The node's own certificate is no question here: a box comes up with whatever is installed. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	const struct lane *lane = context;
	struct cw_snapshot_answer answer;
	*ret = (struct cw_judgement){0};
	if (question->own)
		return true;
	return cw_worker_ask(lane->worker, CW_LINK_SIP_IN, question->chain, question->chain_count, &answer,
		       error) &&
		cw_snapshot_judgement(&answer, ret, error);
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct lane *lane = context;
	struct client *client = calloc(1, sizeof *client);
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	lane->clients++;
	if (!client) {
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
		return;
	}
	client->id = ++lane->next;
	client->sip = (struct cw_conversation){.kind = CW_CONVERSATION_OPTIONS, .server = true, .host = ""};
	cw_listener_peer_set_context(peer, client);
	if (count)
		cw_worker_live(lane->worker, CW_LINK_SIP_IN, client->id, chain, count);
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	AUTO_BUFFER out = {0};
	struct client *client = cw_listener_peer_context(peer);
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	(void)context;
	if (!client)
		return;
	if (cw_conversation_take(&client->sip, data, length, &out))
		cw_connection_touch(connection);
	if (out.length && !out.failed)
		cw_connection_send(connection, out.data, out.length);
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else if (client->sip.state == CW_CONVERSATION_BROKEN || client->sip.state == CW_CONVERSATION_DENIED)
		cw_connection_refuse(connection, client->sip.reason);
}

static void free_client(struct lane *lane, struct cw_listener_peer *peer)
{
	struct client *client = cw_listener_peer_context(peer);
	if (!client)
		return;
	cw_worker_live(lane->worker, CW_LINK_SIP_IN, client->id, NULL, 0);
	cw_conversation_finish(&client->sip);
	free(client);
	cw_listener_peer_set_context(peer, NULL);
}

static void tell_refused(
	struct lane *lane, const struct cw_listener_peer *peer, const struct cw_finding *finding)
{
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	const char *who = count ? cw_cert_label(chain[0]) : "no certificate";
	const char *code = cw_finding_code_name(finding->code);
	lane->refused++;
	snprintf(lane->last, sizeof lane->last, "%s: %.200s", code, finding->detail ? finding->detail : "");
	cw_worker_say(lane->worker, NAME ": refused: %s (%s)", lane->last, who);
	cw_worker_refused(lane->worker, NAME, who, code, finding->detail);
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct lane *lane = context;
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	if (judgement && judgement->findings.count)
		tell_refused(lane, peer, &judgement->findings.items[0]);
	else if (!report->handshake_done || report->end == CW_END_OWNER_REFUSED)
		cw_worker_say(lane->worker, NAME ": ended: %s", report->reason);
	free_client(lane, peer);
}

static void on_judged_again(void *context, struct cw_listener_peer *peer, enum cw_verdict before)
{
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	(void)context;
	(void)before;
	if (judgement && judgement->verdict == CW_VERDICT_REFUSED)
		cw_connection_refuse(
			cw_listener_peer_connection(peer), "refused by the list that is there now");
}

static bool open_listener(struct lane *lane, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = lane->worker->snapshot;
	struct cw_node *node = snapshot->node;
	const struct cw_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	const struct cw_listener_setup setup = {.base = lane->worker->base,
		.socket = lane->socket,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[CW_STORE_TRUSTED_CA].list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = cw_snapshot_versions(snapshot),
		.keylog = lane->worker->keylog,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.judged_again = on_judged_again,
			.judge = on_judge,
			.context = lane}};
	return cw_listener_open(&setup, &lane->listener, error);
}

static bool begin(struct cw_worker *worker, int socket, void **ret, struct cw_error *error)
{
	AUTO(free) struct lane *lane = calloc(1, sizeof *lane);
	if (!lane)
		return cw_error_memory(error);
	lane->worker = worker;
	lane->socket = socket;
	if (!open_listener(lane, error))
		return false;
	*ret = TAKE(lane);
	return true;
}

static void drop_client(struct cw_listener_peer *peer, void *context)
{
	free_client(context, peer);
}

static void end(void *context)
{
	struct lane *lane = context;
	cw_listener_each(lane->listener, drop_client, lane);
	cw_listener_free(lane->listener);
	free(lane);
}

static bool reload(void *context, const struct cw_snapshot *before, struct cw_error *error)
{
	struct lane *lane = context;
	const struct cw_snapshot *snapshot = lane->worker->snapshot;
	const struct cw_identity *identity = &snapshot->node->identities[CW_IDENTITY_SERVER];
	bool another = before && cw_snapshot_other_identity(before, snapshot);
	if (!before)
		return true;
	return (!another ||
		       cw_listener_set_identity(
			       lane->listener, identity->leaf, identity->private_key, error)) &&
		cw_listener_set_list(
			lane->listener, &snapshot->node->stores[CW_STORE_TRUSTED_CA].list, error);
}

static void judge(void *context)
{
	struct lane *lane = context;
	struct cw_error error;
	const struct cw_trust_list *list = &lane->worker->snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	if (!cw_listener_set_list(lane->listener, list, &error))
		cw_worker_say(lane->worker, NAME ": cannot be judged again: %s", error.message);
}

static void status(const void *context, json_t *ret)
{
	const struct lane *lane = context;
	struct cw_json json = {0};
	cw_json_put(&json, ret, "clients", cw_json_count(lane->clients));
	cw_json_put(&json, ret, "refused", cw_json_count(lane->refused));
	cw_json_put(&json, ret, "reason", cw_json_text(lane->last));
}

const struct cw_worker_lane cw_lane_sip_in = {
	.name = NAME,
	.role = CW_NODE_EXPRESSWAY_C,
	.listen = offsetof(struct cw_node_file_listen, sip),
	.wanted = wanted,
	.begin = begin,
	.end = end,
	.reload = reload,
	.judge = judge,
	.status = status,
};
