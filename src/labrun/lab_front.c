#include "labrun/lab_front_parts.h"

#include "base/time.h"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <string.h>

/* --- who may ask --- */

static bool is_token(struct cw_http_text text, const char token[CW_LAB_FRONT_TOKEN_SIZE])
{
	return text.length == CW_LAB_FRONT_TOKEN_SIZE - 1 && CRYPTO_memcmp(text.at, token, text.length) == 0;
}

static void on_check(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_lab_front *front = context;
	const struct cw_web_route *route = cw_web_exchange_route(exchange);
	bool reads = cw_web_exchange_reads(exchange);
	struct cw_http_text token = {0};
	if (!cw_web_exchange_is_own_host(exchange, front->host)) {
		cw_web_exchange_fault(exchange, 421, "this lab has another name: look at what it printed");
		return;
	}
	if (route && route->role == CW_LAB_FRONT_OPEN) {
		cw_web_exchange_allow(exchange);
		return;
	}
	if (!cw_web_exchange_cookie(exchange, front->cookie, &token) || !is_token(token, front->token)) {
		cw_web_exchange_fault(
			exchange, 403, "open the address that \"causeway lab up\" printed: it has a key");
		return;
	}
	if (!reads && !cw_web_exchange_is_same_origin(exchange)) {
		cw_web_exchange_fault(exchange, 403, "not from a page of this lab");
		return;
	}
	if (!reads)
		cw_web_exchange_want_token(exchange, front->secret);
	cw_web_exchange_allow(exchange);
}

static void on_open(void *context, struct cw_web_exchange *exchange)
{
	const struct cw_lab_front *front = context;
	AUTO_WEB_ANSWER answer = {0};
	const struct cw_http_cookie cookie = {.name = cw_http_text(front->cookie),
		.value = cw_http_text(front->token),
		.path = cw_http_text("/"),
		.http_only = true,
		.same_site = CW_HTTP_SAME_SITE_STRICT};
	if (!is_token(cw_web_exchange_part(exchange, 0), front->key)) {
		cw_web_exchange_fault(exchange, 403, "this is not the key of this lab");
		return;
	}
	cw_web_answer_cookie(&answer, &cookie);
	cw_web_answer_redirect(&answer, "/");
	cw_web_exchange_answer(exchange, &answer);
}

/* --- who waits --- */

static void drop_wait(struct cw_lab_front_wait *wait)
{
	struct cw_lab_front_wait **place = &wait->front->waits;
	while (*place && *place != wait)
		place = &(*place)->next;
	if (*place)
		*place = wait->next;
	cw_lab_job_end(wait->job);
	json_decref(wait->sent);
	free(wait);
}

static void on_over(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front_wait *wait = cw_web_exchange_context(exchange);
	(void)context;
	if (!wait)
		return;
	wait->exchange = NULL;
	if (!wait->job)
		drop_wait(wait);
}

static struct cw_lab_front_wait *add_wait(
	struct cw_lab_front *front, struct cw_web_exchange *exchange, const struct cw_lab_front_wait *like)
{
	struct cw_lab_front_wait *wait = calloc(1, sizeof *wait);
	if (!wait)
		return NULL;
	*wait = *like;
	wait->front = front;
	wait->exchange = exchange;
	wait->next = front->waits;
	front->waits = wait;
	cw_web_exchange_set_context(exchange, wait);
	return wait;
}

static void on_live(void *context, struct cw_web_exchange *exchange)
{
	struct cw_lab_front *front = context;
	const struct cw_lab_front_wait nobody = {0};
	if (add_wait(front, exchange, &nobody))
		cw_web_exchange_events(exchange);
	else
		cw_web_exchange_fault(exchange, 503, "out of memory");
}

static void on_done(void *context, int status, const struct cw_buffer *output, const struct cw_buffer *errors)
{
	struct cw_lab_front_wait *wait = context;
	struct cw_web_exchange *exchange = wait->exchange;
	wait->job = NULL; /* it frees itself */
	if (exchange)
		cw_web_exchange_set_context(exchange, NULL);
	wait->done(wait, status, output, errors);
	drop_wait(wait);
}

