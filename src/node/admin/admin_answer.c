#include "node/admin/admin_parts.h"

#include "node/work/node_work.h"
#include "report/json.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* One frame, taken apart. Texts point into the frame. */
struct cw_admin_pending {
	struct cw_node_admin *admin;
	unsigned generation;
	json_t *frame;
	json_int_t id;
	uint64_t connection;
	const char *operation, *token; /* token "": none */
	const json_t *with;
	char address[64];
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];  /* who was found out to ask; "": nobody */
	char csrf[CW_ADMIN_ACCOUNTS_DIGEST_SIZE];   /* of the session */
	bool certified;				    /* the connection showed a certificate that was let in */
	char named[CW_ADMIN_ACCOUNTS_USER_MAX + 1]; /* whom it names; "": nobody */
	bool checks, joined,
		woken; /* its password is being checked; it waits for one that is the same; no longer */
	bool quiet;    /* a page renews itself: nobody is there because of that */
	enum cw_admin_role role;
	void (*then)(struct cw_admin_pending *pending, const struct cw_admin_password_answer *answer);
	struct cw_admin_pending *next;
};

/* --- what goes back --- */

static void drop(struct cw_admin_pending *pending)
{
	struct cw_admin_pending **place = &pending->admin->pending;
	while (*place != pending)
		place = &(*place)->next;
	*place = pending->next;
	json_decref(pending->frame);
	explicit_bzero(pending, sizeof *pending);
	free(pending);
}

void cw_admin_parts_forget(struct cw_node_admin *admin)
{
	while (admin->pending)
		drop(admin->pending);
}

static json_t *page_of(const struct cw_admin_pending *pending)
{
	const struct cw_node_core *core = pending->admin->core;
	struct cw_json json = {0};
	json_t *page = json_object();
	cw_json_put(&json, page, "node", cw_json_text(core->snapshot->node->fqdn));
	cw_json_put(&json, page, "role", cw_json_text(cw_node_kind_name(core->snapshot->node->kind)));
	if (*pending->user) {
		cw_json_put(&json, page, "user", cw_json_text(pending->user));
		cw_json_put(
			&json, page, "user_role", cw_json_text(cw_admin_accounts_role_name(pending->role)));
		cw_json_put(&json, page, "alarms", cw_json_count(core->alarm_count));
		cw_json_put(&json, page, "csrf", cw_json_text(pending->csrf));
	}
	return page;
}

/* Sends what there is to say and drops the pending frame. Takes `answer` and `fault`; one of them is NULL. */
static void reply(struct cw_admin_pending *pending, unsigned status, json_t *answer, json_t *fault)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *frame = json_object();
	json_object_set_new(frame, "id", json_integer(pending->id));
	cw_json_put(&json, frame, "status", cw_json_count(status));
	if (answer) {
		json_t *page = json_object_get(answer, "page");
		if (!page)
			cw_json_put(&json, answer, "page", page_of(pending));
		else if (*pending->csrf)
			json_object_set_new(page, "csrf", json_string(pending->csrf));
		cw_json_put(&json, frame, "answer", answer);
	}
	if (fault) {
		cw_json_put(&json, frame, "error", fault);
		cw_json_put(&json, frame, "page", page_of(pending));
	}
	cw_admin_parts_send(pending->admin, pending->generation, frame);
	drop(pending);
}

static void refuse(struct cw_admin_pending *pending, unsigned status, const char *text, const char *next)
{
	struct cw_json json = {0};
	json_t *fault = json_object();
	cw_json_put(&json, fault, "text", cw_json_text(text));
	cw_json_put(&json, fault, "next", cw_json_text(next));
	reply(pending, status, NULL, fault);
}

static void refuse_wait(struct cw_admin_pending *pending, uint64_t seconds)
{
	char text[120];
	snprintf(text, sizeof text, "Too many failed log-ins: try again in %llu seconds",
		(unsigned long long)seconds);
	refuse(pending, 429, text, NULL);
}

