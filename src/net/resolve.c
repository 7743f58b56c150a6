#include "net/resolve.h"

#include "base/buffer.h"

#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>

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
	void (*answered)(void *context, const struct cw_resolve_answer *answer); /* NULL: cancelled */
	void *context;
	struct cw_resolve_answer answer;
	struct event *later; /* the answer came: it is told from the loop */
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
	free(query);
}

static void on_later(evutil_socket_t socket, short what, void *context)
{
	struct cw_resolve_query *query = context;
	const struct cw_resolve_query told = *query;
	(void)socket;
	(void)what;
	free_query(query);
	if (told.answered)
		told.answered(told.context, &told.answer);
}

static void take_addresses(const struct ares_addrinfo *found, struct cw_resolve_answer *ret)
{
	const struct ares_addrinfo_node *node = found ? found->nodes : NULL;
	for (; node && ret->count < CW_RESOLVE_ADDRESSES_MAX; node = node->ai_next)
		if (node->ai_family == AF_INET)
			ret->addresses[ret->count++] =
				((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr;
}

static void on_answer(void *context, int status, int timeouts, struct ares_addrinfo *found)
{
	struct cw_resolve_query *query = context;
	(void)timeouts;
	if (status == ARES_SUCCESS)
		take_addresses(found, &query->answer);
	if (found)
		ares_freeaddrinfo(found);
	if (!query->answer.count)
		query->answer.why = status == ARES_SUCCESS ? "it has no IPv4 address" : ares_strerror(status);
	event_active(query->later, EV_TIMEOUT, 0);
}

struct cw_resolve_query *cw_resolve_ask(struct cw_resolve *resolve, const char *name,
	void (*answered)(void *context, const struct cw_resolve_answer *answer), void *context)
{
	static const struct ares_addrinfo_hints hints = {.ai_family = AF_INET, .ai_flags = ARES_AI_NOSORT};
	struct cw_resolve_query *query = calloc(1, sizeof *query);
	struct event *later = query ? event_new(resolve->base, -1, 0, on_later, query) : NULL;
	if (!later) {
		free(query);
		return NULL;
	}
	*query = (struct cw_resolve_query){.resolve = resolve,
		.answered = answered,
		.context = context,
		.later = later,
		.next = resolve->queries};
	resolve->queries = query;
	ares_getaddrinfo(resolve->channel, name, NULL, &hints, on_answer, query);
	set_tick(resolve);
	return query;
}

void cw_resolve_cancel(struct cw_resolve_query *query)
{
	if (query)
		query->answered = NULL;
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
