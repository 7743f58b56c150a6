#include "node/node_accept.h"

#include "node/node_accept_parts.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <openssl/rand.h>
#include <string.h>

/* C asks every 3 seconds; after three times without a word it is gone. */
static const struct cw_limits limits = {
	.connect = 3000, .handshake = 10000, .first_byte = 10000, .idle = 9500, .drain = 2000};

/* --- the judge --- */

/* The node's own certificate is no question here: a box comes up with whatever is installed. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	struct cw_node_accept *accept = context;
	const struct cw_node_core *core = accept->core;
	const struct cw_link *link = cw_snapshot_link(core->snapshot, CW_LINK_TRAVERSAL, NULL);
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

static void note_refused(struct cw_node_accept *accept, const char *code, const char *reason)
{
	snprintf(accept->code, sizeof accept->code, "%s", code);
	snprintf(accept->reason, sizeof accept->reason, "%s", reason);
	accept->refused = cw_time_now();
}

static void name_of(const struct cw_listener_peer *peer, char ret[INET_ADDRSTRLEN])
{
	const struct sockaddr_in from = cw_listener_peer_from(peer);
	snprintf(ret, INET_ADDRSTRLEN, "?");
	inet_ntop(AF_INET, &from.sin_addr, ret, INET_ADDRSTRLEN);
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_node_accept *accept = context;
	const struct cw_zone *zone = cw_node_file_zone(accept->core->snapshot->file);
	struct cw_node_guest *guest = calloc(1, sizeof *guest);
	size_t count;
	if (!guest || RAND_bytes(guest->secret, sizeof guest->secret) != 1) {
		free(guest);
		cw_connection_refuse(cw_listener_peer_connection(peer), "out of memory");
		return;
	}
	struct cw_cert *const *chain = cw_listener_peer_chain(peer, &count);
	guest->accept = accept;
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
		.document = "{}"};
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
	accept->code[0] = accept->reason[0] = '\0';
	tell_state(guest, "Active", "");
	cw_node_accept_tunnel(guest);
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
	if (news && !document.passes) {
		cw_node_core_say(guest->accept->core, "tunnel of %s: refused by %s: %s: %s", guest->name,
			document.node, document.code, document.detail);
	}
	if (news)
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
		note_refused(guest->accept, "credentials-differ", guest->conversation.reason);
		cw_connection_refuse(connection, guest->conversation.reason);
		break;
	case CW_CONVERSATION_FORBIDDEN:
	case CW_CONVERSATION_BROKEN:
		cw_connection_refuse(connection, guest->conversation.reason);
		break;
	}
}

static void forget(struct cw_node_guest *guest)
{
	struct cw_node_accept *accept = guest->accept;
	struct cw_node_guest **place = &accept->guests;
	while (*place != guest)
		place = &(*place)->next;
	*place = guest->next;
	bool another = false;
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
	struct cw_node_accept *accept = context;
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
		note_refused(accept, code, detail);
		cw_node_core_say(
			accept->core, "zone from %s (%s): refused: %s: %s", name, subject, code, detail);
		cw_node_history_refused(accept->core->history, "zone", subject, code, detail);
	} else {
		if (!guest)
			note_refused(accept, "", report->reason);
		else if (!guest->active && !*accept->code)
			note_refused(accept, "", report->reason);
		if (guest && guest->active)
			tell_state(guest, "ended", report->reason);
		else
			cw_node_core_say(
				accept->core, "zone from %s (%s): ended: %s", name, subject, report->reason);
	}
	if (guest)
		forget(guest);
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

/* --- the whole --- */

