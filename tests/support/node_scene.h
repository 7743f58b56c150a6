/**
 * The state folder of a node with certificates of its own, and a core that judges by it without a loop or a network: what
 * pages ask for is asked here.
 *
 * The certificates, by test_cert's names: root, issuing (by root), c1 (by issuing, both purposes), e1, pub and pub2 for CUCM;
 * other-root and other (by it); twin (another certificate with the subject of issuing).
 */
#ifndef TEST_SUPPORT_NODE_SCENE_H
#define TEST_SUPPORT_NODE_SCENE_H

#include "node/work/node_work.h"

struct test_node {
	struct cw_node_core core;
	struct cw_node_work_who who;
	char *path;
};

/** For cmocka's group setup and teardown: the test folder, the certificates. */
int test_node_setup(void **state);
int test_node_teardown(void **state);

/** Makes the folder NAME and reads it. `kind`: expressway-c, expressway-e or cucm. */
void test_node_make(struct test_node *node, const char *name, enum cw_node_kind kind);
void test_node_finish(struct test_node *node);
/** The node as it would be after a restart. */
void test_node_restart(struct test_node *node);

/** Keeps its folder as it is now, beside it; brings that back, and restarts. */
void test_node_keep(const struct test_node *node);
void test_node_restore(struct test_node *node);

/** Asks; `with` is JSON (NULL: nothing) with single quotes for double ones. The frame is the caller's. */
json_t *test_node_ask(struct test_node *node, const char *operation, const char *with);
/** The same with a file: "file" is added. */
json_t *test_node_upload(
	struct test_node *node, const char *operation, const char *with, const void *file, size_t length);
/** The same with certificates by their names, as PEM. */
json_t *test_node_upload_certs(
	struct test_node *node, const char *operation, const char *with, const char *names);

/** What c1's CA answers to the pending request whose key is certs/NAME: PEM, appended. */
void test_node_answer_request(const struct test_node *node, const char *name, struct cw_buffer *ret);

/** "answer/certificate/subject", "answer/entries/0/position": a value in a frame; NULL: there is none. */
const json_t *test_node_at(const json_t *frame, const char *path);
const char *test_node_text(const json_t *frame, const char *path);
long long test_node_number(const json_t *frame, const char *path);

/** Fails unless the frame has this status. */
void test_node_want(const json_t *frame, int status);

/** A file of the node's folder; the caller frees it. NULL: there is none. */
char *test_node_read(const struct test_node *node, const char *name);
void test_node_write(const struct test_node *node, const char *name, const char *text);

#endif
