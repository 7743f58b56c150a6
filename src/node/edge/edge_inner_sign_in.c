#include "node/edge/edge_inner_parts.h"

#include "http/http_write.h"
#include "node/edge/edge_config.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <string.h>
#include <strings.h>

#define UDS_PORT 8443
#define HTTPS_PORT 8443
#define SIP_PORT 5061
#define AGENT_MAX 120

/*
 * One sign-in. The servers of the file are asked one after the other where the user is at home, until one answers; a
 * cluster that does not know the user sends the question to the next cluster. The home cluster then says by the user's own
 * password whether it is right.
 */
struct cw_edge_inner_sign_in_state {
	struct cw_edge_inner_client *client;
	struct cw_edge_inner_fetch *fetch;
	size_t group, node;	    /* who is asked: places in the deployment */
	enum cw_edge_fault trouble; /* why no server answered so far */
	struct cw_edge_inner_target target;
	char home[CW_EDGE_UDS_HOST_SIZE];
	struct cw_buffer user, password, credentials;
	uint8_t hash[CW_EDGE_INNER_KEY_SIZE];
};

/* --- what is remembered --- */

static struct cw_edge_inner_known *slot_of(struct cw_edge_inner *inner, const uint8_t *hash)
{
	size_t place = (size_t)hash[0] | (size_t)hash[1] << 8;
	return &inner->known[place % CW_EDGE_INNER_KNOWN_MAX];
}

static bool hash_of(struct cw_edge_inner_sign_in_state *state)
{
	const struct cw_edge_inner *inner = state->client->inner;
	AUTO_BUFFER text = {.secret = true};
	unsigned length = sizeof state->hash;
	cw_buffer_append(&text, state->user.data, state->user.length);
	cw_buffer_char(&text, '\0');
	cw_buffer_append(&text, cw_buffer_string(&state->password), state->password.length);
	return !text.failed &&
		HMAC(EVP_sha256(), inner->key, sizeof inner->key, (const uint8_t *)text.data, text.length,
			state->hash, &length);
}

static void remember(const struct cw_edge_inner_sign_in_state *state, enum cw_edge_fault fault, cw_time now)
{
	struct cw_edge_inner_known *known = slot_of(state->client->inner, state->hash);
	memcpy(known->hash, state->hash, sizeof known->hash);
	known->fault = fault;
	known->until = now + CW_EDGE_INNER_FAILED_SECONDS;
	if (fault == CW_EDGE_FAULT_NOTHING)
		known->until = now + CW_EDGE_INNER_KNOWN_SECONDS;
	memcpy(known->home, state->home, sizeof known->home);
}

/* --- the answer --- */

static const struct cw_deployment *deployment_of(const struct cw_edge_inner *inner)
{
	return inner->snapshot->file->deployment;
}

static bool has_name(const struct cw_node *node, const char *host)
{
	return strcasecmp(node->fqdn, host) == 0 || cw_strings_contain_name(&node->addresses, host);
}

/* The cluster that a server belongs to; NULL: it is none of this file. */
static const struct cw_group *cluster_of(const struct cw_edge_inner *inner, const char *host)
{
	const struct cw_deployment *deployment = deployment_of(inner);
	for (size_t i = 0; i < deployment->group_count; i++) {
		const struct cw_group *group = deployment->groups[i];
		for (size_t k = 0; group->kind == CW_NODE_CUCM && k < group->count; k++)
			if (has_name(group->nodes[k], host))
				return group;
	}
	return NULL;
}

static bool put_edges(const struct cw_edge_inner *inner, struct cw_strings *ret)
{
	const struct cw_zone *zone = NULL;
	while ((zone = cw_node_file_next_zone(inner->snapshot->file, deployment_of(inner), zone)))
		for (size_t i = 0; i < zone->peer_count; i++)
			if (!cw_strings_contain_name(ret, zone->peers[i].address) &&
				!cw_strings_add(ret, zone->peers[i].address))
				return false;
	return true;
}