static const char *text_of(const struct cw_admin_pending *pending, const char *key)
{
	const char *text = json_string_value(json_object_get(pending->with, key));
	return text ? text : "";
}

static void tell(
	const struct cw_admin_pending *pending, const char *kind, const char *about, const char *text)
{
	const struct cw_node_history_event event = {
		.kind = kind, .about = about, .who = pending->user, .after = pending->address, .text = text};
	cw_node_history_tell(pending->admin->core->history, &event);
}

/* --- passwords --- */

static void wake_joined(struct cw_node_admin *admin);

static void on_password(void *context, const struct cw_admin_password_answer *answer)
{
	struct cw_admin_pending *pending = context;
	struct cw_node_admin *admin = pending->admin;
	if (answer->worked) {
		pending->then(pending, answer);
		return;
	}
	refuse(pending, 503, "The password could not be checked now", "Try again.");
	wake_joined(admin);
}

/* Counts as failed until it is found right, so that many at once are no way round the waiting. */
static void check_password(struct cw_admin_pending *pending, const char *user, const char *password,
	void (*then)(struct cw_admin_pending *, const struct cw_admin_password_answer *))
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_password_owner owner = {on_password, pending};
	uint64_t now = cw_admin_parts_now();
	uint64_t wait = cw_admin_backoff_wait(&admin->backoff, user, pending->address, now);
	struct cw_error error;
	if (wait) {
		refuse_wait(pending, wait);
		return;
	}
	const struct cw_admin_account *account =
		cw_admin_parts_accounts(admin) ? cw_admin_accounts_find(&admin->accounts, user) : NULL;
	cw_admin_backoff_failed(&admin->backoff, user, pending->address, now);
	pending->then = then;
	if (!cw_admin_password_check(
		    admin->password, password, account ? account->hash : NULL, &owner, &error))
		refuse(pending, 429, error.message, "Try again.");
}

/* The account, where the password is right and it is still there. Else it is said and told. */
static bool is_right(
	struct cw_admin_pending *pending, const char *user, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account =
		cw_admin_parts_accounts(admin) ? cw_admin_accounts_find(&admin->accounts, user) : NULL;
	if (answer->matches && account) {
		cw_admin_backoff_worked(&admin->backoff, user, pending->address);
		snprintf(pending->user, sizeof pending->user, "%s", account->user);
		pending->role = account->role;
		return true;
	}
	const struct cw_node_history_event event = {.kind = "log-in-refused",
		.about = "administrators",
		.who = user,
		.after = pending->address,
		.text = "user name or password is wrong"};
	cw_node_history_tell(admin->core->history, &event);
	cw_node_core_say(admin->core, "log-in refused: %.64s from %s", user, pending->address);
	refuse(pending, 401, "Invalid username or password", NULL);
	return false;
}

/* --- sessions --- */

static void begin_session(struct cw_admin_pending *pending)
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
	tell(pending, "log-in", "administrators", cw_admin_accounts_role_name(pending->role));
	cw_node_core_say(admin->core, "log-in: %s (%s) from %s", pending->user,
		cw_admin_accounts_role_name(pending->role), pending->address);
	reply(pending, 200, answer, NULL);
}

static void on_log_in(struct cw_admin_pending *pending, const struct cw_admin_password_answer *answer)
{
	if (is_right(pending, text_of(pending, "user"), answer))
		begin_session(pending);
}

/* Certificate-based authentication is on, and this connection showed none: the whole page is for others. */
static void refuse_plain(struct cw_admin_pending *pending)
{
	const struct cw_snapshot *snapshot = pending->admin->core->snapshot;
	char next[400];
	snprintf(next, sizeof next, "Open https://%.250s:%u/ with a browser that has your certificate.",
		snapshot->node->fqdn, (unsigned)ntohs(snapshot->file->listen.admin_cert.sin_port));
	refuse(pending, 403, "Certificate-based authentication is on: a client certificate is wanted", next);
}

