#include "collect/probe.h"

#include "base/buffer.h"
#include "collect/probe_plain.h"
#include "net/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONNECT_MILLISECONDS 4000
#define HANDSHAKE_MILLISECONDS 6000
/* With TLS 1.3 a server refuses after the handshake: how long its alert is waited for, at least, and as a
 * multiple of what the handshake took. */
#define ALERT_MILLISECONDS 150
#define ALERT_FACTOR 3
#define ANSWER_MAX 200

struct runner;

struct visit {
	struct runner *runner;
	const struct cw_probe_target *target;
	struct cw_probed *probed;
	struct sockaddr_storage to;
	socklen_t length;
	bool again;	/* the second connection, limited to TLS 1.2 */
	bool saw_chain; /* on this connection */
	struct timespec began;
};

struct runner {
	const struct cw_probe_options *options;
	struct event_base *base;
	SSL_CTX *any, *only_1_2;
	struct cw_limits limits;
	struct visit *visits;
	size_t count, next, open;
	bool failed; /* out of memory somewhere */
};

static void runner_finish(struct runner *runner)
{
	free(runner->visits);
	SSL_CTX_free(runner->any);
	SSL_CTX_free(runner->only_1_2);
	if (runner->base)
		event_base_free(runner->base);
}

#define AUTO_RUNNER __attribute__((cleanup(runner_finish))) struct runner

static void visit_next(struct runner *runner);
static bool visit_begin(struct visit *visit);

static unsigned since(const struct timespec *began)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t passed =
		(int64_t)(now.tv_sec - began->tv_sec) * 1000 + (now.tv_nsec - began->tv_nsec) / 1000000;
	return passed < 0 ? 0 : (unsigned)passed;
}

static void tell(struct visit *visit, enum cw_probed_reach reach, const char *reason)
{
	visit->probed->reach = reach;
	snprintf(visit->probed->reason, sizeof visit->probed->reason, "%s", reason);
}

static void visit_over(struct visit *visit)
{
	visit->runner->open--;
	visit_next(visit->runner);
}

/* Everything is accepted here: what came is kept, and judged when all is done. */
static int keep_chain(void *context, struct cw_cert *const *chain, size_t count)
{
	struct visit *visit = context;
	struct cw_probed *probed = visit->probed;
	visit->saw_chain = true;
	if (probed->chain)
		return CW_TLS_ACCEPT;
	probed->chain = calloc(count, sizeof(struct cw_cert *));
	if (!probed->chain) {
		visit->runner->failed = true;
		return SSL_AD_INTERNAL_ERROR;
	}
	for (size_t i = 0; i < count; i++)
		probed->chain[i] = cw_cert_ref(chain[i]);
	probed->chain_count = count;
	return CW_TLS_ACCEPT;
}

/* Called where the server asks for a certificate; none is given. */
static int on_request(SSL *ssl, void *context)
{
	struct visit *visit = context;
	struct cw_probed *probed = visit->probed;
	const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(ssl);
	if (probed->asks)
		return 1;
	probed->asks = true;
	for (int i = 0; names && i < sk_X509_NAME_num(names) && i < CW_PROBED_CA_NAMES_MAX; i++) {
		AUTO(free) char *text = cw_name_text(sk_X509_NAME_value(names, i));
		if (!text || !cw_strings_add(&probed->ca_names, text))
			visit->runner->failed = true;
	}
	return 1;
}

static void note_from(struct visit *visit, evutil_socket_t socket)
{
	struct sockaddr_storage own;
	socklen_t length = sizeof own;
	if (getsockname(socket, (struct sockaddr *)&own, &length) == 0)
		getnameinfo((struct sockaddr *)&own, length, visit->probed->from, sizeof visit->probed->from,
			NULL, 0, NI_NUMERICHOST);
}

/* No request that a box would act on: what it supports, asked from an address that takes no answer. */
static void send_options(struct visit *visit, struct cw_connection *connection)
{
	const char *host = visit->target->host;
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"OPTIONS sip:%s:%u;transport=tls SIP/2.0\r\nVia: SIP/2.0/TLS causeway.invalid;branch=z9hG4bKprobe%p\r\n"
		"Max-Forwards: 0\r\nFrom: <sip:causeway.invalid>;tag=probe\r\nTo: <sip:%s>\r\nCall-ID: "
		"probe-%p@causeway.invalid\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		host, visit->target->port, (void *)visit, host, (void *)visit);
	if (!text.failed)
		cw_connection_send(connection, text.data, text.length);
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct visit *visit = context;
	bool later = SSL_version(cw_connection_ssl(connection)) == TLS1_3_VERSION && visit->probed->asks;
	unsigned took = since(&visit->began);
	if (!visit->again && visit->target->words == CW_PROBE_SIP_OPTIONS) {
		send_options(visit, connection);
		return;
	}
	if (visit->again || !later) {
		cw_connection_close(connection);
		return;
	}
	unsigned wait = took * ALERT_FACTOR > ALERT_MILLISECONDS ? took * ALERT_FACTOR : ALERT_MILLISECONDS;
	cw_connection_set_idle(connection, wait);
	cw_connection_touch(connection);
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct visit *visit = context;
	const char *end = memchr(data, '\r', length);
	size_t line = end ? (size_t)(end - data) : length;
	if (visit->target->words == CW_PROBE_SIP_OPTIONS && !visit->probed->said)
		visit->probed->said = strndup(data, line < ANSWER_MAX ? line : ANSWER_MAX);
	cw_connection_close(connection);
}

