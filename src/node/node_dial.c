#include "node/node_dial.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/edge/edge_core.h"
#include "node/node_dial_parts.h"
#include "node/sip/sip_core.h"
#include "report/json.h"

#include <openssl/rand.h>
#include <string.h>

/* A zone OPTIONS every 3 seconds, lost (and known as such within 10) when two and a half have no answer; redial in 0.5 to 4 seconds. */
static const struct cw_zone_times times = {.keep_alive = 3000, .wait_min = 1000, .wait_max = 4000};
static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 8500, .drain = 1000};

void cw_node_dial_set_timer(struct cw_node_dial *dial, unsigned milliseconds)
{
	const struct timeval wait = {
		(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	(void)event_add(dial->timer, &wait);
}

static void drop_chain(struct cw_node_dial *dial)
{
	for (size_t i = 0; i < dial->chain_count; i++)
		cw_cert_free(dial->chain[i]);
	dial->chain_count = 0;
}

static void drop_connection(struct cw_node_dial *dial)
{
	cw_sip_core_down(dial->core, dial->carried);
	dial->carried = 0;
	cw_connection_free(dial->connection);
	dial->connection = NULL;
	SSL_CTX_free(dial->tls);
	dial->tls = NULL;
	cw_conversation_finish(&dial->conversation);
	cw_buffer_finish(&dial->document);
}

void cw_node_dial_free(struct cw_node_dial *dial)
{
	if (dial->timer)
		event_free(dial->timer);
	cw_node_find_cancel(&dial->find);
	drop_connection(dial);
	drop_chain(dial);
	cw_tunnel_client_free(dial->tunnel);
	EVP_PKEY_free(dial->tunnel_key);
	free(dial->zone_name);
	free(dial->address);
	free(dial);
}

/* --- states --- */

static void because(struct cw_node_dial *dial, const char *code, const char *reason)
{
	snprintf(dial->code, sizeof dial->code, "%s", code);
	snprintf(dial->reason, sizeof dial->reason, "%s", reason);
}

static void tell_state(struct cw_node_dial *dial)
{
	const struct cw_node_state now = {
		"zone to", dial->address, cw_zone_state_name(dial->status.state), dial->code, dial->reason};
	cw_node_core_state(dial->core, &now);
	cw_node_core_changed(dial->core);
}

/* A refusal is told once, not at every try that ends alike. */
static void lost(struct cw_node_dial *dial, const char *code, const char *reason)
{
	bool news =
		strcmp(dial->code, code) != 0 || strcmp(dial->reason, reason) != 0 || !dial->status.failures;
	cw_zone_tell(&dial->status, CW_ZONE_LOST);
	because(dial, code, reason);
	if (news)
		dial->since = cw_time_now();
	cw_node_dial_tunnel_down(dial, "the traversal zone is not active");
	dial->tunnel_answer = dial->service = (struct cw_snapshot_answer){0};
	dial->theirs_document = (struct cw_node_document){0};
	if (news)
		tell_state(dial);
	uint32_t random = 0;
	(void)RAND_bytes((unsigned char *)&random, sizeof random);
	cw_node_dial_set_timer(dial, cw_zone_wait(&dial->status, &times, random));
}

/* --- the judge --- */

void cw_node_dial_ask(struct cw_node_dial *dial, enum cw_link_kind kind, struct cw_snapshot_answer *ret)
{
	const struct cw_node_core *core = dial->core;
	const struct cw_link *link = cw_node_dial_link(dial, kind);
	const struct cw_snapshot_evidence evidence = {
		.chain = dial->chain, .count = dial->chain_count, .cache = core->cache, .now = cw_time_now()};
	struct cw_error error;
	if (link && cw_snapshot_ask(core->snapshot, link, &evidence, ret, &error))
		return;
	*ret = (struct cw_snapshot_answer){
		.asked = true, .refuses = true, .alert = SSL_AD_INTERNAL_ERROR, .code = "not-asked"};
	snprintf(ret->detail, sizeof ret->detail, "%.480s", link ? error.message : "no such link");
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_node_dial *dial = context;
	drop_chain(dial);
	for (size_t i = 0; i < count && i < CW_PATH_DEPTH_MAX; i++)
		dial->chain[dial->chain_count++] = cw_cert_ref(chain[i]);
	dial->judged = dial->core->snapshot->number;
	cw_node_dial_ask(dial, CW_LINK_TRAVERSAL, &dial->zone);
	return dial->zone.refuses ? dial->zone.alert : CW_TLS_ACCEPT;
}

/* --- the conversation --- */

static void say(struct cw_node_dial *dial, const struct cw_buffer *out)
{
	if (out->failed)
		cw_connection_refuse(dial->connection, "out of memory");
	else if (out->length)
		cw_connection_send(dial->connection, out->data, out->length);
}

/* The whole state of this node, as Expressway-E is to know it. */
static void inform(struct cw_node_dial *dial)
{
	AUTO_BUFFER out = {0};
	dial->own.serial++;
	snprintf(dial->own.node, sizeof dial->own.node, "%s", dial->core->snapshot->node->fqdn);
	cw_node_document_answer(&dial->own, &dial->tunnel_answer);
	cw_buffer_finish(&dial->document);
	cw_node_document_write(&dial->own, dial->core->snapshot->file->deployment,
		cw_edge_core_told(dial->core), &dial->document);
	dial->conversation.document = cw_buffer_string(&dial->document);
	out.failed = dial->document.failed;
	if (!out.failed)
		cw_conversation_inform(&dial->conversation, &out);
	say(dial, &out);
}

static void on_relay(void *context, const struct cw_sip_message *message)
{
	const struct cw_node_dial *dial = context;
	cw_sip_core_take(dial->core, dial->carried, message);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_node_dial *dial = context;
	AUTO_BUFFER out = {0};
	(void)connection;
	const struct cw_zone *zone = cw_node_dial_zone(dial);
	if (dial->judged != dial->core->snapshot->number)
		cw_node_dial_ask(dial, CW_LINK_TRAVERSAL, &dial->zone);
	if (dial->zone.refuses || !zone) {
		cw_connection_refuse(dial->connection, zone ? dial->zone.detail : "no such zone");
		return;
	}
	dial->conversation = (struct cw_conversation){.kind = CW_CONVERSATION_ZONE,
		.host = dial->address,
		.username = zone->on_c.username,
		.password = zone->on_c.password,
		.document = "{}",
		.relay = on_relay,
		.relay_context = dial};
	cw_conversation_ask(&dial->conversation, &out);
	say(dial, &out);
}

static void answered(struct cw_node_dial *dial)
{
	if (!dial->conversation.client.username) {
		cw_connection_refuse(
			dial->connection, "the other side did not ask for user name and password");
		return;
	}
	because(dial, "", "");
	if (cw_zone_tell(&dial->status, CW_ZONE_ANSWERED)) {
		dial->since = cw_time_now();
		tell_state(dial);
		cw_node_dial_tunnel(dial);
		cw_node_dial_service(dial);
		dial->carried = cw_sip_core_up(dial->core, dial->address, dial->connection);
	}
	inform(dial);
	cw_node_dial_set_timer(dial, times.keep_alive);
}

static void heard(struct cw_node_dial *dial)
{
	struct cw_node_document document;
	struct cw_conversation *conversation = &dial->conversation;
	conversation->news = false;
	if (!cw_node_document_read(
		    cw_buffer_string(&conversation->told), conversation->told.length, &document))
		return;
	bool same = document.serial == dial->theirs_document.serial && dial->theirs_document.tunnel;
	dial->theirs_document = document;
	if (same)
		return;
	cw_node_dial_tunnel(dial);
	cw_node_core_changed(dial->core);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_node_dial *dial = context;
	struct cw_conversation *conversation = &dial->conversation;
	AUTO_BUFFER out = {0};
	if (!cw_conversation_take(conversation, data, length, &out)) {
		say(dial, &out);
		return;
	}
	cw_connection_touch(connection);
	say(dial, &out);
	switch (conversation->state) {
	case CW_CONVERSATION_TALKING:
		break;
	case CW_CONVERSATION_UP:
		if (conversation->news)
			heard(dial);
		else
			answered(dial);
		break;
	case CW_CONVERSATION_DENIED:
		cw_connection_refuse(connection, "Authentication Failed");
		break;
	case CW_CONVERSATION_FORBIDDEN:
	case CW_CONVERSATION_BROKEN:
		cw_connection_refuse(connection, conversation->reason);
		break;
	}
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_node_dial *dial = context;
	bool denied = dial->conversation.state == CW_CONVERSATION_DENIED;
	char reason[sizeof dial->reason];
	(void)connection;
	dial->connection = NULL; /* it frees itself */
	drop_connection(dial);
	if (dial->zone.refuses) {
		lost(dial, dial->zone.code, dial->zone.detail);
		return;
	}
	snprintf(reason, sizeof reason, "%s", report->reason);
	if (report->end == CW_END_PEER_ALERT)
		snprintf(reason, sizeof reason,
			"TLS Negotiation Error: %.60s refused this node's certificate (%.100s); its log says why",
			dial->address, report->reason);
	if (denied)
		snprintf(reason, sizeof reason,
			"Authentication Failed: the user name or the password is another one there");
	lost(dial, denied ? "credentials-differ" : "", reason);
}

/* --- connecting --- */

static bool make_tls(struct cw_node_dial *dial, const struct cw_link *link, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(link);
	const struct cw_node *node = link->client.node;
	if (!cw_presented_identity(&ends, false, &kind) || !node->identities[kind].private_key)
		return cw_error_set(
			error, CW_E_KEY, "the certificate that this node presents has no key here");
	const struct cw_tls_setup setup = {.versions = cw_snapshot_versions(dial->core->snapshot),
		.keylog = dial->core->keylog,
		.security_level = 0, /* the judge refuses, not the library */
		.chain = chain,
		.chain_count = cw_presented_chain(node, kind, chain),
		.key = node->identities[kind].private_key,
		.asks = true};
	return cw_tls_context(&setup, &dial->tls, error);
}

static bool try_connect(struct cw_node_dial *dial, struct cw_error *error)
{
	struct cw_node_core *core = dial->core;
	const struct cw_node_file *file = core->snapshot->file;
	const struct cw_link *link = cw_node_dial_link(dial, CW_LINK_TRAVERSAL);
	if (!link)
		return cw_error_set(error, CW_E_USAGE, "no such peer");
	if (!make_tls(dial, link, error))
		return false;
	const struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = file->listen.from};
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)link->port), .sin_addr = dial->at};
	const struct cw_connection_setup setup = {.base = core->base,
		.tls = dial->tls,
		.judge = {.ask = on_ask,
			.context = dial,
			.known = core->snapshot->pool,
			.seen = core->recent},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = dial}};
	const struct cw_connection_route route = {
		(const struct sockaddr *)&from, (const struct sockaddr *)&to, sizeof to, dial->address};
	return cw_connection_open(&setup, &route, &dial->connection, error);
}

static void on_found(void *context, const struct in_addr *address, const char *why)
{
	struct cw_node_dial *dial = context;
	struct cw_error error;
	if (address) {
		dial->at = *address;
		if (try_connect(dial, &error))
			return;
		why = error.message;
	}
	drop_connection(dial);
	lost(dial, "", why);
}

void cw_node_dial_connect(struct cw_node_dial *dial)
{
	drop_connection(dial);
	drop_chain(dial);
	dial->zone = (struct cw_snapshot_answer){0};
	cw_zone_tell(&dial->status, CW_ZONE_CONNECTS);
	dial->find.found = on_found;
	dial->find.context = dial;
	cw_node_find(dial->core, &dial->find, dial->address);
}

void cw_node_dial_on_timer(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_dial *dial = context;
	AUTO_BUFFER out = {0};
	(void)socket;
	(void)what;
	if (!dial->connection) {
		cw_node_dial_connect(dial);
		return;
	}
	if (dial->conversation.state != CW_CONVERSATION_UP)
		return;
	cw_conversation_ask(&dial->conversation, &out);
	say(dial, &out);
	cw_node_dial_set_timer(dial, 3 * times.keep_alive); /* the answer sets the next one */
}
