/*
 * What the core answers to an admin process that says what it likes, and what such a process can open: the process here is
 * this program itself.
 */
#include "node/admin/admin_parts.h"
#include "node/worker/node_child.h"
#include "report/json.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPENER "opener"
#define PASSWORD "correct horse battery staple"

/* --- a core with the administrators' side and nothing else --- */

struct scene {
	struct cw_node_core core;
	struct cw_snapshot snapshot;
	struct cw_node node;
	struct cw_node_file file;
	struct cw_node_admin *admin;
	int frames; /* the process's end */
	struct cw_buffer in;
	json_int_t id;
	bool was_said;
};

static void on_say(void *context, const char *line)
{
	struct scene *scene = context;
	scene->was_said = scene->was_said || strstr(line, PASSWORD) != NULL;
}

static void begin(struct scene *scene)
{
	struct cw_error error;
	int ends[2];
	(void)test_folder_write("node/secrets/keep", "", 0);
	scene->node.fqdn = (char *)(uintptr_t) "e1.acme.test";
	scene->node.kind = CW_NODE_EXPRESSWAY_E;
	scene->snapshot.node = &scene->node;
	scene->snapshot.file = &scene->file;
	scene->core = (struct cw_node_core){.base = event_base_new(),
		.folder = {.path = (char *)(uintptr_t)test_folder_path("node"), .lock = -1, .run = -1},
		.snapshot = &scene->snapshot,
		.say = on_say,
		.say_context = scene};
	scene->admin = calloc(1, sizeof *scene->admin);
	scene->admin->core = &scene->core;
	scene->admin->process.child = CW_CHILD_NONE;
	scene->admin->process.connections = -1;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	scene->admin->process.frames = ends[0];
	scene->frames = ends[1];
	assert_true(cw_admin_sessions_new(&scene->admin->sessions, &error));
	assert_true(cw_admin_password_new(
		scene->core.base, CW_NODE_CHILD_PROGRAM, &scene->admin->password, &error));
}

static void finish(struct scene *scene)
{
	cw_node_admin_end(scene->admin);
	event_base_free(scene->core.base);
	close(scene->frames);
	cw_buffer_finish(&scene->in);
}

#define AUTO_SCENE __attribute__((cleanup(finish))) struct scene

/* Answers to one frame; the frame is taken. */
static json_t *ask(struct scene *scene, json_t *frame)
{
	char piece[65536];
	json_t *answer = NULL;
	json_object_set_new(frame, "id", json_integer(++scene->id));
	cw_admin_parts_answer(scene->admin, frame);
	while (cw_admin_frame_take(&scene->in, &answer) == CW_ADMIN_FRAME_MORE) {
		ssize_t got = recv(scene->frames, piece, sizeof piece, MSG_DONTWAIT);
		if (got > 0)
			cw_buffer_append(&scene->in, piece, (size_t)got);
		else
			event_base_loop(scene->core.base, EVLOOP_ONCE);
	}
	assert_int_equal(json_integer_value(json_object_get(answer, "id")), scene->id);
	return answer;
}

static unsigned status(struct scene *scene, json_t *frame)
{
	AUTO(json_decref) json_t *answer = ask(scene, frame);
	return (unsigned)json_integer_value(json_object_get(answer, "status"));
}

static void add(struct scene *scene, const char *user, enum cw_admin_role role)
{
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE] = "";
	struct cw_error error;
	if (!scene->admin->accounts.count)
		assert_true(cw_admin_parts_accounts(scene->admin));
	snprintf(hash, sizeof hash, "%s",
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	assert_true(cw_admin_accounts_set(&scene->admin->accounts, user, role, hash, &error));
	assert_true(cw_admin_parts_accounts_write(scene->admin, &error));
	assert_true(cw_admin_parts_accounts(scene->admin));
}

/* --- tests --- */