/* Certificate authentication: the user whom the certificate names, without a password. */
static void do_certificate(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account = NULL;
	if (cw_admin_parts_cba(admin) == CW_CBA_AUTHENTICATION && pending->certified && *pending->named &&
		cw_admin_parts_accounts(admin))
		account = cw_admin_accounts_find(&admin->accounts, pending->named);
	if (!account) {
		cw_node_core_say(admin->core, "log-in refused: the certificate's user \"%s\" from %s",
			pending->named, pending->address);
		refuse(pending, 403, "The certificate names no administrator of this node",
			"Client certificate testing shows whom it names.");
		return;
	}
	if (*pending->token)
		cw_admin_sessions_end(admin->sessions, pending->token);
	snprintf(pending->user, sizeof pending->user, "%s", account->user);
	pending->role = account->role;
	begin_session(pending);
}

/* A log-in makes a new session; one that was there before ends. */
static void do_begin(struct cw_admin_pending *pending)
{
	if (cw_admin_parts_cba(pending->admin) == CW_CBA_AUTHENTICATION) {
		refuse(pending, 403, "Certificate authentication is on: a password lets nobody in", NULL);
		return;
	}
	if (*pending->token)
		cw_admin_sessions_end(pending->admin->sessions, pending->token);
	check_password(pending, text_of(pending, "user"), text_of(pending, "password"), on_log_in);
}

static void do_end(struct cw_admin_pending *pending)
{
	cw_admin_sessions_end(pending->admin->sessions, pending->token);
	tell(pending, "log-out", "administrators", NULL);
	pending->user[0] = pending->csrf[0] = '\0';
	reply(pending, 200, json_object(), NULL);
}

static void do_look(struct cw_admin_pending *pending)
{
	reply(pending, 200, json_object(), NULL);
}

/* What the log-in page needs: nothing of the node but its name. */
static void do_front(struct cw_admin_pending *pending)
{
	struct cw_json json = {0};
	struct cw_node_admin *admin = pending->admin;
	json_t *answer = json_object();
	cw_json_put(&json, answer, "certificate_only",
		json_boolean(cw_admin_parts_cba(admin) == CW_CBA_AUTHENTICATION));
	cw_json_put(&json, answer, "nobody",
		json_boolean(cw_admin_parts_accounts(admin) && !admin->accounts.count));
	reply(pending, 200, answer, NULL);
}

/* --- the first password --- */

static bool is_link(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	uint64_t wait = cw_admin_backoff_wait(&admin->backoff, "", pending->address, cw_admin_parts_now());
	if (wait) {
		refuse_wait(pending, wait);
		return false;
	}
	if (cw_admin_parts_accounts(admin) &&
		cw_admin_accounts_is_link(&admin->accounts, text_of(pending, "token"), cw_time_now()))
		return true;
	cw_admin_backoff_failed(&admin->backoff, "", pending->address, cw_admin_parts_now());
	refuse(pending, 403, "This link is no longer good: it can be used once, within an hour",
		"causeway node link prints a new one.");
	return false;
}

static void do_link(struct cw_admin_pending *pending)
{
	struct cw_json json = {0};
	if (!is_link(pending))
		return;
	json_t *answer = json_object();
	cw_json_put(&json, answer, "token", cw_json_text(text_of(pending, "token")));
	cw_json_put(&json, answer, "user", cw_json_text(pending->admin->accounts.link_user));
	cw_json_put(&json, answer, "expires", cw_json_time(pending->admin->accounts.link_until));
	reply(pending, 200, answer, NULL);
}

