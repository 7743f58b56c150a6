#include "node/admin/answer_session.h"

#include "node/admin/answer_password.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

void cw_answer_session_begin(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_json json = {0};
	struct cw_admin_session session;
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	json_t *answer = json_object();
	cw_admin_sessions_begin(admin->sessions, pending->user, cw_admin_parts_now(), token);
	if (cw_admin_sessions_look(admin->sessions, token, cw_admin_parts_now(), true, &session))
		snprintf(pending->csrf, sizeof pending->csrf, "%s", session.csrf);
	cw_json_put(&json, answer, "token", cw_json_text(token));
	explicit_bzero(token, sizeof token);
	cw_answer_pending_tell(
		pending, "log-in", "administrators", cw_admin_accounts_role_name(pending->role));
	cw_node_core_say(admin->core, "log-in: %s (%s) from %s", pending->user,
		cw_admin_accounts_role_name(pending->role), pending->address);
	cw_answer_pending_reply(pending, 200, answer, NULL);
}

static void on_log_in(struct cw_answer_pending *pending, const struct cw_admin_password_answer *answer)
{
	if (cw_answer_password_is_right(pending, cw_answer_pending_text(pending, "user"), answer))
		cw_answer_session_begin(pending);
}

void cw_answer_session_log_in(struct cw_answer_pending *pending)
{
	if (cw_admin_parts_cba(pending->admin) == CW_CBA_AUTHENTICATION) {
		cw_answer_pending_refuse(
			pending, 403, "Certificate authentication is on: a password lets nobody in", NULL);
		return;
	}
	if (*pending->token)
		cw_admin_sessions_end(pending->admin->sessions, pending->token);
	cw_answer_password_check(pending, cw_answer_pending_text(pending, "user"),
		cw_answer_pending_text(pending, "password"), on_log_in);
}

void cw_answer_session_certificate(struct cw_answer_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account = NULL;
	if (cw_admin_parts_cba(admin) == CW_CBA_AUTHENTICATION && pending->certified && *pending->named)
		account = cw_answer_pending_account(pending, pending->named);
	if (!account) {
		cw_node_core_say(admin->core, "log-in refused: the certificate's user \"%s\" from %s",
			pending->named, pending->address);
		cw_answer_pending_refuse(pending, 403, "The certificate names no administrator of this node",
			"Client certificate testing shows whom it names.");
		return;
	}
	if (*pending->token)
		cw_admin_sessions_end(admin->sessions, pending->token);
	cw_answer_pending_is(pending, account);
	cw_answer_session_begin(pending);
}

void cw_answer_session_end(struct cw_answer_pending *pending)
{
	cw_admin_sessions_end(pending->admin->sessions, pending->token);
	cw_answer_pending_tell(pending, "log-out", "administrators", NULL);
	pending->user[0] = pending->csrf[0] = '\0';
	cw_answer_pending_reply(pending, 200, json_object(), NULL);
}

void cw_answer_session_look(struct cw_answer_pending *pending)
{
	cw_answer_pending_reply(pending, 200, json_object(), NULL);
}

void cw_answer_session_front(struct cw_answer_pending *pending)
{
	struct cw_json json = {0};
	struct cw_node_admin *admin = pending->admin;
	json_t *answer = json_object();
	cw_json_put(&json, answer, "certificate_only",
		json_boolean(cw_admin_parts_cba(admin) == CW_CBA_AUTHENTICATION));
	cw_json_put(&json, answer, "nobody",
		json_boolean(cw_admin_parts_accounts(admin) && !admin->accounts.count));
	cw_answer_pending_reply(pending, 200, answer, NULL);
}