static void a_forged_frame_does_what_its_session_may_and_no_more(void **state)
{
	(void)state;
	static const struct {
		const char *user; /* whose session; NULL: a token that is none */
		const char *operation;
		unsigned want;
	} rows[] = {
		{NULL, "overview", 401},
		{NULL, "administrators", 401},
		{NULL, "restart", 401},
		{NULL, "session/look", 401},
		{NULL, "", 401},
		{"reader", "session/look", 200},
		{"reader", "administrators", 403},
		{"reader", "administrators/set", 403},
		{"reader", "administrators/remove", 403},
		{"reader", "restart", 403},
		{"reader", "cba/set", 403},
		{"audit", "session/look", 200},
		{"audit", "administrators/set", 403},
		{"audit", "restart", 403},
		{"audit", "zones", 403},
		{"admin", "administrators", 200},
		{"admin", "nothing", 404},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_SCENE scene = {0};
		char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
		begin(&scene);
		add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
		add(&scene, "reader", CW_ADMIN_ROLE_READ_ONLY);
		add(&scene, "audit", CW_ADMIN_ROLE_AUDITOR);
		if (rows[i].user)
			cw_admin_sessions_begin(
				scene.admin->sessions, rows[i].user, cw_admin_parts_now(), token);
		/* what it says about itself besides does not count */
		json_t *frame = json_pack("{s:s,s:s,s:s,s:s,s:{s:s,s:s,s:s}}", "session", token, "do",
			rows[i].operation, "role", "read-write", "user", "admin", "with", "user", "eve",
			"role", "read-write", "user_role", "read-write");
		print_message("%s %s\n", rows[i].user ? rows[i].user : "nobody", rows[i].operation);
		assert_int_equal(status(&scene, frame), rows[i].want);
		assert_null(cw_admin_accounts_find(&scene.admin->accounts, "eve"));
	}
}

static void frames_that_are_malformed_are_answered_and_do_nothing(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	begin(&scene);
	add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
	assert_int_equal(status(&scene, json_pack("{}")), 401);
	assert_int_equal(status(&scene, json_pack("{s:i,s:b,s:[]}", "do", 1, "session", 1, "with")), 401);
	assert_int_equal(status(&scene, json_pack("{s:s,s:[]}", "do", "overview", "basic")), 401);
	assert_int_equal(
		status(&scene, json_pack("{s:s,s:{s:s}}", "do", "overview", "basic", "user", "admin")), 401);
	assert_int_equal(status(&scene, json_pack("{s:s}", "do", "session/first")), 403);
	assert_int_equal(status(&scene, json_pack("{s:s}", "do", "session/begin")), 401);
}

static void a_role_that_is_taken_away_counts_at_the_next_frame(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	struct cw_error error;
	begin(&scene);
	add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
	add(&scene, "other", CW_ADMIN_ROLE_READ_WRITE);
	cw_admin_sessions_begin(scene.admin->sessions, "other", cw_admin_parts_now(), token);
	assert_int_equal(
		status(&scene, json_pack("{s:s,s:s}", "session", token, "do", "administrators")), 200);
	assert_true(cw_admin_accounts_set(
		&scene.admin->accounts, "other", CW_ADMIN_ROLE_READ_ONLY, NULL, &error));
	assert_true(cw_admin_parts_accounts_write(scene.admin, &error));
	assert_int_equal(
		status(&scene, json_pack("{s:s,s:s}", "session", token, "do", "administrators")), 403);
	assert_true(cw_admin_accounts_remove(&scene.admin->accounts, "other", &error));
	assert_true(cw_admin_parts_accounts_write(scene.admin, &error));
	assert_int_equal(status(&scene, json_pack("{s:s,s:s}", "session", token, "do", "session/look")), 401);
}

/* A frame of the administrator's, with these fields; `role` and `password` NULL: left out. */
static json_t *change(
	const char *token, const char *operation, const char *user, const char *role, const char *password)
{
	json_t *with = json_pack("{s:s}", "user", user);
	if (role)
		json_object_set_new(with, "role", json_string(role));
	if (password)
		json_object_set_new(with, "password", json_string(password));
	return json_pack("{s:s,s:s,s:o}", "session", token, "do", operation, "with", with);
}