static bool write_body(const struct cw_edge_inner_sign_in_state *state, const struct cw_strings *edges,
	struct cw_buffer *ret)
{
	const struct cw_edge_inner *inner = state->client->inner;
	const struct cw_http_head *asked = cw_edge_relay_request(state->client->relay);
	const struct cw_group *cluster = cluster_of(inner, state->home);
	AUTO_STRINGS servers = {0};
	for (size_t i = 0; cluster && i < cluster->count; i++)
		if (!cw_strings_add(&servers, cw_node_address(cluster->nodes[i])))
			return false;
	const struct cw_edge_config config = {.query = asked->start.target.query,
		.uds = &servers,
		.edges = edges,
		.home = state->home,
		.route = inner->snapshot->node->fqdn,
		.https_port = HTTPS_PORT,
		.sip_port = SIP_PORT};
	cw_edge_config_write(&config, ret);
	return !ret->failed;
}

static cw_time end_of_session(const struct cw_edge_inner *inner, cw_time now)
{
	return now + (cw_time)inner->snapshot->file->edge.session_minutes * 60;
}

static bool write_cookie(const struct cw_edge_inner_sign_in_state *state, const struct cw_strings *edges,
	cw_time now, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_edge_inner *inner = state->client->inner;
	const struct cw_http_head *asked = cw_edge_relay_request(state->client->relay);
	const struct cw_edge_key *key = cw_edge_key_signer_current(&inner->signer, now);
	struct cw_http_text agent = {0};
	AUTO_BUFFER value = {0}, domain = {0};
	struct cw_edge_session session = {.issued = now};
	session.expires = end_of_session(inner, now);
	snprintf(session.user, sizeof session.user, "%s", cw_buffer_string(&state->user));
	(void)cw_http_head_known(asked, CW_HTTP_FIELD_USER_AGENT, &agent);
	session.client = cw_edge_cookie_client(agent);
	(void)cw_edge_cookie_domain((const char *const *)edges->items, edges->count, &domain);
	if (!key)
		return cw_error_set(error, CW_E_KEY, "there is no key for session cookies yet");
	return cw_edge_cookie_sign(key, &session, &value, error) &&
		cw_edge_cookie_write(ret, (struct cw_http_text){value.data, value.length},
			cw_buffer_string(&domain), session.expires, error);
}

static bool write_answer(const struct cw_edge_inner_sign_in_state *state, cw_time now, struct cw_buffer *ret,
	struct cw_error *error)
{
	const struct cw_http_head *asked = cw_edge_relay_request(state->client->relay);
	AUTO_STRINGS edges = {0};
	AUTO_BUFFER body = {0}, cookie = {0};
	if (!put_edges(state->client->inner, &edges) || !write_body(state, &edges, &body))
		return cw_error_memory(error);
	if (!write_cookie(state, &edges, now, &cookie, error) ||
		!cw_http_write_status(ret, 200, NULL, error) ||
		!cw_http_write_named(ret, "Server", CW_EDGE_FAULT_SERVER_C, error) ||
		!cw_http_write_named(ret, "Content-Type", "text/xml; charset=UTF-8", error) ||
		!cw_http_write_named(ret, "Set-Cookie", cw_buffer_string(&cookie), error) ||
		!cw_http_write_named(ret, "Cache-Control", "no-store", error))
		return false;
	cw_http_write_length(ret, body.length);
	if (!asked->keep_alive)
		cw_http_write_close(ret);
	if (!cw_http_write_head_end(ret, 0, error))
		return false;
	cw_buffer_append(ret, body.data, body.length);
	return cw_buffer_ok(ret, error);
}

/* What a client calls itself goes to pages and logs: printable, and no longer than there is room. */
static void put_agent(struct cw_http_text agent, struct cw_buffer *ret)
{
	for (size_t i = 0; i < agent.length && i < AGENT_MAX; i++)
		cw_buffer_char(ret, agent.at[i] >= ' ' && agent.at[i] < 0x7f ? agent.at[i] : '?');
}

