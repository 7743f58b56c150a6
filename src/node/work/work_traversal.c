#include "node/work/work_traversal.h"

#include "check/links.h"
#include "model/presented.h"
#include "net/connection.h"
#include "node/node_find.h"
#include "node/work/work_do.h"
#include "node/work/work_json.h"
#include "node/work/work_working.h"
#include "traversal/conversation.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* A result is told for so long without a new test. */
#define KEPT_SECONDS 300

static const struct cw_limits limits = {
	.connect = 5000, .handshake = 10000, .first_byte = 5000, .idle = 5000, .drain = 1000};

enum stage { STAGE_DNS, STAGE_TCP, STAGE_TLS, STAGE_JUDGED, STAGE_ACCEPTED, STAGE_COUNT };
static const char *const stage_names[STAGE_COUNT] = {"dns", "tcp", "tls", "judged", "accepted"};

struct told {
	const char *state;
	char text[600], code[64];
};

struct cw_work_traversal {
	struct cw_node_core *core;
	char *fqdn;
	unsigned port;
	struct cw_node_find find;
	bool finding;
	SSL_CTX *tls;
	struct cw_connection *connection;
	struct cw_conversation sip;
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	size_t chain_count;
	struct cw_snapshot_answer answer;
	struct told stages[STAGE_COUNT];
	bool running;
	cw_time ended;
};

void cw_work_traversal_cancel(struct cw_work_traversal *test)
{
	if (!test || !test->finding)
		return;
	cw_node_find_cancel(&test->find);
	test->finding = test->running = false;
}

void cw_work_traversal_free(struct cw_work_traversal *test)
{
	if (!test)
		return;
	cw_work_traversal_cancel(test);
	cw_connection_free(test->connection);
	SSL_CTX_free(test->tls);
	cw_conversation_finish(&test->sip);
	for (size_t i = 0; i < test->chain_count; i++)
		cw_cert_free(test->chain[i]);
	free(test->fqdn);
	free(test);
}

/* --- stages --- */

static void tell(struct cw_work_traversal *test, enum stage stage, bool good, const char *text)
{
	test->stages[stage].state = good ? "good" : "bad";
	snprintf(test->stages[stage].text, sizeof test->stages[stage].text, "%s", text);
}

static void end(struct cw_work_traversal *test)
{
	test->running = false;
	test->ended = cw_time_now();
	for (size_t i = 0; i < STAGE_COUNT; i++)
		if (strcmp(test->stages[i].state, "waiting") == 0)
			test->stages[i].state = "skipped";
}

/* The link to a peer of that address, as the zone would be asked. */
static struct cw_link *link_to(const struct cw_snapshot *snapshot, const char *fqdn)
{
	const struct cw_link *link = cw_snapshot_link(snapshot, CW_LINK_TRAVERSAL, NULL, fqdn);
	if (!link)
		link = cw_snapshot_link(snapshot, CW_LINK_TRAVERSAL, NULL, NULL);
	struct cw_link *own = link ? cw_link_bare(link) : NULL;
	if (own)
		own->address = fqdn;
	return own;
}

static int on_ask(void *context, struct cw_cert *const *chain, size_t count)
{
	struct cw_work_traversal *test = context;
	const struct cw_snapshot *snapshot = test->core->snapshot;
	AUTO(cw_link_free) struct cw_link *link = link_to(snapshot, test->fqdn);
	struct cw_error error;
	for (size_t i = test->chain_count; i < count && i < CW_PATH_DEPTH_MAX; i++)
		test->chain[test->chain_count++] = cw_cert_ref(chain[i]);
	const struct cw_snapshot_evidence evidence = {.chain = test->chain,
		.count = test->chain_count,
		.cache = test->core->cache,
		.now = cw_time_now()};
	if (!link || !cw_snapshot_ask(snapshot, link, &evidence, &test->answer, &error))
		return SSL_AD_INTERNAL_ERROR;
	tell(test, STAGE_TCP, true, "the port is open");
	tell(test, STAGE_JUDGED, !test->answer.refuses,
		test->answer.refuses ? test->answer.detail : "its certificate passes here");
	snprintf(test->stages[STAGE_JUDGED].code, sizeof test->stages[STAGE_JUDGED].code, "%s",
		test->answer.code);
	return test->answer.refuses ? test->answer.alert : CW_TLS_ACCEPT;
}

