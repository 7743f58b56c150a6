#include "node/work/node_work.h"

#include "node/work/work_do.h"
#include "pki/error_mark.h"

#include <string.h>

#define C (1U << CW_NODE_EXPRESSWAY_C)
#define E (1U << CW_NODE_EXPRESSWAY_E)
#define U (1U << CW_NODE_CUCM)

#define READERS (1U << CW_ROLE_READ_ONLY | 1U << CW_ROLE_READ_WRITE)
#define ALL_ROLES (READERS | 1U << CW_ROLE_AUDITOR)
#define WRITERS (1U << CW_ROLE_READ_WRITE)

/* --- the table --- */

static const struct operation {
	const char *name;
	unsigned kinds; /* of nodes, as bits */
	unsigned roles;
	bool (*function)(struct cw_work_call *call);
} operations[] = {
	{"overview", C | E | U, ALL_ROLES, cw_work_do_overview},
	{"zones", C | E, READERS, cw_work_do_zones},
	{"zone", C | E, READERS, cw_work_do_zone},
	{"zone/try", C | E, WRITERS, cw_work_do_zone_try},
	{"zone/set", C | E, WRITERS, cw_work_do_zone_set},
	{"tunnels", C | E, READERS, cw_work_do_tunnels},
	{"uc", C | E, READERS, cw_work_do_uc},
	{"sessions", C, READERS, cw_work_do_sessions},
	{"identity", C | E | U, READERS, cw_work_do_identity},
	{"identity/try", C | E | U, WRITERS, cw_work_do_identity_try},
	{"identity/upload", C | E | U, WRITERS, cw_work_do_identity_upload},
	{"request/new", C | E | U, WRITERS, cw_work_do_request_new},
	{"request/discard", C | E | U, WRITERS, cw_work_do_request_discard},
	{"trust", C | E | U, READERS, cw_work_do_trust},
	{"trust/try", C | E | U, WRITERS, cw_work_do_trust_try},
	{"trust/append", C | E | U, WRITERS, cw_work_do_trust_append},
	{"trust/replace", C | E | U, WRITERS, cw_work_do_trust_replace},
	{"trust/remove", C | E | U, WRITERS, cw_work_do_trust_remove},
	{"trust/move", C | E | U, WRITERS, cw_work_do_trust_move},
	{"trust/reset", C | E, WRITERS, cw_work_do_trust_reset},
	{"crl", C | E, READERS, cw_work_do_crl},
	{"crl/upload", C | E, WRITERS, cw_work_do_crl_upload},
	{"crl/set", C | E, WRITERS, cw_work_do_crl_set},
	{"client-test", C | E, READERS, cw_work_do_client_test},
	{"cba", C | E, READERS, cw_work_do_cba},
	{"cba/set", C | E, WRITERS, cw_work_do_cba_set},
	{"cba/confirm", C | E, WRITERS, cw_work_do_cba_confirm},
	{"traversal-test", C, READERS, cw_work_do_traversal_test},
	{"cucm-servers", C, READERS, cw_work_do_servers},
	{"cucm-servers/add", C, WRITERS, cw_work_do_servers_add},
	{"cucm-servers/remove", C, WRITERS, cw_work_do_servers_remove},
	{"cucm-servers/refresh", C, WRITERS, cw_work_do_servers_refresh},
	{"domains", C | E, READERS, cw_work_do_domains},
	{"domains/add", C | E, WRITERS, cw_work_do_domains_add},
	{"domains/remove", C | E, WRITERS, cw_work_do_domains_remove},
	{"restart", C | E | U, WRITERS, cw_work_do_restart},
	{"events", C | E | U, ALL_ROLES, cw_work_do_events},
	{"metrics", C | E | U, READERS, cw_work_do_metrics},
	{"certificates", U, READERS, cw_work_do_certificates},
	{"certificate/try", U, WRITERS, cw_work_do_certificate_try},
	{"certificate/upload", U, WRITERS, cw_work_do_certificate_upload},
	{"certificate/delete", U, WRITERS, cw_work_do_certificate_delete},
	{"certificate/regenerate", U, WRITERS, cw_work_do_certificate_regenerate},
};
#define COUNT (sizeof operations / sizeof *operations)

