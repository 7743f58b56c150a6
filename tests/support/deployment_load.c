#include "support/deployment_load.h"

#include "base/buffer.h"
#include "config/load.h"
#include "support/cmocka.h"
#include "support/deployment_files.h"
#include "support/folder.h"

static void collect(const char *yaml, struct cw_buffer *got)
{
	AUTO(cw_pool_free) struct cw_pool *pool = cw_pool_new();
	AUTO(cw_deployment_free) struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	assert_non_null(pool);
	const struct cw_load_text text = {.data = yaml,
		.length = strlen(yaml),
		.shown = "deployment.yaml",
		.folder = test_folder_path("")};
	bool good = cw_load_deployment_text(&text, pool, &deployment, &problems);
	assert_int_equal(good, problems.count == 0);
	for (size_t i = 0; i < problems.count; i++)
		cw_buffer_printf(got, "%s%s", i ? "\n" : "", problems.items[i]);
}

static void expect(const char *want, struct cw_buffer *ret)
{
	while (*want) {
		size_t length = strcspn(want, "\n");
		cw_buffer_printf(ret, "deployment.yaml:%.*s%s", (int)length, want, want[length] ? "\n" : "");
		want += length + (want[length] != '\0');
	}
}

void test_problem_rows(const struct test_problem_row *rows, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		AUTO_BUFFER got = {0}, want = {0};
		collect(rows[i].yaml, &got);
		expect(rows[i].want, &want);
		if (strcmp(cw_buffer_string(&got), cw_buffer_string(&want)) == 0)
			continue;
		print_error("%s: got\n%s\nwanted\n%s\n", rows[i].title, cw_buffer_string(&got),
			cw_buffer_string(&want));
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

struct cw_deployment *test_deployment_load(struct cw_pool *pool, const char *yaml)
{
	struct cw_deployment *deployment = NULL;
	AUTO_STRINGS problems = {0};
	const char *path = test_folder_write("deployment.yaml", yaml, strlen(yaml));
	bool good = cw_load_deployment(path, pool, &deployment, &problems);
	for (size_t i = 0; i < problems.count; i++)
		print_error("%s\n", problems.items[i]);
	assert_true(good);
	assert_int_equal(problems.count, 0);
	return deployment;
}

static struct cw_pool *pool;

int test_load_setup(void **state)
{
	pool = cw_pool_new();
	return pool ? test_deployment_setup(state) : -1;
}

int test_load_teardown(void **state)
{
	cw_pool_free(pool);
	return test_folder_teardown(state);
}

struct cw_pool *test_load_pool(void)
{
	return pool;
}
