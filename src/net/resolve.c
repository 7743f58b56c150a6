#include "net/resolve.h"

#include "base/buffer.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

/* A name server that is silent is asked twice, and then the next one. */
#define TIMEOUT_MS 2000
#define TRIES 2
/* c-ares wants to know of time going by as often as this, while something is out. */
#define TICK_MS 200

struct watched {
	ares_socket_t socket;
	struct event *event;
	struct cw_resolve *resolve;
	struct watched *next;
};

struct cw_resolve_query {
	struct cw_resolve *resolve;
	/* one of the two; both NULL: cancelled */
	void (*answered)(void *context, const struct cw_resolve_answer *answer);
	void (*served)(void *context, const struct cw_resolve_servers *answer);
	void *context;
	struct cw_resolve_answer answer;
	struct cw_resolve_servers *servers; /* of a question for a service, else NULL */
	struct event *later;		    /* the answer came: it is told from the loop */
	struct cw_resolve_query *next;
};

struct cw_resolve {
	struct event_base *base;
	ares_channel channel;
	bool has_channel;
	struct event *tick;
	struct watched *watched;
	struct cw_resolve_query *queries;
};

/* --- c-ares on the loop --- */

static void on_socket(evutil_socket_t socket, short what, void *context)
{
	struct watched *watched = context;
	ares_socket_t reads = what & EV_READ ? (ares_socket_t)socket : ARES_SOCKET_BAD;
	ares_socket_t writes = what & EV_WRITE ? (ares_socket_t)socket : ARES_SOCKET_BAD;
	ares_process_fd(watched->resolve->channel, reads, writes);
}

static void unwatch(struct cw_resolve *resolve, ares_socket_t socket)
{
	for (struct watched **place = &resolve->watched; *place; place = &(*place)->next) {
		struct watched *watched = *place;
		if (watched->socket != socket)
			continue;
		*place = watched->next;
		event_free(watched->event);
		free(watched);
		return;
	}
}

/* c-ares wants to know when it can read or write there; neither: it closes it. */
static void on_state(void *context, ares_socket_t socket, int reads, int writes)
{
	struct cw_resolve *resolve = context;
	short what = EV_PERSIST;
	unwatch(resolve, socket);
	if (!reads && !writes)
		return;
	if (reads)
		what |= EV_READ;
	if (writes)
		what |= EV_WRITE;
	struct watched *watched = calloc(1, sizeof *watched);
	if (!watched)
		return; /* the query runs out of time */
	watched->socket = socket;
	watched->resolve = resolve;
	watched->event = event_new(resolve->base, socket, what, on_socket, watched);
	if (!watched->event || event_add(watched->event, NULL) < 0) {
		if (watched->event)
			event_free(watched->event);
		free(watched);
		return;
	}
	watched->next = resolve->watched;
	resolve->watched = watched;
}

static void set_tick(struct cw_resolve *resolve)
{
	static const struct timeval tick = {0, TICK_MS * 1000};
	if (resolve->queries)
		(void)event_add(resolve->tick, &tick);
}