static void administrators_are_changed_as_wanted_or_not_at_all(void **state)
{
	(void)state;
	static const struct {
		const char *operation, *user, *role, *password;
		unsigned want;
		const char *want_text; /* of the refusal */
	} rows[] = {
		{"administrators/set", "other", "emperor", NULL, 400,
			"wanted a role: read-write, read-only or auditor"},
		{"administrators/set", "other", "auditor", NULL, 200, NULL},
		{"administrators/set", "new", "read-only", NULL, 409, ""},
		{"administrators/set", "new", "read-only", "too short", 400, ""},
		{"administrators/set", "new", "read-only", PASSWORD, 200, NULL},
		{"administrators/set", "no such name", "read-only", PASSWORD, 409, ""},
		{"administrators/remove", "nobody", NULL, NULL, 409, ""},
		{"administrators/set", "admin", "read-only", NULL, 409,
			""}, /* nobody could change anything */
		{"administrators/remove", "admin", NULL, NULL, 409, ""},
		{"administrators/remove", "other", NULL, NULL, 200, NULL},
	};
	AUTO_SCENE scene = {0};
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	begin(&scene);
	add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
	add(&scene, "other", CW_ADMIN_ROLE_READ_ONLY);
	cw_admin_sessions_begin(scene.admin->sessions, "admin", cw_admin_parts_now(), token);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO(json_decref)
		json_t *answer = ask(&scene,
			change(token, rows[i].operation, rows[i].user, rows[i].role, rows[i].password));
		const char *text =
			json_string_value(json_object_get(json_object_get(answer, "error"), "text"));
		if (json_integer_value(json_object_get(answer, "status")) != rows[i].want)
			fail_msg("row %zu: wanted %u, found %lld: %s", i, rows[i].want,
				json_integer_value(json_object_get(answer, "status")), text ? text : "");
		assert_int_equal(!rows[i].want_text, !text);
		if (text)
			assert_non_null(strstr(text, rows[i].want_text));
	}
	assert_true(cw_admin_parts_accounts(scene.admin));
	assert_null(cw_admin_accounts_find(&scene.admin->accounts, "other"));
	assert_int_equal(
		cw_admin_accounts_find(&scene.admin->accounts, "admin")->role, CW_ADMIN_ROLE_READ_WRITE);
	assert_int_equal(
		cw_admin_accounts_find(&scene.admin->accounts, "new")->role, CW_ADMIN_ROLE_READ_ONLY);
	assert_false(scene.was_said);
}

static void who_guesses_links_waits(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	unsigned last = 0, tries = 0;
	begin(&scene);
	add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
	for (; last != 429 && tries < 20; tries++)
		last = status(
			&scene, json_pack("{s:s,s:{s:s}}", "do", "session/link", "with", "token", "guess"));
	assert_int_equal(last, 429);
	assert_in_range(tries, CW_ADMIN_BACKOFF_FREE, CW_ADMIN_BACKOFF_FREE + 3);
}

/* The process that checks cannot be started: that is no wrong password, and those that waited for it hear of it too. */
static void a_password_that_cannot_be_checked_is_not_called_wrong(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	struct cw_error error;
	json_t *answer = NULL;
	char piece[65536];
	begin(&scene);
	add(&scene, "admin", CW_ADMIN_ROLE_READ_WRITE);
	cw_admin_password_free(scene.admin->password);
	assert_true(cw_admin_password_new(scene.core.base, "/nothing/here", &scene.admin->password, &error));
	for (unsigned i = 0; i < 2; i++)
		cw_admin_parts_answer(scene.admin,
			json_pack("{s:i,s:s,s:{s:s,s:s}}", "id", ++scene.id, "do", "administrators", "basic",
				"user", "admin", "password", PASSWORD));
	for (unsigned i = 0; i < 2; i++) {
		while (cw_admin_frame_take(&scene.in, &answer) == CW_ADMIN_FRAME_MORE) {
			ssize_t got = recv(scene.frames, piece, sizeof piece, MSG_DONTWAIT);
			if (got > 0)
				cw_buffer_append(&scene.in, piece, (size_t)got);
			else
				event_base_loop(scene.core.base, EVLOOP_ONCE);
		}
		assert_int_equal(json_integer_value(json_object_get(answer, "status")), 503);
		json_decref(answer);
	}
	assert_false(scene.was_said);
}

