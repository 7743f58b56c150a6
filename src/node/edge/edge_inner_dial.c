#include "node/edge/edge_inner_parts.h"

#include "check/links.h"

#include <openssl/ssl.h>
#include <string.h>
#include <strings.h>

#define TFTP_PORT 6972

static const struct cw_limits limits = {.connect = CW_EDGE_INNER_CONNECT_MS,
	.handshake = CW_EDGE_INNER_HANDSHAKE_MS,
	.first_byte = CW_EDGE_INNER_ANSWER_MS,
	.idle = CW_EDGE_INNER_ANSWER_MS,
	.drain = 2000};

void cw_edge_inner_name(const struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	char ret[CW_EDGE_POOL_NAME_SIZE])
{
	snprintf(ret, CW_EDGE_POOL_NAME_SIZE, "%s://%s:%u %u", target->is_https ? "https" : "http",
		target->host, target->port, inner->snapshot->number);
}

/* --- whose question --- */

static bool has_name(const struct cw_node *node, const char *host)
{
	return node && (strcasecmp(node->fqdn, host) == 0 || cw_strings_contain_name(&node->addresses, host));
}

static const struct cw_link *find_link(
	const struct cw_snapshot *snapshot, enum cw_link_kind kind, const char *host)
{
	for (size_t i = 0; i < snapshot->check->link_count; i++) {
		const struct cw_link *link = snapshot->check->links[i];
		if (link->kind == kind && link->client.node == snapshot->node &&
			(!host || has_name(link->server.node, host)))
			return link;
	}
	return NULL;
}

/*
 * The link to that server and port. A server that no link knows (a rule of the allow list names it) is asked about as a
 * web server of the first CUCM would be: chain, purpose, and the name that it was called by.
 */
static const struct cw_link *link_to(
	const struct cw_snapshot *snapshot, const struct cw_edge_inner_target *target)
{
	enum cw_link_kind kind = target->port == TFTP_PORT ? CW_LINK_TFTP : CW_LINK_TOMCAT;
	const struct cw_link *link = find_link(snapshot, kind, target->host);
	return link ? link : find_link(snapshot, CW_LINK_TOMCAT, NULL);
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_edge_inner_dial *dial = context;
	const struct cw_edge_inner *inner = dial->inner;
	const struct cw_snapshot_evidence evidence = {
		.chain = chain, .count = count, .cache = inner->setup.cache, .now = cw_edge_inner_now(inner)};
	struct cw_error error;
	snprintf(dial->subject, sizeof dial->subject, "%s", cw_cert_label(chain[0]));
	if (!dial->has_link ||
		!cw_snapshot_ask(inner->snapshot, &dial->like, &evidence, &dial->answer, &error))
		return SSL_AD_INTERNAL_ERROR;
	return dial->answer.refuses ? dial->answer.alert : CW_TLS_ACCEPT;
}

/* The snapshot is another one than when it was dialled: nothing of that one stays. */
static void find_question(struct cw_edge_inner_dial *dial)
{
	const struct cw_link *link = link_to(dial->inner->snapshot, &dial->target);
	dial->has_link = link != NULL;
	dial->like = (struct cw_link){.kind = CW_LINK_TOMCAT};
	if (link)
		dial->like = *link;
	dial->like.address = dial->target.host;
}

void cw_edge_inner_dial_refresh(struct cw_edge_inner *inner)
{
	for (struct cw_edge_inner_dial *dial = inner->dials; dial; dial = dial->next)
		find_question(dial);
}

/* --- the connection --- */

void cw_edge_inner_dial_free(struct cw_edge_inner_dial *dial)
{
	if (!dial)
		return;
	*dial->place = dial->next;
	if (dial->next)
		dial->next->place = dial->place;
	if (dial->timer)
		event_free(dial->timer);
	cw_edge_stream_free(dial->stream);
	free(dial);
}

static void done(struct cw_edge_inner_dial *dial, struct cw_edge_stream *stream, enum cw_edge_fault fault)
{
	const struct cw_edge_inner_dial_owner owner = dial->owner;
	dial->stream = NULL;
	cw_edge_inner_dial_free(dial);
	owner.done(owner.context, stream, fault);
}

static void fail(struct cw_edge_inner_dial *dial, enum cw_edge_fault fault, const char *reason)
{
	struct cw_edge_inner *inner = dial->inner;
	const struct cw_edge_inner_owner *owner = &inner->setup.owner;
	const struct cw_snapshot_answer *answer = dial->answer.refuses ? &dial->answer : NULL;
	const char *link = dial->target.is_https ? cw_link_kind_name(dial->like.kind) : "http";
	snprintf(inner->last, sizeof inner->last, "%s %.100s: %.150s", link, dial->target.host,
		answer ? answer->code : reason);
	owner->refused(owner->context, link, dial->target.host, dial->subject, answer, reason);
	done(dial, NULL, fault);
}

