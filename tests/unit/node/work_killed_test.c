/*
 * kill -9 at every system call with which an operation changes a file: whoever starts the node then finds the old state or
 * the new one, a key that fits its certificate, and can do the same again.
 */
#include "pki/bundle/pem_write.h"
#include "support/certs.h"
#include "support/cmocka.h"
#include "support/folder.h"
#include "support/node_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#define STEPS_MAX 300

static bool changes_something(const struct ptrace_syscall_info *info)
{
	switch (info->entry.nr) {
	case SYS_openat:
		return (info->entry.args[2] & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)) != 0;
	case SYS_write:
		return info->entry.args[0] > 2;
#ifdef SYS_rename
	case SYS_rename:
#endif
#ifdef SYS_unlink
	case SYS_unlink:
#endif
#ifdef SYS_mkdir
	case SYS_mkdir:
#endif
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_unlinkat:
	case SYS_mkdirat:
	case SYS_fsync:
		return true;
	default:
		return false;
	}
}

/* What is done; the file is PEM of the named certificate, or nothing. */
struct deed {
	const char *operation, *with;
	const struct cw_buffer *file;
};

static json_t *perform(struct test_node *node, const struct deed *deed)
{
	if (deed->file)
		return test_node_upload(
			node, deed->operation, deed->with, deed->file->data, deed->file->length);
	return test_node_ask(node, deed->operation, deed->with);
}

static void be_killed(struct test_node *node, const struct deed *deed)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		_exit(99);
	raise(SIGSTOP);
	json_t *frame = perform(node, deed);
	/* Not by _exit: of a build with counters it writes files, and would be killed in each of them. */
	syscall(SYS_exit_group, test_node_number(frame, "status") == 200 ? 0 : 1);
}

/* True: it got through. */
static bool run_and_kill(struct test_node *node, const struct deed *deed, size_t step)
{
	int status;
	pid_t child = fork();
	if (child == 0)
		be_killed(node, deed);
	if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		skip(); /* no tracing here */
	ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	for (size_t changes = 0;;) {
		struct ptrace_syscall_info info;
		ptrace(PTRACE_SYSCALL, child, NULL, NULL);
		assert_int_equal(waitpid(child, &status, 0), child);
		if (WIFEXITED(status)) {
			assert_int_equal(WEXITSTATUS(status), 0);
			return true;
		}
		if (!WIFSTOPPED(status) || WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof info, &info) <= 0)
			skip();
		if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes_something(&info) || ++changes < step)
			continue;
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return false;
	}
}

static bool is_whole(const struct test_node *node, enum cw_identity_kind kind)
{
	const struct cw_identity *identity = &node->core.snapshot->node->identities[kind];
	return identity->private_key != NULL;
}

/* At every step: the node starts, `is_new` or `is_old`, and the same deed again ends with the new state. */
static void kill_at_every_step(struct test_node *node, const struct deed *deed, size_t least,
	bool (*is_new)(const struct test_node *node))
{
	bool seen_old = false;
	size_t step = 1;
	test_node_keep(node);
	for (; step < STEPS_MAX; step++) {
		test_node_restore(node);
		assert_false(is_new(node));
		bool through = run_and_kill(node, deed, step);
		test_node_restart(node); /* fails where the files do not fit */
		if (through) {
			assert_true(is_new(node));
			break;
		}
		seen_old |= !is_new(node);
		if (is_new(node))
			continue;
		json_t *frame = perform(node, deed);
		test_node_want(frame, 200);
		json_decref(frame);
		assert_true(is_new(node));
	}
	assert_true(seen_old);
	assert_in_range(step, least, STEPS_MAX - 1);
}

/* --- the deeds --- */

static bool is_renewed(const struct test_node *node)
{
	const struct cw_cert *leaf = node->core.snapshot->node->identities[CW_IDENTITY_SERVER].leaf;
	assert_true(is_whole(node, CW_IDENTITY_SERVER));
	return !cw_cert_same(leaf, test_cert("c1"));
}

