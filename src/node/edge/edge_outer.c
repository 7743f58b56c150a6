#include "node/edge/edge_outer.h"

#include "model/presented.h"
#include "net/turns.h"
#include "node/edge/edge_message.h"
#include "node/edge/edge_relay.h"

#include <string.h>

/* The name of all kept streams: whichever tunnel one belongs to, each leads to the same servers. */
#define STREAMS "tunnel"
#define ADDRESS_SIZE 64

static const struct cw_limits limits = {.connect = CW_EDGE_OUTER_HANDSHAKE_MS,
	.handshake = CW_EDGE_OUTER_HANDSHAKE_MS,
	.first_byte = CW_EDGE_RELAY_KEPT_MS,
	.idle = CW_EDGE_RELAY_KEPT_MS,
	.drain = 2000};

struct client {
	struct cw_edge_outer *outer;
	struct cw_edge_relay *relay;
	char address[ADDRESS_SIZE];
	unsigned id;	   /* of the stream that it waits for; 0: none */
	unsigned counting; /* of the sign-in that is counted; 0: none */
	unsigned tries;	   /* for the present request */
	struct cw_turn turn;
	struct cw_buffer waiting; /* the request, until it is its turn */
	bool signs_in;
	char user[CW_EDGE_COOKIE_USER_MAX + 1];
	enum cw_edge_client kind;
	struct client *next, **place;
};

struct cw_edge_outer {
	struct cw_edge_outer_setup setup;
	const struct cw_snapshot *snapshot;
	SSL_CTX *tls;
	struct cw_strings domains;
	struct cw_edge_key_ring ring;
	struct cw_edge_streams streams;
	struct cw_edge_pool *pool;
	struct cw_turns *turns;
	bool crowded;
	struct client *clients;
	size_t client_count;
	struct cw_edge_outer_counts counts;
	char last[200];
	unsigned next_id;
};

/* Another stream is tried where one breaks before a byte was sent, and sending twice would change nothing. */
#define TRIES_MAX 2

/* --- requests --- */

static void look_at_crowd(struct cw_edge_outer *outer)
{
	size_t waiting = cw_turns_waiting(outer->turns);
	bool crowded = waiting > (outer->crowded ? CW_EDGE_OUTER_TURNS_MAX / 2 : CW_EDGE_OUTER_TURNS_MAX);
	if (crowded == outer->crowded)
		return;
	outer->crowded = crowded;
	outer->setup.owner.crowded(outer->setup.owner.context, crowded);
}

static void end_turn(struct client *client)
{
	cw_turns_end(&client->turn);
	cw_buffer_finish(&client->waiting);
	look_at_crowd(client->outer);
}

static void on_turn(void *context)
{
	struct client *client = context;
	AUTO_BUFFER bytes = client->waiting;
	client->waiting = (struct cw_buffer){.secret = true};
	client->tries = 0;
	cw_edge_relay_forward(client->relay, STREAMS, &bytes);
	look_at_crowd(client->outer);
}

static void forward(struct client *client, const struct cw_http_head *head)
{
	const struct cw_edge_fault_answer full = {
		.fault = CW_EDGE_FAULT_MALFORMED, .reason = CW_HTTP_BAD_HEAD_LONG};
	char tracking[CW_EDGE_MESSAGE_TRACKING_SIZE];
	struct cw_error error;
	AUTO_BUFFER bytes = {.secret = true};
	const char *node = client->outer->snapshot->node->fqdn;
	cw_random_hex(CW_EDGE_MESSAGE_TRACKING_BYTES, tracking);
	const struct cw_edge_message_request request = {.head = head,
		.target = head->start.target_text,
		.host = node,
		.node = node,
		.client = client->address,
		.tracking = tracking};
	if (!cw_edge_message_request(&request, &bytes, &error)) {
		cw_edge_relay_answer(client->relay, &full);
		return;
	}
	cw_buffer_finish(&client->waiting);
	client->waiting = bytes;
	bytes = (struct cw_buffer){.secret = true};
	if (head->framing == CW_HTTP_NO_BODY) {
		cw_turns_take(client->outer->turns, &client->turn);
		look_at_crowd(client->outer);
	} else {
		on_turn(client); /* who sends a body slowly would keep a turn from others */
	}
}

static void note_sign_in(
	struct client *client, const struct cw_http_head *head, const struct cw_edge_gate_answer *answer)
{
	struct cw_http_text agent = {0};
	client->signs_in = answer->prefix.kind == CW_HTTP_PREFIX_EDGE_CONFIG && answer->auth.user.length;
	if (!client->signs_in)
		return;
	snprintf(client->user, sizeof client->user, "%.*s", (int)answer->auth.user.length,
		answer->auth.user.at);
	(void)cw_http_head_known(head, CW_HTTP_FIELD_USER_AGENT, &agent);
	client->kind = cw_edge_cookie_client(agent);
}

