/*
 * The writer process of a node's history: what was told is on the disk, whoever is killed.
 */
#include "node/history/node_history.h"
#include "node/worker/node_process.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct cw_node_history *open_history(const char *folder, struct event_base *base, json_t **alarms)
{
	struct cw_node_history *history = NULL;
	struct cw_error error = {0};
	mkdir(test_folder_path(folder), 0700);
	if (!cw_node_history_open(test_folder_path(folder), &history, alarms, &error) ||
		(base && !cw_node_history_begin(history, base, NULL, NULL, &error)))
		fail_msg("%s", error.message);
	return history;
}

static size_t count_events(const char *path)
{
	struct cw_history_store *store;
	struct cw_error error = {0};
	json_t *rows = json_array();
	if (!cw_history_store_open(test_folder_path(path), &store, &error) ||
		!cw_history_store_read(store, 0, 100000, rows, &error))
		fail_msg("%s", error.message);
	size_t count = json_array_size(rows);
	json_decref(rows);
	cw_history_store_close(store);
	return count;
}

static void tell(struct cw_node_history *history, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		char about[32];
		snprintf(about, sizeof about, "event %u", i);
		cw_node_history_tell(
			history, &(struct cw_node_history_event){.kind = "state", .about = about});
	}
}

/* Runs the loop until nothing waits for the disk. */
static void drain(struct event_base *base, struct cw_node_history *history)
{
	size_t lost;
	while (cw_node_history_waiting(history, &lost))
		assert_true(event_base_loop(base, EVLOOP_ONCE) >= 0);
	assert_int_equal(lost, 0);
}

static void what_was_told_is_written_at_the_end(void **state)
{
	(void)state;
	json_t *alarms;
	struct cw_node_history *history = open_history("end", NULL, &alarms);
	json_decref(alarms);
	tell(history, 0, 3000); /* with answers on their way when it closes */
	cw_node_history_close(history);
	assert_int_equal(count_events("end/history/history.db"), 3000);
}

static void a_killed_writer_loses_nothing(void **state)
{
	(void)state;
	json_t *alarms;
	struct event_base *base = event_base_new();
	struct cw_node_history *history = open_history("writer", base, &alarms);
	json_decref(alarms);
	tell(history, 0, 100);
	pid_t first = cw_node_history_process(history);
	kill(first, SIGKILL);
	tell(history, 100, 200);
	drain(base, history);
	assert_int_not_equal(cw_node_history_process(history), first);
	assert_null(cw_node_history_trouble(history));
	cw_node_history_close(history);
	event_base_free(base);
	assert_int_equal(count_events("writer/history/history.db"), 200);
}

/* The node's own process is killed with events on their way: its writer writes them and ends. */
static void a_killed_node_loses_nothing(void **state)
{
	(void)state;
	int ends[2];
	char byte;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t node = fork();
	if (node == 0) {
		json_t *alarms;
		close(ends[0]);
		struct cw_node_history *history = open_history("node", NULL, &alarms);
		tell(history, 0, 50);
		(void)!write(ends[1], &(pid_t){cw_node_history_process(history)}, sizeof(pid_t));
		kill(getpid(), SIGKILL);
	}
	close(ends[1]);
	pid_t writer;
	assert_int_equal(read(ends[0], &writer, sizeof writer), sizeof writer);
	assert_int_equal(waitpid(node, NULL, 0), node);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	int watched = (int)syscall(SYS_pidfd_open, writer, 0); /* it may have ended already */
	struct pollfd ended = {.fd = watched, .events = POLLIN};
	if (watched >= 0)
		assert_int_equal(poll(&ended, 1, 60000), 1);
	close(watched);
	assert_int_equal(count_events("node/history/history.db"), 50);
}

static void a_state_is_told_once(void **state)
{
	(void)state;
	json_t *alarms;
	struct cw_node_history *history = open_history("state", NULL, &alarms);
	json_decref(alarms);
	cw_node_history_state(history, "zone to e1", "Active", "");
	cw_node_history_state(history, "zone to e1", "Active", "");
	cw_node_history_state(history, "zone to e1", "Failed: expired", "why");
	cw_node_history_refused(history, "zone", "c1", "expired", "it ran out");
	cw_node_history_refused(history, "zone", "c1", "expired", "it ran out");
	cw_node_history_close(history);
	assert_int_equal(count_events("state/history/history.db"), 3);
}

static void alarms_of_the_former_run_are_carried_over(void **state)
{
	(void)state;
	json_t *alarms;
	struct cw_node_history *history = open_history("carry", NULL, &alarms);
	assert_int_equal(json_array_size(alarms), 0);
	json_decref(alarms);
	cw_node_history_tell(history,
		&(struct cw_node_history_event){
			.kind = "alarm-raised", .about = "zone e1", .text = "failed"});
	cw_node_history_close(history);
	history = open_history("carry", NULL, &alarms);
	assert_int_equal(json_array_size(alarms), 1);
	json_decref(alarms);
	cw_node_history_close(history);
}

/* The writer is this program again. */
int main(int argument_count, char **words)
{
	cw_node_process_enter(argument_count, words);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_told_is_written_at_the_end),
		cmocka_unit_test(a_killed_writer_loses_nothing),
		cmocka_unit_test(a_killed_node_loses_nothing),
		cmocka_unit_test(a_state_is_told_once),
		cmocka_unit_test(alarms_of_the_former_run_are_carried_over),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
