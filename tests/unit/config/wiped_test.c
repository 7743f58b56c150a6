/*
 * Passwords and keys are overwritten before their memory is released or outgrown: free and realloc of the whole program
 * look at what they are given.
 */
#include "base/file.h"
#include "config/deployment_write.h"
#include "config/load.h"
#include "config/yaml_tree.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "zone-password-4711"

static size_t left; /* releases of memory that held the secret */
static bool looking;

static void look(const void *memory)
{
	if (looking && memory &&
		memmem(memory, malloc_usable_size((void *)(uintptr_t)memory), SECRET, sizeof SECRET - 1))
		left++;
}

void __real_free(void *memory);
void *__real_realloc(void *memory, size_t size);
void __wrap_free(void *memory);
void *__wrap_realloc(void *memory, size_t size);

void __wrap_free(void *memory)
{
	look(memory);
	__real_free(memory);
}

void *__wrap_realloc(void *memory, size_t size)
{
	look(memory);
	return __real_realloc(memory, size);
}

static int begin(void **state)
{
	(void)state;
	left = 0;
	looking = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	looking = false;
	return 0;
}

/* The look itself finds what is not wiped. */
static void an_ordinary_buffer_leaves_copies(void **state)
{
	(void)state;
	struct cw_buffer buffer = {0};
	for (int i = 0; i < 1000; i++)
		cw_buffer_text(&buffer, SECRET);
	cw_buffer_finish(&buffer);
	assert_true(left > 1);
}

static void a_secret_buffer_leaves_none(void **state)
{
	(void)state;
	struct cw_buffer buffer = {.secret = true};
	for (int i = 0; i < 1000; i++)
		cw_buffer_printf(&buffer, "%s", SECRET);
	cw_buffer_finish(&buffer);
	assert_int_equal(left, 0);
}

static void a_file_that_was_read_leaves_none(void **state)
{
	(void)state;
	const char *path = test_folder_path("long");
	struct cw_error error;
	struct cw_buffer file = {0};
	FILE *stream = fopen(path, "we");
	setvbuf(stream, NULL, _IONBF, 0);
	for (int i = 0; i < 10000; i++)
		fputs(SECRET "\n", stream);
	fclose(stream);
	assert_true(cw_file_read(path, 1024 * 1024, &file, &error));
	assert_int_equal(file.length, 10000 * sizeof SECRET);
	cw_buffer_finish(&file);
	assert_int_equal(left, 0);
}

static const char deployment_text[] =
	"causeway: 1\n"
	"expressway-c:\n"
	"  traversal: {peers: [e1.acme.test], username: zone, password: " SECRET "}\n"
	"  nodes: [{fqdn: c1.acme.test, server: c1/server.pem, trusted-ca: root.pem}]\n"
	"expressway-e:\n"
	"  traversal: {tls-verify-name: c1.acme.test, username: zone, password: \"" SECRET "\"}\n"
	"  nodes: [{fqdn: e1.acme.test, server: both.pem, trusted-ca: root.pem}]\n";

static void a_tree_of_yaml_leaves_none(void **state)
{
	(void)state;
	struct cw_problems problems = {0};
	struct cw_yaml tree = {0};
	assert_true(cw_yaml_tree_read(deployment_text, sizeof deployment_text - 1, &tree, &problems));
	cw_yaml_tree_finish(&tree);
	assert_int_equal(left, 0);
}

static void a_deployment_that_was_read_and_written_leaves_none(void **state)
{
	(void)state;
	struct cw_strings problems = {0};
	struct cw_error error;
	struct cw_deployment *deployment = NULL;
	struct cw_buffer written = {0};
	struct cw_pool *pool = cw_pool_new();
	const struct cw_load_text text = {
		.data = deployment_text,
		.length = sizeof deployment_text - 1,
		.shown = "deployment.yaml",
		.folder = test_folder_path("")};
	if (!cw_load_deployment_text(&text, pool, &deployment, &problems))
		fail_msg("%s", problems.items[0]);
	assert_true(cw_deployment_write(deployment, NULL, NULL, &written, &error));
	assert_non_null(strstr(cw_buffer_string(&written), SECRET));
	cw_buffer_finish(&written);
	cw_deployment_free(deployment);
	cw_pool_free(pool);
	cw_strings_finish(&problems);
	assert_int_equal(left, 0);
}

static int make_files(void **state)
{
	(void)state;
	test_deployment_files();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_ordinary_buffer_leaves_copies, begin, end),
		cmocka_unit_test_setup_teardown(a_secret_buffer_leaves_none, begin, end),
		cmocka_unit_test_setup_teardown(a_file_that_was_read_leaves_none, begin, end),
		cmocka_unit_test_setup_teardown(a_tree_of_yaml_leaves_none, begin, end),
		cmocka_unit_test_setup_teardown(
			a_deployment_that_was_read_and_written_leaves_none, begin, end),
	};
	return cmocka_run_group_tests(tests, make_files, test_folder_teardown);
}