/* Of all workers of the node together, so that several let nobody in more often. */
static void count(struct client *client)
{
	struct cw_edge_outer *outer = client->outer;
	client->counting = ++outer->next_id;
	outer->setup.owner.count(outer->setup.owner.context, client->counting, client->user);
}

static void on_asked(void *context, const struct cw_http_head *head)
{
	struct client *client = context;
	struct cw_edge_outer *outer = client->outer;
	const struct cw_edge_gate gate = {.domains = &outer->domains,
		.ring = &outer->ring,
		.maintenance = outer->snapshot->file->edge.maintenance};
	struct cw_edge_gate_answer answer;
	cw_edge_gate_outer(&gate, head, cw_time_now(), &answer);
	note_sign_in(client, head, &answer);
	const struct cw_edge_fault_answer refused = {
		.fault = answer.fault, .reason = answer.reason, .retry_after = answer.retry_after};
	cw_edge_gate_finish(&answer);
	if (refused.fault != CW_EDGE_FAULT_NOTHING)
		cw_edge_relay_answer(client->relay, &refused);
	else if (client->signs_in)
		count(client);
	else
		forward(client, head);
}

void cw_edge_outer_counted(struct cw_edge_outer *outer, unsigned id, unsigned wait)
{
	const struct cw_edge_fault_answer often = {.fault = CW_EDGE_FAULT_RATE, .retry_after = wait};
	struct client *client = id ? outer->clients : NULL;
	while (client && client->counting != id)
		client = client->next;
	if (!client)
		return;
	client->counting = 0;
	if (wait)
		cw_edge_relay_answer(client->relay, &often);
	else
		forward(client, cw_edge_relay_request(client->relay));
}

static void on_dial(void *context)
{
	struct client *client = context;
	struct cw_edge_outer *outer = client->outer;
	client->tries++;
	client->id = ++outer->next_id;
	outer->setup.owner.stream(outer->setup.owner.context, client->id);
}

static void on_gave_up(void *context)
{
	struct client *client = context;
	client->id = client->counting = 0;
	end_turn(client);
}

static void on_begun(void *context)
{
	end_turn(context);
}

static void on_answered(void *context, unsigned status, enum cw_edge_fault fault)
{
	struct client *client = context;
	struct cw_edge_outer *outer = client->outer;
	const struct cw_edge_outer_sign_in sign_in = {.user = client->user,
		.client = cw_edge_cookie_client_name(client->kind),
		.from = client->address,
		.status = status,
		.fault = fault};
	end_turn(client);
	outer->counts.requests++;
	outer->counts.statuses[status < 600 ? status : 0]++;
	if (fault != CW_EDGE_FAULT_NOTHING) {
		outer->counts.refused++;
		snprintf(outer->last, sizeof outer->last, "%s: %s (%u)", client->address,
			cw_edge_fault_name(fault), status);
	}
	if (client->signs_in) {
		outer->counts.sign_ins += status == 200;
		outer->counts.sign_ins_refused += status != 200;
		outer->setup.owner.signed_in(outer->setup.owner.context, &sign_in);
	}
	client->signs_in = false;
}

static void forget(struct client *client)
{
	end_turn(client);
	*client->place = client->next;
	if (client->next)
		client->next->place = client->place;
	client->outer->client_count--;
	free(client);
}

static void on_ended(void *context, const char *reason)
{
	(void)reason;
	forget(context);
}

/* --- streams --- */

static struct client *find_client(const struct cw_edge_outer *outer, unsigned id)
{
	for (struct client *client = outer->clients; client; client = client->next)
		if (client->id == id)
			return client;
	return NULL;
}

void cw_edge_outer_streamed(struct cw_edge_outer *outer, unsigned id, evutil_socket_t socket)
{
	struct client *client = id ? find_client(outer, id) : NULL;
	const struct cw_edge_stream_setup setup = {.base = outer->setup.base, .streams = &outer->streams};
	struct cw_edge_stream *stream;
	struct cw_error error;
	if (!client) {
		evutil_closesocket(socket);
		return;
	}
	client->id = 0;
	if (cw_edge_stream_plain(&setup, socket, &stream, &error))
		cw_edge_relay_dialled(client->relay, stream);
	else
		cw_edge_relay_failed(client->relay, CW_EDGE_FAULT_BUSY);
}

void cw_edge_outer_unstreamed(struct cw_edge_outer *outer, unsigned id)
{
	struct client *client = id ? find_client(outer, id) : NULL;
	if (!client)
		return;
	client->id = 0;
	if (client->tries < TRIES_MAX && cw_edge_message_is_idempotent(cw_edge_relay_method(client->relay)))
		on_dial(client);
	else
		cw_edge_relay_failed(client->relay, CW_EDGE_FAULT_NO_TUNNEL);
}

void cw_edge_outer_drop_streams(struct cw_edge_outer *outer)
{
	cw_edge_pool_drop(outer->pool, NULL);
}

/* --- clients --- */