static void tell(const struct cw_edge_inner_sign_in_state *state, unsigned status, enum cw_edge_fault fault)
{
	const struct cw_edge_inner *inner = state->client->inner;
	const struct cw_http_head *asked = cw_edge_relay_request(state->client->relay);
	struct cw_http_text agent = {0}, from = {0};
	AUTO_BUFFER address = {0}, name = {0};
	(void)cw_http_head_known(asked, CW_HTTP_FIELD_USER_AGENT, &agent);
	put_agent(agent, &name);
	(void)cw_http_head_find(asked, "Client-ip", &from);
	from = cw_http_text_part(from, 0, 64);
	if (from.length)
		cw_buffer_append(&address, from.at, from.length);
	const struct cw_edge_inner_sign_in sign_in = {.user = cw_buffer_string(&state->user),
		.client = cw_edge_cookie_client_name(cw_edge_cookie_client(agent)),
		.agent = cw_buffer_string(&name),
		.from = cw_buffer_string(&address),
		.edge = state->client->edge,
		.until = end_of_session(inner, cw_edge_inner_now(inner)),
		.status = status,
		.fault = fault};
	inner->setup.owner.signed_in(inner->setup.owner.context, &sign_in);
}

static void answer(struct cw_edge_inner_sign_in_state *state, enum cw_edge_fault fault)
{
	struct cw_edge_inner_client *client = state->client;
	struct cw_edge_fault_answer refused = {.fault = fault};
	struct cw_error error;
	AUTO_BUFFER bytes = {.secret = true};
	if (fault == CW_EDGE_FAULT_NOTHING &&
		!write_answer(state, cw_edge_inner_now(client->inner), &bytes, &error))
		refused.fault = CW_EDGE_FAULT_BUSY;
	unsigned status = 200;
	if (refused.fault != CW_EDGE_FAULT_NOTHING)
		status = cw_edge_fault_status(&refused);
	tell(state, status, refused.fault);
	cw_edge_inner_sign_in_free(client);
	if (refused.fault == CW_EDGE_FAULT_NOTHING)
		cw_edge_relay_reply(client->relay, 200, &bytes);
	else
		cw_edge_relay_answer(client->relay, &refused);
}

static void conclude(struct cw_edge_inner_sign_in_state *state, enum cw_edge_fault fault)
{
	remember(state, fault, cw_edge_inner_now(state->client->inner));
	answer(state, fault);
}

/* --- the questions --- */

static void ask_next(struct cw_edge_inner_sign_in_state *state);

static void on_devices(void *context, unsigned status, const struct cw_buffer *body, enum cw_edge_fault fault)
{
	struct cw_edge_inner_sign_in_state *state = context;
	(void)body;
	state->fetch = NULL;
	if (status == 200)
		conclude(state, CW_EDGE_FAULT_NOTHING);
	else if (status == 401 || status == 403 || status == 404)
		conclude(state, CW_EDGE_FAULT_PASSWORD);
	else
		conclude(state, status ? CW_EDGE_FAULT_SERVER_BROKE : fault);
}

static void ask_devices(struct cw_edge_inner_sign_in_state *state, const struct cw_edge_uds_user *found)
{
	const struct cw_edge_inner_fetch_owner owner = {on_devices, state};
	AUTO_BUFFER path = {0};
	struct cw_http_text user = {state->user.data, state->user.length};
	if (*found->user)
		user = cw_http_text(found->user);
	snprintf(state->home, sizeof state->home, "%s", *found->home ? found->home : state->target.host);
	if (!cluster_of(state->client->inner, state->home)) {
		conclude(state,
			CW_EDGE_FAULT_NO_SERVER); /* at home in a cluster that this node was not told of */
		return;
	}
	memcpy(state->target.host, state->home, sizeof state->home);
	cw_edge_uds_target_devices(user, &path);
	cw_edge_inner_fetch(state->client->inner, &state->target, cw_buffer_string(&path),
		cw_buffer_string(&state->credentials), &owner, &state->fetch);
}

/* Past all other servers of this cluster. */
static void skip_cluster(struct cw_edge_inner_sign_in_state *state)
{
	state->group++;
	state->node = 0;
	state->trouble = CW_EDGE_FAULT_PASSWORD; /* unless a later one cannot be asked */
}

