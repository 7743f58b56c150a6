/*
 * The socket over which a node's own user asks it: what other files would do, and what pages do.
 */
#include "node/node_control.h"
#include "report/json.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/node_scene.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
	struct test_node node;
	struct cw_node_control *control;
} scene;

static int begin(void **state)
{
	struct cw_error error;
	static unsigned count;
	char name[20];
	(void)state;
	memset(&scene, 0, sizeof scene);
	snprintf(name, sizeof name, "control-%u", ++count);
	test_node_make(&scene.node, name, CW_NODE_EXPRESSWAY_C);
	scene.node.core.base = event_base_new();
	return cw_node_control_open(&scene.node.core, &scene.control, &error) ? 0 : -1;
}

static int end(void **state)
{
	char path[600];
	struct stat status;
	(void)state;
	snprintf(path, sizeof path, "%s/run/control.sock", scene.node.path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	cw_node_control_close(scene.control);
	assert_int_not_equal(stat(path, &status), 0);
	event_base_free(scene.node.core.base);
	scene.node.core.base = NULL;
	test_node_finish(&scene.node);
	return 0;
}

/* The answer to these bytes; NULL: the connection ended without one. */
static json_t *ask(const char *bytes)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	AUTO_BUFFER said = {0};
	json_error_t ignored;
	int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(to.sun_path, sizeof to.sun_path, "%s/run/control.sock", scene.node.path);
	assert_int_equal(connect(made, (struct sockaddr *)&to, sizeof to), 0);
	assert_true(send(made, bytes, strlen(bytes), 0) == (ssize_t)strlen(bytes));
	for (ssize_t got = 1; got;) {
		char piece[4096];
		got = recv(made, piece, sizeof piece, MSG_DONTWAIT);
		if (got > 0)
			cw_buffer_append(&said, piece, (size_t)got);
		else if (got < 0)
			event_base_loop(scene.node.core.base, EVLOOP_ONCE);
	}
	close(made);
	return said.length ? json_loadb(said.data, said.length, 0, &ignored) : NULL;
}

static json_t *ask_try(const char *folder)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "{\"try\":\"%s\"}\n", folder);
	return ask(cw_buffer_string(&line));
}

static void other_files_are_tried_and_change_nothing(void **state)
{
	(void)state;
	const struct cw_snapshot *before = scene.node.core.snapshot;
	AUTO(json_decref) json_t *same = ask_try(scene.node.path);
	assert_int_equal(json_array_size(json_object_get(same, "problems")), 0);
	assert_true(json_is_string(json_object_get(same, "change")));
	assert_int_equal(json_array_size(json_object_get(same, "ends")), 0);
	test_folder_write("broken/node.yaml", "causeway: 1\nnonsense: yes\n", 26);
	AUTO(json_decref) json_t *broken = ask_try(test_folder_path("broken"));
	assert_true(json_array_size(json_object_get(broken, "problems")) > 0);
	assert_non_null(strstr(
		json_string_value(json_array_get(json_object_get(broken, "problems"), 0)), "nonsense"));
	AUTO(json_decref) json_t *none = ask_try("/nothing/here");
	assert_true(json_array_size(json_object_get(none, "problems")) > 0);
	assert_ptr_equal(scene.node.core.snapshot, before);
}

static void what_pages_ask_is_asked_as_somebody_who_may_all(void **state)
{
	(void)state;
	AUTO(json_decref) json_t *good = ask("{\"do\":\"domains\"}\n");
	assert_int_equal(json_integer_value(json_object_get(good, "status")), 200);
	AUTO(json_decref) json_t *unknown = ask("{\"do\":\"nothing\",\"user\":\"me\"}\n");
	assert_int_equal(json_integer_value(json_object_get(unknown, "status")), 404);
}

static void what_is_no_question_gets_no_answer(void **state)
{
	(void)state;
	static const char *const rows[] = {"\n", "nonsense\n", "[]\n", "{}\n", "{\"try\":\"relative\"}\n",
		"{\"try\":1}\n", "{\"do\":{}}\n"};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		AUTO(json_decref) json_t *answer = ask(rows[i]);
		assert_null(answer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(other_files_are_tried_and_change_nothing, begin, end),
		cmocka_unit_test_setup_teardown(what_pages_ask_is_asked_as_somebody_who_may_all, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_question_gets_no_answer, begin, end),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
