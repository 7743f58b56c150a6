/*
 * One end of a TLS connection with Causeway's judge inside, for the interop tests (tests/live/interop).
 *
 *     peer serve CERT KEY TRUST              prints "port N"; a line for each visitor; until end of input
 *     peer call PORT NAME CERT KEY TRUST     prints what happened; exit status 0: up, 1: refused by this
 *                                            side, 2: refused by the other, 3: anything else
 */
#include "check/question.h"
#include "net/listener.h"
#include "pki/bundle/bundle.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define REQUEST "GET / HTTP/1.0\r\n\r\n"
#define ANSWER "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n"

struct files {
	struct cw_pool *pool;
	struct cw_bundle identity, trust;
	EVP_PKEY *key;
	struct cw_trust_list list;
};

struct call {
	const struct files *files;
	const char *name;
	struct event_base *base;
	size_t bytes;
	char refusal[256];
	int status;
};

static int trouble(const struct cw_error *error)
{
	fprintf(stderr, "peer: %s\n", error->message);
	return 3;
}

static bool judge(void *context, const struct cw_listener_question *asked, struct cw_judgement *ret,
	struct cw_error *error)
{
	(void)context;
	const struct cw_judge_question question = {.chain = asked->chain,
		.chain_count = asked->chain_count,
		.list = asked->list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.purpose = asked->own ? CW_PURPOSE_ANY : CW_PURPOSE_CLIENT,
		.at = cw_time_now(),
		.cache = asked->cache};
	return cw_question_ask_alone(CW_ALONE_CLIENT, &question, ret, error);
}

static bool read_files(char **paths, struct files *ret, struct cw_error *error)
{
	ret->pool = cw_pool_new();
	return ret->pool && cw_bundle_read(paths[0], paths[0], NULL, ret->pool, &ret->identity, error) &&
		cw_key_read(paths[1], NULL, &ret->key, error) &&
		cw_bundle_read(paths[2], paths[2], NULL, ret->pool, &ret->trust, error) &&
		cw_trust_list_add_bundle(&ret->list, &ret->trust);
}

static void print_judgement(const struct cw_judgement *judgement)
{
	for (size_t i = 0; judgement && i < judgement->findings.count; i++)
		printf(" %s", cw_finding_code_name(judgement->findings.items[i].code));
	printf("\n");
	fflush(stdout);
}

static void on_came(void *context, struct cw_listener_peer *visitor)
{
	(void)context;
	(void)visitor;
}

static void on_said(void *context, struct cw_listener_peer *visitor, const char *data, size_t length)
{
	(void)context;
	(void)data;
	(void)length;
	cw_connection_send(cw_listener_peer_connection(visitor), ANSWER, strlen(ANSWER));
	cw_connection_close(cw_listener_peer_connection(visitor));
}

static void on_left(
	void *context, struct cw_listener_peer *visitor, const struct cw_connection_report *report)
{
	(void)context;
	printf("visitor: %s:", report->reason);
	print_judgement(cw_listener_peer_judgement(visitor));
}

static void on_input(evutil_socket_t socket_, short what, void *context)
{
	char byte;
	(void)what;
	if (read(socket_, &byte, 1) <= 0)
		event_base_loopbreak(context);
}

static int serve(const struct files *files)
{
	struct cw_error error;
	struct event_base *base = event_base_new();
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct cw_listener *door;
	struct cw_listener_setup setup = {.base = base,
		.address = (struct sockaddr *)&any,
		.length = sizeof any,
		.leaf = files->identity.entries[0].cert,
		.key = files->key,
		.list = &files->list,
		.profile = CW_PROFILE_EXPRESSWAY,
		.asks = true,
		.owner = {on_came, on_said, on_left, NULL, NULL, NULL, judge, NULL}};
	if (!cw_listener_open(&setup, &door, &error))
		return trouble(&error);
	printf("port %u\n", cw_listener_port(door));
	fflush(stdout);
	struct event *input = event_new(base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, base);
	event_add(input, NULL);
	event_base_dispatch(base);
	event_free(input);
	cw_listener_free(door);
	event_base_free(base);
	return 0;
}

static int ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct call *call = context;
	struct cw_error error;
	AUTO_JUDGEMENT judgement = {0};
	struct cw_wanted_name name = {{call->name, NULL}, CW_PEER_NAME_MISMATCH, CW_LAYER_TLS};
	struct cw_judge_question question = {.chain = chain,
		.chain_count = count,
		.list = &call->files->list,
		.purpose = CW_PURPOSE_SERVER,
		.names = &name,
		.name_count = 1,
		.at = cw_time_now()};
	if (!cw_judge(&question, &judgement, &error))
		return SSL_AD_INTERNAL_ERROR;
	if (judgement.verdict != CW_VERDICT_REFUSED)
		return CW_TLS_ACCEPT;
	const struct cw_finding *finding = &judgement.findings.items[0];
	snprintf(call->refusal, sizeof call->refusal, "%s", cw_finding_code_name(finding->code));
	return cw_alert_number(cw_finding_row(finding->code)->alert);
}

static void on_up(void *context, struct cw_connection *connection)
{
	(void)context;
	cw_connection_send(connection, REQUEST, strlen(REQUEST));
}

static void on_heard(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct call *call = context;
	(void)data;
	if (!call->bytes)
		printf("up %s\n", SSL_get_version(cw_connection_ssl(connection)));
	call->bytes += length;
	cw_connection_close(connection);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct call *call = context;
	(void)connection;
	call->status = call->bytes		   ? 0
		: report->end == CW_END_JUDGED	   ? 1
		: report->end == CW_END_PEER_ALERT ? 2
						   : 3;
	if (!call->bytes)
		printf("%s: %s\n", *call->refusal ? call->refusal : "no", report->reason);
	event_base_loopbreak(call->base);
}

static int call_port(const struct files *files, const char *port, const char *name)
{
	struct cw_error error;
	struct call call = {.files = files, .name = name, .base = event_base_new(), .status = 3};
	AUTO(SSL_CTX_free) SSL_CTX *tls = NULL;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	to.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
	struct cw_cert *chain[] = {files->identity.entries[0].cert};
	struct cw_tls_setup setup = {.chain = chain, .chain_count = 1, .key = files->key, .asks = true};
	if (!cw_tls_context(&setup, &tls, &error))
		return trouble(&error);
	struct cw_connection_setup connection = {.base = call.base,
		.tls = tls,
		.judge = {.ask = ask, .context = &call},
		.owner = {on_up, on_heard, on_ended, NULL, &call}};
	struct cw_connection *opened;
	const struct cw_connection_route route = {NULL, (struct sockaddr *)&to, sizeof to, name};
	if (!cw_connection_open(&connection, &route, &opened, &error))
		return trouble(&error);
	event_base_dispatch(call.base);
	event_base_free(call.base);
	return call.status;
}

int main(int argc, char **argv)
{
	struct files files = {0};
	struct cw_error error;
	bool serves = argc == 5 && strcmp(argv[1], "serve") == 0;
	bool calls = argc == 7 && strcmp(argv[1], "call") == 0;
	signal(SIGPIPE, SIG_IGN);
	if (!serves && !calls)
		return 3;
	if (!read_files(argv + (serves ? 2 : 4), &files, &error))
		return trouble(&error);
	int status = serves ? serve(&files) : call_port(&files, argv[2], argv[3]);
	cw_trust_list_finish(&files.list);
	cw_bundle_finish(&files.identity);
	cw_bundle_finish(&files.trust);
	EVP_PKEY_free(files.key);
	cw_pool_free(files.pool);
	return status;
}
