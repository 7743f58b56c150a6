#include "net/listener.h"

#include "pki/bundle/bundle.h"
#include "trust/send.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <string.h>

struct cw_listener_peer {
	struct cw_listener *door;
	struct cw_connection *connection;
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
	struct cw_recent_certs *seen;
	SSL_CTX *tls; /* for the next visitor */
	struct evconnlistener *listener;
	struct event *pause; /* of the listener */
	struct cw_listener_peer *visitors;
};

static void drop_chain(struct cw_listener_peer *visitor)
{
	for (size_t i = 0; i < visitor->chain_count; i++)
		cw_cert_free(visitor->chain[i]);
	free(visitor->chain);
	visitor->chain = NULL;
	visitor->chain_count = 0;
}

static void free_visitor(struct cw_listener_peer *visitor)
{
	*visitor->place = visitor->next;
	if (visitor->next)
		visitor->next->place = visitor->place;
	cw_connection_free(visitor->connection);
	cw_judgement_finish(&visitor->judgement);
	drop_chain(visitor);
	free(visitor);
}

void cw_listener_free(struct cw_listener *door)
{
	if (!door)
		return;
	while (door->visitors)
		free_visitor(door->visitors);
	if (door->listener)
		evconnlistener_free(door->listener);
	if (door->pause)
		event_free(door->pause);
	SSL_CTX_free(door->tls);
	cw_cache_free(door->cache);
	cw_recent_certs_free(door->seen);
	cw_trust_list_finish(&door->list);
	EVP_PKEY_free(door->key);
	cw_cert_free(door->leaf);
	free(door);
}

/* What is asked about a client, or about the node's own certificate. */
static bool judge(struct cw_listener *door, const struct cw_trust_list *list, struct cw_cert *const *chain,
	size_t count, enum cw_purpose purpose, struct cw_judgement *ret, struct cw_error *error)
{
	struct cw_judge_question question = {.chain = chain,
		.chain_count = count,
		.list = list,
		.profile = door->setup.profile,
		.purpose = purpose,
		.at = door->setup.owner.now(door->setup.owner.context),
		.cache = door->cache};
	return cw_judge(&question, ret, error);
}

static const struct cw_finding *refusing(const struct cw_judgement *judgement)
{
	for (size_t i = 0; i < judgement->findings.count; i++)
		if (judgement->findings.items[i].severity == CW_SEVERITY_REFUSED)
			return &judgement->findings.items[i];
	return NULL;
}

static bool keep_chain(struct cw_listener_peer *visitor, struct cw_cert *const *chain, size_t count)
{
	drop_chain(visitor);
	visitor->chain = calloc(count, sizeof(struct cw_cert *));
	if (!visitor->chain)
		return false;
	for (size_t i = 0; i < count; i++)
		visitor->chain[i] = cw_cert_ref(chain[i]);
	visitor->chain_count = count;
	return true;
}

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_listener_peer *visitor = context;
	struct cw_listener *door = visitor->door;
	struct cw_error error;
	cw_judgement_finish(&visitor->judgement);
	visitor->judged = keep_chain(visitor, chain, count) &&
		judge(door, &door->list, chain, count, door->setup.purpose, &visitor->judgement, &error);
	if (!visitor->judged)
		return SSL_AD_INTERNAL_ERROR;
	const struct cw_finding *finding = refusing(&visitor->judgement);
	return finding ? cw_alert_number(cw_finding_row(finding->code)->alert) : CW_TLS_ACCEPT;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_listener_peer *visitor = context;
	const struct cw_finding *finding = visitor->judged ? refusing(&visitor->judgement) : NULL;
	if (finding) { /* by the list that took the place of the one that let it in */
		char reason[120];
		snprintf(reason, sizeof reason, "refused by the trust list that came meanwhile: %s",
			cw_finding_code_name(finding->code));
		cw_connection_refuse(connection, reason);
		return;
	}
	visitor->came = true;
	visitor->door->setup.owner.came(visitor->door->setup.owner.context, visitor);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_listener_peer *visitor = context;
	(void)connection;
	visitor->door->setup.owner.said(visitor->door->setup.owner.context, visitor, data, length);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_listener_peer *visitor = context;
	(void)connection;
	visitor->door->setup.owner.left(visitor->door->setup.owner.context, visitor, report);
	visitor->connection = NULL; /* frees itself */
	free_visitor(visitor);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket_, struct sockaddr *from,
	int length, void *context)
{
	(void)listener;
	(void)from;
	(void)length;
	struct cw_listener *door = context;
	struct cw_error ignored;
	struct cw_listener_peer *visitor = calloc(1, sizeof *visitor);
	if (!visitor) {
		evutil_closesocket(socket_);
		return;
	}
	visitor->door = door;
	visitor->next = door->visitors;
	visitor->place = &door->visitors;
	if (visitor->next)
		visitor->next->place = &visitor->next;
	door->visitors = visitor;
	struct cw_connection_setup setup = {.base = door->setup.base,
		.tls = door->tls,
		.judge = {.ask = ask, .context = visitor, .seen = door->seen},
		.limits = &door->limits,
		.owner = {on_up, on_received, on_ended, visitor}};
	if (!cw_connection_accept(&setup, socket_, &visitor->connection, &ignored))
		free_visitor(visitor);
}