void cw_lab_front_run(struct cw_web_exchange *exchange, const struct cw_lab_job_setup *verb,
	const struct cw_lab_front_wait *like)
{
	struct cw_lab_front *front = like->front;
	struct cw_lab_front_wait *wait = NULL;
	struct cw_error error;
	size_t jobs = 0;
	for (const struct cw_lab_front_wait *each = front->waits; each; each = each->next)
		jobs += each->job != NULL;
	if (jobs < CW_LAB_FRONT_JOBS_MAX)
		wait = add_wait(front, exchange, like);
	if (!wait) {
		json_decref(like->sent);
		cw_web_exchange_fault(exchange, 503, "busy: try again when what was asked is answered");
		return;
	}
	struct cw_lab_job_setup setup = *verb;
	setup.base = front->setup.base;
	setup.program = front->setup.program;
	setup.done = on_done;
	setup.context = wait;
	if (cw_lab_job_begin(&setup, &wait->job, &error))
		return;
	cw_web_exchange_set_context(exchange, NULL);
	drop_wait(wait);
	cw_web_exchange_fault(exchange, 503, error.message);
}

/* --- what changes --- */

void cw_lab_front_changed(struct cw_lab_front *front)
{
	struct cw_lab_front_wait *next;
	for (struct cw_lab_front_wait *each = front ? front->waits : NULL; each; each = next) {
		next = each->next;
		if (!each->job && each->exchange)
			(void)cw_web_exchange_event(each->exchange, "changed", "");
	}
}

bool cw_lab_front_told(
	struct cw_lab_front *front, size_t place, const json_t *status, bool running, size_t restarts)
{
	if (!front)
		return false;
	struct cw_lab_front_node *node = &front->nodes[place];
	bool same = node->running == running && node->restarts == restarts &&
		(status == node->status || json_equal(status, node->status));
	json_decref(node->status);
	node->status = status ? json_incref((json_t *)(uintptr_t)status) : NULL;
	node->running = running;
	node->restarts = restarts;
	return !same;
}

/* --- beginning and end --- */

static const struct cw_web_route routes[] = {
	{CW_HTTP_METHOD_GET, "/open/{}", CW_LAB_FRONT_OPEN, CW_WEB_BODY_NONE, 0, on_open, NULL},
	{CW_HTTP_METHOD_GET, "/", CW_LAB_FRONT_KEYED, CW_WEB_BODY_NONE, 0, cw_lab_front_get, NULL},
	{CW_HTTP_METHOD_GET, "/live", CW_LAB_FRONT_KEYED, CW_WEB_BODY_NONE, 0, on_live, NULL},
	{CW_HTTP_METHOD_GET, "/download", CW_LAB_FRONT_KEYED, CW_WEB_BODY_NONE, 0, cw_lab_front_download,
		NULL},
	{CW_HTTP_METHOD_GET, "/{}", CW_LAB_FRONT_KEYED, CW_WEB_BODY_NONE, 0, cw_lab_front_get, NULL},
	{CW_HTTP_METHOD_POST, "/do/ca/issue", CW_LAB_FRONT_KEYED, CW_WEB_BODY_FORM, CW_LAB_FRONT_FORM_MAX,
		cw_lab_front_issue, NULL},
	{CW_HTTP_METHOD_POST, "/do/exercise/{}", CW_LAB_FRONT_KEYED, CW_WEB_BODY_FORM, 4096,
		cw_lab_front_post_exercise, NULL},
	{CW_HTTP_METHOD_POST, "/do/lab/link", CW_LAB_FRONT_KEYED, CW_WEB_BODY_FORM, 4096,
		cw_lab_front_post_link, NULL},
	{CW_HTTP_METHOD_POST, "/do/lab/sign-in", CW_LAB_FRONT_KEYED, CW_WEB_BODY_FORM, 4096,
		cw_lab_front_sign_in, NULL},
};

