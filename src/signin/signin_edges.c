#include "check/question.h"
#include "net/resolve.h"
#include "signin/signin_parts.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#define SERVICE "_collab-edge._tls."
#define HTTPS_PORT 8443

/* --- DNS --- */

struct asking {
	struct cw_resolve_servers servers;
	struct cw_resolve_answer addresses;
};

static void on_servers(void *context, const struct cw_resolve_servers *answer)
{
	((struct asking *)context)->servers = *answer;
}

static void on_addresses(void *context, const struct cw_resolve_answer *answer)
{
	((struct asking *)context)->addresses = *answer;
}

/* Asks for the servers of a service, or for the addresses of a name. */
static bool ask_dns(
	struct cw_signin *signin, const char *name, bool service, struct asking *ret, struct cw_error *error)
{
	AUTO(cw_signin_exchange_free_base) struct event_base *base = event_base_new();
	AUTO(cw_resolve_free) struct cw_resolve *resolve = NULL;
	const struct sockaddr_in *server = signin->setup->dns;
	if (!base)
		return cw_error_memory(error);
	if (!cw_resolve_new(base, server, server ? 1 : 0, &resolve, error))
		return false;
	const struct cw_resolve_query *query;
	if (service)
		query = cw_resolve_ask_servers(resolve, name, on_servers, ret);
	else
		query = cw_resolve_ask(resolve, name, on_addresses, ret);
	if (!query)
		return cw_error_memory(error);
	while (!ret->servers.count && !ret->servers.why && !ret->addresses.count && !ret->addresses.why)
		if (event_base_loop(base, EVLOOP_ONCE) < 0)
			return cw_error_set(error, CW_E_NETWORK, "the event loop failed while DNS was asked");
	return true;
}

static bool given_address(const struct cw_signin *signin, const char *name, struct in_addr *ret)
{
	const char *const *places = signin->setup->places;
	size_t length = strlen(name);
	for (size_t i = 0; places && places[i]; i++)
		if (strncasecmp(places[i], name, length) == 0 && places[i][length] == '=')
			return inet_pton(AF_INET, places[i] + length + 1, ret) == 1;
	return inet_pton(AF_INET, name, ret) == 1;
}

/* One address of a name, or false in `*ret_absent` and why not. */
static bool look_up(struct cw_signin *signin, const char *name, struct in_addr *ret, const char **ret_why,
	bool *ret_absent, struct cw_error *error)
{
	struct asking asking = {0};
	*ret_why = NULL;
	*ret_absent = false;
	if (given_address(signin, name, ret))
		return true;
	if (!ask_dns(signin, name, false, &asking, error))
		return false;
	if (asking.addresses.count)
		*ret = asking.addresses.addresses[0];
	else
		*ret_why = asking.addresses.why;
	*ret_absent = asking.addresses.absent;
	return true;
}

/* What a name server says becomes a name in a handshake, a deployment and a sentence. */
static bool is_host_name(const char *name)
{
	size_t length = strlen(name);
	return length && length < sizeof((struct cw_signin_edge *)0)->name && *name != '.' && *name != '-' &&
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") == length;
}

static void add_edge(struct cw_signin *signin, const char *name, unsigned port)
{
	if (signin->edge_count >= CW_SIGNIN_EDGES_MAX || !is_host_name(name))
		return;
	struct cw_signin_edge *edge = &signin->edges[signin->edge_count++];
	snprintf(edge->name, sizeof edge->name, "%s", name);
	edge->port = port ? port : HTTPS_PORT;
}

static bool ask_service(struct cw_signin *signin, struct cw_error *error)
{
	struct asking asking = {0};
	AUTO_BUFFER name = {0}, answer = {0};
	cw_buffer_printf(&name, SERVICE "%s", signin->setup->domain);
	struct cw_sign_in_step *step =
		cw_signin_step(signin, CW_SIGN_IN_SRV, "SRV %s", cw_buffer_string(&name));
	if (!step || !cw_buffer_ok(&name, error))
		return cw_error_memory(error);
	if (!ask_dns(signin, cw_buffer_string(&name), true, &asking, error))
		return false;
	for (size_t i = 0; i < asking.servers.count; i++) {
		const struct cw_resolve_server *server = &asking.servers.items[i];
		cw_buffer_printf(&answer, "%s%s:%u", i ? ", " : "", server->name, server->port);
		add_edge(signin, server->name, server->port);
	}
	if (!asking.servers.count)
		cw_buffer_text(&answer, asking.servers.why);
	if (!cw_buffer_ok(&answer, error))
		return false;
	if (signin->edge_count)
		return cw_signin_over(signin, step, CW_VERDICT_PASS, cw_buffer_string(&answer), error);
	if (!asking.servers.absent) {
		cw_signin_end(signin, CW_SIGN_IN_SRV, CW_SERVICE_UNKNOWN);
		return cw_signin_explain(
			       step, "DNS does not answer here", "--edge HOST goes on without it", error) &&
			cw_signin_over(signin, step, CW_VERDICT_UNKNOWN, cw_buffer_string(&answer), error);
	}
	if (!cw_signin_explain(step, "no Expressway-E is published for this domain",
		    "the record belongs into the public DNS of the domain; --edge HOST goes on without it",
		    error))
		return false;
	cw_signin_end(signin, CW_SIGN_IN_SRV, CW_SERVICE_DEAD);
	return cw_signin_over(signin, step, CW_VERDICT_REFUSED, cw_buffer_string(&answer), error);
}

