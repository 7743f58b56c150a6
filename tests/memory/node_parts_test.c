/**
 * Every place in this program that asks for memory is refused it once, while the parts of a node begin, read, write and
 * end: the lanes of its workers, a snapshot on its way to them, a folder of an older version, a publisher's record. Each
 * time the part says that it is out of memory, or does what it does with memory. It neither crashes nor leaks, and what it
 * was to change is the old or the new one.
 *
 * Kinds and samples as in verbs_test.c: CAUSEWAY_MEMORY=N some N places of each part, 0 all of them; MEMORY_OF one part alone.
 */
#include "support/cmocka.h"

#include "failing.h"

#include "base/file.h"
#include "net/accept.h"
#include "node/node_folder.h"
#include "node/replica/replica_record.h"
#include "node/worker/worker_lane.h"
#include "node/worker/worker_snapshot.h"
#include "pki/bundle/pem_write.h"
#include "report/json.h"
#include "support/certs.h"
#include "support/folder.h"
#include "support/node_scene.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAMPLES 10 /* of each part and kind, in a test run */

static struct test_node c, e, publisher, subscriber;

/* --- the lanes of a worker --- */

static void nobody_said(void *context, const json_t *frame, int *files, size_t count)
{
	(void)context;
	(void)frame;
	(void)files;
	(void)count;
}

static void nobody_ended(void *context, const char *reason)
{
	(void)context;
	(void)reason;
}

static int listening(void)
{
	const struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int own = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(own >= 0 && bind(own, (const struct sockaddr *)(const void *)&any, sizeof any) == 0);
	assert_int_equal(listen(own, 4), 0);
	return own;
}

/* What a worker's run does with a lane, from its beginning to its end. */
static bool live(
	const struct cw_worker_lane *lane, struct cw_worker *worker, int port, struct cw_error *error)
{
	void *state = NULL;
	AUTO(json_decref) json_t *told = NULL;
	if (!lane->begin(worker, port, &state, error))
		return false;
	bool good = lane->reload(state, worker->snapshot, error) && lane->reload(state, NULL, error);
	lane->judge(state);
	told = json_object();
	lane->status(state, told);
	lane->end(state);
	return good;
}

static bool live_in_worker(
	const struct cw_worker_lane *lane, struct test_node *node, int port, struct cw_error *error)
{
	static const struct cw_worker_channel_owner owner = {nobody_said, nobody_ended, NULL};
	struct cw_worker worker = {.snapshot = node->core.snapshot, .shared = NULL};
	int ends[2];
	bool good = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	worker.base = event_base_new();
	worker.cache = cw_cache_new();
	worker.recent = cw_recent_certs_new();
	worker.shared = json_object();
	if (!worker.base || !worker.cache || !worker.recent || !worker.shared) {
		close(ends[0]);
		good = cw_error_memory(error);
	} else if (cw_worker_channel_open(worker.base, ends[0], &owner, &worker.channel, error)) {
		good = live(lane, &worker, port, error);
	}
	cw_worker_channel_free(worker.channel);
	json_decref(worker.shared);
	cw_recent_certs_free(worker.recent);
	cw_cache_free(worker.cache);
	if (worker.base)
		event_base_free(worker.base);
	close(ends[1]);
	return good;
}

static bool lanes_of(struct test_node *node, struct cw_error *error)
{
	size_t count;
	bool good = true;
	const struct cw_worker_lane *const *lanes = cw_worker_lanes(&count);
	for (size_t i = 0; i < count && good; i++) {
		if (lanes[i]->role != node->core.snapshot->node->kind)
			continue;
		int port = lanes[i]->listen == CW_WORKER_LANE_NO_PORT ? -1 : listening();
		good = live_in_worker(lanes[i], node, port, error);
		if (port >= 0)
			close(port);
	}
	return good;
}

static bool lanes_of_c(struct cw_error *error)
{
	return lanes_of(&c, error);
}

static bool lanes_of_e(struct cw_error *error)
{
	return lanes_of(&e, error);
}

/* --- a snapshot on its way --- */