/* Against visitors who use up the descriptors: the one who cannot be let in would wake the loop for ever. */
static void on_accept_failed(struct evconnlistener *listener, void *context)
{
	struct cw_listener *door = context;
	static const struct timeval pause = {0, 100000};
	if (event_add(door->pause, &pause) == 0)
		evconnlistener_disable(listener);
}

static void on_pause_over(evutil_socket_t none, short what, void *context)
{
	(void)none;
	(void)what;
	struct cw_listener *door = context;
	evconnlistener_enable(door->listener);
}

/* The node's own chain must be in its own list, as on the upload page. */
static bool list_holds_own_chain(struct cw_listener *door, const struct cw_trust_list *list,
	struct cw_cert *leaf, struct cw_error *error)
{
	AUTO_JUDGEMENT judgement = {0};
	if (!judge(door, list, &leaf, 1, CW_PURPOSE_ANY, &judgement, error))
		return false;
	const struct cw_finding *finding = refusing(&judgement);
	if (!finding)
		return true;
	return cw_error_set(error, CW_E_USAGE,
		"the node's own certificate would not be trusted by this list: %s%s%s",
		cw_finding_code_name(finding->code), finding->detail ? ": " : "",
		finding->detail ? finding->detail : "");
}

static bool make_context(const struct cw_listener *door, const struct cw_trust_list *list,
	struct cw_cert *leaf, EVP_PKEY *key, SSL_CTX **ret, struct cw_error *error)
{
	struct cw_cert *chain[CW_PATH_DEPTH_MAX] = {leaf};
	size_t count =
		door->setup.sends_leaf_only ? 1 : cw_send_chain(leaf, list, door->setup.profile, chain);
	struct cw_tls_setup setup = {.server = true,
		.versions = door->setup.versions,
		.security_level = door->setup.security_level,
		.chain = chain,
		.chain_count = count,
		.key = key,
		.asks = door->setup.asks,
		.ca_lists = &list,
		.ca_list_count = 1};
	return cw_tls_context(&setup, ret, error);
}

static void use_context(struct cw_listener *door, SSL_CTX *tls)
{
	SSL_CTX_free(door->tls);
	door->tls = tls;
}

static bool copy_list(const struct cw_trust_list *list, struct cw_trust_list *ret)
{
	for (size_t i = 0; i < list->count; i++)
		if (!cw_trust_list_add(
			    ret, list->entries[i].cert, list->entries[i].path, list->entries[i].number))
			return false;
	return true;
}

static bool begin(struct cw_listener *door, const struct cw_listener_setup *setup, struct cw_error *error)
{
	door->cache = cw_cache_new();
	door->seen = cw_recent_certs_new();
	if (!door->cache || !door->seen || !copy_list(setup->list, &door->list))
		return cw_error_memory(error);
	if (!make_context(door, &door->list, door->leaf, door->key, &door->tls, error))
		return false;
	door->pause = evtimer_new(setup->base, on_pause_over, door);
	if (!door->pause)
		return cw_error_memory(error);
	door->listener = evconnlistener_new_bind(setup->base, on_accept, door,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE, -1, setup->address,
		(int)setup->length);
	if (!door->listener)
		return cw_error_set(error, CW_E_NETWORK, "cannot listen: %s", strerror(errno));
	evconnlistener_set_error_cb(door->listener, on_accept_failed);
	return true;
}

