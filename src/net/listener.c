#include "net/listener.h"

#include "net/accept.h"
#include "pki/bundle/bundle.h"
#include "trust/send.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct cw_listener_peer {
	struct cw_listener *listener;
	struct cw_connection *connection;
	struct sockaddr_in from;
	struct cw_cert **chain; /* as it came, each one referenced; NULL: none was shown */
	size_t chain_count;
	bool judged, came;
	struct cw_judgement judgement;
	void *context;
	struct cw_listener_peer *next, **place;
};

struct cw_listener {
	struct cw_listener_setup setup; /* without what was borrowed */
	struct cw_limits limits;
	struct cw_cert *leaf;
	EVP_PKEY *key;
	struct cw_trust_list list;
	struct cw_cache *cache;
	struct cw_recent_certs *recent;
	SSL_CTX *tls; /* for the next peer */
	struct cw_accept *accept;
	struct cw_listener_peer *peers;
	size_t peer_count;
};

static void drop_chain(struct cw_listener_peer *peer)
{
	for (size_t i = 0; i < peer->chain_count; i++)
		cw_cert_free(peer->chain[i]);
	free(peer->chain);
	peer->chain = NULL;
	peer->chain_count = 0;
}

static void free_peer(struct cw_listener_peer *peer)
{
	*peer->place = peer->next;
	peer->listener->peer_count--;
	if (peer->next)
		peer->next->place = peer->place;
	cw_connection_free(peer->connection);
	cw_judge_finish(&peer->judgement);
	drop_chain(peer);
	free(peer);
}

void cw_listener_free(struct cw_listener *listener)
{
	if (!listener)
		return;
	while (listener->peers)
		free_peer(listener->peers);
	cw_accept_free(listener->accept);
	SSL_CTX_free(listener->tls);
	cw_cache_free(listener->cache);
	cw_recent_certs_free(listener->recent);
	cw_trust_list_finish(&listener->list);
	EVP_PKEY_free(listener->key);
	cw_cert_free(listener->leaf);
	free(listener);
}

static bool judge(struct cw_listener *listener, const struct cw_listener_question *question,
	struct cw_judgement *ret, struct cw_error *error)
{
	return listener->setup.owner.judge(listener->setup.owner.context, question, ret, error);
}

/* What is asked about the chain that a peer showed. */
static bool judge_peer(struct cw_listener_peer *peer, struct cw_judgement *ret, struct cw_error *error)
{
	const struct cw_listener_question question = {.list = &peer->listener->list,
		.chain = peer->chain,
		.chain_count = peer->chain_count,
		.cache = peer->listener->cache};
	return judge(peer->listener, &question, ret, error);
}

static const struct cw_finding *refusing(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			return &judgement->findings.items[i];
	return NULL;
}

static bool keep_chain(struct cw_listener_peer *peer, struct cw_cert *const *chain, size_t count)
{
	drop_chain(peer);
	peer->chain = calloc(count, sizeof(struct cw_cert *));
	if (!peer->chain)
		return false;
	for (size_t i = 0; i < count; i++)
		peer->chain[i] = cw_cert_ref(chain[i]);
	peer->chain_count = count;
	return true;
}

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_listener_peer *peer = context;
	struct cw_error error;
	cw_judge_finish(&peer->judgement);
	peer->judged = keep_chain(peer, chain, count) && judge_peer(peer, &peer->judgement, &error);
	if (!peer->judged)
		return SSL_AD_INTERNAL_ERROR;
	const struct cw_finding *finding = refusing(&peer->judgement);
	return finding ? cw_alert_number(cw_finding_row(finding->code)->alert) : CW_TLS_ACCEPT;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_listener_peer *peer = context;
	const struct cw_finding *finding = peer->judged ? refusing(&peer->judgement) : NULL;
	if (finding) { /* by the list that took the place of the one that let it in */
		char reason[120];
		snprintf(reason, sizeof reason, "refused by the trust list that came meanwhile: %s",
			cw_finding_code_name(finding->code));
		cw_connection_refuse(connection, reason);
		return;
	}
	peer->came = true;
	peer->listener->setup.owner.came(peer->listener->setup.owner.context, peer);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_listener_peer *peer = context;
	(void)connection;
	peer->listener->setup.owner.said(peer->listener->setup.owner.context, peer, data, length);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_listener_peer *peer = context;
	(void)connection;
	peer->listener->setup.owner.left(peer->listener->setup.owner.context, peer, report);
	peer->connection = NULL; /* frees itself */
	free_peer(peer);
}

static void on_drained(void *context, struct cw_connection *connection)
{
	struct cw_listener_peer *peer = context;
	(void)connection;
	if (peer->listener->setup.owner.drained)
		peer->listener->setup.owner.drained(peer->listener->setup.owner.context, peer);
}

/* Against peers who connect and say nothing: whoever shakes hands is done long before as many more have come. False: all
 * are past their handshake. */
