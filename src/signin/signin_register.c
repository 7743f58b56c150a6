#include "signin/signin_parts.h"

#include "base/random.h"
#include "sip/sip_auth_client.h"
#include "sip/sip_frame.h"
#include "sip/sip_writer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_BYTES 16
#define SIP_PORT 5061
/* What a registration asks for; Unified CM gives 120 seconds ("How Phone Services Failover works for Jabber 14"). */
#define EXPIRES 120
/* Jabber for desktops, as it names itself there. */
#define MODEL "503"
/* REGISTER, its challenge, REGISTER with the answer; the same to leave: against a server that challenges for ever. */
#define MESSAGES_MAX 6

/* One registration under way, on one connection. */
struct registering {
	struct cw_signin *signin;
	const char *registrar; /* the Unified CM that is registered at */
	const struct cw_signin_edge *edge;
	struct cw_signin_judging judging;
	struct cw_sip_frame frame;
	struct cw_sip_auth_client auth;
	char token[CW_RANDOM_HEX_SIZE(TOKEN_BYTES)]; /* of tags, branches, Call-ID and instance */
	unsigned sequence;
	bool leaves; /* it takes its registration back */
	struct cw_buffer uri;
	unsigned status; /* of the last final answer; 0: none came */
	char said[256];	 /* its reason, and a Warning's text */
	char trouble[200];
	bool registered, failed;
	struct cw_error error;
};

static bool write_register(struct registering *registering, struct cw_buffer *ret, struct cw_error *error)
{
	const struct cw_signin *signin = registering->signin;
	struct cw_sip_writer writer = {.out = ret};
	const char *token = registering->token;
	const char *route = cw_signin_xml_find(&signin->config, "sipRequest/route", 0);
	unsigned expires = registering->leaves ? 0 : EXPIRES;
	registering->sequence++;
	cw_sip_writer_request(&writer, "REGISTER", cw_buffer_string(&registering->uri));
	cw_sip_writer_field(&writer, CW_SIP_VIA, "SIP/2.0/TLS causeway.invalid;branch=z9hG4bK%s%u;rport",
		token, registering->sequence);
	cw_sip_writer_field(&writer, CW_SIP_MAX_FORWARDS, "70");
	if (route && *route)
		cw_sip_writer_field(&writer, CW_SIP_ROUTE, "%s", route);
	cw_sip_writer_field(
		&writer, CW_SIP_FROM, "<sip:%s@%s>;tag=%s", signin->device, registering->registrar, token);
	cw_sip_writer_field(&writer, CW_SIP_TO, "<sip:%s@%s>", signin->device, registering->registrar);
	cw_sip_writer_field(&writer, CW_SIP_CALL_ID, "%s@causeway.invalid", token);
	cw_sip_writer_field(&writer, CW_SIP_CSEQ, "%u REGISTER", registering->sequence);
	cw_sip_writer_field(&writer, CW_SIP_CONTACT,
		"<sip:%s@causeway.invalid;transport=tls>;+sip.instance=\"<urn:uuid:%.8s-%.4s-4%.3s-8%.3s-%.12s>\""
		";+u.sip!devicename.ccm.cisco.com=\"%s\";+u.sip!model.ccm.cisco.com=\"" MODEL "\";reg-id=1",
		token, token, token + 8, token + 12, token + 15, token + 20, signin->device);
	cw_sip_writer_field(&writer, CW_SIP_EXPIRES, "%u", expires);
	cw_sip_writer_field(&writer, CW_SIP_SUPPORTED, "path, outbound, gruu");
	cw_sip_writer_field(&writer, CW_SIP_USER_AGENT, "causeway sign-in");
	return cw_sip_auth_client_write(
		       &registering->auth, &writer, "REGISTER", cw_buffer_string(&registering->uri), error) &&
		cw_sip_writer_end(&writer, NULL, (struct cw_sip_text){0}, error);
}

