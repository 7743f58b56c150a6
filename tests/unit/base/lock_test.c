/*
 * One lock for a folder: who comes second waits, says so, and gives up with the holder's name; what killed commands
 * left is swept.
 */
#include "base/lock.h"

#include "base/draft.h"
#include "base/file.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char told[512];

static void keep(void *context, const char *message)
{
	(void)context;
	snprintf(told, sizeof told, "%s", message);
}

static struct cw_locks locks_of(const char *who, long seconds)
{
	*told = '\0';
	return (struct cw_locks){.who = who, .wait_seconds = seconds, .tell = keep};
}

static bool there(const char *name)
{
	struct stat status;
	return lstat(name, &status) == 0;
}

static void a_lock_file_is_gone_after_the_lock(void **state)
{
	(void)state;
	struct cw_locks locks = locks_of("trust append", 0);
	struct cw_error error;
	assert_true(cw_lock_take(&locks, "", &error));
	assert_true(there(CW_LOCK_NAME));
	assert_true(cw_lock_take(&locks, ".", &error)); /* the same folder once more */
	assert_int_equal(locks.count, 1);
	cw_lock_release(&locks);
	assert_false(there(CW_LOCK_NAME));
}

static void who_cannot_have_it_is_told_who_holds_it(void **state)
{
	(void)state;
	struct cw_locks first = locks_of("csr new", 0), second = locks_of("trust append", -1);
	struct cw_error error;
	char holder[64];
	assert_true(cw_lock_take(&first, "", &error));
	assert_false(cw_lock_take(&second, "", &error));
	snprintf(holder, sizeof holder, "process %ld (causeway csr new)", (long)getpid());
	assert_non_null(strstr(error.message, holder));
	cw_lock_release(&first);
	assert_true(cw_lock_take(&second, "", &error));
	cw_lock_release(&second);
}

static void who_waits_says_so(void **state)
{
	(void)state;
	struct cw_error error;
	int go[2], held[2];
	char byte = 0;
	assert_int_equal(pipe(go) | pipe(held), 0);
	pid_t child = fork();
	if (child == 0) {
		struct cw_locks locks = locks_of("ca sign", 0);
		bool good = cw_lock_take(&locks, "", &error);
		good = good && write(held[1], "h", 1) == 1 && read(go[0], &byte, 1) == 1;
		cw_lock_release(&locks);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(read(held[0], &byte, 1), 1);
	struct cw_locks locks = locks_of("trust append", 1);
	assert_false(cw_lock_take(&locks, "", &error)); /* it waits, and gives up after a second */
	assert_non_null(strstr(told, "waiting for process"));
	assert_non_null(strstr(told, "causeway ca sign"));
	assert_non_null(strstr(error.message, "for 1 seconds"));
	cw_lock_release(&locks);
	assert_int_equal(write(go[1], "g", 1), 1);
	assert_int_equal(waitpid(child, NULL, 0), child);
	locks = locks_of("trust append", 0);
	assert_true(cw_lock_take(&locks, "", &error));
	cw_lock_release(&locks);
	close(go[0]), close(go[1]), close(held[0]), close(held[1]);
}

static void what_a_killed_command_left_is_no_obstacle_and_is_swept(void **state)
{
	(void)state;
	struct cw_error error;
	int status;
	pid_t child = fork();
	if (child == 0) {
		struct cw_locks locks = locks_of("csr new", 0);
		struct cw_draft *draft;
		if (cw_lock_take(&locks, "", &error) && cw_draft_open("key.pem", &draft, &error))
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	char name[64];
	snprintf(name, sizeof name, CW_DRAFT_PREFIX "%ld-0", (long)child);
	assert_true(there(name) && there(CW_LOCK_NAME));
	struct cw_locks locks = locks_of("csr new", -1);
	assert_true(cw_lock_take(&locks, "", &error));
	assert_false(there(name));
	assert_string_equal(told, ".: unfinished files of a command that was killed are removed (1)");
	cw_lock_release(&locks);
	assert_false(there(CW_LOCK_NAME));
}

static void the_draft_of_a_live_command_stays(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_draft *draft;
	struct cw_locks locks = locks_of("trust append", -1);
	assert_true(cw_draft_open("list.pem", &draft, &error));
	fputs("text", cw_draft_stream(draft));
	assert_true(cw_lock_take(&locks, "", &error));
	assert_true(cw_draft_commit(draft, 0644, &error));
	cw_draft_free(draft);
	assert_true(there("list.pem"));
	assert_string_equal(told, "");
	cw_lock_release(&locks);
	unlink("list.pem");
}

static void a_folder_that_is_not_there_cannot_be_locked(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_locks locks = locks_of("trust append", -1);
	assert_false(cw_lock_take(&locks, "nowhere", &error));
	assert_non_null(strstr(error.message, "nowhere: cannot lock this folder"));
	cw_lock_release(&locks);
}

static int enter(void **state)
{
	(void)state;
	return chdir(test_folder_make());
}

static int leave(void **state)
{
	(void)state;
	int left = chdir("/");
	test_folder_remove();
	return left;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_lock_file_is_gone_after_the_lock),
		cmocka_unit_test(who_cannot_have_it_is_told_who_holds_it),
		cmocka_unit_test(who_waits_says_so),
		cmocka_unit_test(what_a_killed_command_left_is_no_obstacle_and_is_swept),
		cmocka_unit_test(the_draft_of_a_live_command_stays),
		cmocka_unit_test(a_folder_that_is_not_there_cannot_be_locked),
	};
	return cmocka_run_group_tests(tests, enter, leave);
}
