#include "collect/collect_answer.h"
#include "collect/collect_parts.h"

#include "base/draft.h"
#include "base/file.h"
#include "base/lock.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <time.h>

/*
 * Each box goes through the table row by row, one request at a time; all boxes do so at once, driven by one
 * libcurl multi handle. A row is skipped where the answers before it say that it is not needed. A box waits where
 * its next row is of an account that no box has taken yet and that another box is just trying, and where another
 * box's diagnostic log is under way (starting and stopping one is the whole cluster's). It ends because each turn
 * either has a request under way, which has a time limit, or moves a box to its next row.
 */

/* A repeated question is given up after this. */
#define ARCHIVE_MILLISECONDS (15LL * 60 * 1000)
#define POLL_MILLISECONDS 2000
#define REDIRECTS_MAX 2
/* After so many in a row a box is left alone: each costs the time limit. */
#define UNREACHED_MAX 2
/* How long a box waits for its turn where nothing is under way. */
#define TURN_MILLISECONDS 50

struct runner {
	struct cw_collect *collect;
	struct cw_collect_visit *visits;
	CURLM *multi;
	size_t trying[CW_COLLECT_ACCOUNTS];	/* how many are asked with an account that no box has taken */
	const struct cw_collect_visit *archive; /* whose diagnostic log is under way */
	char *tokens[CW_COLLECT_ACCOUNTS];	/* "Authorization: Basic ..." */
};

static void runner_finish(struct runner *runner)
{
	for (size_t i = 0; runner->visits && i < runner->collect->count; i++) {
		if (runner->visits[i].busy)
			curl_multi_remove_handle(runner->multi, runner->visits[i].curl);
		cw_collect_visit_finish(&runner->visits[i]);
	}
	free(runner->visits);
	curl_multi_cleanup(runner->multi);
	for (size_t i = 0; i < CW_COLLECT_ACCOUNTS; i++)
		if (runner->tokens[i]) {
			OPENSSL_cleanse(runner->tokens[i], strlen(runner->tokens[i]));
			free(runner->tokens[i]);
		}
}

#define AUTO_COLLECT_RUNNER __attribute__((cleanup(runner_finish))) struct runner

static long long now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static struct cw_collect_result *result_of(struct cw_collect_visit *visit)
{
	return &visit->box->results[visit->row];
}

static bool skip(struct cw_collect_visit *visit, enum cw_collect_outcome outcome, const char *why,
	struct cw_error *error)
{
	struct cw_collect_result *result = result_of(visit);
	result->outcome = outcome;
	free(result->why);
	result->why = why ? strdup(why) : NULL;
	visit->row++;
	return result->why || !why || cw_error_memory(error);
}

static enum cw_collect_outcome outcome_of(const struct cw_collect_visit *visit, const char *name)
{
	return visit->box->results[cw_collect_request_find(visit->box->kind, name)].outcome;
}

/* What the answers before say about this row. */
static bool is_needed(const struct cw_collect_visit *visit, const struct cw_collect_request *row)
{
	if (row->kind != visit->box->kind || (row->diagnostic && !visit->collect->diagnostic))
		return false;
	if (row->unless && outcome_of(visit, row->unless) == CW_COLLECT_HAD)
		return false;
	if (row->after && outcome_of(visit, row->after) != CW_COLLECT_HAD)
		return false;
	return !row->without || outcome_of(visit, row->without) == CW_COLLECT_ABSENT;
}

/* --- answers --- */

static size_t receive(char *data, size_t size, size_t count, void *context)
{
	struct cw_collect_visit *visit = context;
	size_t length = size * count;
	size_t limit = visit->archive ? CW_COLLECT_ARCHIVE_MAX : CW_COLLECT_ANSWER_MAX;
	if (length > limit - visit->written) {
		visit->too_long = true;
		return 0;
	}
	visit->written += length;
	long status = 0;
	curl_easy_getinfo(visit->curl, CURLINFO_RESPONSE_CODE, &status);
	if (visit->archive && status >= 200 && status < 300)
		return fwrite(data, 1, length, cw_draft_stream(visit->archive));
	cw_buffer_append(&visit->body, data, length);
	return visit->body.failed ? 0 : length;
}

static char *path_of(const struct cw_collect_visit *visit, const char *name)
{
	AUTO(free) char *folder = cw_collect_folder(visit->collect, visit->box);
	return folder ? cw_file_path(folder, name) : NULL;
}

static bool keep(struct cw_collect_visit *visit, const struct cw_collect_request *row, struct cw_error *error)
{
	AUTO(free) char *folder = cw_collect_folder(visit->collect, visit->box);
	AUTO(free) char *path = path_of(visit, row->name);
	if (!folder || !path)
		return cw_error_memory(error);
	result_of(visit)->bytes = visit->body.length;
	if (!cw_file_make_folder(folder, error))
		return false;
	cw_lock_sweep_beside(path); /* what a killed command had begun */
	return cw_file_write(path, cw_buffer_string(&visit->body), visit->body.length, 0600, error);
}