bool cw_listener_open(const struct cw_listener_setup *setup, struct cw_listener **ret, struct cw_error *error)
{
	AUTO(cw_listener_free) struct cw_listener *door = calloc(1, sizeof *door);
	if (!door)
		return cw_error_memory(error);
	door->setup = *setup;
	door->setup.list = NULL;
	door->limits = setup->limits ? *setup->limits : cw_limits_default;
	door->leaf = cw_cert_ref(setup->leaf);
	EVP_PKEY_up_ref(setup->key);
	door->key = setup->key;
	if (!begin(door, setup, error))
		return false;
	*ret = TAKE(door);
	return true;
}

unsigned cw_listener_port(const struct cw_listener *door)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof address;
	if (getsockname(evconnlistener_get_fd(door->listener), (struct sockaddr *)&address, &size) < 0)
		return 0;
	return address.ss_family == AF_INET6
		? ntohs(((const struct sockaddr_in6 *)(const void *)&address)->sin6_port)
		: ntohs(((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

static void judge_again(struct cw_listener_peer *visitor)
{
	struct cw_listener *door = visitor->door;
	AUTO_JUDGEMENT judgement = {0};
	struct cw_error ignored; /* out of memory: what was found when it came stays */
	if (!visitor->judged ||
		!judge(door, &door->list, visitor->chain, visitor->chain_count, door->setup.purpose,
			&judgement, &ignored))
		return;
	enum cw_verdict before = visitor->judgement.verdict;
	struct cw_judgement old = visitor->judgement;
	visitor->judgement = judgement;
	judgement = old;
	if (visitor->came && door->setup.owner.judged_again)
		door->setup.owner.judged_again(door->setup.owner.context, visitor, before);
}

bool cw_listener_set_trust(struct cw_listener *door, const char *data, size_t length, struct cw_error *error)
{
	AUTO_BUNDLE bundle = {0};
	AUTO_TRUST_LIST list = {0};
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	SSL_CTX *tls;
	if (!pool)
		return cw_error_memory(error);
	if (!cw_bundle_parse(data, length, "trust list", NULL, pool, &bundle, error))
		return false;
	if (!cw_trust_list_add_bundle(&list, &bundle))
		return cw_error_memory(error);
	if (!list_holds_own_chain(door, &list, door->leaf, error) ||
		!make_context(door, &list, door->leaf, door->key, &tls, error))
		return false;
	use_context(door, tls);
	struct cw_trust_list old = door->list;
	door->list = list;
	list = old;
	for (struct cw_listener_peer *visitor = door->visitors; visitor; visitor = visitor->next)
		judge_again(visitor);
	return true;
}

bool cw_listener_set_identity(
	struct cw_listener *door, struct cw_cert *leaf, EVP_PKEY *key, struct cw_error *error)
{
	SSL_CTX *tls;
	if (!cw_key_fits(key, leaf))
		return cw_error_set(
			error, CW_E_KEY, "the private key is not that of %s", cw_cert_label(leaf));
	if (!list_holds_own_chain(door, &door->list, leaf, error) ||
		!make_context(door, &door->list, leaf, key, &tls, error))
		return false;
	use_context(door, tls);
	cw_cert_ref(leaf);
	cw_cert_free(door->leaf);
	door->leaf = leaf;
	EVP_PKEY_up_ref(key);
	EVP_PKEY_free(door->key);
	door->key = key;
	return true;
}

struct cw_connection *cw_listener_peer_connection(const struct cw_listener_peer *visitor)
{
	return visitor->connection;
}

const struct cw_judgement *cw_listener_peer_judgement(const struct cw_listener_peer *visitor)
{
	return visitor->judged ? &visitor->judgement : NULL;
}

void cw_listener_peer_set_context(struct cw_listener_peer *visitor, void *context)
{
	visitor->context = context;
}

void *cw_listener_peer_context(const struct cw_listener_peer *visitor)
{
	return visitor->context;
}