void cw_edge_inner_tell_broken(
	struct cw_edge_inner *inner, const struct cw_edge_inner_target *target, const char *reason)
{
	const struct cw_edge_inner_owner *owner = &inner->setup.owner;
	enum cw_link_kind kind = target->port == TFTP_PORT ? CW_LINK_TFTP : CW_LINK_TOMCAT;
	const char *link = target->is_https ? cw_link_kind_name(kind) : "http";
	snprintf(inner->last, sizeof inner->last, "%s %.100s: %.150s", link, target->host, reason);
	owner->refused(owner->context, link, target->host, "", NULL, reason);
}

static void on_up(void *context)
{
	struct cw_edge_inner_dial *dial = context;
	done(dial, dial->stream, CW_EDGE_FAULT_NOTHING);
}

static void on_received(void *context, const char *data, size_t length)
{
	(void)context;
	(void)data;
	(void)length;
}

static void on_ended(void *context, bool in_order, const char *reason)
{
	struct cw_edge_inner_dial *dial = context;
	(void)in_order;
	dial->stream = NULL; /* it frees itself */
	fail(dial, dial->answer.refuses ? CW_EDGE_FAULT_REFUSED : CW_EDGE_FAULT_UNREACHED, reason);
}

static void on_time(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	fail(context, CW_EDGE_FAULT_UNREACHED, "it cannot be reached in time");
}

static struct cw_edge_inner_dial *find_dial(const struct cw_edge_inner *inner, unsigned id)
{
	for (struct cw_edge_inner_dial *dial = inner->dials; dial; dial = dial->next)
		if (dial->id == id)
			return dial;
	return NULL;
}

void cw_edge_inner_connected(struct cw_edge_inner *inner, unsigned id, evutil_socket_t socket)
{
	struct cw_edge_inner_dial *dial = find_dial(inner, id);
	struct cw_error error;
	if (!dial || dial->stream) {
		evutil_closesocket(socket);
		return;
	}
	event_del(dial->timer);
	const struct cw_edge_stream_setup setup = {.base = inner->setup.base,
		.streams = &inner->streams,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = dial}};
	const struct cw_edge_stream_tls tls = {.context = inner->tls,
		.judge = {.ask = on_ask,
			.context = dial,
			.known = inner->snapshot->pool,
			.seen = inner->setup.recent},
		.limits = &limits};
	bool made = dial->target.is_https
		? cw_edge_stream_begin(&setup, &tls, socket, dial->target.host, &dial->stream, &error)
		: cw_edge_stream_plain(&setup, socket, &dial->stream, &error);
	if (!made)
		fail(dial, CW_EDGE_FAULT_UNREACHED, error.message);
	else if (!dial->target.is_https)
		on_up(dial);
}

void cw_edge_inner_unconnected(struct cw_edge_inner *inner, unsigned id, const char *why)
{
	struct cw_edge_inner_dial *dial = find_dial(inner, id);
	if (dial)
		fail(dial, CW_EDGE_FAULT_UNREACHED, why);
}

static struct cw_edge_inner_dial *make(struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	const struct cw_edge_inner_dial_owner *owner)
{
	struct cw_edge_inner_dial *dial = calloc(1, sizeof *dial);
	if (!dial)
		return NULL;
	dial->inner = inner;
	dial->id = ++inner->next_id;
	dial->target = *target;
	dial->owner = *owner;
	dial->timer = evtimer_new(inner->setup.base, on_time, dial);
	dial->next = inner->dials;
	dial->place = &inner->dials;
	if (dial->next)
		dial->next->place = &dial->next;
	inner->dials = dial;
	if (dial->timer)
		return dial;
	cw_edge_inner_dial_free(dial);
	return NULL;
}

void cw_edge_inner_dial(struct cw_edge_inner *inner, const struct cw_edge_inner_target *target,
	const struct cw_edge_inner_dial_owner *owner, struct cw_edge_inner_dial **ret)
{
	static const struct timeval wait = {CW_EDGE_INNER_CONNECT_MS / 1000, 0};
	const struct cw_edge_inner_owner *outside = &inner->setup.owner;
	struct cw_edge_inner_dial *dial = make(inner, target, owner);
	*ret = NULL;
	if (!dial) {
		owner->done(owner->context, NULL, CW_EDGE_FAULT_BUSY);
		return;
	}
	find_question(dial);
	if (target->is_https && !dial->has_link) {
		done(dial, NULL, CW_EDGE_FAULT_NO_SERVER);
		return;
	}
	(void)event_add(dial->timer, &wait);
	*ret = dial; /* before anything is told: it may be gone afterwards */
	outside->connect(outside->context, dial->id, dial->target.host, dial->target.port);
}

bool cw_edge_inner_may_connect(const struct cw_snapshot *snapshot, const char *host, unsigned port)
{
	const struct cw_allow_list *list = &snapshot->file->allow;
	for (size_t i = 0; i < list->count; i++)
		if (list->rules[i].port == port && strcasecmp(list->rules[i].host, host) == 0)
			return true;
	return false;
}