static void on_first(struct cw_admin_pending *pending, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_admin_accounts *accounts = &admin->accounts;
	struct cw_error error;
	if (!is_link(pending)) /* two at once: the first one counts */
		return;
	const char *user = accounts->link_user;
	const struct cw_admin_account *there = cw_admin_accounts_find(accounts, user);
	pending->role = there ? there->role : CW_ADMIN_ROLE_READ_WRITE;
	snprintf(pending->user, sizeof pending->user, "%s", user);
	accounts->link_hash[0] = '\0';
	if (!cw_admin_accounts_set(accounts, pending->user, pending->role, answer->hash, &error) ||
		!cw_admin_parts_accounts_write(admin, &error)) {
		admin->accounts_read = false;
		pending->user[0] = '\0';
		refuse(pending, 409, error.message, NULL);
		return;
	}
	cw_admin_sessions_end_user(admin->sessions, pending->user, NULL);
	tell(pending, "change", "administrators", "password set by the one-time link");
	begin_session(pending);
}

static void make_password(struct cw_admin_pending *pending, const char *text,
	void (*then)(struct cw_admin_pending *, const struct cw_admin_password_answer *))
{
	const struct cw_admin_password_owner owner = {on_password, pending};
	struct cw_error error;
	pending->then = then;
	if (!cw_admin_password_make(pending->admin->password, text, &owner, &error))
		refuse(pending, 400, error.message, NULL);
}

static void do_first(struct cw_admin_pending *pending)
{
	const char *again = text_of(pending, "again");
	if (!is_link(pending))
		return;
	if (*again && strcmp(again, text_of(pending, "password")) != 0)
		refuse(pending, 400, "The two passwords differ", NULL);
	else
		make_password(pending, text_of(pending, "password"), on_first);
}

/* --- administrators --- */

static void do_list(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_json json = {0};
	if (!cw_admin_parts_accounts(admin)) {
		refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	json_t *answer = json_object(), *rows = json_array();
	for (size_t i = 0; i < admin->accounts.count; i++) {
		const struct cw_admin_account *account = &admin->accounts.items[i];
		uint64_t wait =
			cw_admin_backoff_wait(&admin->backoff, account->user, "", cw_admin_parts_now());
		json_t *row = json_object();
		cw_json_put(&json, row, "user", cw_json_text(account->user));
		cw_json_put(&json, row, "role", cw_json_text(cw_admin_accounts_role_name(account->role)));
		cw_json_put(&json, row, "last", json_null());
		cw_json_put(&json, row, "locked_until",
			wait ? cw_json_time(cw_time_now() + (cw_time)wait) : json_null());
		cw_json_add(&json, rows, row);
	}
	cw_json_put(&json, answer, "administrators", rows);
	reply(pending, 200, answer, NULL);
}

/* What was changed is written and told; a new password and another role end what its user has open. */
static void take_change(
	struct cw_admin_pending *pending, const char *user, const char *before, const char *text)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	struct cw_error error;
	if (!cw_admin_parts_accounts_write(admin, &error)) {
		refuse(pending, 409, error.message, NULL);
		return;
	}
	char about[CW_ADMIN_ACCOUNTS_USER_MAX + 20];
	snprintf(about, sizeof about, "administrator %s", user);
	const struct cw_node_history_event event = {.kind = "change",
		.about = about,
		.who = pending->user,
		.before = before,
		.after = account ? cw_admin_accounts_role_name(account->role) : "",
		.text = text};
	cw_node_history_tell(admin->core->history, &event);
	cw_admin_sessions_end_user(
		admin->sessions, user, strcmp(user, pending->user) == 0 ? pending->token : NULL);
	do_list(pending);
}

