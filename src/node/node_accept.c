#include "node/node_accept.h"

#include "node/edge/edge_core.h"
#include "node/node_accept_parts.h"
#include "node/sip/sip_core.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <string.h>

/* --- the judge --- */

/* The node's own certificate is no question here: a box comes up with whatever is installed. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	const struct cw_node_accept_zone *at = context;
	const struct cw_node_core *core = at->accept->core;
	const struct cw_zone *zone = cw_node_accept_zone_of(at);
	const struct cw_link *link =
		zone ? cw_snapshot_link(core->snapshot, CW_LINK_TRAVERSAL, zone, NULL) : NULL;
	struct cw_snapshot_answer answer;
	*ret = (struct cw_judgement){0};
	if (question->own)
		return true;
	const struct cw_snapshot_evidence evidence = {.chain = question->chain,
		.count = question->chain_count,
		.cache = question->cache,
		.now = cw_time_now()};
	if (!link || !cw_snapshot_ask(core->snapshot, link, &evidence, &answer, error))
		return link ? false : cw_error_set(error, CW_E_USAGE, "no zone");
	return cw_snapshot_judgement(&answer, ret, error);
}

static const struct cw_finding *refusal_of(const struct cw_listener_peer *peer)
{
	const struct cw_judgement *judgement = cw_listener_peer_judgement(peer);
	return judgement && judgement->findings.count ? &judgement->findings.items[0] : NULL;
}

/* --- who comes, talks and goes --- */

static void note_refused(struct cw_node_accept_zone *zone, const char *code, const char *reason)
{
	snprintf(zone->code, sizeof zone->code, "%s", code);
	snprintf(zone->reason, sizeof zone->reason, "%s", reason);
	zone->refused = cw_time_now();
}

static void name_of(const struct cw_listener_peer *peer, char ret[INET_ADDRSTRLEN])
{
	const struct sockaddr_in from = cw_listener_peer_from(peer);
	snprintf(ret, INET_ADDRSTRLEN, "?");
	inet_ntop(AF_INET, &from.sin_addr, ret, INET_ADDRSTRLEN);
}

static void on_relay(void *context, const struct cw_sip_message *message)
{
	const struct cw_node_guest *guest = context;
	cw_sip_core_take(guest->accept->core, guest->carried, message);
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_node_accept_zone *at = context;
	struct cw_node_accept *accept = at->accept;
	const struct cw_zone *zone = cw_node_accept_zone_of(at);
	struct cw_node_guest *guest = zone ? calloc(1, sizeof *guest) : NULL;
	size_t count;
	if (!guest || RAND_bytes(guest->secret, sizeof guest->secret) != 1) {
		free(guest);
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
		return;
	}
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	guest->accept = accept;
	guest->zone = at;
	guest->peer = peer;
	guest->since = cw_time_now();
	guest->from = cw_listener_peer_from(peer);
	name_of(peer, guest->name);
	snprintf(guest->subject, sizeof guest->subject, "%s", count ? cw_cert_label(chain[0]) : "");
	guest->conversation = (struct cw_conversation){.kind = CW_CONVERSATION_ZONE,
		.server = true,
		.host = accept->core->snapshot->node->fqdn,
		.username = zone->on_e.username,
		.password = zone->on_e.password,
		.document = "{}",
		.relay = on_relay,
		.relay_context = guest};
	guest->next = accept->guests;
	accept->guests = guest;
	cw_listener_peer_set_context(peer, guest);
}

static void tell_state(struct cw_node_guest *guest, const char *state, const char *reason)
{
	char peer[300];
	snprintf(peer, sizeof peer, "%s (%s)", guest->name, guest->subject);
	const struct cw_node_state now = {"zone from", peer, state, "", reason};
	cw_node_core_state(guest->accept->core, &now);
}

static void activate(struct cw_node_guest *guest)
{
	struct cw_node_accept *accept = guest->accept;
	guest->active = true;
	guest->since = cw_time_now();
	guest->zone->code[0] = guest->zone->reason[0] = '\0';
	tell_state(guest, "Active", "");
	cw_node_accept_tunnel(guest);
	guest->carried = cw_sip_core_up(accept->core, *guest->subject ? guest->subject : guest->name,
		cw_listener_peer_connection(guest->peer));
	cw_node_core_changed(accept->core);
}