static bool travel(const struct test_node *node, struct cw_error *error)
{
	AUTO(json_decref) json_t *frame = NULL;
	AUTO(cw_snapshot_free) struct cw_snapshot *arrived = NULL;
	AUTO_STRINGS problems = {0};
	int file = -1;
	if (!cw_worker_snapshot_write(node->core.snapshot, &frame, &file, error))
		return false;
	bool good = cw_worker_snapshot_read(frame, file, cw_time_now(), &arrived, &problems);
	close(file);
	if (!good)
		return cw_error_set(
			error, CW_E_MEMORY, "%s", problems.count ? problems.items[0] : "out of memory");
	assert_string_equal(arrived->node->fqdn, node->core.snapshot->node->fqdn);
	return true;
}

static bool snapshot_of_c(struct cw_error *error)
{
	return travel(&c, error);
}

static bool snapshot_of_e(struct cw_error *error)
{
	return travel(&e, error);
}

/* --- a folder of an older version --- */

static char old_folder[512];

static void make_old_folder(void)
{
	char command[2000];
	snprintf(command, sizeof command,
		"rm -rf '%s'* && cp -a '%s.kept' '%s' && cd '%s' && echo 1 >version && rm -rf history && "
		"echo events >history.db && mkdir -p certs/deep && ln -s ../server.pem certs/deep/link",
		old_folder, c.path, old_folder, old_folder);
	assert_int_equal(system(command), 0);
}

static bool migrate(struct cw_error *error)
{
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	return cw_node_folder_open(old_folder, true, &folder, error);
}

/* The old one, which is taken now; or the new one. */
static void want_folder(void)
{
	AUTO_NODE_FOLDER folder = CW_NODE_FOLDER_NONE;
	AUTO(cw_snapshot_free) struct cw_snapshot *snapshot = NULL;
	AUTO_STRINGS problems = {0};
	AUTO_BUFFER events = {0};
	AUTO(free) char *path = cw_file_path(old_folder, "history/history.db");
	struct cw_error error = {0};
	if (!cw_node_folder_open(old_folder, true, &folder, &error))
		fail_msg("%s", error.message);
	if (!cw_snapshot_read(old_folder, 1, cw_time_now(), &snapshot, &problems))
		fail_msg("%s", problems.items[0]);
	assert_true(cw_file_read(path, 100, &events, &error));
	assert_string_equal(cw_buffer_string(&events), "events\n");
}

/* --- a publisher's record, and what a subscriber does with it --- */

static void make_lists(void)
{
	test_node_restore(&publisher);
	test_node_restore(&subscriber);
}

static bool tell_subscriber(const json_t *record, struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	AUTO_STRINGS told = {0};
	AUTO(json_decref) json_t *lacks = NULL, *lacks_now = NULL;
	const struct cw_snapshot *from = publisher.core.snapshot, *to = subscriber.core.snapshot;
	if (!cw_replica_record_document(record, from, NULL, &text, error) ||
		!cw_replica_record_apply(to, cw_buffer_string(&text), text.length, &lacks, &told, error))
		return false;
	text.length = 0;
	return cw_replica_record_document(record, from, lacks, &text, error) &&
		cw_replica_record_apply(to, cw_buffer_string(&text), text.length, &lacks_now, &told, error);
}

static bool replicate(struct cw_error *error)
{
	AUTO(json_decref) json_t *record = NULL;
	return cw_replica_record_open(publisher.path, publisher.core.snapshot, &record, error) &&
		tell_subscriber(record, error);
}

/* Memory or not: whoever is told again has the certificate that came. */
static void want_lists(void)
{
	struct cw_error error = {0};
	test_node_restart(&subscriber);
	if (!replicate(&error))
		fail_msg("%s", error.message);
	test_node_restart(&subscriber);
	const struct cw_trust_list *list =
		&subscriber.core.snapshot->node->stores[CW_STORE_TOMCAT_TRUST].list;
	assert_int_equal(list->count, 3);
	assert_true(cw_trust_list_find(list, test_cert("other")) < list->count);
}

/* --- all of them --- */

static const struct part {
	const char *name;
	void (*prepare)(void);
	bool (*act)(struct cw_error *error);
	void (*want)(void);
} parts[] = {
	{"lanes of Expressway-C", NULL, lanes_of_c, NULL},
	{"lanes of Expressway-E", NULL, lanes_of_e, NULL},
	{"snapshot of Expressway-C", NULL, snapshot_of_c, NULL},
	{"snapshot of Expressway-E", NULL, snapshot_of_e, NULL},
	{"older folder", make_old_folder, migrate, want_folder},
	{"replication", make_lists, replicate, want_lists},
};
#define COUNT (sizeof parts / sizeof *parts)

