/**
 * Deployment files in tests: good ones, and tables of wrong ones with every problem that the loader has.
 */
#ifndef TEST_SUPPORT_DEPLOYMENT_PROBLEMS_H
#define TEST_SUPPORT_DEPLOYMENT_PROBLEMS_H

#include <stddef.h>

struct test_problem_row {
	const char *title;
	const char *yaml;
	const char *want; /* the lines in their order, without "deployment.yaml:" */
};

/** Reads each row's text as deployment.yaml of the test folder (support/folder.h); fails on the rows that
 * differ. */
void test_problem_rows(const struct test_problem_row *rows, size_t count);

struct cw_deployment;
struct cw_pool;

/** For cmocka's group setup and teardown: the files of support/deployment_files.h and a pool, which is
 * test_load_pool(). */
int test_load_setup(void **state);
int test_load_teardown(void **state);
struct cw_pool *test_load_pool(void);

/** Loads `yaml` as deployment.yaml of the test folder; any problem fails the test. The caller frees the
 * deployment. */
struct cw_deployment *test_deployment_load(struct cw_pool *pool, const char *yaml);

#endif
