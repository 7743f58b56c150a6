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

/** Loads `yaml` as deployment.yaml of the test folder; any problem fails the test. The caller frees the
 * deployment. */
struct cw_deployment *test_deployment_load(struct cw_pool *pool, const char *yaml);

#endif