static void an_upload_leaves_a_certificate_with_its_key(void **state)
{
	(void)state;
	struct test_node node;
	AUTO_BUFFER file = {0};
	test_node_make(&node, "upload", CW_NODE_EXPRESSWAY_C);
	json_decref(test_node_ask(&node, "request/new", "{'identity':'server','key':'ecdsa:256'}"));
	test_node_answer_request(&node, "c1.acme.test.csr.key", &file);
	const struct deed deed = {"identity/upload", "{'identity':'server'}", &file};
	kill_at_every_step(&node, &deed, 20, is_renewed);
	test_node_finish(&node);
}

/* As a lab's nodes have it: the key is a file of the deployment. */
static void a_key_elsewhere_is_left_alone(void **state)
{
	(void)state;
	struct test_node node;
	AUTO_BUFFER file = {0}, yaml = {0};
	test_node_make(&node, "elsewhere", CW_NODE_EXPRESSWAY_C);
	AUTO(free) char *key = test_node_read(&node, "certs/server.key");
	AUTO(free) char *text = test_node_read(&node, "node.yaml");
	const char *path = test_folder_write("elsewhere.key", key, strlen(key));
	char *place = strstr(text, "certs/server.key");
	assert_non_null(place);
	cw_buffer_printf(
		&yaml, "%.*s%s%s", (int)(place - text), text, path, place + strlen("certs/server.key"));
	test_node_write(&node, "node.yaml", cw_buffer_string(&yaml));
	test_node_restart(&node);
	json_decref(test_node_ask(&node, "request/new", "{'identity':'server','key':'ecdsa:256'}"));
	test_node_answer_request(&node, "c1.acme.test.csr.key", &file);
	const struct deed deed = {"identity/upload", "{'identity':'server'}", &file};
	kill_at_every_step(&node, &deed, 20, is_renewed);
	AUTO(free) char *same = test_node_read(&node, "../elsewhere.key");
	assert_string_equal(same, key);
	test_node_finish(&node);
}

static bool has_other(const struct test_node *node)
{
	const struct cw_trust_list *list = &node->core.snapshot->node->stores[CW_STORE_TRUSTED_CA].list;
	assert_true(list->count == 3 || list->count == 4);
	return cw_trust_list_find(list, test_cert("other")) < list->count;
}

static void a_trust_list_is_the_old_or_the_new_one(void **state)
{
	(void)state;
	struct test_node node;
	AUTO_BUFFER file = {0};
	struct cw_error error;
	test_node_make(&node, "list", CW_NODE_EXPRESSWAY_C);
	assert_true(cw_pem_write_cert(&file, test_cert("other"), &error));
	const struct deed deed = {"trust/append", "{'store':'trusted-ca'}", &file};
	kill_at_every_step(&node, &deed, 8, has_other);
	test_node_finish(&node);
}

static bool has_password(const struct test_node *node)
{
	const struct cw_zone *zone = cw_node_file_zone(node->core.snapshot->file);
	bool is_new = strcmp(zone->on_c.password, "tiger99") == 0;
	assert_true(is_new || strcmp(zone->on_c.password, "sesame") == 0);
	return is_new;
}

static void a_zone_has_the_old_or_the_new_password(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "zone", CW_NODE_EXPRESSWAY_C);
	const struct deed deed = {"zone/set", "{'name':'traversal','password':'tiger99'}", NULL};
	kill_at_every_step(&node, &deed, 10, has_password);
	test_node_finish(&node);
}

static bool is_regenerated(const struct test_node *node)
{
	assert_true(is_whole(node, CW_IDENTITY_TOMCAT));
	return cw_cert_self_signed(node->core.snapshot->node->identities[CW_IDENTITY_TOMCAT].leaf);
}

static void cucms_file_holds_a_pair_that_fits(void **state)
{
	(void)state;
	struct test_node node;
	test_node_make(&node, "pair", CW_NODE_CUCM);
	const struct deed deed = {"certificate/regenerate", "{'identity':'tomcat'}", NULL};
	kill_at_every_step(&node, &deed, 5, is_regenerated);
	test_node_finish(&node);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upload_leaves_a_certificate_with_its_key),
		cmocka_unit_test(a_key_elsewhere_is_left_alone),
		cmocka_unit_test(a_trust_list_is_the_old_or_the_new_one),
		cmocka_unit_test(a_zone_has_the_old_or_the_new_password),
		cmocka_unit_test(cucms_file_holds_a_pair_that_fits),
	};
	return cmocka_run_group_tests(tests, test_node_setup, test_node_teardown);
}
