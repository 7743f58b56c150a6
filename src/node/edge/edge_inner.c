#include "node/edge/edge_inner_parts.h"

#include "check/links.h"
#include "model/presented.h"
#include "node/edge/edge_message.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

cw_time cw_edge_inner_now(const struct cw_edge_inner *inner)
{
	return inner->setup.clock ? inner->setup.clock() : cw_time_now();
}

/* --- clients: streams of the tunnel --- */

static void forget(struct cw_edge_inner_client *client)
{
	*client->place = client->next;
	if (client->next)
		client->next->place = client->place;
	client->inner->client_count--;
	cw_edge_inner_sign_in_free(client);
	cw_edge_inner_dial_free(client->dial);
	free(client);
}

static void forward(struct cw_edge_inner_client *client, const struct cw_http_head *head,
	const struct cw_edge_gate_answer *gate)
{
	const struct cw_edge_fault_answer full = {
		.fault = CW_EDGE_FAULT_MALFORMED, .reason = CW_HTTP_BAD_HEAD_LONG};
	char host[CW_EDGE_UDS_HOST_SIZE + 8], name[CW_EDGE_POOL_NAME_SIZE];
	struct cw_error error;
	AUTO_BUFFER bytes = {.secret = true};
	client->target =
		(struct cw_edge_inner_target){.is_https = gate->prefix.is_https, .port = gate->prefix.port};
	/* the rule's own spelling, so that kept connections have one name */
	snprintf(client->target.host, sizeof client->target.host, "%s", gate->rule->host);
	snprintf(host, sizeof host, "%s:%u", client->target.host, client->target.port);
	const struct cw_edge_message_request request = {.head = head,
		.target = gate->prefix.rest,
		.host = host,
		.node = client->inner->snapshot->node->fqdn};
	if (!cw_edge_message_request(&request, &bytes, &error)) {
		cw_edge_relay_answer(client->relay, &full);
		return;
	}
	cw_edge_inner_name(client->inner, &client->target, name);
	cw_edge_relay_forward(client->relay, name, &bytes);
}

static void on_asked(void *context, const struct cw_http_head *head)
{
	struct cw_edge_inner_client *client = context;
	struct cw_edge_inner *inner = client->inner;
	const struct cw_edge_gate gate = {
		.domains = &inner->domains, .ring = &inner->ring, .allow = &inner->snapshot->file->allow};
	struct cw_edge_gate_answer answer;
	cw_edge_gate_inner(&gate, head, cw_edge_inner_now(inner), &answer);
	const struct cw_edge_fault_answer refused = {.fault = answer.fault, .reason = answer.reason};
	inner->requests++;
	client->target = (struct cw_edge_inner_target){0};
	if (answer.fault != CW_EDGE_FAULT_NOTHING)
		cw_edge_relay_answer(client->relay, &refused);
	else if (answer.prefix.kind == CW_HTTP_PREFIX_SERVER)
		forward(client, head, &answer);
	else
		cw_edge_inner_sign_in_begin(client, &answer);
	cw_edge_gate_finish(&answer);
}

static void on_dialled(void *context, struct cw_edge_stream *stream, enum cw_edge_fault fault)
{
	struct cw_edge_inner_client *client = context;
	client->dial = NULL;
	if (stream)
		cw_edge_relay_dialled(client->relay, stream);
	else
		cw_edge_relay_failed(client->relay, fault);
}

static void on_dial(void *context)
{
	struct cw_edge_inner_client *client = context;
	const struct cw_edge_inner_dial_owner owner = {on_dialled, client};
	cw_edge_inner_dial(client->inner, &client->target, &owner, &client->dial);
}

static void on_gave_up(void *context)
{
	struct cw_edge_inner_client *client = context;
	cw_edge_inner_sign_in_free(client);
	cw_edge_inner_dial_free(client->dial);
	client->dial = NULL;
}

static void on_answered(void *context, unsigned status, enum cw_edge_fault fault)
{
	struct cw_edge_inner_client *client = context;
	(void)status;
	client->inner->refused += fault != CW_EDGE_FAULT_NOTHING;
	if (fault == CW_EDGE_FAULT_SERVER_BROKE && *client->target.host)
		cw_edge_inner_tell_broken(
			client->inner, &client->target, cw_edge_relay_trouble(client->relay));
}

static void on_ended(void *context, const char *reason)
{
	(void)reason;
	forget(context);
}

static struct cw_edge_inner_client *add_client(struct cw_edge_inner *inner, const char *edge)
{
	struct cw_edge_inner_client *client = calloc(1, sizeof *client);
	if (!client)
		return NULL;
	client->inner = inner;
	snprintf(client->edge, sizeof client->edge, "%s", edge);
	const struct cw_edge_relay_setup setup = {.base = inner->setup.base,
		.pool = inner->pool,
		.answer = CW_EDGE_INNER_ANSWER_MS,
		.owner = {on_asked, on_dial, on_gave_up, NULL, on_answered, on_ended, client}};
	client->relay = cw_edge_relay_new(&setup);
	if (!client->relay) {
		free(client);
		return NULL;
	}
	client->next = inner->clients;
	client->place = &inner->clients;
	if (client->next)
		client->next->place = &client->next;
	inner->clients = client;
	inner->client_count++;
	inner->came++;
	return client;
}

