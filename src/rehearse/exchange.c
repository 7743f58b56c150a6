#include "rehearse/exchange.h"

#include "check/handshake.h"
#include "rehearse/http_talk.h"
#include "rehearse/rehearsal_parts.h"

#include <string.h>

#define SIP_PORT 5061

static enum cw_conversation_kind dialog_of(const struct cw_link *link)
{
	switch (link->kind) {
	case CW_LINK_TRAVERSAL:
		return CW_CONVERSATION_ZONE;
	case CW_LINK_TOMCAT:
	case CW_LINK_TFTP:
	case CW_LINK_EDGE_HTTPS:
		return CW_CONVERSATION_HTTP;
	case CW_LINK_SIP_OUT:
	case CW_LINK_SIP_OAUTH:
	case CW_LINK_EDGE_SIP:
		return CW_CONVERSATION_REGISTER;
	case CW_LINK_FRONT:
		return link->port == SIP_PORT ? CW_CONVERSATION_OPTIONS : CW_CONVERSATION_HTTP;
	case CW_LINK_SERVICE:
	case CW_LINK_TUNNEL:
	case CW_LINK_SIP_IN:
	case CW_LINK_CLUSTER:
	case CW_LINK_KIND_COUNT:
		return CW_CONVERSATION_OPTIONS;
	}
	return CW_CONVERSATION_OPTIONS;
}

/* What one side does not give is not judged: then both say the same. */
static const char *given(const char *own, const char *other)
{
	if (own)
		return own;
	return other ? other : "traversal";
}

static void set_credentials(struct cw_conversation *conversation, const struct cw_zone *zone)
{
	const struct cw_credentials *own = conversation->server ? &zone->on_e : &zone->on_c;
	const struct cw_credentials *other = conversation->server ? &zone->on_c : &zone->on_e;
	conversation->username = given(own->username, other->username);
	conversation->password = given(own->password, other->password);
}

void cw_exchange_choose_conversation(struct cw_exchange *exchange)
{
	const struct cw_link *link = exchange->observed->link;
	struct cw_exchange_end *ends[] = {&exchange->client, &exchange->server};
	for (size_t i = 0; i < 2; i++) {
		struct cw_conversation *conversation = &ends[i]->conversation;
		conversation->kind = dialog_of(link);
		conversation->server = !ends[i]->is_client;
		conversation->host = link->address;
		if (conversation->kind == CW_CONVERSATION_ZONE)
			set_credentials(conversation, link->zone);
	}
}