bool cw_node_accept_begin(struct cw_node_core *core, struct cw_error *error)
{
	struct cw_node *node = core->snapshot->node;
	struct cw_identity *identity = &node->identities[CW_IDENTITY_SERVER];
	struct cw_node_accept *accept = core->accept = calloc(1, sizeof *accept);
	if (!accept)
		return cw_error_memory(error);
	accept->core = core;
	const struct sockaddr_in *address = &core->snapshot->file->listen.zone;
	const struct cw_listener_setup setup = {.base = core->base,
		.address = (const struct sockaddr *)address,
		.length = sizeof *address,
		.leaf = identity->leaf,
		.key = identity->private_key,
		.list = &node->stores[CW_STORE_TRUSTED_CA].list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.sends_leaf_only = node->sends == CW_SENDS_LEAF,
		.versions = cw_snapshot_versions(core->snapshot),
		.keylog = core->keylog,
		.security_level = 0, /* the judge refuses, not the library */
		.limits = &limits,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.judged_again = on_judged_again,
			.judge = on_judge,
			.context = accept}};
	if (!cw_listener_open(&setup, &accept->listener, error))
		return cw_error_prefix(error, "the zone's port %u", (unsigned)ntohs(address->sin_port));
	cw_node_accept_open_tunnels(accept);
	if (*accept->tunnel_trouble)
		cw_node_core_say(core, "tunnels cannot be had: %s", accept->tunnel_trouble);
	return true;
}

unsigned cw_node_accept_port(const struct cw_node_core *core)
{
	return cw_listener_port(core->accept->listener);
}

void cw_node_accept_end(struct cw_node_core *core)
{
	struct cw_node_accept *accept = core->accept;
	core->accept = NULL;
	if (!accept)
		return;
	cw_tunnel_server_free(accept->tunnels);
	accept->tunnels = NULL;
	while (accept->guests)
		forget(accept->guests);
	cw_listener_free(accept->listener);
	EVP_PKEY_free(accept->tunnel_key);
	free(accept);
}

void cw_node_accept_judge(struct cw_node_core *core)
{
	struct cw_error error;
	const struct cw_trust_list *list = &core->snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	if (core->accept && !cw_listener_set_list(core->accept->listener, list, &error))
		cw_node_core_say(core, "links cannot be judged again: %s", error.message);
}

/* Who is there was shown the old certificate, and is to judge the new one. */
static void show_another(struct cw_node_accept *accept)
{
	struct cw_identity *identity = &accept->core->snapshot->node->identities[CW_IDENTITY_SERVER];
	struct cw_error error;
	if (!cw_listener_set_identity(accept->listener, identity->leaf, identity->private_key, &error))
		cw_node_core_say(accept->core, "the new certificate cannot be shown: %s", error.message);
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		cw_connection_refuse(
			cw_listener_peer_connection(guest->peer), "this node shows another certificate now");
	if (!accept->tunnels || EVP_PKEY_eq(accept->tunnel_key, identity->private_key) != 1)
		cw_node_accept_open_tunnels(accept);
}

void cw_node_accept_reload(struct cw_node_core *core, const struct cw_snapshot *before)
{
	struct cw_node_accept *accept = core->accept;
	const struct cw_zone *zone = cw_node_file_zone(core->snapshot->file);
	if (!accept)
		return;
	for (struct cw_node_guest *guest = accept->guests; guest; guest = guest->next) {
		/* borrowed from the snapshot that goes; the next OPTIONS is asked with the new ones */
		guest->conversation.username = zone->on_e.username;
		guest->conversation.password = zone->on_e.password;
		guest->conversation.host = core->snapshot->node->fqdn;
	}
	cw_node_accept_judge(core);
	if (cw_snapshot_other_identity(before, core->snapshot))
		show_another(accept);
}

/* --- what is told of them --- */

static const char *zone_state(const struct cw_node_accept *accept)
{
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		if (guest->active)
			return "Active";
	return accept->refused ? "Failed" : "On";
}

