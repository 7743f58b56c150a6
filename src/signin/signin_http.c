#include "signin/signin_parts.h"
#include "signin/signin_status.h"

#include "http/http_auth.h"
#include "http/http_cookie.h"
#include "http/http_prefix.h"
#include "http/http_write.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define COOKIE_NAME "X-Auth"
#define TFTP_PORT 6972
#define UDS_PORT 8443
/* Each of which is asked: against an answer with servers without end; a cluster of Unified CM has 20 nodes at most. */
#define SERVERS_MAX 20

/* --- a request --- */

static bool has_password(struct cw_signin *signin, struct cw_error *error)
{
	const struct cw_signin_setup *setup = signin->setup;
	if (!signin->password && !setup->owner.password(setup->owner.context, &signin->password, error))
		return false;
	return signin->credentials.length ||
		cw_http_auth_write_basic(&signin->credentials, cw_http_text(setup->user),
			cw_http_text(signin->password), error);
}

static bool write_request(struct cw_signin *signin, const struct cw_signin_request *request,
	struct cw_buffer *ret, struct cw_error *error)
{
	size_t from = ret->length;
	AUTO_BUFFER host = {0};
	cw_buffer_printf(&host, "%s:%u", signin->edge->name, signin->edge->port);
	if (!cw_buffer_ok(&host, error) ||
		!cw_http_write_request(ret, CW_HTTP_METHOD_GET, cw_http_text(request->target), error) ||
		!cw_http_write_named(ret, "Host", cw_buffer_string(&host), error) ||
		!cw_http_write_named(ret, "User-Agent", "causeway sign-in", error) ||
		!cw_http_write_named(ret, "Accept", "text/xml", error))
		return false;
	if (request->with_password &&
		(!has_password(signin, error) ||
			!cw_http_write_named(
				ret, "Authorization", cw_buffer_string(&signin->credentials), error)))
		return false;
	if (request->with_cookie && signin->cookie.length &&
		!cw_http_write_named(ret, "Cookie", cw_buffer_string(&signin->cookie), error))
		return false;
	cw_http_write_close(ret);
	return cw_http_write_head_end(ret, from, error);
}

static void wipe(struct cw_buffer *buffer)
{
	if (buffer->data)
		OPENSSL_cleanse(buffer->data, buffer->length);
	cw_buffer_finish(buffer);
}

#define AUTO_WIPED __attribute__((cleanup(wipe))) struct cw_buffer

bool cw_signin_ask(struct cw_signin *signin, const struct cw_signin_request *request,
	struct cw_signin_answer *ret, struct cw_sign_in_step **ret_step, struct cw_error *error)
{
	AUTO_WIPED bytes = {0};
	struct cw_signin_judging judging = {
		.signin = signin, .name = signin->edge->name, .kind = CW_LINK_EDGE_HTTPS};
	const struct cw_signin_exchange exchange = {
		.place = {signin->edge->address, signin->edge->port, signin->edge->name},
		.judge = {cw_signin_judge, &judging},
		.request = &bytes,
		.method = CW_HTTP_METHOD_GET,
		.milliseconds = cw_signin_milliseconds(signin)};
	*ret_step = cw_signin_step(signin, request->place, "GET %s", request->what);
	if (!*ret_step)
		return cw_error_memory(error);
	if (!write_request(signin, request, &bytes, error))
		return false;
	bool good = cw_signin_exchange(&exchange, ret, error);
	if (good && judging.failed) {
		*error = judging.error;
		good = false;
	}
	cw_link_free(judging.seen);
	(*ret_step)->milliseconds = ret->milliseconds;
	return good;
}

/* "200 OK from CE_C ECS" */
static void write_answer(const struct cw_signin_answer *answer, struct cw_buffer *ret)
{
	struct cw_http_text server;
	if (!answer->whole) {
		cw_buffer_text(ret, answer->trouble);
		return;
	}
	const struct cw_http_start *start = &cw_http_reader_head(answer->reader)->start;
	cw_buffer_printf(ret, "%u %.*s", start->status, (int)start->phrase.length,
		start->phrase.length ? start->phrase.at : "");
	if (cw_signin_exchange_field(answer, CW_HTTP_FIELD_SERVER, &server))
		cw_buffer_printf(ret, " from %.*s", (int)server.length, server.at);
}