static bool find_address(struct cw_signin *signin, struct cw_signin_edge *edge, struct cw_error *error)
{
	const char *why;
	char text[INET_ADDRSTRLEN];
	bool absent;
	struct cw_sign_in_step *step = cw_signin_step(signin, CW_SIGN_IN_DNS, "A %s", edge->name);
	if (!step)
		return cw_error_memory(error);
	if (!look_up(signin, edge->name, &edge->address, &why, &absent, error))
		return false;
	edge->found = !why;
	if (!why)
		return cw_signin_over(signin, step, CW_VERDICT_PASS,
			inet_ntop(AF_INET, &edge->address, text, sizeof text), error);
	const char *means = absent ? "its clients do not find this Expressway-E" : "DNS does not answer here";
	enum cw_verdict verdict = absent ? CW_VERDICT_REFUSED : CW_VERDICT_UNKNOWN;
	return cw_signin_explain(step, means, "--host FQDN=IP goes on without DNS", error) &&
		cw_signin_over(signin, step, verdict, why, error);
}

/* All that DNS has of these names is nothing. */
static enum cw_service_state state_without_address(const struct cw_signin *signin)
{
	for (size_t i = 0; i < signin->record->count; i++)
		if (signin->record->steps[i].verdict == CW_VERDICT_UNKNOWN)
			return CW_SERVICE_UNKNOWN;
	return CW_SERVICE_DEAD;
}

bool cw_signin_find_edges(struct cw_signin *signin, struct cw_error *error)
{
	size_t found = 0;
	if (signin->setup->edge)
		add_edge(signin, signin->setup->edge, signin->setup->port);
	else if (!ask_service(signin, error))
		return false;
	if (signin->record->ended)
		return true;
	if (!signin->edge_count)
		return cw_error_set(
			error, CW_E_USAGE, "--edge: wanted a host name, found \"%s\"", signin->setup->edge);
	for (size_t i = 0; i < signin->edge_count; i++) {
		if (!find_address(signin, &signin->edges[i], error))
			return false;
		found += signin->edges[i].found;
	}
	if (!found)
		cw_signin_end(signin, CW_SIGN_IN_DNS, state_without_address(signin));
	else if (found < signin->edge_count)
		signin->degraded = true;
	return true;
}

/* --- what they present --- */

static const struct cw_link *link_to(const struct cw_signin_judging *judging)
{
	const struct cw_check *check = judging->signin->links;
	for (size_t i = 0; i < check->link_count; i++) {
		const struct cw_link *link = check->links[i];
		if (link->kind == judging->kind && link->server.node &&
			strcasecmp(link->server.node->fqdn, judging->name) == 0)
			return link;
	}
	return NULL;
}

static bool would_prompt(const struct cw_link *seen)
{
	for (size_t i = 0; i < seen->complaints.count; i++) {
		const struct cw_finding *finding = &seen->complaints.items[i].finding;
		if (finding->own_severity == CW_SEVERITY_REFUSED && finding->severity == CW_SEVERITY_WARN)
			return true;
	}
	return false;
}

/* A Jabber's user would be shown this certificate, and takes it: the one that was named. */
static bool is_accepted(struct cw_signin_judging *judging, const struct cw_cert *leaf)
{
	const char *accept = judging->signin->setup->accept;
	judging->prompts = accept && strcasecmp(accept, cw_cert_sha256_text(leaf)) == 0;
	judging->asks = !judging->prompts;
	return judging->prompts;
}

bool cw_signin_judge(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_signin_judging *judging = context;
	const struct cw_signin_setup *setup = judging->signin->setup;
	const struct cw_check_options options = {.at = setup->at};
	const struct cw_question_terms terms = cw_check_terms(judging->signin->links->deployment, &options);
	struct cw_question_evidence evidence = {.chain = chain, .chain_count = count};
	const struct cw_link *link = link_to(judging);
	bool refuses = true;
	if (judging->failed || judging->seen || !link)
		return false;
	evidence.lists[CW_STORE_TRUST] = setup->list;
	judging->seen = cw_link_bare(link);
	if (!judging->seen) {
		judging->failed = true;
		return cw_error_memory(&judging->error);
	}
	if (!cw_question_ask_end(&terms, judging->seen, true, &evidence, &refuses, &judging->error)) {
		judging->failed = true;
		return false;
	}
	if (refuses || judging->seen->verdict == CW_VERDICT_UNKNOWN)
		return false;
	return !would_prompt(judging->seen) || is_accepted(judging, chain[0]);
}