static struct client *add_client(struct cw_edge_outer *outer, const char *address)
{
	struct client *client = calloc(1, sizeof *client);
	if (!client)
		return NULL;
	client->outer = outer;
	client->turn = (struct cw_turn){.go = on_turn, .context = client};
	client->waiting.secret = true;
	snprintf(client->address, sizeof client->address, "%s", address);
	const struct cw_edge_relay_setup setup = {.base = outer->setup.base,
		.pool = outer->pool,
		.is_outer = true,
		.answer = CW_EDGE_OUTER_ANSWER_MS,
		.owner = {on_asked, on_dial, on_gave_up, on_begun, on_answered, on_ended, client}};
	client->relay = cw_edge_relay_new(&setup);
	if (!client->relay) {
		free(client);
		return NULL;
	}
	client->next = outer->clients;
	client->place = &outer->clients;
	if (client->next)
		client->next->place = &client->next;
	outer->clients = client;
	outer->client_count++;
	outer->counts.clients++;
	return client;
}

void cw_edge_outer_take(struct cw_edge_outer *outer, evutil_socket_t socket, const char *address)
{
	struct client *client = NULL;
	struct cw_edge_stream *stream;
	struct cw_error error;
	if (outer->client_count < CW_EDGE_OUTER_CLIENTS_MAX)
		client = add_client(outer, address);
	if (!client) {
		evutil_closesocket(socket);
		return;
	}
	const struct cw_edge_stream_setup setup = {.base = outer->setup.base,
		.streams = &outer->streams,
		.owner = cw_edge_relay_stream_owner(client->relay),
		.idle = CW_EDGE_RELAY_KEPT_MS};
	const struct cw_edge_stream_tls tls = {.context = outer->tls, .limits = &limits};
	if (cw_edge_stream_accept(&setup, &tls, socket, &stream, &error)) {
		cw_edge_relay_begin(client->relay, stream);
		return;
	}
	cw_edge_relay_free(client->relay);
	forget(client);
}

/* --- the whole --- */

bool cw_edge_outer_set_snapshot(
	struct cw_edge_outer *outer, const struct cw_snapshot *snapshot, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	const struct cw_node *node = snapshot->node;
	SSL_CTX *tls;
	const struct cw_tls_setup setup = {.server = true,
		.versions = cw_snapshot_versions(snapshot),
		.security_level = 0, /* who comes judges, not the library */
		.chain = chain,
		.chain_count = cw_presented_chain(node, CW_IDENTITY_SERVER, chain),
		.key = node->identities[CW_IDENTITY_SERVER].private_key,
		.keylog = outer->setup.keylog};
	outer->snapshot = snapshot;
	if (!cw_tls_context(&setup, &tls, error))
		return false;
	SSL_CTX_free(outer->tls);
	outer->tls = tls;
	return true;
}

bool cw_edge_outer_set_domains(struct cw_edge_outer *outer, const struct cw_strings *domains)
{
	struct cw_strings copy = {0};
	for (size_t i = 0; i < domains->count; i++)
		if (!cw_strings_add(&copy, domains->items[i])) {
			cw_strings_finish(&copy);
			return false;
		}
	cw_strings_finish(&outer->domains);
	outer->domains = copy;
	return true;
}

struct cw_edge_key_ring *cw_edge_outer_ring(struct cw_edge_outer *outer)
{
	return &outer->ring;
}

bool cw_edge_outer_new(const struct cw_edge_outer_setup *setup, const struct cw_snapshot *snapshot,
	struct cw_edge_outer **ret, struct cw_error *error)
{
	AUTO(cw_edge_outer_free) struct cw_edge_outer *outer = calloc(1, sizeof *outer);
	if (!outer)
		return cw_error_memory(error);
	outer->setup = *setup;
	outer->pool = cw_edge_pool_new();
	outer->turns = cw_turns_new(setup->base, CW_EDGE_OUTER_TURNS_MAX);
	if (!outer->pool || !outer->turns)
		return cw_error_memory(error);
	if (!cw_edge_outer_set_snapshot(outer, snapshot, error))
		return false;
	*ret = TAKE(outer);
	return true;
}

void cw_edge_outer_free(struct cw_edge_outer *outer)
{
	if (!outer)
		return;
	while (outer->clients) { /* ends: one fewer each time */
		cw_edge_relay_free(outer->clients->relay);
		forget(outer->clients);
	}
	cw_turns_free(outer->turns);
	cw_edge_pool_free(outer->pool);
	cw_edge_streams_finish(&outer->streams);
	cw_edge_key_ring_finish(&outer->ring);
	cw_strings_finish(&outer->domains);
	SSL_CTX_free(outer->tls);
	free(outer);
}

const struct cw_edge_outer_counts *cw_edge_outer_counts(const struct cw_edge_outer *outer)
{
	return &outer->counts;
}

size_t cw_edge_outer_active(const struct cw_edge_outer *outer)
{
	return outer->client_count;
}

const char *cw_edge_outer_last(const struct cw_edge_outer *outer)
{
	return outer->last;
}