/* Something that anybody else would refuse. */
static bool is_asked(const struct cw_link *seen)
{
	for (size_t i = 0; i < seen->complaints.count; i++)
		if (seen->complaints.items[i].finding.own_severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

static bool remembers(const struct cw_rehearsal *rehearsal, const char *endpoint, const struct cw_cert *leaf)
{
	for (size_t i = 0; i < rehearsal->answer_count; i++)
		if (strcmp(rehearsal->answers[i].endpoint, endpoint) == 0 &&
			memcmp(rehearsal->answers[i].sha256, cw_cert_sha256(leaf), CW_SHA256_SIZE) == 0)
			return true;
	return false;
}

/* the MRA certificates guide: "first-time users would be prompted to accept the untrusted certificate" */
bool cw_exchange_prompt_user(struct cw_exchange *exchange, const struct cw_cert *leaf)
{
	struct cw_rehearsal *rehearsal = exchange->rehearsal;
	struct cw_observed *observed = exchange->observed;
	const struct cw_endpoint *endpoint = observed->link->client.endpoint;
	if (!endpoint || endpoint->kind != CW_ENDPOINT_JABBER || !is_asked(observed->seen))
		return true;
	if (remembers(rehearsal, endpoint->name, leaf)) {
		snprintf(observed->note, sizeof observed->note, "its user accepted this certificate before");
		return true;
	}
	if (!cw_memory_grow(&rehearsal->answers, &rehearsal->answer_capacity, rehearsal->answer_count,
		    sizeof *rehearsal->answers))
		return false;
	struct cw_exchange_user_answer *answer = &rehearsal->answers[rehearsal->answer_count++];
	answer->endpoint = endpoint->name;
	memcpy(answer->sha256, cw_cert_sha256(leaf), CW_SHA256_SIZE);
	snprintf(observed->note, sizeof observed->note, "its user was asked and accepted");
	return true;
}

static void refused(struct cw_observed *observed, const struct cw_party *by, enum cw_layer layer)
{
	observed->state = CW_OBSERVED_REFUSED;
	observed->verdict = CW_VERDICT_REFUSED;
	observed->refused_by = by->name;
	observed->layer = layer;
}

static void failed(struct cw_observed *observed)
{
	const struct cw_observed_end *client = &observed->client, *server = &observed->server;
	observed->state = CW_OBSERVED_FAILED;
	snprintf(observed->note, sizeof observed->note, "%s: %.90s; %s: %.90s", observed->link->client.name,
		client->reason, observed->link->server.name,
		observed->server.connected ? server->reason : "heard nothing");
}

/* The zone's user name or password: told apart from every certificate fault. */
static bool denied(struct cw_exchange *exchange, struct cw_error *error)
{
	struct cw_observed *observed = exchange->observed;
	refused(observed, &observed->link->server, CW_LAYER_DIGEST);
	return cw_handshake_deny_credentials(observed->seen, exchange->server.conversation.reason, error);
}

bool cw_exchange_conclude(struct cw_exchange *exchange, struct cw_error *error)
{
	struct cw_observed *observed = exchange->observed;
	enum cw_conversation_state client = exchange->client.conversation.state,
				   server = exchange->server.conversation.state;
	if (exchange->failed) {
		*error = exchange->error;
		return false;
	}
	if (exchange->client.report.end == CW_END_MEMORY || exchange->server.report.end == CW_END_MEMORY)
		return cw_error_memory(error);
	if (observed->client.judge_refused)
		refused(observed, &observed->link->client, CW_LAYER_TLS);
	else if (observed->server.connected && observed->server.judge_refused)
		refused(observed, &observed->link->server, CW_LAYER_TLS);
	else if (client == CW_CONVERSATION_DENIED && server == CW_CONVERSATION_DENIED)
		return denied(exchange, error);
	else if (client == CW_CONVERSATION_FORBIDDEN && server == CW_CONVERSATION_FORBIDDEN)
		refused(observed, &observed->link->server, CW_LAYER_SIP);
	else if (client != CW_CONVERSATION_UP || server != CW_CONVERSATION_UP)
		failed(observed);
	else {
		observed->state = CW_OBSERVED_UP;
		observed->verdict = observed->seen->verdict;
	}
	return true;
}

void cw_exchange_free(struct cw_exchange *exchange)
{
	if (!exchange)
		return;
	struct cw_exchange_end *ends[] = {&exchange->client, &exchange->server};
	for (size_t i = 0; i < 2; i++) {
		cw_connection_free(ends[i]->connection);
		SSL_CTX_free(ends[i]->tls);
		cw_conversation_finish(&ends[i]->conversation);
	}
	free(exchange);
}

CW_DEFINE_AUTO(struct cw_exchange *, cw_exchange_free)

/* What that end's judge said about layers above TLS. */
static bool refuses_above_tls(const struct cw_exchange *exchange, const char *judge)
{
	const struct cw_complaints *complaints = &exchange->observed->seen->complaints;
	for (size_t i = 0; i < complaints->count; i++)
		if (complaints->items[i].judge == judge &&
			complaints->items[i].finding.layer == CW_LAYER_SIP &&
			complaints->items[i].finding.severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

static void note_version(struct cw_exchange *exchange, const struct cw_connection *connection)
{
	exchange->observed->version = SSL_get_version(cw_connection_ssl(connection));
}

static void run_out_of_memory(struct cw_exchange *exchange, struct cw_connection *connection)
{
	exchange->failed = true;
	cw_error_memory(&exchange->error);
	cw_connection_refuse(connection, "out of memory");
}

/* The client's next request. */
static void ask(struct cw_exchange_end *end, struct cw_connection *connection)
{
	AUTO_BUFFER out = {0};
	if (end->conversation.kind == CW_CONVERSATION_HTTP)
		cw_http_talk_ask(&end->conversation, &out);
	else
		cw_conversation_ask(&end->conversation, &out);
	if (out.failed)
		run_out_of_memory(end->exchange, connection);
	else
		cw_connection_send(connection, out.data, out.length);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_exchange_end *end = context;
	note_version(end->exchange, connection);
	if (!end->is_client) {
		/* CUCM answers 403 where C's certificate lacks the phone profile (the MRA certificates guide) */
		end->conversation.forbid =
			refuses_above_tls(end->exchange, end->exchange->observed->link->server.name);
		return;
	}
	ask(end, connection);
}

static void react(struct cw_exchange_end *end, struct cw_connection *connection)
{
	struct cw_exchange *exchange = end->exchange;
	switch (end->conversation.state) {
	case CW_CONVERSATION_TALKING:
		break;
	case CW_CONVERSATION_UP:
		if (!end->is_client)
			break;
		if (exchange->watcher.answered) {
			exchange->watcher.answered(exchange, exchange->watcher.context);
			break;
		}
		cw_connection_close(connection);
		break;
	case CW_CONVERSATION_DENIED:
	case CW_CONVERSATION_FORBIDDEN:
		cw_connection_close(connection);
		break;
	case CW_CONVERSATION_BROKEN:
		cw_connection_refuse(connection, end->conversation.reason);
		break;
	}
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_exchange_end *end = context;
	AUTO_BUFFER out = {0};
	bool whole = end->conversation.kind == CW_CONVERSATION_HTTP
		? cw_http_talk_take(&end->conversation, data, length, &out)
		: cw_conversation_take(&end->conversation, data, length, &out);
	if (whole)
		cw_connection_touch(connection);
	if (out.failed) {
		run_out_of_memory(end->exchange, connection);
	} else if (out.length) {
		cw_connection_send(connection, out.data, out.length);
	}
	react(end, connection);
}

static void leave(struct cw_exchange *exchange)
{
	struct cw_rehearsal *rehearsal = exchange->rehearsal;
	struct cw_exchange **place = &rehearsal->running;
	while (*place != exchange)
		place = &(*place)->next;
	*place = exchange->next;
	rehearsal->running_count--;
	exchange->watcher.over(exchange, exchange->watcher.context);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	(void)connection;
	struct cw_exchange_end *end = context;
	struct cw_exchange *exchange = end->exchange;
	struct cw_observed_end *observed =
		end->is_client ? &exchange->observed->client : &exchange->observed->server;
	end->report = *report;
	observed->handshake_done = report->handshake_done;
	observed->judge_refused = report->end == CW_END_JUDGED;
	observed->alert_sent = report->alert_sent;
	observed->alert_received = report->alert_received;
	snprintf(observed->reason, sizeof observed->reason, "%s", report->reason);
	end->connection = NULL;
	end->ended = true;
	if (exchange->client.ended && !exchange->server.connection)
		leave(exchange);
}

/* Both ends are this program's: a step that takes long tells of a busy machine, and nothing of the link. */
static const struct cw_limits inside_limits = {
	.connect = 60000, .handshake = 60000, .first_byte = 60000, .idle = 60000, .drain = 10000};

static struct cw_connection_setup setup_of(struct cw_exchange_end *end)
{
	struct cw_rehearsal *rehearsal = end->exchange->rehearsal;
	const struct cw_limits *limits = rehearsal->options.limits;
	return (struct cw_connection_setup){.base = rehearsal->base,
		.tls = end->tls,
		.judge = {.ask = cw_exchange_ask,
			.context = end,
			.known = cw_stand_ins_pool(rehearsal->stand_ins)},
		.limits = limits ? limits : &inside_limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = end}};
}

/* People type more slowly than stand-ins. */
static const struct cw_limits outside_limits = {
	.connect = 5000, .handshake = 10000, .first_byte = 120000, .idle = 120000, .drain = 2000};

void cw_exchange_accept(struct cw_exchange *exchange, evutil_socket_t socket_)
{
	struct cw_connection_setup setup = setup_of(&exchange->server);
	if (exchange->client.ended)
		setup.limits = &outside_limits;
	exchange->observed->server.connected = true;
	if (cw_connection_accept(&setup, socket_, &exchange->server.connection, &exchange->error))
		return;
	exchange->failed = true;
	exchange->server.ended = true;
}

static bool open_client(struct cw_exchange *exchange, struct cw_error *error)
{
	struct cw_rehearsal *rehearsal = exchange->rehearsal;
	const struct cw_link *link = exchange->observed->link;
	struct cw_connection_setup setup = setup_of(&exchange->client);
	size_t place;
	if (!cw_rehearsal_party(rehearsal, link->client.name, &place))
		return cw_error_memory(error);
	struct sockaddr_in from = cw_loopback_address(&rehearsal->loopback, place, 0);
	const struct sockaddr_in *to = cw_rehearsal_server(rehearsal, link);
	const struct cw_connection_route route = {
		(const struct sockaddr *)&from, (const struct sockaddr *)to, sizeof *to, link->address};
	if (!cw_connection_open(&setup, &route, &exchange->client.connection, error))
		return false;
	socklen_t size = sizeof exchange->from;
	exchange->observed->client.connected = true;
	if (getsockname(cw_connection_socket(exchange->client.connection), (struct sockaddr *)&exchange->from,
		    &size) < 0)
		return cw_error_set(error, CW_E_NETWORK, "a connection has no address");
	return true;
}

static void give_up(struct cw_observed *observed, enum cw_observed_state state, const char *why)
{
	observed->state = state;
	snprintf(observed->note, sizeof observed->note, "%s", why);
}

static struct cw_exchange *make(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher)
{
	struct cw_exchange *exchange = calloc(1, sizeof *exchange);
	if (!exchange)
		return NULL;
	exchange->rehearsal = rehearsal;
	exchange->observed = observed;
	exchange->watcher = *watcher;
	exchange->client = (struct cw_exchange_end){.exchange = exchange, .is_client = true};
	exchange->server = (struct cw_exchange_end){.exchange = exchange};
	return exchange;
}

static struct cw_exchange *enter(struct cw_exchange *exchange)
{
	exchange->next = exchange->rehearsal->running;
	exchange->rehearsal->running = exchange;
	exchange->rehearsal->running_count++;
	return exchange;
}

bool cw_exchange_begin(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, struct cw_exchange **ret, struct cw_error *error)
{
	char why[240];
	*ret = NULL;
	AUTO(cw_exchange_free) struct cw_exchange *exchange = make(rehearsal, observed, watcher);
	if (!exchange)
		return cw_error_memory(error);
	if (!cw_exchange_assign_roles(exchange, why, error))
		return false;
	if (*why) {
		give_up(observed, CW_OBSERVED_NOT_REHEARSABLE, why);
		return true;
	}
	cw_exchange_choose_conversation(exchange);
	if (!open_client(exchange, error))
		return false;
	*ret = enter(TAKE(exchange));
	return true;
}

bool cw_exchange_with_outside_client(struct cw_rehearsal *rehearsal, struct cw_observed *observed,
	const struct cw_exchange_watcher *watcher, evutil_socket_t socket_, struct cw_error *error)
{
	char why[240];
	AUTO(cw_exchange_free) struct cw_exchange *exchange = make(rehearsal, observed, watcher);
	if (!exchange)
		return cw_error_memory(error);
	if (!cw_exchange_assign_roles(exchange, why, error))
		return false;
	if (*why)
		return cw_error_set(error, CW_E_USAGE, "%s", why);
	cw_exchange_choose_conversation(exchange);
	exchange->client.ended = true; /* it is somebody else's */
	cw_exchange_accept(enter(exchange), socket_);
	if (exchange->server.connection) {
		TAKE(exchange);
		return true;
	}
	/* the socket is gone with the connection that could not be made */
	struct cw_exchange *failed = TAKE(exchange);
	leave(failed);
	return true;
}

void cw_exchange_ask_again(struct cw_exchange *exchange)
{
	if (exchange->client.connection)
		ask(&exchange->client, exchange->client.connection);
}