static void fail(struct registering *registering, struct cw_connection *connection)
{
	registering->failed = true;
	cw_connection_close(connection);
}

static void send_register(struct registering *registering, struct cw_connection *connection)
{
	AUTO_BUFFER text = {0};
	if (registering->sequence >= MESSAGES_MAX) {
		snprintf(registering->trouble, sizeof registering->trouble,
			"it asked for credentials again and again");
		cw_connection_close(connection);
	} else if (!write_register(registering, &text, &registering->error)) {
		fail(registering, connection);
	} else {
		cw_connection_send(connection, text.data, text.length);
		cw_connection_touch(connection);
	}
}

static void note(struct registering *registering, const struct cw_sip_message *message)
{
	const struct cw_sip_text warning = cw_sip_message_field(message, CW_SIP_WARNING, 0);
	AUTO_BUFFER said = {0};
	registering->status = message->start.status;
	cw_buffer_printf(&said, "%u ", message->start.status);
	cw_buffer_append(&said, message->start.reason.data, message->start.reason.length);
	if (warning.length) {
		cw_buffer_text(&said, ", Warning: ");
		cw_buffer_append(&said, warning.data, warning.length);
	}
	snprintf(registering->said, sizeof registering->said, "%s", cw_buffer_string(&said));
}

static bool is_challenge(const struct registering *registering)
{
	return registering->status == 401 || registering->status == 407;
}

/* A final answer: the next REGISTER, or the end. */
static void on_final(struct registering *registering, struct cw_connection *connection,
	const struct cw_sip_message *message)
{
	enum cw_sip_auth_client_state state;
	note(registering, message);
	if (is_challenge(registering)) {
		if (!cw_sip_auth_client_take(&registering->auth, message, &state, &registering->error))
			fail(registering, connection);
		else if (state == CW_SIP_AUTH_CLIENT_AGAIN)
			send_register(registering, connection);
		else
			cw_connection_close(connection);
		return;
	}
	if (registering->status != 200 || registering->leaves) {
		cw_connection_close(connection);
		return;
	}
	/* The device's own registration may come back at once. */
	registering->registered = true;
	cw_sip_auth_client_accepted(&registering->auth);
	registering->leaves = true;
	send_register(registering, connection);
}

static void on_up(void *context, struct cw_connection *connection)
{
	send_register(context, connection);
}

static bool take_message(struct registering *registering, struct cw_connection *connection,
	const struct cw_sip_frame_piece *piece)
{
	AUTO(cw_sip_message_free) struct cw_sip_message *message = NULL;
	if (!cw_sip_message_parse(piece->data, piece->length, piece->head, &message, &registering->error))
		return false;
	if (!message->refusal.status && message->start.status >= 200)
		on_final(registering, connection, message);
	return true;
}

static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct registering *registering = context;
	struct cw_sip_frame_piece piece;
	if (!cw_sip_frame_feed(&registering->frame, data, length, &registering->error)) {
		fail(registering, connection);
		return;
	}
	while (!registering->failed && cw_sip_frame_next(&registering->frame, &piece) != CW_SIP_FRAME_MORE) {
		if (piece.kind == CW_SIP_FRAME_BROKEN) {
			snprintf(registering->trouble, sizeof registering->trouble,
				"its answer is no SIP: %s", piece.reason);
			cw_connection_close(connection);
			return;
		}
		if (piece.kind == CW_SIP_FRAME_MESSAGE && !take_message(registering, connection, &piece))
			fail(registering, connection);
	}
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct registering *registering = context;
	(void)connection;
	if (!registering->status && !*registering->trouble)
		snprintf(registering->trouble, sizeof registering->trouble, "%s",
			report->end == CW_END_TIME ? "no answer to REGISTER" : report->reason);
}

static int on_chain(void *context, struct cw_cert *const *chain, size_t count)
{
	struct registering *registering = context;
	return cw_signin_judge(&registering->judging, chain, count) ? CW_TLS_ACCEPT : TLS1_AD_UNKNOWN_CA;
}