static const char *how(const struct cw_signin_judging *judging)
{
	if (judging->asks)
		return "Jabber would show its user this certificate and ask; nothing was sent to it";
	if (judging->prompts)
		return "Jabber asks its user, who takes this certificate (--accept)";
	return NULL;
}

static const char *next_of(const struct cw_signin_judging *judging, struct cw_buffer *text)
{
	if (!judging->asks || !judging->seen->question_count)
		return NULL;
	cw_buffer_printf(text, "to go on as a user who accepts it: --accept %s",
		cw_cert_sha256_text(judging->seen->questions[0].chain[0]));
	return cw_buffer_string(text);
}

/* The record of a handshake, from what the judge saw. */
static bool tell_handshake(struct cw_signin *signin, struct cw_sign_in_step *step,
	struct cw_signin_judging *judging, const struct cw_signin_answer *answer, struct cw_error *error)
{
	AUTO_BUFFER text = {0}, next = {0};
	enum cw_verdict verdict = answer->handshake ? CW_VERDICT_PASS : CW_VERDICT_REFUSED;
	if (judging->seen && (answer->handshake || answer->refused))
		verdict = judging->seen->verdict;
	if (!answer->connected || (judging->seen && judging->seen->verdict == CW_VERDICT_UNKNOWN))
		verdict = CW_VERDICT_UNKNOWN; /* from here it is not reached; nobody refused */
	if (answer->handshake)
		cw_buffer_printf(&text, "%s, certificate of %s", answer->version,
			judging->seen && judging->seen->question_count
				? cw_cert_subject_text(judging->seen->questions[0].chain[0])
				: judging->name);
	else
		cw_buffer_text(&text, answer->trouble);
	step->milliseconds = answer->milliseconds;
	const char *then = next_of(judging, &next);
	step->seen = TAKE(judging->seen);
	return cw_buffer_ok(&text, error) && cw_buffer_ok(&next, error) &&
		cw_signin_explain(step, how(judging), then, error) &&
		cw_signin_over(signin, step, verdict, cw_buffer_string(&text), error);
}

bool cw_signin_shake_hands(struct cw_signin *signin, struct cw_signin_edge *edge, enum cw_link_kind kind,
	unsigned port, struct cw_error *error)
{
	AUTO_SIGNIN_ANSWER answer = {0};
	struct cw_signin_judging judging = {.signin = signin, .name = edge->name, .kind = kind};
	const struct cw_signin_exchange exchange = {.place = {edge->address, port, edge->name},
		.judge = {cw_signin_judge, &judging},
		.milliseconds = cw_signin_milliseconds(signin)};
	enum cw_sign_in_place place = kind == CW_LINK_EDGE_SIP ? CW_SIGN_IN_SIP : CW_SIGN_IN_TLS;
	struct cw_sign_in_step *step = cw_signin_step(signin, place, "TLS with %s:%u", edge->name, port);
	if (!step)
		return cw_error_memory(error);
	bool good = cw_signin_exchange(&exchange, &answer, error);
	if (good && judging.failed) {
		*error = judging.error;
		good = false;
	}
	edge->passes = answer.handshake;
	edge->prompts = judging.prompts || judging.asks;
	good = good && tell_handshake(signin, step, &judging, &answer, error);
	cw_link_free(judging.seen);
	return good;
}

static enum cw_service_state state_without_edge(const struct cw_signin *signin)
{
	bool reached = false, asks = false;
	for (size_t i = 0; i < signin->record->count; i++) {
		const struct cw_sign_in_step *step = &signin->record->steps[i];
		if (step->place != CW_SIGN_IN_TLS)
			continue;
		reached = reached || step->verdict == CW_VERDICT_REFUSED;
		asks = asks || step->verdict == CW_VERDICT_WARN;
	}
	if (asks)
		return CW_SERVICE_PROMPTS;
	return reached ? CW_SERVICE_DEAD : CW_SERVICE_UNKNOWN;
}

static bool open_links(struct cw_signin *signin, struct cw_error *error)
{
	AUTO_STRINGS names = {0};
	for (size_t i = 0; i < signin->edge_count; i++)
		if (signin->edges[i].found && !cw_strings_add(&names, signin->edges[i].name))
			return cw_error_memory(error);
	return signin->setup->owner.links(signin->setup->owner.context, &names, &signin->links, error);
}

/* Every server of the answer, since every client may come to each; the first that passes is signed in to. */
bool cw_signin_try_edges(struct cw_signin *signin, struct cw_error *error)
{
	size_t passed = 0;
	if (!open_links(signin, error))
		return false;
	for (size_t i = 0; i < signin->edge_count; i++) {
		struct cw_signin_edge *edge = &signin->edges[i];
		if (!edge->found)
			continue;
		if (!cw_signin_shake_hands(signin, edge, CW_LINK_EDGE_HTTPS, edge->port, error))
			return false;
		if (edge->passes && !signin->edge)
			signin->edge = edge;
		passed += edge->passes;
	}
	if (!signin->edge)
		cw_signin_end(signin, CW_SIGN_IN_TLS, state_without_edge(signin));
	else if (passed < signin->edge_count)
		signin->degraded = true;
	return true;
}