/* Who speaks of another tunnel than before is told of in the log. */
static void heard(struct cw_node_guest *guest)
{
	struct cw_node_document document;
	struct cw_conversation *conversation = &guest->conversation;
	conversation->news = false;
	if (!cw_node_document_read(
		    cw_buffer_string(&conversation->told), conversation->told.length, &document))
		return;
	bool news = document.tunnel &&
		(document.passes != guest->theirs.passes || strcmp(document.code, guest->theirs.code) != 0);
	guest->theirs = document;
	cw_edge_core_hear(guest->accept->core, document.node, cw_buffer_string(&conversation->told),
		conversation->told.length);
	if (!news)
		return;
	if (document.passes)
		cw_node_core_say(
			guest->accept->core, "tunnel of %s: passes at %s", guest->name, document.node);
	else
		cw_node_core_say(guest->accept->core, "tunnel of %s: refused by %s: %s: %s", guest->name,
			document.node, document.code, document.detail);
	cw_node_core_changed(guest->accept->core);
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct cw_node_guest *guest = cw_listener_peer_context(peer);
	struct cw_connection *connection = cw_listener_peer_connection(peer);
	AUTO_BUFFER out = {0};
	(void)context;
	if (!guest)
		return;
	if (cw_conversation_take(&guest->conversation, data, length, &out))
		cw_connection_touch(connection);
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else if (out.length)
		cw_connection_send(connection, out.data, out.length);
	switch (guest->conversation.state) {
	case CW_CONVERSATION_TALKING:
		break;
	case CW_CONVERSATION_UP:
		if (!guest->active)
			activate(guest);
		if (guest->conversation.news)
			heard(guest);
		break;
	case CW_CONVERSATION_DENIED:
		note_refused(guest->zone, "credentials-differ", guest->conversation.reason);
		cw_connection_refuse(connection, guest->conversation.reason);
		break;
	case CW_CONVERSATION_FORBIDDEN:
	case CW_CONVERSATION_BROKEN:
		cw_connection_refuse(connection, guest->conversation.reason);
		break;
	}
}

void cw_node_accept_forget(struct cw_node_guest *guest)
{
	struct cw_node_accept *accept = guest->accept;
	struct cw_node_guest **place = &accept->guests;
	while (*place != guest)
		place = &(*place)->next;
	*place = guest->next;
	bool another = false;
	cw_sip_core_down(accept->core, guest->carried);
	for (const struct cw_node_guest *other = accept->guests; other; other = other->next)
		another |= other->active && strcmp(other->name, guest->name) == 0;
	if (guest->active && accept->tunnels && !another)
		cw_tunnel_server_refuse(accept->tunnels, guest->name, "its traversal zone is not active");
	cw_conversation_finish(&guest->conversation);
	cw_buffer_finish(&guest->document);
	explicit_bzero(guest->secret, sizeof guest->secret);
	free(guest);
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct cw_node_accept_zone *at = context;
	struct cw_node_accept *accept = at->accept;
	struct cw_node_guest *guest = cw_listener_peer_context(peer);
	const struct cw_finding *finding = refusal_of(peer);
	char address[INET_ADDRSTRLEN];
	name_of(peer, address);
	const char *name = guest ? guest->name : address;
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	const char *subject = count ? cw_cert_label(chain[0]) : "no certificate";
	if (finding) {
		const char *code = cw_finding_code_name(finding->code);
		const char *detail = finding->detail ? finding->detail : "";
		note_refused(at, code, detail);
		cw_node_core_say(
			accept->core, "zone from %s (%s): refused: %s: %s", name, subject, code, detail);
		cw_node_history_refused(accept->core->history, "zone", subject, code, detail);
	} else {
		if (!guest)
			note_refused(at, "", report->reason);
		else if (!guest->active && !*at->code)
			note_refused(at, "", report->reason);
		if (guest && guest->active)
			tell_state(guest, "ended", report->reason);
		else
			cw_node_core_say(
				accept->core, "zone from %s (%s): ended: %s", name, subject, report->reason);
	}
	if (guest)
		cw_node_accept_forget(guest);
	cw_node_core_changed(accept->core);
}

static void on_judged_again(void *context, struct cw_listener_peer *peer, enum cw_verdict before)
{
	(void)context;
	(void)before;
	struct cw_node_guest *guest = cw_listener_peer_context(peer);
	const struct cw_finding *finding = refusal_of(peer);
	if (finding)
		cw_connection_refuse(
			cw_listener_peer_connection(peer), finding->detail ? finding->detail : "refused");
	else if (guest && guest->active)
		cw_node_accept_tunnel(guest);
}

struct cw_listener_owner cw_node_accept_owner(struct cw_node_accept_zone *zone)
{
	return (struct cw_listener_owner){.came = on_came,
		.said = on_said,
		.left = on_left,
		.judged_again = on_judged_again,
		.judge = on_judge,
		.context = zone};
}