static bool talk(struct registering *registering, unsigned port, struct cw_error *error)
{
	AUTO(cw_signin_exchange_free_base) struct event_base *base = event_base_new();
	AUTO(SSL_CTX_free) SSL_CTX *tls = NULL;
	const struct cw_tls_setup how = {.asks = true};
	unsigned limit = cw_signin_milliseconds(registering->signin);
	const struct cw_limits limits = {limit, limit, limit, limit, 200};
	const struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = registering->edge->address};
	struct cw_connection *connection = NULL;
	if (!base)
		return cw_error_memory(error);
	if (!cw_tls_context(&how, &tls, error))
		return false;
	const struct cw_connection_setup setup = {.base = base,
		.tls = tls,
		.judge = {.ask = on_chain, .context = registering},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = registering}};
	const struct cw_connection_route route = {.to = (const struct sockaddr *)&to,
		.length = sizeof to,
		.server_name = registering->edge->name};
	struct cw_error why;
	if (cw_connection_open(&setup, &route, &connection, &why))
		event_base_dispatch(base);
	else
		snprintf(registering->trouble, sizeof registering->trouble, "%.199s", why.message);
	if (registering->judging.failed)
		*error = registering->judging.error;
	else if (registering->failed)
		*error = registering->error;
	return !registering->failed && !registering->judging.failed;
}

/* --- what it is worth --- */

static const char *means_of(const struct registering *registering)
{
	if (registering->registered)
		return "registered, and taken back at once";
	if (!registering->status)
		return "Expressway-E holds a REGISTER whose SERVICE check fails: Expressway-C refuses "
		       "Expressway-E's certificate there, or does not answer; people sign in without phone services";
	if (registering->status == 403)
		return "Unified CM has no phone security profile of that name for Expressway-C's certificate, or the "
		       "device is not the user's";
	if (is_challenge(registering))
		return "the digest's user or password is wrong: that of the End User, or of the device";
	return "the registration is refused";
}

static bool tell(struct registering *registering, struct cw_sign_in_step *step, struct cw_error *error)
{
	const char *next = NULL;
	if (registering->status == 403)
		next = "the sip-out links of `causeway check`: each Encrypted profile's name belongs into "
		       "Expressway-C's certificate";
	else if (!registering->status)
		next = "the service links of `causeway check`";
	enum cw_verdict verdict = registering->registered ? CW_VERDICT_PASS : CW_VERDICT_REFUSED;
	const char *answer = *registering->said ? registering->said : registering->trouble;
	struct cw_signin *signin = registering->signin;
	signin->record->registered = signin->record->registered || registering->registered;
	signin->degraded = signin->degraded || !registering->registered;
	return cw_signin_explain(step, means_of(registering), registering->registered ? NULL : next, error) &&
		cw_signin_over(registering->signin, step, verdict, answer, error);
}

/* *ret_answered: something came back, so that another Unified CM may be asked. */
static bool register_at(struct cw_signin *signin, const struct cw_signin_edge *edge, const char *registrar,
	bool *ret_answered, struct cw_error *error)
{
	struct registering registering = {.signin = signin,
		.registrar = registrar,
		.edge = edge,
		.judging = {.signin = signin, .name = edge->name, .kind = CW_LINK_EDGE_SIP},
		.frame = {.dialled = true},
		.auth = {.username = signin->setup->user, .password = signin->password}};
	cw_random_hex(TOKEN_BYTES, registering.token);
	cw_buffer_printf(&registering.uri, "sip:%s", registrar);
	struct cw_sign_in_step *step = cw_signin_step(signin, CW_SIGN_IN_REGISTER,
		"REGISTER %s with %s at %s:%u", signin->device, registrar, edge->name, edge->port);
	bool good = (step || cw_error_memory(error)) && cw_buffer_ok(&registering.uri, error) &&
		talk(&registering, edge->port, error) && tell(&registering, step, error);
	*ret_answered = registering.status && !is_challenge(&registering);
	cw_sip_frame_finish(&registering.frame);
	cw_sip_auth_client_finish(&registering.auth);
	cw_buffer_finish(&registering.uri);
	cw_link_free(registering.judging.seen);
	return good;
}