static bool over(struct cw_signin *signin, struct cw_sign_in_step *step, enum cw_verdict verdict,
	const struct cw_signin_answer *answer, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	write_answer(answer, &text);
	return cw_buffer_ok(&text, error) &&
		cw_signin_over(signin, step, verdict, cw_buffer_string(&text), error);
}

static const struct cw_signin_status *row_of(const struct cw_signin_answer *answer, bool relayed)
{
	char phrase[64] = "";
	if (!answer->whole)
		return NULL;
	const struct cw_http_start *start = &cw_http_reader_head(answer->reader)->start;
	if (start->phrase.length < sizeof phrase && start->phrase.length)
		memcpy(phrase, start->phrase.at, start->phrase.length);
	return cw_signin_status_find(start->status, phrase, relayed);
}

bool cw_signin_failed(struct cw_signin *signin, struct cw_sign_in_step *step,
	const struct cw_signin_answer *answer, bool ends, struct cw_error *error)
{
	bool relayed = step->place > CW_SIGN_IN_CONFIG;
	const struct cw_signin_status *row = row_of(answer, relayed);
	const char *means = row ? row->means : "an answer that a client does not expect here";
	if (!answer->whole)
		means = "no whole answer came";
	signin->denied = signin->denied || cw_signin_exchange_status(answer) == 401;
	/* Which part of the way it was, a status alone tells: the step is that part's. A file's server is a part by itself. */
	bool moves = row &&
		(row->place == CW_SIGN_IN_TUNNEL ||
			(row->place == CW_SIGN_IN_TOMCAT && step->place != CW_SIGN_IN_TFTP));
	if (moves)
		step->place = row->place;
	if (ends)
		cw_signin_end(signin, step->place,
			answer->whole || answer->handshake ? CW_SERVICE_DEAD : CW_SERVICE_UNKNOWN);
	return cw_signin_explain(step, means, row ? row->next : NULL, error) &&
		over(signin, step, CW_VERDICT_REFUSED, answer, error);
}

/* "/B64(domain)" and what follows. */
static bool own_target(
	const struct cw_signin *signin, const char *rest, struct cw_buffer *ret, struct cw_error *error)
{
	cw_http_prefix_write_domain(ret, cw_http_text(signin->setup->domain));
	cw_buffer_text(ret, rest);
	return cw_buffer_ok(ret, error);
}

/* --- get_edge_sso --- */