void cw_edge_inner_take(struct cw_edge_inner *inner, evutil_socket_t socket, const char *edge)
{
	struct cw_edge_inner_client *client = NULL;
	struct cw_edge_stream *stream;
	struct cw_error error;
	if (inner->client_count < CW_EDGE_INNER_CLIENTS_MAX)
		client = add_client(inner, edge);
	if (!client) {
		evutil_closesocket(socket);
		return;
	}
	const struct cw_edge_stream_setup setup = {.base = inner->setup.base,
		.streams = &inner->streams,
		.owner = cw_edge_relay_stream_owner(client->relay)};
	if (cw_edge_stream_plain(&setup, socket, &stream, &error)) {
		cw_edge_relay_begin(client->relay, stream);
		return;
	}
	cw_edge_relay_free(client->relay);
	forget(client);
}

/* --- the whole --- */

/* What this node shows to servers, by the first link to one; none: it shows nothing. */
static bool make_tls(const struct cw_edge_inner *inner, const struct cw_snapshot *snapshot, SSL_CTX **ret,
	struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	const struct cw_link *link = cw_snapshot_link(snapshot, CW_LINK_TOMCAT, NULL, NULL);
	struct cw_tls_setup setup = {.versions = cw_snapshot_versions(snapshot),
		.keylog = inner->setup.keylog,
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
	return cw_tls_context(&setup, ret, error);
}

bool cw_edge_inner_set_snapshot(
	struct cw_edge_inner *inner, const struct cw_snapshot *snapshot, struct cw_error *error)
{
	const struct cw_deployment *deployment = snapshot->file->deployment;
	AUTO_STRINGS domains = {0};
	SSL_CTX *tls;
	inner->snapshot = snapshot;
	cw_edge_inner_dial_refresh(inner);
	cw_edge_pool_drop(inner->pool, NULL);
	memset(inner->known, 0, sizeof inner->known);
	for (size_t i = 0; i < deployment->domain_count; i++)
		if (!cw_strings_add(&domains, deployment->domains[i].name))
			return cw_error_memory(error);
	if (!make_tls(inner, snapshot, &tls, error))
		return false;
	SSL_CTX_free(inner->tls);
	inner->tls = tls;
	cw_strings_finish(&inner->domains);
	inner->domains = domains;
	domains = (struct cw_strings){0};
	return true;
}

bool cw_edge_inner_set_signer(
	struct cw_edge_inner *inner, const char *text, size_t length, struct cw_error *error)
{
	struct cw_edge_key_signer signer;
	if (!cw_edge_key_signer_read(text, length, &signer, error))
		return false;
	cw_edge_key_signer_finish(&inner->signer);
	inner->signer = signer;
	OPENSSL_cleanse(&signer, sizeof signer);
	return true;
}

struct cw_edge_key_ring *cw_edge_inner_ring(struct cw_edge_inner *inner)
{
	return &inner->ring;
}

bool cw_edge_inner_new(const struct cw_edge_inner_setup *setup, const struct cw_snapshot *snapshot,
	struct cw_edge_inner **ret, struct cw_error *error)
{
	AUTO(cw_edge_inner_free) struct cw_edge_inner *inner = calloc(1, sizeof *inner);
	if (!inner)
		return cw_error_memory(error);
	inner->setup = *setup;
	inner->pool = cw_edge_pool_new();
	if (!inner->pool)
		return cw_error_memory(error);
	if (RAND_bytes(inner->key, sizeof inner->key) != 1)
		return cw_error_set(error, CW_E_CRYPTO, "there are no random bytes");
	if (!cw_edge_inner_set_snapshot(inner, snapshot, error))
		return false;
	*ret = TAKE(inner);
	return true;
}

void cw_edge_inner_free(struct cw_edge_inner *inner)
{
	if (!inner)
		return;
	while (inner->clients) { /* ends: one fewer each time */
		cw_edge_relay_free(inner->clients->relay);
		forget(inner->clients);
	}
	cw_edge_pool_free(inner->pool);
	cw_edge_streams_finish(&inner->streams);
	cw_edge_key_signer_finish(&inner->signer);
	cw_edge_key_ring_finish(&inner->ring);
	cw_strings_finish(&inner->domains);
	SSL_CTX_free(inner->tls);
	OPENSSL_cleanse(inner->key, sizeof inner->key);
	free(inner);
}

size_t cw_edge_inner_clients(const struct cw_edge_inner *inner)
{
	return inner->came;
}

size_t cw_edge_inner_requests(const struct cw_edge_inner *inner)
{
	return inner->requests;
}

size_t cw_edge_inner_refused(const struct cw_edge_inner *inner)
{
	return inner->refused;
}

const char *cw_edge_inner_last(const struct cw_edge_inner *inner)
{
	return inner->last;
}
