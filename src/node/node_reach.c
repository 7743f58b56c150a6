#include "node/node_reach.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/edge/edge_core.h"
#include "node/node_reach_parts.h"

#include <string.h>

#define AGAIN_MS 30000
#define SOON_MS 3000 /* while it is not up; a cluster's keep-alive too */

static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 10000, .drain = 2000};

bool cw_node_reach_keeps(const struct cw_node_reach *reach)
{
	return reach->link->kind == CW_LINK_CLUSTER;
}

void cw_node_reach_forget(struct cw_node_reach *reach)
{
	for (size_t i = 0; i < reach->shown_count; i++)
		cw_cert_free(reach->shown[i]);
	reach->shown_count = 0;
}

void cw_node_reach_drop(struct cw_node_reach *reach)
{
	cw_connection_free(reach->connection);
	reach->connection = NULL;
	SSL_CTX_free(reach->tls);
	reach->tls = NULL;
	for (size_t i = 0; i < reach->chain_count; i++)
		cw_cert_free(reach->chain[i]);
	reach->chain_count = 0;
	cw_conversation_finish(&reach->sip);
	reach->sip = (struct cw_conversation){0};
	cw_buffer_finish(&reach->document);
	reach->answered = reach->heard = false;
}

static void set_timer(struct cw_node_reach *reach, unsigned milliseconds)
{
	const struct timeval wait = {
		(time_t)(milliseconds / 1000), (suseconds_t)(milliseconds % 1000) * 1000};
	(void)event_add(reach->timer, &wait);
}

/* A refusal is told once, not at every try that ends alike. */
static void set_state(struct cw_node_reach *reach, const char *state, const char *code, const char *reason)
{
	bool news = strcmp(reach->state, state) != 0 || strcmp(reach->code, code) != 0 ||
		strcmp(reach->reason, reason) != 0;
	snprintf(reach->state, sizeof reach->state, "%s", state);
	snprintf(reach->code, sizeof reach->code, "%s", code);
	snprintf(reach->reason, sizeof reach->reason, "%s", reason);
	if (!news)
		return;
	char what[32];
	reach->since = cw_time_now();
	snprintf(what, sizeof what, "%s to", cw_link_kind_name(reach->link->kind));
	const struct cw_node_state now = {what, reach->link->address, state, code, reason};
	cw_node_core_state(reach->core, &now);
	cw_node_core_changed(reach->core);
}

/* --- the judge --- */

static bool ask(struct cw_node_reach *reach)
{
	const struct cw_node_core *core = reach->core;
	const struct cw_snapshot_evidence evidence = {.chain = reach->chain,
		.count = reach->chain_count,
		.cache = core->cache,
		.now = cw_time_now()};
	struct cw_error error;
	return cw_snapshot_ask(core->snapshot, reach->link, &evidence, &reach->answer, &error);
}

bool cw_node_reach_passes(struct cw_node_reach *reach)
{
	return !reach->chain_count || (ask(reach) && !reach->answer.refuses);
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_node_reach *reach = context;
	for (size_t i = reach->chain_count; i < count && i < CW_PATH_DEPTH_MAX; i++)
		reach->chain[reach->chain_count++] = cw_cert_ref(chain[i]);
	if (!ask(reach))
		return SSL_AD_INTERNAL_ERROR;
	cw_node_reach_forget(reach);
	for (size_t i = 0; i < reach->chain_count; i++)
		reach->shown[reach->shown_count++] = cw_cert_ref(reach->chain[i]);
	reach->shown_refused = reach->answer.refuses;
	return reach->answer.refuses ? reach->answer.alert : CW_TLS_ACCEPT;
}

/* --- the conversation --- */

static void say(struct cw_node_reach *reach, const struct cw_buffer *out)
{
	if (out->failed)
		cw_connection_refuse(reach->connection, "out of memory");
	else if (out->length)
		cw_connection_send(reach->connection, out->data, out->length);
}

void cw_node_reach_refresh(struct cw_node_reach *reach)
{
	const struct cw_credentials *own = cw_node_core_credentials(reach->core);
	reach->sip.host = reach->link->address;
	if (!cw_node_reach_keeps(reach))
		return;
	reach->sip.username = own->username;
	reach->sip.password = own->password;
	if (reach->sip.client.username) {
		reach->sip.client.username = own->username;
		reach->sip.client.password = own->password;
	}
	cw_buffer_finish(&reach->document);
	cw_node_core_document(reach->core, &reach->document);
	reach->sip.document = reach->document.failed ? "{}" : cw_buffer_string(&reach->document);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_node_reach *reach = context;
	AUTO_BUFFER out = {0};
	(void)connection;
	switch (reach->link->kind) {
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_OAUTH:
		reach->sip.kind = CW_CONVERSATION_REGISTER;
		break;
	case CW_LINK_CLUSTER:
		reach->sip.kind = CW_CONVERSATION_ZONE;
		break;
	default:
		reach->sip.kind = CW_CONVERSATION_OPTIONS;
		break;
	}
	cw_node_reach_refresh(reach);
	if (reach->link->kind == CW_LINK_TOMCAT || reach->link->kind == CW_LINK_TFTP)
		cw_buffer_printf(
			&out, "GET /cucm-uds/version HTTP/1.1\r\nHost: %s\r\n\r\n", reach->link->address);
	else
		cw_conversation_ask(&reach->sip, &out);
	say(reach, &out);
}

