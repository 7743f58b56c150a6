#include "node/admin/answer_accounts.h"
#include "node/admin/answer_basic.h"
#include "node/admin/answer_first.h"
#include "node/admin/answer_session.h"

#include "node/work/node_work.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* How the work calls the roles. */
static enum cw_node_work_role work_role(enum cw_admin_role role)
{
	switch (role) {
	case CW_ADMIN_ROLE_READ_WRITE:
		return CW_ROLE_READ_WRITE;
	case CW_ADMIN_ROLE_READ_ONLY:
		return CW_ROLE_READ_ONLY;
	case CW_ADMIN_ROLE_NONE:
	case CW_ADMIN_ROLE_AUDITOR:
		break;
	}
	return CW_ROLE_AUDITOR;
}

static void do_work(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_node_work_who who = {.user = pending->user,
		.role = work_role(pending->role),
		.address = pending->address,
		.connection = pending->connection};
	AUTO(json_decref) json_t *said = NULL;
	struct cw_error error;
	if (!cw_node_work(admin->core, &who, pending->operation, pending->with, &said, &error)) {
		cw_answer_pending_refuse(pending, 500, error.message, NULL);
		return;
	}
	unsigned status = (unsigned)json_integer_value(json_object_get(said, "status"));
	json_t *answer = json_object_get(said, "answer"), *fault = json_object_get(said, "error");
	if (answer)
		cw_answer_pending_reply(pending, status, json_incref(answer), NULL);
	else
		cw_answer_pending_reply(pending, status, NULL, json_incref(fault));
}

/* What is asked here; everything else is work. The least role. */
static const struct {
	const char *operation;
	enum cw_admin_role role;
	void (*run)(struct cw_answer_pending *pending);
} operations[] = {
	{"session/begin", CW_ADMIN_ROLE_NONE, cw_answer_session_log_in},
	{"session/certificate", CW_ADMIN_ROLE_NONE, cw_answer_session_certificate},
	{"session/front", CW_ADMIN_ROLE_NONE, cw_answer_session_front},
	{"session/link", CW_ADMIN_ROLE_NONE, cw_answer_first_link},
	{"session/first", CW_ADMIN_ROLE_NONE, cw_answer_first_set},
	{"session/look", CW_ADMIN_ROLE_AUDITOR, cw_answer_session_look},
	{"session/end", CW_ADMIN_ROLE_AUDITOR, cw_answer_session_end},
	{"administrators", CW_ADMIN_ROLE_READ_WRITE, cw_answer_accounts_list},
	{"administrators/set", CW_ADMIN_ROLE_READ_WRITE, cw_answer_accounts_set},
	{"administrators/remove", CW_ADMIN_ROLE_READ_WRITE, cw_answer_accounts_remove},
};

static void run(struct cw_answer_pending *pending)
{
	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
		if (strcmp(operations[i].operation, pending->operation) != 0)
			continue;
		if (pending->role >= operations[i].role)
			operations[i].run(pending);
		else if (pending->role)
			cw_answer_pending_refuse(pending, 403, "Your role may not do that",
				"Ask an administrator with the role read-write.");
		else
			cw_answer_pending_refuse(pending, 401, "Log in first", NULL);
		return;
	}
	if (pending->role)
		do_work(pending);
	else
		cw_answer_pending_refuse(pending, 401, "Log in first", NULL);
}

/* The session's user, with the role that the list of administrators gives now. */
static void look_up(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_admin_session session;
	if (!*pending->token ||
		!cw_admin_sessions_look(
			admin->sessions, pending->token, cw_admin_parts_now(), !pending->quiet, &session))
		return;
	const struct cw_admin_account *account = cw_answer_pending_account(pending, session.user);
	if (!account) {
		cw_admin_sessions_end(admin->sessions, pending->token);
		return;
	}
	cw_answer_pending_is(pending, account);
	snprintf(pending->csrf, sizeof pending->csrf, "%s", session.csrf);
}

/* Certificate-based authentication is on, and this connection showed none: the whole page is for others. */
static void refuse_plain(struct cw_answer_pending *pending)
{
	const struct cw_snapshot *snapshot = pending->admin->core->snapshot;
	char next[400];
	snprintf(next, sizeof next, "Open https://%.250s:%u/ with a browser that has your certificate.",
		snapshot->node->fqdn, (unsigned)ntohs(snapshot->file->listen.admin_cert.sin_port));
	cw_answer_pending_refuse(
		pending, 403, "Certificate-based authentication is on: a client certificate is wanted", next);
}

void cw_admin_parts_answer(struct cw_node_admin *admin, json_t *frame)
{
	struct cw_answer_pending *pending = calloc(1, sizeof *pending);
	const char *operation = json_string_value(json_object_get(frame, "do"));
	const char *token = json_string_value(json_object_get(frame, "session"));
	if (!pending) {
		json_decref(frame);
		return;
	}
	pending->admin = admin;
	pending->known = run;
	pending->generation = admin->process.generation;
	pending->frame = frame;
	pending->next = admin->pending;
	admin->pending = pending;
	pending->id = json_integer_value(json_object_get(frame, "id"));
	pending->connection = (uint64_t)json_integer_value(json_object_get(frame, "connection"));
	pending->operation = operation ? operation : "";
	pending->token = token && strlen(token) < CW_ADMIN_ACCOUNTS_TOKEN_SIZE ? token : "";
	pending->with = json_object_get(frame, "with");
	pending->quiet = json_is_true(json_object_get(frame, "quiet"));
	const struct cw_admin_parts_connection connection =
		cw_admin_parts_connection(admin, pending->connection);
	snprintf(pending->address, sizeof pending->address, "%s", connection.address);
	snprintf(pending->named, sizeof pending->named, "%s", connection.user);
	pending->certified = connection.certified;
	if (!pending->certified && cw_admin_parts_cba(admin) != CW_CBA_NOT_REQUIRED) {
		refuse_plain(pending);
		return;
	}
	if (json_object_get(frame, "basic")) {
		cw_answer_basic(pending);
		return;
	}
	look_up(pending);
	run(pending);
}