/* The head says too much, nothing, or more than comes; the text is no object, or has a key twice. */
static void what_is_no_frame_breaks_off(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		enum cw_admin_frame_step want;
	} rows[] = {
		{"\0\0\0", 3, CW_ADMIN_FRAME_MORE},
		{"\0\0\0\2{", 5, CW_ADMIN_FRAME_MORE},
		{"\0\0\0\0", 4, CW_ADMIN_FRAME_BROKEN},
		{"\377\377\377\377", 4, CW_ADMIN_FRAME_BROKEN},
		{"\0\0\0\2[]", 6, CW_ADMIN_FRAME_BROKEN},
		{"\0\0\0\2no", 6, CW_ADMIN_FRAME_BROKEN},
		{"\0\0\0\15{\"a\":1,\"a\":2}", 17, CW_ADMIN_FRAME_BROKEN},
		{"\0\0\0\2{}", 6, CW_ADMIN_FRAME_WHOLE},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		AUTO_BUFFER in = {0};
		json_t *frame = NULL;
		cw_buffer_append(&in, rows[i].bytes, rows[i].length);
		if (cw_admin_frame_take(&in, &frame) != rows[i].want)
			fail_msg("row %zu", i);
		json_decref(frame);
	}
}

static void the_link_sets_a_password_that_logs_in(void **state)
{
	(void)state;
	AUTO_SCENE scene = {0};
	char token[CW_ADMIN_ACCOUNTS_TOKEN_SIZE];
	struct cw_error error;
	begin(&scene);
	scene.admin->accounts = (struct cw_admin_accounts){0};
	assert_true(
		cw_admin_accounts_make_link(&scene.admin->accounts, "first", cw_time_now(), token, &error));
	assert_true(cw_admin_parts_accounts_write(scene.admin, &error));
	assert_int_equal(status(&scene,
				 json_pack("{s:s,s:{s:s,s:s}}", "do", "session/first", "with", "token", token,
					 "password", "too short")),
		400);
	assert_int_equal(status(&scene,
				 json_pack("{s:s,s:{s:s,s:s}}", "do", "session/first", "with", "token", token,
					 "password", PASSWORD)),
		200);
	assert_int_equal(status(&scene,
				 json_pack("{s:s,s:{s:s,s:s}}", "do", "session/first", "with", "token", token,
					 "password", PASSWORD)),
		403);
	AUTO(json_decref)
	json_t *answer = ask(&scene,
		json_pack("{s:s,s:{s:s,s:s}}", "do", "session/begin", "with", "user", "first", "password",
			PASSWORD));
	const char *session = json_string_value(json_object_get(json_object_get(answer, "answer"), "token"));
	assert_non_null(session);
	assert_int_equal(
		status(&scene, json_pack("{s:s,s:s}", "session", session, "do", "session/look")), 200);
	assert_int_equal(status(&scene,
				 json_pack("{s:s,s:{s:s,s:s}}", "do", "session/begin", "with", "user",
					 "first", "password", "another password")),
		401);
	assert_int_equal(status(&scene,
				 json_pack("{s:s,s:{s:s,s:s}}", "do", "administrators", "basic", "user",
					 "first", "password", PASSWORD)),
		200);
	assert_false(scene.was_said);
}

/* --- what the process can open --- */