void cw_node_accept_look(struct cw_node_core *core)
{
	const struct cw_node_accept *accept = core->accept;
	char key[200];
	if (!accept)
		return;
	if (*accept->tunnel_trouble)
		cw_node_core_alarm(
			core, NULL, "Alert", "tunnels", "%s: %s", CW_NODE_NO_TUNNELS, accept->tunnel_trouble);
	if (strcmp(zone_state(accept), "Failed") == 0)
		cw_node_core_alarm(core, NULL, "Alert", "zone", "the traversal zone has failed: %s%s%s",
			accept->code, *accept->code ? ": " : "", accept->reason);
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next) {
		const struct cw_tunnel_status *status = cw_node_accept_tunnel_of(guest);
		if (!guest->active ||
			(status &&
				(status->state == CW_TUNNEL_ACTIVE || status->state == CW_TUNNEL_CHECKING)))
			continue;
		snprintf(key, sizeof key, "tunnel %s", guest->name);
		cw_node_core_alarm(core, NULL, "Alert", key,
			"%s: the zone from %s is active and its tunnel is not", CW_NODE_NO_TUNNELS,
			guest->name);
	}
}

static bool guest_status(const struct cw_node_guest *guest, json_t *zones, json_t *tunnels)
{
	struct cw_json json = {0};
	json_t *zone = json_object(), *tunnel = json_object();
	const struct cw_tunnel_status *status = cw_node_accept_tunnel_of(guest);
	const char *code = NULL, *refused_by = NULL, *reason = status ? status->text : "";
	if (guest->tunnel_answer.refuses) {
		code = guest->tunnel_answer.code;
		reason = guest->tunnel_answer.detail;
		refused_by = guest->accept->core->snapshot->node->fqdn;
	} else if (guest->theirs.tunnel && !guest->theirs.passes) {
		code = guest->theirs.code;
		reason = guest->theirs.detail;
		refused_by = guest->theirs.node;
	} else if (status && status->state == CW_TUNNEL_FAILED) {
		code = cw_tunnel_words_name(status->reason);
	}
	cw_json_put(&json, zone, "peer", cw_json_text(guest->name));
	cw_json_put(&json, zone, "subject", cw_json_text(guest->subject));
	cw_json_put(&json, zone, "state", cw_json_text(guest->active ? "Active" : "Checking"));
	cw_json_put(&json, zone, "code", json_null());
	cw_json_put(&json, zone, "reason", cw_json_text(""));
	cw_json_put(&json, zone, "since", cw_json_time(guest->since));
	cw_json_add(&json, zones, zone);
	cw_json_put(&json, tunnel, "peer", cw_json_text(guest->name));
	cw_json_put(&json, tunnel, "state",
		cw_json_text(cw_tunnel_status_name(status ? status->state : CW_TUNNEL_OFF)));
	cw_json_put(&json, tunnel, "code", cw_json_text(code));
	cw_json_put(&json, tunnel, "refused_by", cw_json_text(refused_by));
	cw_json_put(&json, tunnel, "reason", cw_json_text(reason));
	cw_json_put(&json, tunnel, "since", json_null());
	cw_json_add(&json, tunnels, tunnel);
	return !json.failed;
}

static bool idle_status(const struct cw_node_accept *accept, json_t *zones)
{
	struct cw_json json = {0};
	json_t *row = json_object();
	cw_json_put(&json, row, "peer", json_null());
	cw_json_put(&json, row, "state", cw_json_text(zone_state(accept)));
	cw_json_put(&json, row, "code", cw_json_text(*accept->code ? accept->code : NULL));
	cw_json_put(
		&json, row, "reason", cw_json_text(*accept->reason ? accept->reason : "nobody has come yet"));
	cw_json_put(&json, row, "since", accept->refused ? cw_json_time(accept->refused) : json_null());
	cw_json_add(&json, zones, row);
	return !json.failed;
}

bool cw_node_accept_status(const struct cw_node_core *core, json_t *zones, json_t *tunnels)
{
	const struct cw_node_accept *accept = core->accept;
	if (!accept)
		return true;
	if (strcmp(zone_state(accept), "Active") != 0)
		return idle_status(accept, zones);
	for (const struct cw_node_guest *guest = accept->guests; guest; guest = guest->next)
		if (!guest_status(guest, zones, tunnels))
			return false;
	return true;
}