/* TLS 1.3 alone tells nothing of 1.2; an agreed 1.2 says that there is no 1.3. */
static bool wants_again(const struct visit *visit)
{
	return !visit->again && visit->probed->with_1_3 && !visit->runner->options->one_version &&
		visit->target->words != CW_PROBE_XMPP;
}

static void note_first(struct visit *visit, SSL *ssl, const struct cw_connection_report *report)
{
	struct cw_probed *probed = visit->probed;
	probed->alert = report->alert_received;
	probed->milliseconds = since(&visit->began);
	bool shown = probed->chain_count || report->handshake_done;
	enum cw_probed_reach reach = shown ? CW_PROBED_TLS : CW_PROBED_NO_TLS;
	if (report->step == CW_STEP_CONNECT)
		reach = CW_PROBED_NOT_REACHED;
	tell(visit, reach, report->reason);
	if (!shown)
		return;
	snprintf(probed->version, sizeof probed->version, "%s", SSL_get_version(ssl));
	probed->with_1_3 = SSL_version(ssl) == TLS1_3_VERSION;
	probed->with_1_2 = !probed->with_1_3;
	probed->versions_tried = probed->with_1_2;
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct visit *visit = context;
	if (report->end == CW_END_MEMORY)
		visit->runner->failed = true;
	if (visit->again) {
		visit->probed->with_1_2 = visit->saw_chain;
		visit->probed->versions_tried = report->step != CW_STEP_CONNECT;
		visit_over(visit);
		return;
	}
	note_from(visit, cw_connection_socket(connection));
	note_first(visit, cw_connection_ssl(connection), report);
	if (wants_again(visit)) {
		visit->again = true;
		visit->saw_chain = false;
		if (visit_begin(visit))
			return;
	}
	visit_over(visit);
}

static struct cw_connection_setup setup_of(struct visit *visit)
{
	struct runner *runner = visit->runner;
	return (struct cw_connection_setup){.base = runner->base,
		.tls = visit->again ? runner->only_1_2 : runner->any,
		.judge = {.ask = keep_chain, .context = visit},
		.limits = &runner->limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = visit}};
}

static const char *server_name(const struct visit *visit)
{
	return visit->target->sni ? visit->target->sni : visit->target->host;
}

static void on_plain(void *context, bool good, evutil_socket_t socket, const char *words)
{
	struct visit *visit = context;
	struct cw_connection *connection = NULL;
	struct cw_error error;
	if (visit->target->words == CW_PROBE_SSH && good) {
		tell(visit, CW_PROBED_SSH, "");
		visit->probed->said = strdup(words);
		visit->probed->milliseconds = since(&visit->began);
	} else if (visit->target->words == CW_PROBE_SSH) {
		tell(visit, CW_PROBED_NOT_REACHED, words);
	} else if (!good) {
		tell(visit, CW_PROBED_NO_TLS, words);
	} else {
		const struct cw_connection_setup setup = setup_of(visit);
		if (cw_connection_begin(&setup, socket, server_name(visit), &connection, &error)) {
			SSL_set_cert_cb(cw_connection_ssl(connection), on_request, visit);
			return;
		}
		tell(visit, CW_PROBED_NO_TLS, error.message);
	}
	visit_over(visit);
}

static bool begin_plain(struct visit *visit, struct cw_error *error)
{
	const struct runner *runner = visit->runner;
	const struct cw_probe_plain_setup setup = {.base = runner->base,
		.kind = visit->target->words == CW_PROBE_SSH ? CW_PROBE_PLAIN_SSH : CW_PROBE_PLAIN_XMPP,
		.to = (struct sockaddr *)&visit->to,
		.length = visit->length,
		.domain = server_name(visit),
		.milliseconds = runner->limits.connect,
		.done = on_plain,
		.context = visit};
	return cw_probe_plain_open(&setup, error);
}

/* False: nothing was begun, and the record says why. */
static bool visit_begin(struct visit *visit)
{
	struct cw_connection *connection = NULL;
	struct cw_error error;
	enum cw_probe_words words = visit->target->words;
	bool begun;
	clock_gettime(CLOCK_MONOTONIC, &visit->began);
	if (words == CW_PROBE_XMPP || words == CW_PROBE_SSH) {
		begun = begin_plain(visit, &error);
	} else {
		const struct cw_connection_setup setup = setup_of(visit);
		const struct cw_connection_route route = {.to = (struct sockaddr *)&visit->to,
			.length = visit->length,
			.server_name = server_name(visit)};
		begun = cw_connection_open(&setup, &route, &connection, &error);
		if (begun)
			SSL_set_cert_cb(cw_connection_ssl(connection), on_request, visit);
	}
	if (!begun && !visit->again)
		tell(visit, CW_PROBED_NOT_REACHED, error.message);
	return begun;
}