static void set_account(struct cw_admin_pending *pending, const char *hash)
{
	struct cw_node_admin *admin = pending->admin;
	const char *user = text_of(pending, "user"), *role = text_of(pending, "role"), *before = "";
	struct cw_error error;
	if (!cw_admin_parts_accounts(admin)) {
		refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	if (account)
		before = cw_admin_accounts_role_name(account->role);
	if (*role && !cw_admin_accounts_role(role)) {
		refuse(pending, 400, "wanted a role: read-write, read-only or auditor", NULL);
	} else if (!cw_admin_accounts_set(
			   &admin->accounts, user, cw_admin_accounts_role(role), hash, &error)) {
		admin->accounts_read = false;
		refuse(pending, 409, error.message, NULL);
	} else {
		take_change(pending, user, before, hash ? "password set" : NULL);
	}
}

static void on_made(struct cw_admin_pending *pending, const struct cw_admin_password_answer *answer)
{
	set_account(pending, answer->hash);
}

static void do_set(struct cw_admin_pending *pending)
{
	const char *password = text_of(pending, "password");
	if (*password)
		make_password(pending, password, on_made);
	else
		set_account(pending, NULL);
}

static void do_remove(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const char *user = text_of(pending, "user"), *before = "";
	struct cw_error error;
	if (!cw_admin_parts_accounts(admin)) {
		refuse(pending, 409, admin->accounts_trouble, NULL);
		return;
	}
	const struct cw_admin_account *account = cw_admin_accounts_find(&admin->accounts, user);
	if (account)
		before = cw_admin_accounts_role_name(account->role);
	if (cw_admin_accounts_remove(&admin->accounts, user, &error))
		take_change(pending, user, before, NULL);
	else
		refuse(pending, 409, error.message, NULL);
}

/* --- who asks what --- */

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

static void do_work(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	const struct cw_node_work_who who = {.user = pending->user,
		.role = work_role(pending->role),
		.address = pending->address,
		.connection = pending->connection};
	AUTO(json_decref) json_t *said = NULL;
	struct cw_error error;
	if (!cw_node_work(admin->core, &who, pending->operation, pending->with, &said, &error)) {
		refuse(pending, 500, error.message, NULL);
		return;
	}
	unsigned status = (unsigned)json_integer_value(json_object_get(said, "status"));
	json_t *answer = json_object_get(said, "answer"), *fault = json_object_get(said, "error");
	if (answer)
		reply(pending, status, json_incref(answer), NULL);
	else
		reply(pending, status, NULL, json_incref(fault));
}

/* What is asked here; everything else is work. The least role. */
static const struct {
	const char *operation;
	enum cw_admin_role role;
	void (*run)(struct cw_admin_pending *pending);
} operations[] = {
	{"session/begin", CW_ADMIN_ROLE_NONE, do_begin},
	{"session/certificate", CW_ADMIN_ROLE_NONE, do_certificate},
	{"session/front", CW_ADMIN_ROLE_NONE, do_front},
	{"session/link", CW_ADMIN_ROLE_NONE, do_link},
	{"session/first", CW_ADMIN_ROLE_NONE, do_first},
	{"session/look", CW_ADMIN_ROLE_AUDITOR, do_look},
	{"session/end", CW_ADMIN_ROLE_AUDITOR, do_end},
	{"administrators", CW_ADMIN_ROLE_READ_WRITE, do_list},
	{"administrators/set", CW_ADMIN_ROLE_READ_WRITE, do_set},
	{"administrators/remove", CW_ADMIN_ROLE_READ_WRITE, do_remove},
};

static void run(struct cw_admin_pending *pending)
{
	for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
		if (strcmp(operations[i].operation, pending->operation) != 0)
			continue;
		if (pending->role >= operations[i].role)
			operations[i].run(pending);
		else if (pending->role)
			refuse(pending, 403, "Your role may not do that",
				"Ask an administrator with the role read-write.");
		else
			refuse(pending, 401, "Log in first", NULL);
		return;
	}
	if (pending->role)
		do_work(pending);
	else
		refuse(pending, 401, "Log in first", NULL);
}

static void run_basic(struct cw_admin_pending *pending, const json_t *basic);

static void on_basic(struct cw_admin_pending *pending, const struct cw_admin_password_answer *answer)
{
	struct cw_node_admin *admin = pending->admin;
	const json_t *basic = json_object_get(pending->frame, "basic");
	const char *user = json_string_value(json_object_get(basic, "user"));
	const char *password = json_string_value(json_object_get(basic, "password"));
	pending->checks = false;
	if (is_right(pending, user, answer)) {
		cw_admin_sessions_know(admin->sessions, user, password, cw_admin_parts_now());
		run(pending);
	}
	wake_joined(admin);
}

