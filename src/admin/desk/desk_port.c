#include "admin/desk/desk_port.h"

#include "net/listener_relay.h"
#include "pki/bundle/bundle.h"
#include "pki/key.h"
#include "workbench/client_test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURITY_LEVEL 2
#define NOTE_SIZE 200

struct visit {
	struct cw_desk_port *port;
	struct cw_listener_peer *peer;
	struct cw_listener_relay *bytes;
	struct visit *next;
};

struct cw_desk_port {
	struct cw_desk_port_setup setup;
	struct cw_pool *pool;
	struct cw_bundle identity, authorities;
	EVP_PKEY *key;
	struct cw_trust_list
		issuers; /* of its own certificate, and the authorities: what is sent is made of it */
	struct cw_trust_list clients; /* whom it trusts */
	struct cw_listener *listener;
	struct visit *visits;
};

static void drop_visit(struct visit *visit)
{
	struct visit **place = &visit->port->visits;
	while (*place != visit)
		place = &(*place)->next;
	*place = visit->next;
	cw_listener_peer_set_context(visit->peer, NULL);
	cw_listener_relay_free(visit->bytes);
	free(visit);
}

void cw_desk_port_free(struct cw_desk_port *port)
{
	if (!port)
		return;
	while (port->visits)
		drop_visit(port->visits);
	cw_listener_free(port->listener);
	cw_trust_list_finish(&port->issuers);
	cw_trust_list_finish(&port->clients);
	cw_bundle_finish(&port->identity);
	cw_bundle_finish(&port->authorities);
	EVP_PKEY_free(port->key);
	cw_pool_free(port->pool);
	free(port);
}

/* --- the client's certificate --- */

/* Whom it names, by the pattern that a node's pages have where nobody set another: the subject's common name. */
static bool judge_client(const struct cw_desk_port *port, struct cw_cert *leaf, struct cw_client_answer *ret,
	struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	if (!cw_client_test_decode(leaf, &text, error))
		return false;
	const struct cw_client_question question = {.cert = leaf,
		.text = cw_buffer_string(&text),
		.text_length = text.length,
		.list = &port->clients,
		.revocation = CW_CLIENT_REVOCATION_NONE,
		.pattern = CW_PATTERN_DEFAULT,
		.format = CW_USERNAME_DEFAULT,
		.known = port->pool,
		.at = cw_time_now()};
	return cw_client_test(&question, ret, error);
}

static bool has_refusal(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			return true;
	return false;
}

/* Not good without a reason to refuse is a question that could not be asked: nobody comes in by that. */
static bool on_judge(void *context, const struct cw_listener_question *question, struct cw_judgement *ret,
	struct cw_error *error)
{
	AUTO_CLIENT_ANSWER answer = {0};
	*ret = (struct cw_judgement){0};
	if (question->own)
		return true;
	if (!judge_client(context, question->chain[0], &answer, error))
		return false;
	if (!answer.good && !has_refusal(&answer.judgement))
		return cw_error_set(error, CW_E_CRYPTO, "the certificate was not let in");
	*ret = answer.judgement;
	answer.judgement = (struct cw_judgement){0};
	return true;
}

static bool write_note(const struct visit *visit, char ret[NOTE_SIZE])
{
	size_t count;
	struct cw_cert *const *chain = cw_listener_peer_chain(visit->peer, &count);
	AUTO_CLIENT_ANSWER answer = {0};
	struct cw_error ignored;
	*ret = '\0';
	if (!visit->port->setup.client_ca)
		return true;
	if (!count || !judge_client(visit->port, chain[0], &answer, &ignored) || !answer.good)
		return false;
	const char *user = answer.pattern.matched ? answer.pattern.username : NULL;
	snprintf(ret, NOTE_SIZE, "%s %.64s", cw_cert_sha256_text(chain[0]), user ? user : "");
	return true;
}

/* --- who comes and goes --- */

static void on_over(void *context)
{
	drop_visit(context);
}

static bool begin(struct visit *visit)
{
	struct cw_desk_port *port = visit->port;
	const struct sockaddr_in from = cw_listener_peer_from(visit->peer);
	char address[INET_ADDRSTRLEN], note[NOTE_SIZE];
	const struct cw_listener_relay_owner owner = {on_over, visit};
	struct cw_error ignored;
	int theirs;
	if (!write_note(visit, note) ||
		!cw_listener_relay_new(
			port->setup.base, visit->peer, &owner, &visit->bytes, &theirs, &ignored))
		return false;
	inet_ntop(AF_INET, &from.sin_addr, address, sizeof address);
	port->setup.came(port->setup.context, theirs, address, note);
	return true;
}