static void on_user(void *context, unsigned status, const struct cw_buffer *body, enum cw_edge_fault fault)
{
	struct cw_edge_inner_sign_in_state *state = context;
	struct cw_edge_uds_user found;
	state->fetch = NULL;
	if (!status || status >= 500) {
		state->trouble = status ? CW_EDGE_FAULT_SERVER_BROKE : fault;
		state->node++;
		ask_next(state);
	} else if (status != 200 || !cw_edge_uds_read_user(cw_buffer_string(body), body->length, &found)) {
		conclude(state, CW_EDGE_FAULT_SERVER_BROKE);
	} else if (!found.found) {
		skip_cluster(state);
		ask_next(state);
	} else {
		ask_devices(state, &found);
	}
}

/* The next server that may know where the user is at home; none is left: the fault says why. */
static void ask_next(struct cw_edge_inner_sign_in_state *state)
{
	const struct cw_deployment *deployment = deployment_of(state->client->inner);
	const struct cw_edge_inner_fetch_owner owner = {on_user, state};
	AUTO_BUFFER path = {0};
	while (state->group < deployment->group_count) { /* ends: a cluster fewer each time */
		const struct cw_group *group = deployment->groups[state->group];
		if (group->kind == CW_NODE_CUCM && state->node < group->count)
			break;
		state->group++;
		state->node = 0;
	}
	if (state->group == deployment->group_count) {
		conclude(state, state->trouble);
		return;
	}
	const struct cw_node *node = deployment->groups[state->group]->nodes[state->node];
	state->target = (struct cw_edge_inner_target){.is_https = true, .port = UDS_PORT};
	snprintf(state->target.host, sizeof state->target.host, "%s", cw_node_address(node));
	cw_edge_uds_target_user((struct cw_http_text){state->user.data, state->user.length}, &path);
	cw_edge_inner_fetch(
		state->client->inner, &state->target, cw_buffer_string(&path), NULL, &owner, &state->fetch);
}

static bool fill(struct cw_edge_inner_sign_in_state *state, const struct cw_http_auth *auth)
{
	struct cw_error error;
	state->password.secret = state->credentials.secret = true;
	cw_buffer_append(&state->user, auth->user.at, auth->user.length);
	if (auth->password.length)
		cw_buffer_append(&state->password, auth->password.at, auth->password.length);
	return !state->user.failed && !state->password.failed && hash_of(state) &&
		cw_http_auth_write_basic(&state->credentials, auth->user, auth->password, &error) &&
		cw_buffer_ok(&state->credentials, &error);
}

void cw_edge_inner_sign_in_begin(struct cw_edge_inner_client *client, const struct cw_edge_gate_answer *gate)
{
	const struct cw_edge_fault_answer busy = {.fault = CW_EDGE_FAULT_BUSY};
	struct cw_edge_inner_sign_in_state *state = client->sign_in = calloc(1, sizeof *state);
	if (state)
		state->client = client;
	if (!state || !fill(state, &gate->auth)) {
		cw_edge_inner_sign_in_free(client);
		cw_edge_relay_answer(client->relay, &busy);
		return;
	}
	state->trouble = CW_EDGE_FAULT_NO_SERVER;
	const struct cw_edge_inner_known *known = slot_of(client->inner, state->hash);
	if (cw_edge_inner_now(client->inner) < known->until &&
		CRYPTO_memcmp(known->hash, state->hash, sizeof known->hash) == 0) {
		memcpy(state->home, known->home, sizeof state->home);
		answer(state, known->fault);
		return;
	}
	ask_next(state);
}

void cw_edge_inner_sign_in_free(struct cw_edge_inner_client *client)
{
	struct cw_edge_inner_sign_in_state *state = client->sign_in;
	client->sign_in = NULL;
	if (!state)
		return;
	cw_edge_inner_fetch_free(state->fetch);
	cw_buffer_finish(&state->user);
	cw_buffer_finish(&state->password);
	cw_buffer_finish(&state->credentials);
	free(state);
}