/* --- one request --- */

static bool set_envelope(struct cw_collect_visit *visit, const struct cw_collect_request *row)
{
	free(visit->envelope);
	visit->envelope = NULL;
	if (row->account != CW_COLLECT_AXL)
		return true;
	AUTO(free) char *action = cw_collect_axl_action(&visit->box->axl, row);
	struct curl_slist *longer = action ? curl_slist_append(visit->fields, action) : NULL;
	visit->fields = longer ? longer : visit->fields;
	visit->envelope = cw_collect_axl_envelope(&visit->box->axl, row);
	return longer && visit->envelope;
}

static bool set_fields(
	struct cw_collect_visit *visit, const char *token, const struct cw_collect_request *row)
{
	curl_slist_free_all(visit->fields);
	visit->fields = curl_slist_append(NULL, token);
	const char *kind = row->body == CW_COLLECT_XML ? "Content-Type: text/xml; charset=utf-8"
						       : "Content-Type: application/json";
	const char *const more[] = {kind, "Expect:"};
	for (size_t i = 0; row->send && visit->fields && i < 2; i++) {
		struct curl_slist *longer = curl_slist_append(visit->fields, more[i]);
		if (!longer)
			return false;
		visit->fields = longer;
	}
	return visit->fields && set_envelope(visit, row) &&
		curl_easy_setopt(visit->curl, CURLOPT_HTTPHEADER, visit->fields) == CURLE_OK;
}

static void set_method(const struct cw_collect_visit *visit, const struct cw_collect_request *row)
{
	CURL *curl = visit->curl;
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, row->put ? "PUT" : NULL);
	if (row->send)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, visit->envelope ? visit->envelope : row->send);
	else
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
}

static bool open_file(
	struct cw_collect_visit *visit, const struct cw_collect_request *row, struct cw_error *error)
{
	AUTO(free) char *folder = cw_collect_folder(visit->collect, visit->box);
	AUTO(free) char *path = path_of(visit, row->name);
	if (row->body != CW_COLLECT_FILE)
		return true;
	if (!folder || !path)
		return cw_error_memory(error);
	if (!cw_file_make_folder(folder, error))
		return false;
	cw_lock_sweep_beside(path); /* what a killed command had begun */
	return cw_draft_open(path, &visit->archive, error);
}

static bool start(
	struct runner *runner, struct cw_collect_visit *visit, const char *url, struct cw_error *error)
{
	const struct cw_collect_request *row = cw_collect_request_at(visit->row);
	CURL *curl = visit->curl;
	visit->body.length = 0;
	visit->written = 0;
	visit->too_long = false;
	*visit->trouble = '\0';
	if (!set_fields(visit, runner->tokens[row->account], row))
		return cw_error_memory(error);
	if (!open_file(visit, row, error))
		return false;
	set_method(visit, row);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, visit);
	if (row->body == CW_COLLECT_FILE) {
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, 0L); /* as long as it comes at all */
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1024L);
		curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 30L);
	}
	visit->busy = true;
	runner->trying[row->account] += !runner->collect->logins[row->account].taken;
	return curl_multi_add_handle(runner->multi, curl) == CURLM_OK || cw_error_memory(error);
}

/* --- the queue of a box --- */

static bool must_wait(const struct runner *runner, const struct cw_collect_visit *visit,
	const struct cw_collect_request *row)
{
	const struct cw_collect_login *login = &runner->collect->logins[row->account];
	return (!login->taken && runner->trying[row->account]) || visit->not_before > now() ||
		(row->diagnostic && runner->archive && runner->archive != visit);
}

static void leave(struct runner *runner, struct cw_collect_visit *visit)
{
	visit->done = true;
	if (runner->archive == visit)
		runner->archive = NULL;
	if (runner->collect->told)
		runner->collect->told(runner->collect->context, visit->box);
}

static bool go_on(struct runner *runner, struct cw_collect_visit *visit, struct cw_error *error)
{
	const struct cw_collect_request *row;
	while (!visit->busy && !visit->done) {
		row = cw_collect_request_at(visit->row);
		if (!row) {
			leave(runner, visit);
			break;
		}
		const struct cw_collect_login *login = &runner->collect->logins[row->account];
		bool good = true;
		if (!is_needed(visit, row))
			good = skip(visit, CW_COLLECT_UNASKED, NULL, error);
		else if (!login->user)
			good = skip(visit, CW_COLLECT_UNASKED, "no account for it was given", error);
		else if (login->stopped)
			good = skip(visit, CW_COLLECT_FAILED, "not asked: the account was refused", error);
		else if (visit->unreached >= UNREACHED_MAX)
			good = skip(visit, CW_COLLECT_FAILED, "not asked: the box no longer answers", error);
		else if (must_wait(runner, visit, row))
			return true;
		else {
			free(visit->url);
			visit->url = cw_collect_address(visit->box, row->path);
			if (row->diagnostic)
				runner->archive = visit;
			good = visit->url ? start(runner, visit, visit->url, error) : cw_error_memory(error);
		}
		if (!good)
			return false;
	}
	return true;
}

