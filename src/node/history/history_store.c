#include "node/history/history_store.h"

#include "report/json.h"

#include <sqlite3.h>
#include <string.h>

/* A verb that reads holds nobody up for longer. */
#define BUSY_MS 5000
/* Of the oldest events, while the file is too large. */
#define TRIM_SHARE 10

struct cw_history_store {
	sqlite3 *db;
	sqlite3_stmt *add, *raise, *lower;
};

/* What each version adds; the first makes it. */
static const char *const migrations[CW_HISTORY_STORE_VERSION] = {
	"CREATE TABLE events(id INTEGER PRIMARY KEY, boot TEXT NOT NULL, number INTEGER NOT NULL,"
	" at INTEGER NOT NULL, kind TEXT NOT NULL, about TEXT, who TEXT, before TEXT, after TEXT, text TEXT,"
	" UNIQUE(boot, number));"
	"CREATE INDEX events_at ON events(at);"
	"CREATE TABLE alarms(key TEXT PRIMARY KEY, number TEXT, severity TEXT, text TEXT, raised INTEGER NOT NULL);",
};

static bool fail(struct cw_history_store *store, struct cw_error *error)
{
	return cw_error_set(error, CW_E_IO, "history: %s", sqlite3_errmsg(store->db));
}

static bool run(struct cw_history_store *store, const char *words, struct cw_error *error)
{
	return sqlite3_exec(store->db, words, NULL, NULL, NULL) == SQLITE_OK ? true : fail(store, error);
}