static bool make_room(struct cw_listener *listener)
{
	static const struct cw_connection_report report = {.end = CW_END_FLOOD,
		.step = CW_STEP_HANDSHAKE,
		.alert_sent = -1,
		.alert_received = -1,
		.reason = "made room for another one before its handshake was done"};
	struct cw_listener_peer *oldest = NULL;
	for (struct cw_listener_peer *peer = listener->peers; peer; peer = peer->next)
		if (!peer->came) /* the newest is the first */
			oldest = peer;
	if (!oldest)
		return false;
	listener->setup.owner.left(listener->setup.owner.context, oldest, &report);
	free_peer(oldest);
	return true;
}

static void on_accept(void *context, evutil_socket_t socket_, const struct sockaddr *from, int length)
{
	struct cw_listener *listener = context;
	struct cw_error ignored;
	bool has_room = listener->peer_count < listener->setup.peers_max ||
		(listener->setup.makes_room && make_room(listener));
	struct cw_listener_peer *peer = has_room ? calloc(1, sizeof *peer) : NULL;
	if (!peer) {
		evutil_closesocket(socket_);
		if (!has_room && listener->setup.owner.turned_away)
			listener->setup.owner.turned_away(listener->setup.owner.context);
		return;
	}
	listener->peer_count++;
	peer->listener = listener;
	if (from->sa_family == AF_INET && length == sizeof peer->from)
		memcpy(&peer->from, from, sizeof peer->from);
	peer->next = listener->peers;
	peer->place = &listener->peers;
	if (peer->next)
		peer->next->place = &peer->next;
	listener->peers = peer;
	struct cw_connection_setup setup = {.base = listener->setup.base,
		.tls = listener->tls,
		.judge = {.ask = ask, .context = peer, .seen = listener->recent},
		.limits = &listener->limits,
		.owner = {on_up, on_received, on_ended, on_drained, peer}};
	if (!cw_connection_accept(&setup, socket_, &peer->connection, &ignored))
		free_peer(peer);
}

/* The node's own chain must be in its own list, as on the upload page. */
static bool list_holds_own_chain(struct cw_listener *listener, const struct cw_trust_list *list,
	struct cw_cert *leaf, struct cw_error *error)
{
	AUTO_JUDGEMENT judgement = {0};
	const struct cw_listener_question question = {
		.list = list, .chain = &leaf, .chain_count = 1, .own = true, .cache = listener->cache};
	if (!judge(listener, &question, &judgement, error))
		return false;
	const struct cw_finding *finding = refusing(&judgement);
	if (!finding)
		return true;
	cw_error_set(error, CW_E_USAGE, "%s", cw_finding_code_name(finding->code));
	if (finding->detail)
		cw_error_set(
			error, CW_E_USAGE, "%s: %s", cw_finding_code_name(finding->code), finding->detail);
	return cw_error_prefix(error, "the node's own certificate would not be trusted by this list");
}

static bool make_context(const struct cw_listener *listener, const struct cw_trust_list *list,
	struct cw_cert *leaf, EVP_PKEY *key, SSL_CTX **ret, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX] = {leaf};
	size_t count = listener->setup.sends_leaf_only
		? 1
		: cw_send_chain(leaf, list, listener->setup.profile, chain);
	struct cw_tls_setup setup = {.server = true,
		.versions = listener->setup.versions,
		.security_level = listener->setup.security_level,
		.chain = chain,
		.chain_count = count,
		.key = key,
		.asks = listener->setup.asks,
		.ca_lists = &list,
		.ca_list_count = 1,
		.keylog = listener->setup.keylog};
	return cw_tls_context(&setup, ret, error);
}

static void use_context(struct cw_listener *listener, SSL_CTX *tls)
{
	SSL_CTX_free(listener->tls);
	listener->tls = tls;
}

static bool copy_list(const struct cw_trust_list *list, struct cw_trust_list *ret)
{
	for (size_t i = 0; i < list->count; i++)
		if (!cw_trust_list_add(
			    ret, list->entries[i].cert, list->entries[i].path, list->entries[i].number))
			return false;
	return true;
}

static bool begin(struct cw_listener *listener, const struct cw_listener_setup *setup, struct cw_error *error)
{
	listener->cache = cw_cache_new();
	listener->recent = cw_recent_certs_new();
	if (!listener->cache || !listener->recent || !copy_list(setup->list, &listener->list))
		return cw_error_memory(error);
	if (!make_context(listener, &listener->list, listener->leaf, listener->key, &listener->tls, error))
		return false;
	const struct cw_accept_owner owner = {
		.accepted = on_accept, .context = listener}; /* the cap is ours */
	if (setup->address)
		return cw_accept_open(
			setup->base, setup->address, setup->length, &owner, &listener->accept, error);
	int copy = fcntl(setup->socket, F_DUPFD_CLOEXEC, 3);
	return copy >= 0 ? cw_accept_adopt(setup->base, copy, &owner, &listener->accept, error)
			 : cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(errno));
}