static void on_accepted(void *context, evutil_socket_t socket, const struct sockaddr *from, int length)
{
	struct cw_lab_front *front = context;
	struct cw_error error;
	char text[INET_ADDRSTRLEN] = "";
	if (length >= (int)sizeof(struct sockaddr_in))
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)from)->sin_addr, text,
			sizeof text);
	(void)!cw_web_server_take(front->server, socket, text, NULL, &error);
}

static bool name_host(struct cw_lab_front *front, struct cw_error *error)
{
	struct sockaddr_in own;
	socklen_t length = sizeof own;
	if (getsockname(cw_accept_socket(front->accept), (struct sockaddr *)&own, &length) != 0)
		return cw_error_set(error, CW_E_NETWORK, "the address of the lab's page is not known");
	unsigned port = ntohs(own.sin_port);
	snprintf(front->host, sizeof front->host, "127.0.0.1:%u", port);
	/* Cookies know no ports: two labs have two names. */
	snprintf(front->cookie, sizeof front->cookie, "causeway-lab-%u", port);
	snprintf(front->url, sizeof front->url, "http://%s/open/%s", front->host, front->key);
	return true;
}

static bool listen_here(struct cw_lab_front *front, struct cw_error *error)
{
	const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct cw_accept_owner owner = {.accepted = on_accepted, .context = front};
	const struct cw_web_server_setup server = {.base = front->setup.base, .site = &front->site};
	return cw_web_server_new(&server, &front->server, error) &&
		cw_accept_open(front->setup.base, (const struct sockaddr *)&address, sizeof address, &owner,
			&front->accept, error) &&
		name_host(front, error);
}

void cw_lab_front_end(struct cw_lab_front *front)
{
	if (!front)
		return;
	cw_accept_free(front->accept);
	cw_web_server_free(front->server);
	while (front->waits)
		drop_wait(front->waits);
	for (size_t i = 0; front->nodes && i < front->setup.folders->count; i++)
		json_decref(front->nodes[i].status);
	for (size_t i = 0; i < front->issued_count; i++)
		cw_cert_free(front->issued[i].cert);
	free(front->nodes);
	json_decref(front->signed_in);
	cw_check_free(front->check);
	cw_lab_source_finish(&front->source);
	cw_buffer_finish(&front->style);
	cw_buffer_finish(&front->notice);
	OPENSSL_cleanse(front->key, sizeof front->key);
	free(front);
}

CW_DEFINE_AUTO(struct cw_lab_front *, cw_lab_front_end)

bool cw_lab_front_begin(
	const struct cw_lab_front_setup *setup, struct cw_lab_front **ret, struct cw_error *error)
{
	AUTO(cw_lab_front_end) struct cw_lab_front *front = calloc(1, sizeof *front);
	if (!front)
		return cw_error_memory(error);
	front->setup = *setup;
	front->nodes = calloc(setup->folders->count + 1, sizeof *front->nodes);
	front->signed_in = json_object();
	cw_screens_style_sheet(&front->style);
	if (!front->nodes || !front->signed_in || !cw_buffer_ok(&front->style, error))
		return cw_error_memory(error);
	front->files[0] = (struct cw_web_file){
		"/style.css", "text/css; charset=utf-8", cw_buffer_string(&front->style)};
	front->files[1] =
		(struct cw_web_file){"/script.js", "text/javascript; charset=utf-8", cw_screens_script};
	front->site = (struct cw_web_site){.routes = routes,
		.route_count = sizeof routes / sizeof *routes,
		.files = front->files,
		.file_count = 2,
		.check = on_check,
		.over = on_over,
		.context = front};
	cw_random_hex(CW_LAB_FRONT_TOKEN_BYTES, front->key);
	cw_random_hex(CW_LAB_FRONT_TOKEN_BYTES, front->token);
	cw_random_hex(CW_LAB_FRONT_TOKEN_BYTES, front->secret);
	if (!listen_here(front, error))
		return false;
	*ret = TAKE(front);
	return true;
}

const char *cw_lab_front_url(const struct cw_lab_front *front)
{
	return front->url;
}
