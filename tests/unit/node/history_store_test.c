/*
 * history.db: events are there once and in their order, alarms stay until they are lowered, bounds hold, and a database
 * of a newer version is left alone.
 */
#include "base/file.h"
#include "node/history/history_store.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <sqlite3.h>

static struct cw_history_store *open_store(const char *name)
{
	struct cw_history_store *store = NULL;
	struct cw_error error = {0};
	if (!cw_history_store_open(test_folder_path(name), &store, &error))
		fail_msg("%s", error.message);
	return store;
}

static void add(struct cw_history_store *store, const struct cw_history_event *event)
{
	struct cw_error error = {0};
	if (!cw_history_store_begin(store, &error) || !cw_history_store_add(store, event, &error) ||
		!cw_history_store_commit(store, &error))
		fail_msg("%s", error.message);
}

static json_t *read_all(struct cw_history_store *store, cw_time since, unsigned most)
{
	json_t *rows = json_array();
	struct cw_error error = {0};
	if (!cw_history_store_read(store, since, most, rows, &error))
		fail_msg("%s", error.message);
	return rows;
}

static const char *text_of(const json_t *rows, size_t row, const char *key)
{
	return json_string_value(json_object_get(json_array_get(rows, row), key));
}

static void an_event_is_there_once_and_whole(void **state)
{
	(void)state;
	struct cw_history_store *store = open_store("once.db");
	const struct cw_history_event event = {.boot = "b",
		.number = 7,
		.at = 1000,
		.kind = "change",
		.about = "trusted-ca",
		.who = "files",
		.before = "CN=\"a\"'; DROP TABLE events",
		.after = NULL};
	add(store, &event);
	add(store, &event); /* its writer died before it could say so */
	json_t *rows = read_all(store, 0, 10);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(text_of(rows, 0, "about"), "trusted-ca");
	assert_string_equal(text_of(rows, 0, "before"), "CN=\"a\"'; DROP TABLE events");
	assert_true(json_is_null(json_object_get(json_array_get(rows, 0), "after")));
	json_decref(rows);
	cw_history_store_close(store);
}

static void the_newest_come_oldest_first(void **state)
{
	(void)state;
	static const char *const names[] = {"one", "two", "three", "four"};
	struct cw_history_store *store = open_store("order.db");
	for (unsigned i = 0; i < 4; i++)
		add(store,
			&(struct cw_history_event){.boot = "b",
				.number = i + 1,
				.at = 100 + i,
				.kind = "state",
				.about = names[i]});
	json_t *rows = read_all(store, 0, 2);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(text_of(rows, 0, "about"), "three");
	assert_string_equal(text_of(rows, 1, "about"), "four");
	json_decref(rows);
	rows = read_all(store, 103, 10);
	assert_int_equal(json_array_size(rows), 1);
	json_decref(rows);
	cw_history_store_close(store);
}

static void an_alarm_stays_over_a_restart_until_it_is_lowered(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_history_store *store = open_store("alarms.db");
	struct cw_history_event event = {.boot = "b",
		.number = 1,
		.at = 500,
		.kind = "alarm-raised",
		.about = "zone e1",
		.after = "Alert",
		.text = "it has failed"};
	add(store, &event);
	cw_history_store_close(store);
	store = open_store("alarms.db");
	event.boot = "c"; /* raised again by the next run: it stays the one that it was */
	event.at = 900;
	add(store, &event);
	json_t *alarms = json_array();
	assert_true(cw_history_store_alarms(store, alarms, &error));
	assert_int_equal(json_array_size(alarms), 1);
	assert_string_equal(text_of(alarms, 0, "raised"), "1970-01-01T00:08:20Z");
	json_array_clear(alarms);
	event.number = 2;
	event.kind = "alarm-lowered";
	add(store, &event);
	assert_true(cw_history_store_alarms(store, alarms, &error));
	assert_int_equal(json_array_size(alarms), 0);
	json_decref(alarms);
	cw_history_store_close(store);
}

static void old_events_go_and_so_do_the_oldest_of_too_many(void **state)
{
	(void)state;
	static char text[1000];
	struct cw_error error;
	struct cw_history_store *store = open_store("trim.db");
	memset(text, 'x', sizeof text - 1);
	assert_true(cw_history_store_begin(store, &error));
	for (unsigned i = 0; i < 1000; i++)
		assert_true(cw_history_store_add(store,
			&(struct cw_history_event){
				.boot = "b", .number = i + 1, .at = i, .kind = "state", .text = text},
			&error));
	assert_true(cw_history_store_commit(store, &error));
	assert_true(cw_history_store_trim(store, 100, (uint64_t)1 << 40, &error));
	json_t *rows = read_all(store, 0, 2000);
	assert_int_equal(json_array_size(rows), 900);
	json_decref(rows);
	for (unsigned i = 0; i < 30; i++)
		assert_true(cw_history_store_trim(store, 0, 200 * 1024, &error));
	rows = read_all(store, 0, 2000);
	assert_in_range(json_array_size(rows), 1, 200);
	assert_string_equal(text_of(rows, json_array_size(rows) - 1, "at"), "1970-01-01T00:16:39Z");
	json_decref(rows);
	cw_history_store_close(store);
}

static void a_newer_database_is_left_alone(void **state)
{
	(void)state;
	struct cw_error error;
	sqlite3 *db;
	struct cw_history_store *store = open_store("newer.db");
	cw_history_store_close(store);
	assert_int_equal(sqlite3_open(test_folder_path("newer.db"), &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_false(cw_history_store_open(test_folder_path("newer.db"), &store, &error));
	assert_int_equal(error.code, CW_E_FORMAT);
	assert_non_null(strstr(error.message, "version 99"));
}

static void what_is_no_database_is_told(void **state)
{
	(void)state;
	struct cw_error error;
	struct cw_history_store *store;
	static const char text[] =
		"this is no database, and long enough to be looked at: 0123456789 0123456789 0123456789";
	test_folder_write("no.db", text, sizeof text);
	assert_false(cw_history_store_open(test_folder_path("no.db"), &store, &error));
	assert_non_null(strstr(error.message, "no.db"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_there_once_and_whole),
		cmocka_unit_test(the_newest_come_oldest_first),
		cmocka_unit_test(an_alarm_stays_over_a_restart_until_it_is_lowered),
		cmocka_unit_test(old_events_go_and_so_do_the_oldest_of_too_many),
		cmocka_unit_test(a_newer_database_is_left_alone),
		cmocka_unit_test(what_is_no_database_is_told),
	};
	return cmocka_run_group_tests(tests, test_folder_setup, test_folder_teardown);
}
