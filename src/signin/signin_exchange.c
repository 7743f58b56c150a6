#include "signin/signin_exchange.h"

#include <string.h>
#include <time.h>

struct visit {
	const struct cw_signin_exchange *exchange;
	struct cw_signin_answer *answer;
	struct timespec began;
	bool failed; /* out of memory */
};

void cw_signin_exchange_finish(struct cw_signin_answer *answer)
{
	cw_http_reader_free(answer->reader);
	cw_buffer_finish(&answer->body);
	*answer = (struct cw_signin_answer){0};
}

static unsigned since(const struct timespec *began)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned)((now.tv_sec - began->tv_sec) * 1000 + (now.tv_nsec - began->tv_nsec) / 1000000);
}

static int on_chain(void *context, struct cw_cert *const *chain, size_t count)
{
	struct visit *visit = context;
	const struct cw_signin_asked *judge = &visit->exchange->judge;
	if (judge->take(judge->context, chain, count))
		return CW_TLS_ACCEPT;
	visit->answer->refused = true;
	return TLS1_AD_UNKNOWN_CA;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct visit *visit = context;
	const struct cw_buffer *request = visit->exchange->request;
	visit->answer->handshake = true;
	snprintf(visit->answer->version, sizeof visit->answer->version, "%s",
		SSL_get_version(cw_connection_ssl(connection)));
	if (request)
		cw_connection_send(connection, request->data, request->length);
	else
		cw_connection_close(connection);
}

/* True: go on reading. */
static bool read_on(struct visit *visit, struct cw_http_text *input)
{
	struct cw_signin_answer *answer = visit->answer;
	struct cw_http_text piece;
	switch (cw_http_reader_read(answer->reader, input, &piece)) {
	case CW_HTTP_READ_HEAD:
		return true;
	case CW_HTTP_READ_BODY:
		cw_buffer_append(&answer->body, piece.at, piece.length);
		visit->failed = visit->failed || answer->body.failed;
		return !visit->failed;
	case CW_HTTP_READ_END:
		answer->whole = true;
		return false;
	case CW_HTTP_READ_REFUSED:
		snprintf(answer->trouble, sizeof answer->trouble, "its answer is no HTTP/1.1: %s",
			cw_http_reason_text(cw_http_reader_reason(answer->reader)));
		return false;
	case CW_HTTP_READ_MORE:
		break;
	}
	return false;
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct visit *visit = context;
	struct cw_signin_answer *answer = visit->answer;
	struct cw_http_text input = {data, length};
	while (read_on(visit, &input))
		cw_connection_touch(connection);
	if (answer->whole || visit->failed || *answer->trouble)
		cw_connection_close(connection);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct visit *visit = context;
	struct cw_signin_answer *answer = visit->answer;
	(void)connection;
	visit->failed = visit->failed || report->end == CW_END_MEMORY;
	answer->connected = report->step != CW_STEP_CONNECT;
	answer->milliseconds = since(&visit->began);
	bool asked = visit->exchange->request;
	if (asked && !answer->whole && answer->handshake && !*answer->trouble &&
		cw_http_reader_close(answer->reader) == CW_HTTP_READ_END)
		answer->whole = true;
	bool missing = asked ? !answer->whole : !answer->handshake;
	if (missing && !*answer->trouble)
		snprintf(answer->trouble, sizeof answer->trouble, "%s", report->reason);
}

static bool talk(struct visit *visit, struct event_base *base, SSL_CTX *tls, struct cw_error *error)
{
	const struct cw_signin_exchange *exchange = visit->exchange;
	struct cw_limits limits = {exchange->milliseconds, exchange->milliseconds, exchange->milliseconds,
		exchange->milliseconds, 200};
	const struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)exchange->place.port),
		.sin_addr = exchange->place.address};
	const struct cw_connection_setup setup = {.base = base,
		.tls = tls,
		.judge = {.ask = on_chain, .context = visit},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = visit}};
	const struct cw_connection_route route = {
		.to = (const struct sockaddr *)&to, .length = sizeof to, .server_name = exchange->place.name};
	struct cw_connection *connection = NULL;
	struct cw_error why;
	clock_gettime(CLOCK_MONOTONIC, &visit->began);
	if (cw_connection_open(&setup, &route, &connection, &why))
		event_base_dispatch(base);
	else
		snprintf(visit->answer->trouble, sizeof visit->answer->trouble, "%.199s", why.message);
	return !visit->failed || cw_error_memory(error);
}

bool cw_signin_exchange(
	const struct cw_signin_exchange *exchange, struct cw_signin_answer *ret, struct cw_error *error)
{
	AUTO(cw_signin_exchange_free_base) struct event_base *base = event_base_new();
	AUTO(SSL_CTX_free) SSL_CTX *tls = NULL;
	AUTO_SIGNIN_ANSWER answer = {0};
	const struct cw_tls_setup setup = {.asks = true};
	struct visit visit = {.exchange = exchange, .answer = &answer};
	answer.reader = cw_http_reader_new(CW_HTTP_RESPONSE, CW_SIGNIN_BODY_MAX);
	if (!base || !answer.reader)
		return cw_error_memory(error);
	cw_http_reader_asked(answer.reader, exchange->method);
	if (!cw_tls_context(&setup, &tls, error) || !talk(&visit, base, tls, error))
		return false;
	*ret = answer;
	answer = (struct cw_signin_answer){0};
	return true;
}

unsigned cw_signin_exchange_status(const struct cw_signin_answer *answer)
{
	return answer->whole ? cw_http_reader_head(answer->reader)->start.status : 0;
}

bool cw_signin_exchange_field(
	const struct cw_signin_answer *answer, enum cw_http_known known, struct cw_http_text *ret)
{
	return answer->whole && cw_http_head_known(cw_http_reader_head(answer->reader), known, ret);
}