struct outcome {
	const struct part *part;
	bool good;
	struct cw_error error;
};

static void act(void *context)
{
	struct outcome *outcome = context;
	outcome->error = (struct cw_error){0};
	outcome->good = outcome->part->act(&outcome->error);
}

static void prepare(const struct part *part)
{
	if (part->prepare)
		part->prepare();
}

static size_t unclean;

static void try_place(struct outcome *outcome, enum failing_kind kind, unsigned long number)
{
	prepare(outcome->part);
	failing_arm(kind, number, false);
	act(outcome);
	failing_disarm();
	if (!outcome->good && !strstr(outcome->error.message, "out of memory")) {
		print_error("%s, kind %d, allocation %lu: %s\n", outcome->part->name, (int)kind, number,
			outcome->error.message);
		unclean++;
	}
	if (outcome->part->want)
		outcome->part->want();
}

static void try_part(const struct part *part, enum failing_kind kind)
{
	AUTO(free) unsigned long *numbers = NULL;
	struct outcome outcome = {.part = part};
	prepare(part);
	act(&outcome);
	if (!outcome.good)
		fail_msg("%s: %s", part->name, outcome.error.message);
	prepare(part);
	size_t count = failing_new_places(kind, act, &outcome, &numbers);
	assert_true(outcome.good);
	size_t samples = failing_samples(SAMPLES), step = samples && count > samples ? count / samples : 1;
	for (size_t i = 0; i < count; i += step)
		try_place(&outcome, kind, numbers[i]);
	print_message("%s, kind %d: %zu new places\n", part->name, (int)kind, count);
}

static void try_all(enum failing_kind kind)
{
	const char *only = getenv("MEMORY_OF");
	unclean = 0;
	for (size_t i = 0; i < COUNT; i++)
		if (!only || strcmp(only, parts[i].name) == 0)
			try_part(&parts[i], kind);
	assert_int_equal(unclean, 0);
	assert_int_equal(LEAKS(), 0);
}

static void every_place_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OWN);
}

static void every_call_of_openssl_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_OPENSSL);
}

static void every_call_of_jansson_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_JANSSON);
}

static void every_call_of_libevent_that_asks_for_memory_is_refused_once(void **state)
{
	(void)state;
	try_all(FAILING_LIBEVENT);
}

/* --- the scene --- */

static void *event_malloc(size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return malloc(size);
	errno = ENOMEM;
	return NULL;
}

static void *event_realloc(void *memory, size_t size)
{
	if (!failing_hit(FAILING_LIBEVENT))
		return realloc(memory, size);
	errno = ENOMEM;
	return NULL;
}

/* The publisher's record is older than the last certificate of its list. */
static void make_publisher(void)
{
	json_t *record = NULL;
	struct cw_error error;
	test_node_make(&publisher, "publisher", CW_NODE_CUCM);
	assert_true(cw_replica_record_open(publisher.path, publisher.core.snapshot, &record, &error));
	json_decref(record);
	json_t *frame =
		test_node_upload_certs(&publisher, "trust/append", "{'store':'tomcat-trust'}", "other");
	test_node_want(frame, 200);
	json_decref(frame);
	test_node_keep(&publisher);
}

static int setup(void **state)
{
	test_node_setup(state);
	test_node_make(&c, "c", CW_NODE_EXPRESSWAY_C);
	json_decref(test_node_ask(&c, "cucm-servers/add", "{'address':'pub.acme.test'}"));
	test_node_keep(&c);
	test_node_make(&e, "e", CW_NODE_EXPRESSWAY_E);
	test_node_make(&subscriber, "subscriber", CW_NODE_CUCM);
	test_node_keep(&subscriber);
	make_publisher();
	snprintf(old_folder, sizeof old_folder, "%s", test_folder_path("older"));
	return 0;
}

static int teardown(void **state)
{
	test_node_finish(&c);
	test_node_finish(&e);
	test_node_finish(&publisher);
	test_node_finish(&subscriber);
	return test_node_teardown(state);
}

int main(void)
{
	if (!failing_start())
		return 1;
	event_set_mem_functions(event_malloc, event_realloc, free);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_place_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_openssl_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_jansson_that_asks_for_memory_is_refused_once),
		cmocka_unit_test(every_call_of_libevent_that_asks_for_memory_is_refused_once),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