/* The process: one path a line comes in; goes out what happened, one letter each. */
static int opener(void)
{
	char paths[4096], *rest = paths;
	ssize_t got = read(STDIN_FILENO, paths, sizeof paths - 1);
	if (got <= 0)
		return 1;
	paths[got] = '\0';
	for (char *path; (path = strsep(&rest, "\n")) && *path;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		char letter = fd >= 0 ? 'o' : 'r';
		if (write(STDOUT_FILENO, &letter, 1) != 1)
			return 1;
	}
	return 0;
}

static void open_as(const struct cw_tunnel_account *account)
{
	static const char *const names[] = {"node/certs/server.key", "node/certs/server.pem",
		"node/secrets/administrators.json", "node/node.yaml", "node/history/history.db",
		"node/certs/.", "node/certs/../secrets/administrators.json"};
	AUTO_BUFFER paths = {0};
	char answer[32] = "";
	struct cw_child child = CW_CHILD_NONE;
	struct cw_error error;
	int ends[2];
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (i < 5)
			(void)test_folder_write(names[i], "secret", 6);
		cw_buffer_printf(&paths, "%s\n", test_folder_path(names[i]));
	}
	cw_buffer_text(&paths, "/proc/self/root/etc/passwd\n/etc/shadow\n/root\n/dev/null\n");
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	const struct cw_node_child_setup setup = {
		.word = OPENER, .account = account, .in = ends[1], .out = ends[1]};
	assert_true(cw_node_child_start(&setup, &child, &error));
	close(ends[1]);
	assert_int_equal(write(ends[0], paths.data, paths.length), paths.length);
	size_t length = 0;
	for (ssize_t got; (got = read(ends[0], answer + length, sizeof answer - 1 - length)) > 0;)
		length += (size_t)got;
	cw_child_finish(&child);
	close(ends[0]);
	print_message("opened: %s\n", answer);
	assert_string_equal(answer, "rrrrrrrrrro");
}

/* The files are its own, as far as the kernel's rights go: Landlock refuses them all the same. */
static void the_process_opens_nothing_of_the_node_even_as_its_owner(void **state)
{
	(void)state;
	const struct cw_tunnel_account account = {.name = ""};
	struct cw_confine confine = CW_CONFINE_NONE;
	struct cw_error error;
	assert_true(cw_confine_prepare(NULL, 0, &confine, &error));
	bool has_landlock = confine.ruleset >= 0;
	cw_confine_finish(&confine);
	if (has_landlock)
		open_as(&account);
	else
		skip();
}

static void as_another_user_it_opens_nothing_either(void **state)
{
	(void)state;
	const struct passwd *nobody = geteuid() == 0 ? getpwnam("nobody") : NULL;
	if (!nobody) {
		skip();
		return;
	}
	const struct cw_tunnel_account account = {
		.uid = nobody->pw_uid, .gid = nobody->pw_gid, .drops = true};
	open_as(&account);
}

int main(int count, char **words)
{
	if (count == 2 && strcmp(words[1], CW_ADMIN_PASSWORD_WORD) == 0)
		return cw_admin_password_process();
	if (count == 2 && strcmp(words[1], OPENER) == 0)
		return opener();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_forged_frame_does_what_its_session_may_and_no_more),
		cmocka_unit_test(frames_that_are_malformed_are_answered_and_do_nothing),
		cmocka_unit_test(a_role_that_is_taken_away_counts_at_the_next_frame),
		cmocka_unit_test(administrators_are_changed_as_wanted_or_not_at_all),
		cmocka_unit_test(who_guesses_links_waits),
		cmocka_unit_test(a_password_that_cannot_be_checked_is_not_called_wrong),
		cmocka_unit_test(what_is_no_frame_breaks_off),
		cmocka_unit_test(the_link_sets_a_password_that_logs_in),
		cmocka_unit_test(the_process_opens_nothing_of_the_node_even_as_its_owner),
		cmocka_unit_test(as_another_user_it_opens_nothing_either),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