const char *cw_node_work_operation(size_t index, bool *ret_writes, unsigned *ret_kinds)
{
	if (index >= COUNT)
		return NULL;
	*ret_writes = operations[index].roles == WRITERS;
	*ret_kinds = operations[index].kinds;
	return operations[index].name;
}

const char *cw_node_work_role_name(enum cw_node_work_role role)
{
	static const char *const names[] = {[CW_ROLE_READ_ONLY] = "read-only",
		[CW_ROLE_AUDITOR] = "auditor",
		[CW_ROLE_READ_WRITE] = "read-write"};
	return names[role];
}

/* --- one operation --- */

static const struct operation *find(const struct cw_node_core *core, const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(operations[i].name, name) == 0 &&
			(operations[i].kinds >> core->snapshot->node->kind & 1))
			return &operations[i];
	return NULL;
}

static bool do_it(struct cw_work_call *call)
{
	const struct operation *operation = find(call->core, call->operation);
	if (!operation)
		return cw_work_call_refuse(call, 404, "The manual of the REST lists what there is.",
			"%s has no operation \"%.60s\"", cw_node_kind_name(call->core->snapshot->node->kind),
			call->operation);
	if (!(operation->roles >> call->who->role & 1))
		return cw_work_call_refuse(call, 403, "Ask an administrator whose role is read-write.",
			"%s: wanted a role that may do this, found %s", operation->name,
			cw_node_work_role_name(call->who->role));
	if (!json_is_object(call->with))
		return cw_work_call_refuse(call, 400, NULL, "%s: wanted an object \"with\"", operation->name);
	return operation->function(call);
}

static json_t *page_of(const struct cw_work_call *call)
{
	struct cw_json json = {0};
	const struct cw_node *node = call->core->snapshot->node;
	AUTO(json_decref) json_t *page = json_object();
	cw_json_put(&json, page, "node", cw_json_text(node->fqdn));
	cw_json_put(&json, page, "role", cw_json_text(cw_node_kind_name(node->kind)));
	cw_json_put(&json, page, "user", cw_json_text(call->who->user));
	cw_json_put(&json, page, "user_role", cw_json_text(cw_node_work_role_name(call->who->role)));
	cw_json_put(&json, page, "alarms", cw_json_count(call->core->alarm_count));
	return json.failed ? NULL : TAKE(page);
}

static json_t *refusal_of(const struct cw_work_call *call)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *refusal = json_object();
	cw_json_put(&json, refusal, "text", cw_json_text(call->text));
	cw_json_put(&json, refusal, "next", cw_json_text(*call->next ? call->next : NULL));
	return json.failed ? NULL : TAKE(refusal);
}

bool cw_node_work(struct cw_node_core *core, const struct cw_node_work_who *who, const char *operation,
	const json_t *with, json_t **ret_answer, struct cw_error *error)
{
	AUTO(json_decref) json_t *answer = json_object(), *nothing = json_object(), *frame = json_object();
	struct cw_work_call call = {.core = core,
		.who = who,
		.operation = operation,
		.with = with && !json_is_null(with) ? with : nothing,
		.answer = answer,
		.error = error};
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	if (!answer || !nothing || !frame)
		return cw_error_memory(error);
	bool good = do_it(&call);
	if (!good && call.status < 400)
		return false;
	if (good && !call.status)
		call.status = 200;
	cw_json_put(&call.json, frame, "status", json_integer(call.status));
	if (good) {
		cw_work_call_put(&call, "page", page_of(&call));
		cw_json_put(&call.json, frame, "answer", json_incref(answer));
	} else {
		cw_json_put(&call.json, frame, "error", refusal_of(&call));
		cw_json_put(&call.json, frame, "page", page_of(&call));
	}
	if (call.json.failed ||
		cw_error_mark_out_of_memory(&mark)) /* a part that nobody missed may be missing */
		return cw_error_memory(error);
	*ret_answer = TAKE(frame);
	return true;
}