static void on_tick(evutil_socket_t socket, short what, void *context)
{
	struct cw_resolve *resolve = context;
	(void)socket;
	(void)what;
	ares_process_fd(resolve->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	set_tick(resolve);
}

/* --- queries --- */

static void free_query(struct cw_resolve_query *query)
{
	struct cw_resolve_query **place = &query->resolve->queries;
	while (*place && *place != query)
		place = &(*place)->next;
	if (*place)
		*place = query->next;
	event_free(query->later);
	free(query->servers);
	free(query);
}

static void on_later(evutil_socket_t socket, short what, void *context)
{
	struct cw_resolve_query *query = context;
	struct cw_resolve_query told = *query;
	(void)socket;
	(void)what;
	query->servers = NULL;
	free_query(query);
	if (told.answered)
		told.answered(told.context, &told.answer);
	if (told.served)
		told.served(told.context, told.servers);
	free(told.servers);
}

static void take_addresses(const struct ares_addrinfo *found, struct cw_resolve_answer *ret)
{
	const struct ares_addrinfo_node *node = found ? found->nodes : NULL;
	for (; node && ret->count < CW_RESOLVE_ADDRESSES_MAX; node = node->ai_next)
		if (node->ai_family == AF_INET)
			ret->addresses[ret->count++] =
				((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr;
}

/* What was answered, in contrast to no answer. */
static bool is_absent(int status)
{
	return status == ARES_SUCCESS || status == ARES_ENOTFOUND || status == ARES_ENODATA;
}

static void on_answer(void *context, int status, int timeouts, struct ares_addrinfo *found)
{
	struct cw_resolve_query *query = context;
	(void)timeouts;
	if (status == ARES_SUCCESS)
		take_addresses(found, &query->answer);
	if (found)
		ares_freeaddrinfo(found);
	query->answer.absent = is_absent(status) && !query->answer.count;
	if (!query->answer.count)
		query->answer.why = status == ARES_SUCCESS ? "it has no IPv4 address" : ares_strerror(status);
	event_active(query->later, EV_TIMEOUT, 0);
}

static struct cw_resolve_query *begin(struct cw_resolve *resolve, void *context)
{
	struct cw_resolve_query *query = calloc(1, sizeof *query);
	struct event *later = query ? event_new(resolve->base, -1, 0, on_later, query) : NULL;
	if (!later) {
		free(query);
		return NULL;
	}
	*query = (struct cw_resolve_query){
		.resolve = resolve, .context = context, .later = later, .next = resolve->queries};
	resolve->queries = query;
	return query;
}

struct cw_resolve_query *cw_resolve_ask(struct cw_resolve *resolve, const char *name,
	void (*answered)(void *context, const struct cw_resolve_answer *answer), void *context)
{
	static const struct ares_addrinfo_hints hints = {.ai_family = AF_INET, .ai_flags = ARES_AI_NOSORT};
	struct cw_resolve_query *query = begin(resolve, context);
	if (!query)
		return NULL;
	query->answered = answered;
	ares_getaddrinfo(resolve->channel, name, NULL, &hints, on_answer, query);
	set_tick(resolve);
	return query;
}

/* --- services --- */

static int by_rank(const void *left, const void *right)
{
	const struct cw_resolve_server *a = left, *b = right;
	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	return (a->weight < b->weight) - (a->weight > b->weight);
}

static void take_servers(const struct ares_srv_reply *found, struct cw_resolve_servers *ret)
{
	for (; found && ret->count < CW_RESOLVE_SERVERS_MAX; found = found->next) {
		struct cw_resolve_server *server = &ret->items[ret->count];
		if (!*found->host || strcmp(found->host, ".") == 0 ||
			strlen(found->host) >= sizeof server->name)
			continue;
		snprintf(server->name, sizeof server->name, "%s", found->host);
		server->port = found->port;
		server->priority = found->priority;
		server->weight = found->weight;
		ret->count++;
	}
	qsort(ret->items, ret->count, sizeof *ret->items, by_rank);
}

static void on_records(void *context, int status, int timeouts, unsigned char *bytes, int length)
{
	struct cw_resolve_query *query = context;
	struct ares_srv_reply *found = NULL;
	(void)timeouts;
	if (status == ARES_SUCCESS)
		status = ares_parse_srv_reply(bytes, length, &found);
	if (status == ARES_SUCCESS)
		take_servers(found, query->servers);
	if (found)
		ares_free_data(found);
	query->servers->absent = is_absent(status) && !query->servers->count;
	if (!query->servers->count)
		query->servers->why = status == ARES_SUCCESS ? "it has no server" : ares_strerror(status);
	event_active(query->later, EV_TIMEOUT, 0);
}

struct cw_resolve_query *cw_resolve_ask_servers(struct cw_resolve *resolve, const char *service,
	void (*answered)(void *context, const struct cw_resolve_servers *answer), void *context)
{
	AUTO(free) struct cw_resolve_servers *servers = calloc(1, sizeof *servers);
	struct cw_resolve_query *query = servers ? begin(resolve, context) : NULL;
	if (!query)
		return NULL;
	query->served = answered;
	query->servers = TAKE(servers);
	ares_query(resolve->channel, service, ns_c_in, ns_t_srv, on_records, query);
	set_tick(resolve);
	return query;
}

void cw_resolve_cancel(struct cw_resolve_query *query)
{
	if (!query)
		return;
	query->answered = NULL;
	query->served = NULL;
}

/* --- the whole --- */

static bool set_servers(
	struct cw_resolve *resolve, const struct sockaddr_in *servers, size_t count, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	char address[INET_ADDRSTRLEN];
	for (size_t i = 0; i < count; i++) {
		inet_ntop(AF_INET, &servers[i].sin_addr, address, sizeof address);
		cw_buffer_printf(
			&text, "%s%s:%u", i ? "," : "", address, (unsigned)ntohs(servers[i].sin_port));
	}
	if (!cw_buffer_ok(&text, error))
		return false;
	int status =
		count ? ares_set_servers_ports_csv(resolve->channel, cw_buffer_string(&text)) : ARES_SUCCESS;
	return status == ARES_SUCCESS ? true
				      : cw_error_set(error, CW_E_NETWORK, "DNS: %s", ares_strerror(status));
}

bool cw_resolve_new(struct event_base *base, const struct sockaddr_in *servers, size_t count,
	struct cw_resolve **ret, struct cw_error *error)
{
	AUTO(cw_resolve_free) struct cw_resolve *resolve = calloc(1, sizeof *resolve);
	if (!resolve)
		return cw_error_memory(error);
	char files[] = "fb", only_dns[] = "b"; /* the hosts file, then DNS; DNS alone */
	struct ares_options options = {.timeout = TIMEOUT_MS,
		.tries = TRIES,
		.lookups = count ? only_dns : files,
		.sock_state_cb = on_state,
		.sock_state_cb_data = resolve};
	resolve->base = base;
	resolve->tick = evtimer_new(base, on_tick, resolve);
	if (!resolve->tick)
		return cw_error_memory(error);
	int status = ares_init_options(&resolve->channel, &options,
		ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS | ARES_OPT_SOCK_STATE_CB);
	if (status != ARES_SUCCESS)
		return cw_error_set(error, CW_E_NETWORK, "DNS: %s", ares_strerror(status));
	resolve->has_channel = true;
	if (!set_servers(resolve, servers, count, error))
		return false;
	*ret = TAKE(resolve);
	return true;
}

void cw_resolve_free(struct cw_resolve *resolve)
{
	if (!resolve)
		return;
	if (resolve->has_channel)
		ares_destroy(resolve->channel); /* answers every query that is out */
	while (resolve->queries)
		free_query(resolve->queries);
	while (resolve->watched)
		unwatch(resolve, resolve->watched->socket);
	if (resolve->tick)
		event_free(resolve->tick);
	free(resolve);
}