static bool ask_number(
	struct cw_history_store *store, const char *words, int64_t *ret, struct cw_error *error)
{
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(store->db, words, -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW;
	if (good)
		*ret = sqlite3_column_int64(statement, 0);
	else
		fail(store, error);
	sqlite3_finalize(statement);
	return good;
}

void cw_history_store_close(struct cw_history_store *store)
{
	if (!store)
		return;
	sqlite3_finalize(store->add);
	sqlite3_finalize(store->raise);
	sqlite3_finalize(store->lower);
	sqlite3_close(store->db);
	free(store);
}

/* Each version in a transaction of its own: a crash leaves the one before or the one after. */
static bool migrate(struct cw_history_store *store, struct cw_error *error)
{
	int64_t version;
	char words[64];
	if (!ask_number(store, "PRAGMA user_version", &version, error))
		return false;
	if (version > CW_HISTORY_STORE_VERSION)
		return cw_error_set(error, CW_E_FORMAT,
			"the history is of version %lld, made by a newer causeway; this one knows up to %d",
			(long long)version, CW_HISTORY_STORE_VERSION);
	for (; version < CW_HISTORY_STORE_VERSION; version++) {
		snprintf(words, sizeof words, "PRAGMA user_version = %lld", (long long)version + 1);
		if (!run(store, "BEGIN IMMEDIATE", error) || !run(store, migrations[version], error) ||
			!run(store, words, error) || !run(store, "COMMIT", error))
			return false;
	}
	return true;
}

static bool prepare(struct cw_history_store *store, struct cw_error *error)
{
	static const char add[] =
		"INSERT OR IGNORE INTO events(boot, number, at, kind, about, who, before, after, text)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
	static const char raise[] = "INSERT OR IGNORE INTO alarms(key, number, severity, text, raised)"
				    " VALUES(?1, ?2, ?3, ?4, ?5)";
	static const char lower[] = "DELETE FROM alarms WHERE key = ?1";
	return sqlite3_prepare_v2(store->db, add, -1, &store->add, NULL) == SQLITE_OK &&
			sqlite3_prepare_v2(store->db, raise, -1, &store->raise, NULL) == SQLITE_OK &&
			sqlite3_prepare_v2(store->db, lower, -1, &store->lower, NULL) == SQLITE_OK
		? true
		: fail(store, error);
}

bool cw_history_store_open(const char *path, struct cw_history_store **ret, struct cw_error *error)
{
	AUTO(cw_history_store_close) struct cw_history_store *store = calloc(1, sizeof *store);
	if (!store)
		return cw_error_memory(error);
	if (sqlite3_open_v2(path, &store->db,
		    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK) {
		fail(store, error);
		return cw_error_prefix(error, "%s", path);
	}
	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (!run(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF",
		    error) ||
		!migrate(store, error) || !prepare(store, error))
		return cw_error_prefix(error, "%s", path);
	*ret = TAKE(store);
	return true;
}

/* --- writing --- */

bool cw_history_store_begin(struct cw_history_store *store, struct cw_error *error)
{
	return run(store, "BEGIN IMMEDIATE", error);
}

static bool step(struct cw_history_store *store, sqlite3_stmt *statement, struct cw_error *error)
{
	bool good = sqlite3_step(statement) == SQLITE_DONE;
	if (!good)
		fail(store, error);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return good;
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text)
{
	sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
}

/* `who` of an alarm is its severity, `before` its number. */
static bool keep_alarm(
	struct cw_history_store *store, const struct cw_history_event *event, struct cw_error *error)
{
	if (strcmp(event->kind, "alarm-lowered") == 0) {
		bind_text(store->lower, 1, event->about);
		return step(store, store->lower, error);
	}
	if (strcmp(event->kind, "alarm-raised") != 0)
		return true;
	bind_text(store->raise, 1, event->about);
	bind_text(store->raise, 2, event->before);
	bind_text(store->raise, 3, event->after);
	bind_text(store->raise, 4, event->text);
	sqlite3_bind_int64(store->raise, 5, event->at);
	return step(store, store->raise, error);
}

bool cw_history_store_add(
	struct cw_history_store *store, const struct cw_history_event *event, struct cw_error *error)
{
	const char *const texts[] = {
		event->kind, event->about, event->who, event->before, event->after, event->text};
	bind_text(store->add, 1, event->boot);
	sqlite3_bind_int64(store->add, 2, (sqlite3_int64)event->number);
	sqlite3_bind_int64(store->add, 3, event->at);
	for (int i = 0; i < 6; i++)
		bind_text(store->add, 4 + i, texts[i]);
	return step(store, store->add, error) && keep_alarm(store, event, error);
}

bool cw_history_store_commit(struct cw_history_store *store, struct cw_error *error)
{
	if (run(store, "COMMIT", error))
		return true;
	sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool cw_history_store_trim(
	struct cw_history_store *store, cw_time before, uint64_t bytes, struct cw_error *error)
{
	int64_t pages, free_pages, size, events;
	char words[160];
	snprintf(words, sizeof words, "DELETE FROM events WHERE at < %lld", (long long)before);
	if (!run(store, words, error) || !ask_number(store, "PRAGMA page_count", &pages, error) ||
		!ask_number(store, "PRAGMA freelist_count", &free_pages, error) ||
		!ask_number(store, "PRAGMA page_size", &size, error) ||
		!ask_number(store, "SELECT count(*) FROM events", &events, error))
		return false;
	if ((uint64_t)((pages - free_pages) * size) <= bytes)
		return true;
	snprintf(words, sizeof words,
		"DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT %lld)",
		(long long)(events / TRIM_SHARE + 1));
	return run(store, words, error);
}

/* --- reading --- */

static json_t *text_at(sqlite3_stmt *statement, int column)
{
	return cw_json_text((const char *)sqlite3_column_text(statement, column));
}

/* A row's columns under these names; "at" and "raised" are times. */
static void add_row(struct cw_json *json, sqlite3_stmt *statement, json_t *ret)
{
	json_t *row = json_object();
	for (int i = 0; i < sqlite3_column_count(statement); i++) {
		const char *name = sqlite3_column_name(statement, i);
		bool time = strcmp(name, "at") == 0 || strcmp(name, "raised") == 0;
		cw_json_put(json, row, name,
			time ? cw_json_time(sqlite3_column_int64(statement, i)) : text_at(statement, i));
	}
	cw_json_add(json, ret, row);
}

static bool read_rows(
	struct cw_history_store *store, sqlite3_stmt *statement, json_t *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	int got;
	while ((got = sqlite3_step(statement)) == SQLITE_ROW && !json.failed)
		add_row(&json, statement, ret);
	if (json.failed)
		return cw_error_memory(error);
	return got == SQLITE_DONE ? true : fail(store, error);
}

bool cw_history_store_alarms(struct cw_history_store *store, json_t *ret, struct cw_error *error)
{
	static const char words[] = "SELECT key, number, severity, text, raised FROM alarms ORDER BY raised";
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(store->db, words, -1, &statement, NULL) == SQLITE_OK
		? read_rows(store, statement, ret, error)
		: fail(store, error);
	sqlite3_finalize(statement);
	return good;
}

bool cw_history_store_read(
	struct cw_history_store *store, cw_time since, unsigned most, json_t *ret, struct cw_error *error)
{
	static const char words[] =
		"SELECT at, kind, about, who, before, after, text FROM (SELECT * FROM events WHERE at >= ?1"
		" ORDER BY id DESC LIMIT ?2) ORDER BY id";
	sqlite3_stmt *statement = NULL;
	bool good = sqlite3_prepare_v2(store->db, words, -1, &statement, NULL) == SQLITE_OK;
	if (!good)
		return fail(store, error);
	sqlite3_bind_int64(statement, 1, since);
	sqlite3_bind_int64(statement, 2, most);
	good = read_rows(store, statement, ret, error);
	sqlite3_finalize(statement);
	return good;
}