static bool is_same_basic(const struct cw_admin_pending *one, const struct cw_admin_pending *other)
{
	const json_t *basic = json_object_get(one->frame, "basic");
	return basic && json_equal(basic, json_object_get(other->frame, "basic")) &&
		strcmp(one->address, other->address) == 0;
}

/* A client that asks several things at once has one password: the first is checked, and counts. */
static bool joins(struct cw_admin_pending *pending)
{
	for (const struct cw_admin_pending *each = pending->admin->pending; each; each = each->next)
		if (each != pending && each->checks && is_same_basic(each, pending))
			return pending->joined = true;
	return false;
}

static struct cw_admin_pending *first_woken(struct cw_node_admin *admin)
{
	for (struct cw_admin_pending *each = admin->pending; each; each = each->next)
		if (each->woken)
			return each;
	return NULL;
}

/* The check that others waited for is over: they begin anew. Where it was wrong, each of them counts: one is checked, the
 * others wait for that one again. */
static void wake_joined(struct cw_node_admin *admin)
{
	struct cw_admin_pending *woken;
	for (struct cw_admin_pending *each = admin->pending; each; each = each->next) {
		each->woken = each->joined;
		each->joined = false;
	}
	while ((woken = first_woken(admin))) { /* ends: each turn takes one of those that were there */
		woken->woken = false;
		run_basic(woken, json_object_get(woken->frame, "basic"));
	}
}

/* REST and /metrics: the password at each request, known by a keyed hash for a while. */
static void run_basic(struct cw_admin_pending *pending, const json_t *basic)
{
	struct cw_node_admin *admin = pending->admin;
	const char *user = json_string_value(json_object_get(basic, "user"));
	const char *password = json_string_value(json_object_get(basic, "password"));
	if (!user || !password) {
		refuse(pending, 401, "Log in first", NULL);
		return;
	}
	const struct cw_admin_account *account =
		cw_admin_parts_accounts(admin) ? cw_admin_accounts_find(&admin->accounts, user) : NULL;
	if (!account || !cw_admin_sessions_knows(admin->sessions, user, password, cw_admin_parts_now())) {
		if (joins(pending))
			return;
		pending->checks = true;
		check_password(pending, user, password, on_basic);
		return;
	}
	snprintf(pending->user, sizeof pending->user, "%s", account->user);
	pending->role = account->role;
	run(pending);
}

/* The session's user, with the role that the list of administrators gives now. */
static void look_up(struct cw_admin_pending *pending)
{
	struct cw_node_admin *admin = pending->admin;
	struct cw_admin_session session;
	if (!*pending->token ||
		!cw_admin_sessions_look(
			admin->sessions, pending->token, cw_admin_parts_now(), !pending->quiet, &session))
		return;
	const struct cw_admin_account *account = cw_admin_parts_accounts(admin)
		? cw_admin_accounts_find(&admin->accounts, session.user)
		: NULL;
	if (!account) {
		cw_admin_sessions_end(admin->sessions, pending->token);
		return;
	}
	snprintf(pending->user, sizeof pending->user, "%s", account->user);
	snprintf(pending->csrf, sizeof pending->csrf, "%s", session.csrf);
	pending->role = account->role;
}

void cw_admin_parts_answer(struct cw_node_admin *admin, json_t *frame)
{
	struct cw_admin_pending *pending = calloc(1, sizeof *pending);
	const char *operation = json_string_value(json_object_get(frame, "do"));
	const char *token = json_string_value(json_object_get(frame, "session"));
	if (!pending) {
		json_decref(frame);
		return;
	}
	pending->admin = admin;
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
	const json_t *basic = json_object_get(frame, "basic");
	if (basic) {
		run_basic(pending, basic);
		return;
	}
	look_up(pending);
	run(pending);
}