static void on_up(void *context, struct cw_connection *connection)
{
	struct cw_work_traversal *test = context;
	AUTO_BUFFER out = {0};
	tell(test, STAGE_TCP, true, "the port is open");
	tell(test, STAGE_TLS, true, SSL_get_version(cw_connection_ssl(connection)));
	test->sip = (struct cw_conversation){
		.kind = CW_CONVERSATION_OPTIONS, .host = test->fqdn, .document = "{}"};
	cw_conversation_ask(&test->sip, &out);
	if (out.failed)
		cw_connection_refuse(connection, "out of memory");
	else
		cw_connection_send(connection, out.data, out.length);
}

/* Bytes of the other side come behind its judge. */
static void on_received(void *context, struct cw_connection *connection, const char *data, size_t length)
{
	struct cw_work_traversal *test = context;
	(void)data;
	(void)length;
	tell(test, STAGE_ACCEPTED, true, "it takes the certificate of this node");
	cw_connection_close(connection);
}

static void on_ended(
	void *context, struct cw_connection *connection, const struct cw_connection_report *report)
{
	struct cw_work_traversal *test = context;
	(void)connection;
	test->connection = NULL; /* it frees itself */
	if (test->answer.refuses)
		tell(test, STAGE_TLS, false, "ended by this node: see the next stage");
	else if (report->step == CW_STEP_CONNECT)
		tell(test, STAGE_TCP, false, report->reason);
	else if (!report->handshake_done)
		tell(test, STAGE_TLS, false, report->reason);
	else if (strcmp(test->stages[STAGE_ACCEPTED].state, "good") != 0)
		tell(test, STAGE_ACCEPTED, false, report->reason);
	end(test);
}

/* --- connecting --- */

static bool make_tls(struct cw_work_traversal *test, struct cw_error *error)
{
	const struct cw_snapshot *snapshot = test->core->snapshot;
	AUTO(cw_link_free) struct cw_link *link = link_to(snapshot, test->fqdn);
	struct cw_cert *chain[CW_PATH_DEPTH_MAX];
	enum cw_identity_kind kind;
	if (!link)
		return cw_error_set(error, CW_E_USAGE, "this node has no traversal zone");
	const struct cw_link_ends ends = cw_link_ends(link);
	if (!cw_presented_identity(&ends, false, &kind) || !snapshot->node->identities[kind].private_key)
		return cw_error_set(
			error, CW_E_KEY, "the certificate that this node presents has no key here");
	const struct cw_tls_setup setup = {.versions = cw_snapshot_versions(snapshot),
		.keylog = test->core->keylog,
		.security_level = 0, /* the judge refuses, not the library */
		.chain = chain,
		.chain_count = cw_presented_chain(snapshot->node, kind, chain),
		.key = snapshot->node->identities[kind].private_key,
		.asks = true};
	return cw_tls_context(&setup, &test->tls, error);
}

static bool connect_to(struct cw_work_traversal *test, const struct in_addr *address, struct cw_error *error)
{
	struct cw_node_core *core = test->core;
	const struct sockaddr_in from = {
		.sin_family = AF_INET, .sin_addr = core->snapshot->file->listen.from};
	const struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)test->port), .sin_addr = *address};
	if (!make_tls(test, error))
		return false;
	const struct cw_connection_setup setup = {.base = core->base,
		.tls = test->tls,
		.judge = {.ask = on_ask,
			.context = test,
			.known = core->snapshot->pool,
			.seen = core->recent},
		.limits = &limits,
		.owner = {.up = on_up, .received = on_received, .ended = on_ended, .context = test}};
	const struct cw_connection_route route = {
		(const struct sockaddr *)&from, (const struct sockaddr *)&to, sizeof to, test->fqdn};
	return cw_connection_open(&setup, &route, &test->connection, error);
}

static void on_found(void *context, const struct in_addr *address, const char *why)
{
	struct cw_work_traversal *test = context;
	struct cw_error error;
	char text[INET_ADDRSTRLEN];
	test->finding = false;
	if (!address) {
		tell(test, STAGE_DNS, false, why);
		end(test);
		return;
	}
	tell(test, STAGE_DNS, true, inet_ntop(AF_INET, address, text, sizeof text));
	if (connect_to(test, address, &error))
		return;
	tell(test, STAGE_TCP, false, error.message);
	end(test);
}