/* A parameter's value: what is no plain letter or digit goes as %XX. */
static void write_parameter(struct cw_buffer *ret, const char *value)
{
	for (; *value; value++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@", *value))
			cw_buffer_char(ret, *value);
		else
			cw_buffer_printf(ret, "%%%02X", (unsigned)(unsigned char)*value);
}

/*
 * The shape of its answer is in no public document. What counts is whether the edge takes a password
 * (get_edge_config says so); this step shows what it said, and is never the end by itself.
 */
bool cw_signin_ask_sso(struct cw_signin *signin, struct cw_error *error)
{
	AUTO_BUFFER rest = {0}, target = {0};
	AUTO_SIGNIN_ANSWER answer = {0};
	struct cw_sign_in_step *step;
	cw_buffer_text(&rest, "/get_edge_sso?email=");
	write_parameter(&rest, signin->setup->user);
	if (!strchr(signin->setup->user, '@')) {
		cw_buffer_char(&rest, '@');
		write_parameter(&rest, signin->setup->domain);
	}
	if (!cw_buffer_ok(&rest, error) || !own_target(signin, cw_buffer_string(&rest), &target, error))
		return false;
	const struct cw_signin_request request = {
		.place = CW_SIGN_IN_SSO, .what = "get_edge_sso", .target = cw_buffer_string(&target)};
	if (!cw_signin_ask(signin, &request, &answer, &step, error))
		return false;
	const struct cw_signin_status *row = row_of(&answer, false);
	if (row && row->place == CW_SIGN_IN_TUNNEL)
		return cw_signin_failed(signin, step, &answer, true, error);
	if (!answer.whole)
		return cw_signin_failed(signin, step, &answer, true, error);
	if (!cw_signin_explain(step,
		    cw_signin_exchange_status(&answer) == 200 ? "this edge speaks of single sign-on"
							      : "single sign-on is not offered here",
		    NULL, error))
		return false;
	return over(signin, step, CW_VERDICT_PASS, &answer, error);
}

/* --- get_edge_config --- */

static bool offers_basic(const struct cw_signin_answer *answer)
{
	const struct cw_http_head *head = cw_http_reader_head(answer->reader);
	for (size_t i = 0; i < head->field_count; i++) {
		const struct cw_http_field field = cw_http_head_field(head, i);
		if (field.known == CW_HTTP_FIELD_WWW_AUTHENTICATE &&
			cw_http_text_same_word(cw_http_text_part(field.value, 0, 5), "Basic"))
			return true;
	}
	return false;
}

/* A cookie that Jabber would use: with a time at which it ends, for a domain in which this edge is. */
static const char *take_cookie(struct cw_signin *signin, const struct cw_signin_answer *answer)
{
	const struct cw_http_head *head = cw_http_reader_head(answer->reader);
	enum cw_http_reason reason;
	for (size_t i = 0; i < head->field_count; i++) {
		const struct cw_http_field field = cw_http_head_field(head, i);
		struct cw_http_cookie cookie;
		if (field.known != CW_HTTP_FIELD_SET_COOKIE ||
			!cw_http_cookie_parse_set(field.value, &cookie, &reason) ||
			!cw_http_text_equal(cookie.name, COOKIE_NAME))
			continue;
		if (!cookie.has_expires)
			return "its cookie has no valid time at which it ends, so Jabber drops the answer";
		const char *end = signin->edge->name;
		size_t length = strlen(end);
		if (cookie.domain.length > length ||
			(cookie.domain.length &&
				strncasecmp(end + length - cookie.domain.length, cookie.domain.at,
					cookie.domain.length) != 0))
			return "its cookie is for another domain than this edge's, so clients do not send it "
			       "back";
		signin->cookie.length = 0;
		cw_buffer_printf(
			&signin->cookie, COOKIE_NAME "=%.*s", (int)cookie.value.length, cookie.value.at);
		return NULL;
	}
	return "it has no cookie " COOKIE_NAME ", without which nothing else is answered";
}

/* Each server once, however often it is named. */
static bool add_name(struct cw_strings *names, const char *name, struct cw_error *error)
{
	return !*name || names->count == SERVERS_MAX || cw_strings_contain_name(names, name) ||
		cw_strings_add(names, name) || cw_error_memory(error);
}

/* An address of the configuration in an URL of the prefix: no more than a name. */
static bool add_servers(struct cw_signin *signin, struct cw_error *error)
{
	const char *name;
	for (size_t i = 0; (name = cw_signin_xml_find(&signin->config, "service/server/address", i)); i++)
		if (!add_name(&signin->servers, name, error))
			return false;
	for (size_t i = 0; (name = cw_signin_xml_find(&signin->config, "userUdsServer/server/address", i));
		i++)
		if (!add_name(&signin->servers, name, error))
			return false;
	return true;
}

static bool take_config(struct cw_signin *signin, struct cw_sign_in_step *step,
	const struct cw_signin_answer *answer, struct cw_error *error)
{
	struct cw_error why;
	const char *wrong = take_cookie(signin, answer);
	AUTO_BUFFER text = {0};
	if (!wrong && !cw_signin_xml_read(answer->body.data, answer->body.length, &signin->config, &why)) {
		cw_buffer_printf(&text, "its configuration cannot be read: %s", why.message);
		wrong = cw_buffer_string(&text);
	}
	if (!wrong && !cw_signin_xml_find(&signin->config, "sipEdgeServer/server/address", 0))
		wrong = "its configuration names no server for SIP, so clients have no phone services";
	if (!cw_buffer_ok(&text, error) || !add_servers(signin, error))
		return false;
	if (!wrong)
		return over(signin, step, CW_VERDICT_PASS, answer, error);
	cw_signin_end(signin, CW_SIGN_IN_CONFIG, CW_SERVICE_DEAD);
	return cw_signin_explain(step, wrong, NULL, error) &&
		over(signin, step, CW_VERDICT_REFUSED, answer, error);
}

static bool through(struct cw_signin *signin, struct cw_error *error)
{
	struct cw_sign_in_step *step =
		cw_signin_step(signin, CW_SIGN_IN_TUNNEL, "Expressway-C, through the tunnel");
	if (!step)
		return cw_error_memory(error);
	return cw_signin_over(signin, step, CW_VERDICT_PASS, "it answered", error);
}

/* Asked without a password first: whoever does not want one does not get it. */
static bool ask_challenge(
	struct cw_signin *signin, const char *target, bool *ret_go_on, struct cw_error *error)
{
	AUTO_SIGNIN_ANSWER answer = {0};
	struct cw_sign_in_step *step;
	const struct cw_signin_request request = {
		.place = CW_SIGN_IN_CONFIG, .what = "get_edge_config, without a password", .target = target};
	*ret_go_on = false;
	if (!cw_signin_ask(signin, &request, &answer, &step, error))
		return false;
	if (cw_signin_exchange_status(&answer) != 401)
		return cw_signin_failed(signin, step, &answer, true, error);
	if (offers_basic(&answer)) {
		*ret_go_on = true;
		return over(signin, step, CW_VERDICT_PASS, &answer, error);
	}
	step->place = CW_SIGN_IN_SSO;
	cw_signin_end(signin, CW_SIGN_IN_SSO, CW_SERVICE_UNKNOWN);
	return cw_signin_explain(step,
		       "this edge takes no password: single sign-on only, which is not tried here. What passed "
		       "before stands",
		       NULL, error) &&
		over(signin, step, CW_VERDICT_UNKNOWN, &answer, error);
}

bool cw_signin_ask_config(struct cw_signin *signin, struct cw_error *error)
{
	AUTO_BUFFER target = {0};
	AUTO_SIGNIN_ANSWER answer = {0};
	struct cw_sign_in_step *step;
	bool go_on;
	if (!own_target(signin, "/get_edge_config?service_name=_cisco-uds&service_name=_cuplogin", &target,
		    error) ||
		!ask_challenge(signin, cw_buffer_string(&target), &go_on, error))
		return false;
	if (!go_on)
		return true;
	if (!through(signin, error))
		return false;
	const struct cw_signin_request request = {.place = CW_SIGN_IN_CONFIG,
		.what = "get_edge_config, with the password",
		.target = cw_buffer_string(&target),
		.with_password = true};
	if (!cw_signin_ask(signin, &request, &answer, &step, error))
		return false;
	if (cw_signin_exchange_status(&answer) != 200)
		return cw_signin_failed(signin, step, &answer, true, error);
	return take_config(signin, step, &answer, error);
}

/* --- UDS and files, relayed --- */

/* What is asked of a server behind the edge. */
struct behind {
	enum cw_sign_in_place place;
	const char *host;
	unsigned port;
	const char *path;
};

/* By the prefix of its target. */
static bool server_target(
	struct cw_signin *signin, const struct behind *behind, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_http_prefix prefix;
	memset(&prefix, 0, sizeof prefix);
	prefix.domain = cw_http_text(signin->setup->domain);
	prefix.is_https = true;
	prefix.host = cw_http_text(behind->host);
	prefix.port = (uint16_t)behind->port;
	cw_http_prefix_write_server(ret, &prefix);
	cw_buffer_text(ret, behind->path);
	return cw_buffer_ok(ret, error);
}

/* *ret_good: 200, and XML. The sign-in does not end with a failure. */
static bool ask_server(struct cw_signin *signin, const struct behind *behind, struct cw_signin_xml *ret,
	bool *ret_good, struct cw_error *error)
{
	AUTO_BUFFER target = {0}, what = {0};
	AUTO_SIGNIN_ANSWER answer = {0};
	struct cw_sign_in_step *step;
	struct cw_error why;
	*ret_good = false;
	cw_buffer_printf(&what, "https://%s:%u%s", behind->host, behind->port, behind->path);
	if (!cw_buffer_ok(&what, error) || !server_target(signin, behind, &target, error))
		return false;
	const struct cw_signin_request request = {.place = behind->place,
		.what = cw_buffer_string(&what),
		.target = cw_buffer_string(&target),
		.with_password = behind->place == CW_SIGN_IN_UDS && !signin->denied,
		.with_cookie = true};
	if (!cw_signin_ask(signin, &request, &answer, &step, error))
		return false;
	if (cw_signin_exchange_status(&answer) != 200)
		return cw_signin_failed(signin, step, &answer, false, error);
	if (!cw_signin_xml_read(answer.body.data, answer.body.length, ret, &why))
		return cw_signin_explain(step, why.message, NULL, error) &&
			over(signin, step, CW_VERDICT_REFUSED, &answer, error);
	*ret_good = true;
	return over(signin, step, CW_VERDICT_PASS, &answer, error);
}

static bool no_server(struct cw_signin *signin, enum cw_sign_in_place place, struct cw_error *error)
{
	struct cw_sign_in_step *step = cw_signin_step(signin, place, "a server of get_edge_config's answer");
	return step ? cw_signin_over(signin, step, CW_VERDICT_REFUSED, "it names none", error)
		    : cw_error_memory(error);
}

/*
 * None of them answers: a client has neither its devices nor their configuration, and nothing to sign in to ("log in fails
 * after an upgrade or certificate renewal", the Expressway troubleshooting guide; check/route.h counts it the same).
 */
static bool lost(struct cw_signin *signin, enum cw_sign_in_place place)
{
	const struct cw_sign_in_step *last = &signin->record->steps[signin->record->count - 1];
	cw_signin_end(signin, last->verdict == CW_VERDICT_REFUSED ? last->place : place, CW_SERVICE_DEAD);
	return true;
}

/* Every server of the answer, since every client may come to each. */
bool cw_signin_ask_uds(struct cw_signin *signin, struct cw_error *error)
{
	AUTO_BUFFER path = {0};
	bool any = false;
	cw_buffer_text(&path, "/cucm-uds/user/");
	write_parameter(&path, signin->setup->user);
	cw_buffer_text(&path, "/devices");
	if (!cw_buffer_ok(&path, error))
		return false;
	for (size_t i = 0; i < signin->servers.count && !signin->denied; i++) {
		bool good;
		AUTO_SIGNIN_XML devices = {0};
		const struct behind uds = {
			CW_SIGN_IN_UDS, signin->servers.items[i], UDS_PORT, cw_buffer_string(&path)};
		if (!ask_server(signin, &uds, &devices, &good, error))
			return false;
		signin->degraded = signin->degraded || !good;
		any = any || good;
		const char *name = good ? cw_signin_xml_find(&devices, "device/name", 0) : NULL;
		if (name && !signin->device && !(signin->device = strdup(name)))
			return cw_error_memory(error);
	}
	if (!signin->servers.count && !no_server(signin, CW_SIGN_IN_UDS, error))
		return false;
	return any || lost(signin, CW_SIGN_IN_UDS);
}

static bool take_file(struct cw_signin *signin, const struct cw_signin_xml *file, struct cw_error *error)
{
	const char *name;
	for (size_t i = 0; (name = cw_signin_xml_find(file, "callManager/processNodeName", i)); i++)
		if (!add_name(&signin->registrars, name, error))
			return false;
	return true;
}

/* The device's file, from every TFTP server; where the user has no device, there is none to ask for. */
bool cw_signin_ask_file(struct cw_signin *signin, struct cw_error *error)
{
	AUTO_BUFFER path = {0};
	AUTO_STRINGS servers = {0};
	bool any = false;
	const char *server;
	if (!signin->device)
		return true;
	cw_buffer_char(&path, '/');
	write_parameter(&path, signin->device);
	cw_buffer_text(&path, ".cnf.xml");
	if (!cw_buffer_ok(&path, error))
		return false;
	for (size_t i = 0; (server = cw_signin_xml_find(&signin->config, "service/address", i)); i++)
		if (!add_name(&servers, server, error))
			return false;
	for (size_t i = 0; i < servers.count; i++) {
		bool good;
		AUTO_SIGNIN_XML file = {0};
		const struct behind tftp = {
			CW_SIGN_IN_TFTP, servers.items[i], TFTP_PORT, cw_buffer_string(&path)};
		if (!ask_server(signin, &tftp, &file, &good, error) ||
			(good && !take_file(signin, &file, error)))
			return false;
		signin->degraded = signin->degraded || !good;
		any = any || good;
	}
	if (!servers.count && !no_server(signin, CW_SIGN_IN_TFTP, error))
		return false;
	return any || lost(signin, CW_SIGN_IN_TFTP);
}