bool cw_listener_open(const struct cw_listener_setup *setup, struct cw_listener **ret, struct cw_error *error)
{
	AUTO(cw_listener_free) struct cw_listener *listener = calloc(1, sizeof *listener);
	if (!listener)
		return cw_error_memory(error);
	listener->setup = *setup;
	listener->setup.list = NULL;
	listener->setup.peers_max = setup->peers_max ? setup->peers_max : CW_LISTENER_PEERS_MAX;
	listener->limits = setup->limits ? *setup->limits : cw_limits_default;
	listener->leaf = cw_cert_ref(setup->leaf);
	EVP_PKEY_up_ref(setup->key);
	listener->key = setup->key;
	if (!begin(listener, setup, error))
		return false;
	*ret = TAKE(listener);
	return true;
}

unsigned cw_listener_port(const struct cw_listener *listener)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;
	if (getsockname(cw_accept_socket(listener->accept), (struct sockaddr *)&address, &size) < 0)
		return 0;
	return address.ss_family == AF_INET6
		? ntohs(((const struct sockaddr_in6 *)(const void *)&address)->sin6_port)
		: ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

static void judge_again(struct cw_listener_peer *peer)
{
	struct cw_listener *listener = peer->listener;
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error ignored; /* out of memory: what was found when it came stays */
	if (!peer->judged || !judge_peer(peer, &judgement, &ignored))
		return;
	enum cw_verdict before = peer->judgement.verdict;
	struct cw_judgement old = peer->judgement;
	peer->judgement = judgement;
	judgement = old;
	if (peer->came && listener->setup.owner.judged_again)
		listener->setup.owner.judged_again(listener->setup.owner.context, peer, before);
}

/* The listener owns what was in `list`, which then holds what it had. */
static bool use_list(struct cw_listener *listener, struct cw_trust_list *list, struct cw_error *error)
{
	SSL_CTX *tls;
	if (!list_holds_own_chain(listener, list, listener->leaf, error) ||
		!make_context(listener, list, listener->leaf, listener->key, &tls, error))
		return false;
	use_context(listener, tls);
	struct cw_trust_list old = listener->list;
	listener->list = *list;
	*list = old;
	for (struct cw_listener_peer *peer = listener->peers; peer; peer = peer->next)
		judge_again(peer);
	return true;
}

bool cw_listener_set_trust(
	struct cw_listener *listener, const char *data, size_t length, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	AUTO_TRUST_LIST list = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	if (!pool)
		return cw_error_memory(error);
	if (!cw_bundle_parse(
		    &(struct cw_bundle_file){data, length, "trust list"}, NULL, pool, &bundle, error))
		return false;
	if (!cw_trust_list_add_bundle(&list, &bundle))
		return cw_error_memory(error);
	return use_list(listener, &list, error);
}

bool cw_listener_set_list(
	struct cw_listener *listener, const struct cw_trust_list *list, struct cw_error *error)
{
	AUTO_TRUST_LIST copy = {0};
	if (!copy_list(list, &copy))
		return cw_error_memory(error);
	return use_list(listener, &copy, error);
}

bool cw_listener_set_identity(
	struct cw_listener *listener, struct cw_cert *leaf, EVP_PKEY *key, struct cw_error *error)
{
	SSL_CTX *tls;
	if (!cw_key_fits(key, leaf))
		return cw_error_set(
			error, CW_E_KEY, "the private key is not that of %s", cw_cert_label(leaf));
	if (!list_holds_own_chain(listener, &listener->list, leaf, error) ||
		!make_context(listener, &listener->list, leaf, key, &tls, error))
		return false;
	use_context(listener, tls);
	cw_cert_ref(leaf);
	cw_cert_free(listener->leaf);
	listener->leaf = leaf;
	EVP_PKEY_up_ref(key);
	EVP_PKEY_free(listener->key);
	listener->key = key;
	return true;
}

void cw_listener_each(struct cw_listener *listener,
	void (*each)(struct cw_listener_peer *peer, void *context), void *context)
{
	struct cw_listener_peer *next;
	for (struct cw_listener_peer *peer = listener->peers; peer; peer = next) {
		next = peer->next;
		if (peer->came)
			each(peer, context);
	}
}

struct cw_connection *cw_listener_peer_connection(const struct cw_listener_peer *peer)
{
	return peer->connection;
}

struct sockaddr_in cw_listener_peer_from(const struct cw_listener_peer *peer)
{
	return peer->from;
}

const struct cw_judgement *cw_listener_peer_judgement(const struct cw_listener_peer *peer)
{
	return peer->judged ? &peer->judgement : NULL;
}

struct cw_cert *const *cw_listener_peer_chain(const struct cw_listener_peer *peer, size_t *ret_count)
{
	*ret_count = peer->chain_count;
	return peer->chain;
}

void cw_listener_peer_set_context(struct cw_listener_peer *peer, void *context)
{
	peer->context = context;
}

void *cw_listener_peer_context(const struct cw_listener_peer *peer)
{
	return peer->context;
}