static void inform(struct cw_node_reach *reach)
{
	AUTO_BUFFER out = {0};
	cw_conversation_inform(&reach->sip, &out);
	say(reach, &out);
}

static void hear(struct cw_node_reach *reach)
{
	struct cw_node_document document;
	const struct cw_buffer *told = &reach->sip.told;
	reach->sip.news = false;
	set_timer(reach, SOON_MS);
	if (!cw_node_document_read(cw_buffer_string(told), told->length, &document))
		return;
	cw_edge_core_hear(reach->core, document.node, cw_buffer_string(told), told->length);
	bool news = !reach->heard || strcmp(document.list, reach->theirs.list) != 0;
	reach->theirs = document;
	reach->heard = true;
	if (news)
		cw_node_core_changed(reach->core);
}

static void take_sip(struct cw_node_reach *reach, const char *data, size_t length)
{
	AUTO_BUFFER out = {0};
	struct cw_conversation *sip = &reach->sip;
	if (cw_conversation_take(sip, data, length, &out))
		cw_connection_touch(reach->connection);
	say(reach, &out);
	if (sip->state == CW_CONVERSATION_TALKING)
		return;
	reach->answered = sip->state == CW_CONVERSATION_UP;
	if (!reach->answered)
		cw_connection_refuse(reach->connection, sip->reason);
	else if (!cw_node_reach_keeps(reach))
		cw_connection_close(reach->connection);
	else if (sip->news)
		hear(reach);
	else
		inform(reach);
	if (reach->answered && cw_node_reach_keeps(reach))
		set_state(reach, "Active", "", "");
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_node_reach *reach = context;
	if (reach->link->kind != CW_LINK_TOMCAT && reach->link->kind != CW_LINK_TFTP) {
		take_sip(reach, data, length);
		return;
	}
	if (!reach->answered)
		cw_connection_close(connection);
	reach->answered = true;
}

/* --- the end of it --- */

/* Why the other side said no, where SIP said it. */
static bool tell_denied(struct cw_node_reach *reach)
{
	switch (reach->sip.state) {
	case CW_CONVERSATION_DENIED:
		set_state(reach, "Failed", "credentials-differ",
			"Authentication Failed: the zone's user name or password is another one there");
		return true;
	case CW_CONVERSATION_FORBIDDEN:
		set_state(reach, "Failed", "phone-profile-missing",
			"403 Forbidden: a phone security profile is not among the names of this node's certificate");
		return true;
	case CW_CONVERSATION_TALKING:
	case CW_CONVERSATION_UP:
	case CW_CONVERSATION_BROKEN:
		break;
	}
	return false;
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_node_reach *reach = context;
	(void)connection;
	reach->connection = NULL; /* it frees itself */
	set_timer(reach, AGAIN_MS);
	if (reach->answered && !cw_node_reach_keeps(reach) && !reach->answer.refuses) {
		set_state(reach, "Active", "", "");
	} else {
		set_timer(reach, SOON_MS);
		if (reach->answer.refuses)
			set_state(reach, "Failed", reach->answer.code, reach->answer.detail);
		else if (!tell_denied(reach))
			set_state(reach, "Failed", "", report->reason);
	}
	cw_node_reach_drop(reach);
}

/* --- connecting --- */

static bool make_tls(struct cw_node_reach *reach, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	const struct cw_link_ends ends = cw_link_ends(reach->link);
	const struct cw_node *node = reach->link->client.node;
	struct cw_tls_setup setup = {.versions = cw_snapshot_versions(reach->core->snapshot),
		.keylog = reach->core->keylog,
		.asks = true,
		.chain = chain};
	if (cw_presented_identity(&ends, false, &kind) && node->identities[kind].private_key) {
		setup.chain_count = cw_presented_chain(node, kind, chain);
		setup.key = node->identities[kind].private_key;
	}
	return cw_tls_context(&setup, &reach->tls, error);
}

static bool connect_to(struct cw_node_reach *reach, struct in_addr address, struct cw_error *error)
{
	struct cw_node_core *core = reach->core;
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)reach->link->port), .sin_addr = address};
	const struct sockaddr_in from = {
		.sin_family = AF_INET, .sin_addr = core->snapshot->file->listen.from};
	if (!make_tls(reach, error))
		return false;
	const struct cw_connection_setup setup = {.base = core->base,
		.tls = reach->tls,
		.judge = {.ask = on_ask, .context = reach, .known = core->snapshot->pool},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = reach}};
	const struct cw_connection_route route = {(const struct sockaddr *)&from,
		(const struct sockaddr *)&to, sizeof to, reach->link->address};
	return cw_connection_open(&setup, &route, &reach->connection, error);
}

static void on_found(void *context, const struct in_addr *address, const char *why)
{
	struct cw_node_reach *reach = context;
	struct cw_error error;
	if (address) {
		if (connect_to(reach, *address, &error))
			return;
		why = error.message;
	}
	cw_node_reach_drop(reach);
	set_timer(reach, SOON_MS);
	set_state(reach, "Failed", "", why);
}

void cw_node_reach_try(struct cw_node_reach *reach)
{
	if (reach->connection || reach->find.query)
		return;
	cw_node_reach_drop(reach);
	reach->answer = (struct cw_snapshot_answer){0};
	reach->find.found = on_found;
	reach->find.context = reach;
	cw_node_find(reach->core, &reach->find, reach->link->address);
}