static void on_came(void *context, struct cw_listener_peer *peer)
{
	struct cw_desk_port *port = context;
	struct visit *visit = calloc(1, sizeof *visit);
	if (!visit) {
		cw_connection_refuse(cw_listener_peer_connection(peer), "no memory for it");
		return;
	}
	visit->port = port;
	visit->peer = peer;
	visit->next = port->visits;
	port->visits = visit;
	cw_listener_peer_set_context(peer, visit);
	if (begin(visit))
		return;
	drop_visit(visit);
	cw_connection_refuse(cw_listener_peer_connection(peer), "not let in");
}

static void on_said(void *context, struct cw_listener_peer *peer, const char *data, size_t length)
{
	struct visit *visit = cw_listener_peer_context(peer);
	(void)context;
	if (visit)
		cw_listener_relay_said(visit->bytes, data, length);
}

static void on_drained(void *context, struct cw_listener_peer *peer)
{
	struct visit *visit = cw_listener_peer_context(peer);
	(void)context;
	if (visit)
		cw_listener_relay_drained(visit->bytes);
}

static void on_left(void *context, struct cw_listener_peer *peer, const struct cw_connection_report *report)
{
	struct visit *visit = cw_listener_peer_context(peer);
	(void)context;
	(void)report;
	if (visit)
		drop_visit(visit);
}

/* --- the beginning --- */

static bool read_identity(struct cw_desk_port *port, struct cw_error *error)
{
	const struct cw_desk_port_setup *setup = &port->setup;
	if (!cw_bundle_read(setup->certificate, setup->certificate, NULL, port->pool, &port->identity, error))
		return false;
	if (!port->identity.count)
		return cw_error_set(error, CW_E_USAGE, "%s: no certificate in it", setup->certificate);
	if (setup->key && !cw_key_read(setup->key, NULL, &port->key, error))
		return false;
	if (!setup->key && port->identity.key)
		EVP_PKEY_up_ref(port->key = port->identity.key);
	struct cw_cert *leaf = port->identity.entries[cw_bundle_leaf(&port->identity)].cert;
	if (!port->key || !cw_key_fits(port->key, leaf))
		return cw_error_set(error, CW_E_KEY, "%s: %s is not the key of this certificate",
			setup->certificate, setup->key ? setup->key : "what is in it");
	return cw_trust_list_add_bundle(&port->issuers, &port->identity) ? true : cw_error_memory(error);
}

static bool read_authorities(struct cw_desk_port *port, struct cw_error *error)
{
	const char *path = port->setup.client_ca;
	if (!path)
		return true;
	if (!cw_bundle_read(path, path, NULL, port->pool, &port->authorities, error))
		return false;
	if (!port->authorities.count)
		return cw_error_set(error, CW_E_USAGE, "%s: no CA certificate in it", path);
	return cw_trust_list_add_bundle(&port->clients, &port->authorities) &&
			cw_trust_list_add_bundle(&port->issuers, &port->authorities)
		? true
		: cw_error_memory(error);
}

static bool listen_at(struct cw_desk_port *port, struct cw_error *error)
{
	const struct cw_listener_setup setup = {.base = port->setup.base,
		.address = (const struct sockaddr *)&port->setup.address,
		.length = sizeof port->setup.address,
		.leaf = port->identity.entries[cw_bundle_leaf(&port->identity)].cert,
		.key = port->key,
		.list = &port->issuers,
		.profile = CW_PROFILE_RFC5280,
		.asks = port->setup.client_ca != NULL,
		.security_level = SECURITY_LEVEL,
		.peers_max = CW_DESK_PORT_PEERS,
		.makes_room = true,
		.owner = {.came = on_came,
			.said = on_said,
			.left = on_left,
			.drained = on_drained,
			.judge = on_judge,
			.context = port}};
	return cw_listener_open(&setup, &port->listener, error);
}

bool cw_desk_port_open(
	const struct cw_desk_port_setup *setup, struct cw_desk_port **ret, struct cw_error *error)
{
	AUTO(cw_desk_port_free) struct cw_desk_port *port = calloc(1, sizeof *port);
	if (!port)
		return cw_error_memory(error);
	port->setup = *setup;
	port->pool = cw_pool_new();
	if (!port->pool)
		return cw_error_memory(error);
	if (!read_identity(port, error) || !read_authorities(port, error) || !listen_at(port, error))
		return false;
	*ret = TAKE(port);
	return true;
}

unsigned cw_desk_port_number(const struct cw_desk_port *port)
{
	return cw_listener_port(port->listener);
}