/* --- what came --- */

static bool fail(struct cw_collect_visit *visit, CURLcode code, struct cw_error *error)
{
	AUTO_BUFFER why = {0};
	if (visit->too_long)
		cw_buffer_printf(&why, "longer than %zu MB",
			(visit->archive ? CW_COLLECT_ARCHIVE_MAX : CW_COLLECT_ANSWER_MAX) / (1024 * 1024));
	else if (!visit->box->trusted && visit->box->why)
		cw_buffer_printf(&why, "its certificate is another one by now: %s", visit->box->why);
	else
		cw_buffer_text(&why, *visit->trouble ? visit->trouble : curl_easy_strerror(code));
	if (!cw_buffer_ok(&why, error))
		return false;
	struct cw_collect_result *result = result_of(visit);
	result->outcome = CW_COLLECT_FAILED;
	free(result->why);
	result->why = cw_buffer_steal(&why);
	return true;
}

/* A box that moved its interface to another path of its own; another host never gets the password. */
static char *own_redirect(const struct cw_collect_visit *visit, long status)
{
	char *to = NULL;
	AUTO(free) char *base = cw_collect_address(visit->box, "/");
	if (status < 301 || status > 308 || visit->redirects >= REDIRECTS_MAX || !base)
		return NULL;
	curl_easy_getinfo(visit->curl, CURLINFO_REDIRECT_URL, &to);
	return to && strncmp(to, base, strlen(base)) == 0 ? strdup(to) : NULL;
}

/* Half an archive is none: what is left of it would be imported. A former one stays until a whole one is there. */
static bool settle_archive(struct cw_collect_visit *visit, struct cw_error *error)
{
	AUTO(cw_draft_free) struct cw_draft *archive = visit->archive;
	visit->archive = NULL;
	if (!archive)
		return true;
	result_of(visit)->bytes = visit->written;
	return result_of(visit)->outcome != CW_COLLECT_HAD || cw_draft_commit(archive, 0600, error);
}

/* What the report needs of an answer that is kept: who is of one cluster, and who is no CUCM node. */
static bool learn(struct cw_collect_visit *visit, const struct cw_collect_request *row)
{
	struct cw_collect_box *box = visit->box;
	if (strcmp(row->name, "snapshot.json") == 0)
		box->no_call_manager =
			!strstr(cw_buffer_string(&visit->body), "\"service\": \"CallManager\"");
	return strcmp(row->name, "axl_listProcessNode.xml") != 0 ||
		cw_collect_axl_nodes(&visit->body, &box->nodes);
}

static bool take(struct runner *runner, struct cw_collect_visit *visit, long status, struct cw_error *error)
{
	const struct cw_collect_request *row = cw_collect_request_at(visit->row);
	struct cw_collect_login *login = &runner->collect->logins[row->account];
	char *location = NULL;
	curl_easy_getinfo(visit->curl, CURLINFO_REDIRECT_URL, &location);
	struct cw_collect_answer answer = {row, visit->box->host, login,
		strrchr(runner->tokens[row->account], ' ') + 1, status, location, &visit->body};
	if (status == 401)
		login->stopped = true;
	else if (status < 500)
		login->taken = true;
	if (row->body == CW_COLLECT_FILE && status >= 200 && status < 300) {
		result_of(visit)->outcome = visit->written ? CW_COLLECT_HAD : CW_COLLECT_FAILED;
		return true;
	}
	if (!cw_collect_answer_take(&answer, result_of(visit), error))
		return false;
	if (row->repeated && result_of(visit)->outcome == CW_COLLECT_HAD &&
		!cw_collect_answer_is_ready(&answer))
		result_of(visit)->outcome = CW_COLLECT_WAITS;
	bool kept =
		result_of(visit)->outcome == CW_COLLECT_HAD || result_of(visit)->outcome == CW_COLLECT_EMPTY;
	if (!kept || row->diagnostic)
		return true;
	return keep(visit, row, error) && (learn(visit, row) || cw_error_memory(error));
}