static void visit_next(struct runner *runner)
{
	while (runner->next < runner->count && runner->open < CW_PROBE_AT_ONCE) {
		struct visit *visit = &runner->visits[runner->next++];
		if (visit->length && visit_begin(visit))
			runner->open++;
	}
}

static bool keep_target(struct visit *visit, struct cw_error *error)
{
	const struct cw_probe_target *target = visit->target;
	struct cw_probed *probed = visit->probed;
	probed->alert = -1;
	probed->port = target->port;
	probed->host = strdup(target->host);
	probed->sni = target->sni ? strdup(target->sni) : NULL;
	return (probed->host && (probed->sni || !target->sni)) || cw_error_memory(error);
}

static void keep_address(struct visit *visit, const struct addrinfo *found)
{
	memcpy(&visit->to, found->ai_addr, found->ai_addrlen);
	visit->length = found->ai_addrlen;
	if (found->ai_family == AF_INET)
		((struct sockaddr_in *)&visit->to)->sin_port = htons((uint16_t)visit->target->port);
	else
		((struct sockaddr_in6 *)&visit->to)->sin6_port = htons((uint16_t)visit->target->port);
	getnameinfo((struct sockaddr *)&visit->to, visit->length, visit->probed->address,
		sizeof visit->probed->address, NULL, 0, NI_NUMERICHOST);
}

/* All names at once: the resolver waits for each in a thread of its own (getaddrinfo_a(3)). */
static bool resolve(struct runner *runner, struct cw_error *error)
{
	static const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	AUTO(free) struct gaicb *requests = calloc(runner->count, sizeof *requests);
	AUTO(free) struct gaicb **list = calloc(runner->count, sizeof(struct gaicb *));
	if (!requests || !list)
		return cw_error_memory(error);
	for (size_t i = 0; i < runner->count; i++) {
		const struct cw_probe_target *target = runner->visits[i].target;
		requests[i].ar_name = target->at ? target->at : target->host;
		requests[i].ar_request = &hints;
		list[i] = &requests[i];
	}
	getaddrinfo_a(GAI_WAIT, list, (int)runner->count, NULL);
	for (size_t i = 0; i < runner->count; i++) {
		int trouble = gai_error(&requests[i]);
		if (trouble == 0 && requests[i].ar_result)
			keep_address(&runner->visits[i], requests[i].ar_result);
		else
			tell(&runner->visits[i], CW_PROBED_NOT_REACHED, gai_strerror(trouble));
		if (requests[i].ar_result)
			freeaddrinfo(requests[i].ar_result);
	}
	return true;
}

static bool prepare(struct runner *runner, struct cw_error *error)
{
	const struct cw_tls_setup any = {.asks = true}, only_1_2 = {.versions = CW_TLS_1_2, .asks = true};
	runner->base = event_base_new();
	runner->visits = calloc(runner->count, sizeof *runner->visits);
	if (!runner->base || !runner->visits)
		return cw_error_memory(error);
	runner->limits = cw_limits_default;
	runner->limits.connect = runner->options->connect_milliseconds;
	if (!runner->limits.connect)
		runner->limits.connect = CONNECT_MILLISECONDS;
	runner->limits.handshake = runner->options->handshake_milliseconds;
	if (!runner->limits.handshake)
		runner->limits.handshake = HANDSHAKE_MILLISECONDS;
	runner->limits.first_byte = runner->limits.idle = runner->limits.handshake;
	runner->limits.drain = 200;
	return cw_tls_context(&any, &runner->any, error) &&
		cw_tls_context(&only_1_2, &runner->only_1_2, error);
}

bool cw_probe_run(const struct cw_probe_target *targets, size_t count, const struct cw_probe_options *options,
	struct cw_probed_set *ret, struct cw_error *error)
{
	AUTO_RUNNER runner = {.options = options, .count = count};
	AUTO_PROBED_SET set = {0};
	if (!count || count > CW_PROBE_TARGETS_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "wanted 1 to %d servers, found %zu", CW_PROBE_TARGETS_MAX, count);
	set.items = calloc(count, sizeof *set.items);
	if (!set.items)
		return cw_error_memory(error);
	set.count = count;
	if (!prepare(&runner, error))
		return false;
	for (size_t i = 0; i < count; i++) {
		runner.visits[i] =
			(struct visit){.runner = &runner, .target = &targets[i], .probed = &set.items[i]};
		if (!keep_target(&runner.visits[i], error))
			return false;
	}
	if (!resolve(&runner, error))
		return false;
	visit_next(&runner);
	if (runner.open)
		event_base_dispatch(runner.base);
	if (runner.failed)
		return cw_error_memory(error);
	*ret = set;
	set = (struct cw_probed_set){0};
	return true;
}