/*
 * With every Unified CM of the device's group, since it comes to each of them when another is away. Not with the next one
 * where nothing came back (Expressway-E holds every registration then), nor where the password was refused.
 */
static bool register_with_all(
	struct cw_signin *signin, const struct cw_signin_edge *edge, struct cw_error *error)
{
	bool answered = true;
	if (!signin->registrars.count && !cw_strings_add(&signin->registrars, signin->setup->domain))
		return cw_error_memory(error);
	for (size_t i = 0; answered && i < signin->registrars.count; i++)
		if (!register_at(signin, edge, signin->registrars.items[i], &answered, error))
			return false;
	return true;
}

/* --- which edge --- */

static const struct cw_signin_edge *edge_named(const struct cw_signin *signin, const char *name)
{
	for (size_t i = 0; i < signin->edge_count; i++)
		if (strcasecmp(signin->edges[i].name, name) == 0 && signin->edges[i].found)
			return &signin->edges[i];
	return NULL;
}

/* A peer of the cluster that this sign-in did not meet: it is asked for with its own domain's records. */
static bool tell_stranger(struct cw_signin *signin, const char *name, struct cw_error *error)
{
	struct cw_sign_in_step *step = cw_signin_step(signin, CW_SIGN_IN_SIP, "TLS with %s", name);
	return step
		? cw_signin_over(signin, step, CW_VERDICT_UNKNOWN,
			  "not tried: it is none of the Expressway-E that were found for this domain", error)
		: cw_error_memory(error);
}

static bool without_phone(struct cw_signin *signin)
{
	enum cw_endpoint_kind kind = signin->setup->kind;
	bool soft = kind == CW_ENDPOINT_JABBER || kind == CW_ENDPOINT_WEBEX;
	const struct cw_sign_in_step *last = &signin->record->steps[signin->record->count - 1];
	enum cw_service_state state = soft ? CW_SERVICE_DEGRADED : CW_SERVICE_DEAD;
	if (last->verdict == CW_VERDICT_UNKNOWN)
		state = CW_SERVICE_UNKNOWN;
	if (last->verdict == CW_VERDICT_WARN)
		state = CW_SERVICE_PROMPTS;
	cw_signin_end(signin, last->place, state);
	return true;
}

static unsigned port_of(const struct cw_signin *signin, size_t number)
{
	const char *port = cw_signin_xml_find(&signin->config, "sipEdgeServer/server/tlsPort", number);
	unsigned long found = port ? strtoul(port, NULL, 10) : 0;
	return found && found < 65536 ? (unsigned)found : SIP_PORT;
}

/* The servers for SIP that the configuration names: what each presents, and registrations at the first that passes. */
bool cw_signin_register(struct cw_signin *signin, struct cw_error *error)
{
	const char *name;
	struct cw_signin_edge at = {0};
	for (size_t i = 0; (name = cw_signin_xml_find(&signin->config, "sipEdgeServer/server/address", i));
		i++) {
		const struct cw_signin_edge *met = edge_named(signin, name);
		if (!met) {
			if (!tell_stranger(signin, name, error))
				return false;
			continue;
		}
		struct cw_signin_edge edge = *met;
		edge.port = port_of(signin, i);
		if (!cw_signin_shake_hands(signin, &edge, CW_LINK_EDGE_SIP, edge.port, error))
			return false;
		if (edge.passes && !at.passes)
			at = edge;
		signin->degraded = signin->degraded || !edge.passes;
	}
	if (!at.passes)
		return without_phone(signin);
	signin->record->register_left_out = !signin->setup->device;
	if (!signin->setup->device)
		return true;
	if (!register_with_all(signin, &at, error))
		return false;
	return signin->record->registered || without_phone(signin);
}