/* The archive is not ready yet: the same question again, later. */
static bool ask_again(struct cw_collect_visit *visit)
{
	const struct cw_collect *collect = visit->collect;
	if (result_of(visit)->outcome != CW_COLLECT_WAITS)
		return false;
	if (!visit->give_up)
		visit->give_up = now() + ARCHIVE_MILLISECONDS;
	visit->not_before =
		now() + (collect->poll_milliseconds ? collect->poll_milliseconds : POLL_MILLISECONDS);
	if (now() < visit->give_up)
		return true;
	result_of(visit)->outcome = CW_COLLECT_FAILED;
	return false;
}

static bool over(struct runner *runner, struct cw_collect_visit *visit, CURLcode code, struct cw_error *error)
{
	const struct cw_collect_request *row = cw_collect_request_at(visit->row);
	long status = 0;
	curl_multi_remove_handle(runner->multi, visit->curl);
	visit->busy = false;
	if (runner->trying[row->account])
		runner->trying[row->account]--;
	if (visit->body.failed)
		return cw_error_memory(error);
	curl_easy_getinfo(visit->curl, CURLINFO_RESPONSE_CODE, &status);
	AUTO(free) char *redirect = code == CURLE_OK ? own_redirect(visit, status) : NULL;
	if (redirect) {
		visit->redirects++;
		return settle_archive(visit, error) && start(runner, visit, redirect, error);
	}
	if (code == CURLE_OK && row->account == CW_COLLECT_AXL &&
		cw_collect_axl_is_refused(status, &visit->body) &&
		cw_collect_axl_next(&visit->box->axl, &visit->body))
		return start(runner, visit, visit->url, error);
	visit->redirects = 0;
	visit->unreached = status ? 0 : visit->unreached + 1;
	if (code == CURLE_OK ? !take(runner, visit, status, error) : !fail(visit, code, error))
		return false;
	if (row->body == CW_COLLECT_FILE && !settle_archive(visit, error))
		return false;
	if (!ask_again(visit))
		visit->row++;
	return true;
}

static bool finished(struct runner *runner, bool *any, struct cw_error *error)
{
	int left;
	*any = false;
	for (CURLMsg *message; (message = curl_multi_info_read(runner->multi, &left));) {
		struct cw_collect_visit *visit = NULL;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &visit);
		*any = true;
		if (!over(runner, visit, code, error))
			return false;
	}
	return true;
}

/* The text and what it was made from leave no copy. */
static char *token_of(const struct cw_collect_login *login)
{
	static const char field[] = "Authorization: Basic ";
	size_t length = strlen(login->user) + 1 + strlen(login->password);
	char *words = malloc(length + 1), *token = malloc(sizeof field + (length + 2) / 3 * 4);
	if (words && token) {
		snprintf(words, length + 1, "%s:%s", login->user, login->password);
		memcpy(token, field, sizeof field);
		EVP_EncodeBlock(
			(unsigned char *)token + sizeof field - 1, (unsigned char *)words, (int)length);
	} else {
		free(TAKE(token));
	}
	if (words)
		OPENSSL_cleanse(words, length);
	free(words);
	return token;
}

static bool make_tokens(struct runner *runner, struct cw_error *error)
{
	for (size_t i = 0; i < CW_COLLECT_ACCOUNTS; i++) {
		const struct cw_collect_login *login = &runner->collect->logins[i];
		if (login->user && !(runner->tokens[i] = token_of(login)))
			return cw_error_memory(error);
	}
	return true;
}

static bool begin(struct runner *runner, struct cw_error *error)
{
	runner->multi = curl_multi_init();
	runner->visits = calloc(runner->collect->count + 1, sizeof *runner->visits);
	if (!runner->multi || !runner->visits)
		return cw_error_memory(error);
	for (size_t i = 0; i < runner->collect->count; i++) {
		struct cw_collect_visit *visit = &runner->visits[i];
		*visit = (struct cw_collect_visit){
			.collect = runner->collect, .box = runner->collect->boxes[i]};
		visit->done = !visit->box->trusted;
		if (!visit->done && !cw_collect_prepare(visit, error))
			return false;
	}
	return make_tokens(runner, error);
}

bool cw_collect_run(struct cw_collect *collect, struct cw_error *error)
{
	AUTO_COLLECT_RUNNER runner = {.collect = collect};
	int running;
	bool left = true, any;
	if (!begin(&runner, error))
		return false;
	while (left) {
		left = false;
		for (size_t i = 0; i < collect->count; i++) {
			if (!go_on(&runner, &runner.visits[i], error))
				return false;
			left = left || !runner.visits[i].done;
		}
		if (curl_multi_perform(runner.multi, &running) != CURLM_OK)
			return cw_error_memory(error);
		if (!finished(&runner, &any, error))
			return false;
		if (left && !any)
			curl_multi_poll(runner.multi, NULL, 0, TURN_MILLISECONDS, NULL);
	}
	return true;
}