static bool begin(struct cw_work_call *call, const char *fqdn)
{
	struct cw_node_core *core = call->core;
	const struct cw_zone *zone = cw_node_file_zone(core->snapshot->file);
	struct cw_work_traversal *test = calloc(1, sizeof *test);
	cw_work_traversal_free(core->working->traversal);
	core->working->traversal = test;
	if (!test || !(test->fqdn = strdup(fqdn)))
		return cw_work_call_memory(call);
	test->core = core;
	test->port = zone ? zone->port : 7001;
	test->running = test->finding = true;
	for (size_t i = 0; i < STAGE_COUNT; i++)
		test->stages[i].state = "waiting";
	test->find = (struct cw_node_find){.found = on_found, .context = test};
	cw_node_find(core, &test->find, test->fqdn);
	return true;
}

/* --- what is told --- */

static const char *result_of(const struct cw_work_traversal *test)
{
	if (test->running)
		return NULL;
	for (size_t i = 0; i < STAGE_COUNT; i++)
		if (strcmp(test->stages[i].state, "good") != 0)
			return "bad";
	return "good";
}

static bool is_reached(const struct cw_work_traversal *test)
{
	return strcmp(test->stages[STAGE_DNS].state, "bad") != 0 &&
		strcmp(test->stages[STAGE_TCP].state, "bad") != 0;
}

/* "<FQDN> cannot be reached": the page's own words; all others are ours. */
static json_t *page_text(const struct cw_work_traversal *test)
{
	AUTO_BUFFER text = {0};
	const char *result = result_of(test);
	if (!result)
		return json_null();
	if (!is_reached(test))
		cw_buffer_printf(&text, "%s cannot be reached", test->fqdn);
	else if (strcmp(result, "good") == 0)
		cw_buffer_printf(&text,
			"%s is reached, and a secure traversal zone to it would be established", test->fqdn);
	else
		cw_buffer_printf(
			&text, "%s is reached, and a secure traversal zone to it would fail", test->fqdn);
	return text.failed ? NULL : cw_json_text(cw_buffer_string(&text));
}

static void put_stages(struct cw_work_call *call, const struct cw_work_traversal *test)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		const struct told *told = &test->stages[i];
		json_t *row = json_object();
		cw_json_put(&call->json, row, "stage", cw_json_text(stage_names[i]));
		cw_json_put(&call->json, row, "state", cw_json_text(told->state));
		cw_json_put(&call->json, row, "text", cw_json_text(told->text));
		cw_json_put(&call->json, row, "code", cw_json_text(*told->code ? told->code : NULL));
		cw_json_add(&call->json, rows, row);
	}
	cw_work_call_put(call, "stages", rows);
}

static bool put_findings(struct cw_work_call *call, const struct cw_work_traversal *test)
{
	AUTO_FINDINGS findings = {0};
	enum cw_code code;
	if (test->answer.refuses && cw_finding_code_named(test->answer.code, &code)) {
		struct cw_finding *finding =
			cw_findings_add(&findings, code, 0, test->chain_count ? test->chain[0] : NULL);
		cw_finding_severity(finding, CW_SEVERITY_REFUSED);
		cw_finding_detail(&findings, finding, "%s", test->answer.detail);
	}
	cw_work_call_put(call, "findings", cw_work_json_findings(&findings));
	return cw_findings_ok(&findings, call->error);
}

static bool is_kept(const struct cw_work_traversal *test, const char *fqdn)
{
	return test && strcasecmp(test->fqdn, fqdn) == 0 &&
		(test->running || cw_time_now() - test->ended < KEPT_SECONDS);
}

bool cw_work_do_traversal_test(struct cw_work_call *call)
{
	const char *fqdn;
	bool again = false;
	if (!cw_work_call_want(call, "fqdn", &fqdn) || !cw_work_call_switch(call, "again", &again))
		return false;
	if (!cw_work_call_is_host(fqdn))
		return cw_work_call_refuse(
			call, 400, NULL, "fqdn: wanted the FQDN of the Expressway-E, found \"%.100s\"", fqdn);
	if (!call->core->working || !call->core->base)
		return cw_work_call_refuse(call, 409, NULL, "this node does not run: nothing can be tested");
	if ((again || !is_kept(call->core->working->traversal, fqdn)) && !begin(call, fqdn))
		return false;
	const struct cw_work_traversal *test = call->core->working->traversal;
	cw_work_call_put(call, "fqdn", cw_json_text(test->fqdn));
	cw_work_call_put(call, "running", json_boolean(test->running));
	cw_work_call_put(call, "result", cw_json_text(result_of(test)));
	cw_work_call_put(call, "page_text", page_text(test));
	put_stages(call, test);
	cw_work_call_put(call, "chain",
		cw_work_json_certs((struct cw_cert *const *)test->chain, test->chain_count, cw_time_now()));
	return put_findings(call, test);
}
