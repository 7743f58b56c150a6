#include "node/history/node_history.h"

#include "base/file.h"
#include "base/random.h"
#include "node/history/history_writer.h"
#include "report/json.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT_BYTES 16
#define AGAIN_MIN_MS 1000
#define AGAIN_MAX_MS 30000
#define CLOSE_MS 5000
/* A peer that is refused comes again and again: it is told of anew after so long without. */
#define REFUSED_QUIET 60
/* Different things that have a state; against a flood of addresses. */
#define STATES_MAX 4096
/* Refused handshakes in a second: the others are counted, and told of with the next one. */
#define REFUSED_A_SECOND 20

struct waiting {
	uint64_t number;
	char *text;
	size_t length;
	struct waiting *next;
};

struct known {
	char about[400], state[80];
	cw_time seen; /* of a refusal */
	struct known *next;
};

struct cw_node_history {
	char *folder;
	char boot[CW_RANDOM_HEX_SIZE(BOOT_BYTES)];
	uint64_t number; /* of the last event */
	unsigned days, megabytes;
	int socket;
	struct cw_child process;
	struct event *reads, *writes, *again;
	struct event_base *base;
	unsigned wait;
	struct waiting *first, *last, *unsent;
	size_t waiting, lost;
	struct known *states;
	size_t state_count;
	cw_time second; /* of the refusals that are counted */
	unsigned refused, not_told;
	char trouble[300];
	void (*changed)(void *context);
	void *context;
};

/* --- the writer --- */

static void set_trouble(struct cw_node_history *history, const char *text)
{
	bool news = strcmp(history->trouble, text) != 0;
	snprintf(history->trouble, sizeof history->trouble, "%s", text);
	if (news && history->changed)
		history->changed(history->context);
}

static void drop_writer(struct cw_node_history *history)
{
	if (history->reads)
		event_free(history->reads);
	if (history->writes)
		event_free(history->writes);
	history->reads = history->writes = NULL;
	if (history->socket >= 0)
		close(history->socket);
	history->socket = -1;
	history->unsent = history->first;
}

static void again(struct cw_node_history *history)
{
	drop_writer(history);
	if (!history->again)
		return;
	history->wait = history->wait ? history->wait * 2 : AGAIN_MIN_MS;
	if (history->wait > AGAIN_MAX_MS)
		history->wait = AGAIN_MAX_MS;
	const struct timeval wait = {
		(time_t)(history->wait / 1000), (suseconds_t)(history->wait % 1000) * 1000};
	(void)event_add(history->again, &wait);
}

static void drop_first(struct cw_node_history *history)
{
	struct waiting *first = history->first;
	if (history->unsent == first)
		history->unsent = first->next;
	history->first = first->next;
	if (!history->first)
		history->last = NULL;
	history->waiting--;
	free(first->text);
	free(first);
}

static void send_on(struct cw_node_history *history)
{
	while (history->socket >= 0 && history->unsent) {
		const struct waiting *next = history->unsent;
		if (send(history->socket, next->text, next->length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno == EAGAIN && history->writes)
				(void)event_add(history->writes, NULL);
			return; /* that it is gone says its end of the socket */
		}
		history->unsent = next->next;
	}
}

static void on_writes(evutil_socket_t socket, short what, void *context)
{
	(void)socket;
	(void)what;
	send_on(context);
}

static void on_reads(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_history *history = context;
	struct cw_history_writer_answer answer;
	(void)what;
	ssize_t got = recv(socket, &answer, sizeof answer, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != sizeof answer) {
		if (!*history->trouble)
			set_trouble(history, "the process that writes it has ended");
		again(history);
		return;
	}
	while (history->first && history->first->number <= answer.number)
		drop_first(history);
	answer.trouble[sizeof answer.trouble - 1] = '\0';
	set_trouble(history, answer.trouble);
	if (!*answer.trouble)
		history->wait = 0;
}

static bool watch(struct cw_node_history *history)
{
	history->reads = event_new(history->base, history->socket, EV_READ | EV_PERSIST, on_reads, history);
	history->writes = event_new(history->base, history->socket, EV_WRITE, on_writes, history);
	return history->reads && history->writes && event_add(history->reads, NULL) == 0;
}

static void on_again(evutil_socket_t socket, short what, void *context)
{
	struct cw_node_history *history = context;
	struct cw_error error;
	(void)socket;
	(void)what;
	if (!cw_child_ended(&history->process)) { /* it hangs on the disk */
		cw_child_signal(&history->process, SIGKILL);
		again(history);
		return;
	}
	cw_child_finish(&history->process);
	if (!cw_history_writer_start(history->folder, &history->socket, &history->process, &error)) {
		set_trouble(history, error.message);
		again(history);
	} else if (!watch(history)) {
		again(history);
	} else {
		send_on(history);
	}
}

/* --- the whole --- */

static bool read_alarms(const char *folder, json_t *ret, struct cw_error *error)
{
	AUTO(cw_history_store_close) struct cw_history_store *store = NULL;
	AUTO(free) char *path = cw_file_path(folder, "history.db");
	if (!path)
		return cw_error_memory(error);
	return cw_history_store_open(path, &store, error) && cw_history_store_alarms(store, ret, error);
}

static bool begin(struct cw_node_history *history, json_t *alarms, struct cw_error *error)
{
	cw_random_hex(BOOT_BYTES, history->boot);
	if (!read_alarms(history->folder, alarms, error)) {
		if (error->code == CW_E_FORMAT || error->code == CW_E_MEMORY)
			return false;
		snprintf(history->trouble, sizeof history->trouble, "%.290s", error->message);
	}
	return cw_history_writer_start(history->folder, &history->socket, &history->process, error);
}

bool cw_node_history_open(
	const char *folder, struct cw_node_history **ret, json_t **ret_alarms, struct cw_error *error)
{
	AUTO(cw_node_history_close) struct cw_node_history *history = calloc(1, sizeof *history);
	AUTO(json_decref) json_t *alarms = json_array();
	if (!history || !alarms)
		return cw_error_memory(error);
	history->socket = -1;
	history->process = CW_CHILD_NONE;
	history->days = 90;
	history->megabytes = 200;
	history->folder = cw_file_path(folder, "history");
	if (!history->folder)
		return cw_error_memory(error);
	if (!cw_file_make_folder(history->folder, error))
		return false;
	if (chmod(history->folder, 0700) != 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", history->folder, strerror(errno));
	if (!begin(history, alarms, error))
		return false;
	*ret = TAKE(history);
	*ret_alarms = TAKE(alarms);
	return true;
}

bool cw_node_history_begin(struct cw_node_history *history, struct event_base *base,
	void (*changed)(void *context), void *context, struct cw_error *error)
{
	history->base = base;
	history->changed = changed;
	history->context = context;
	history->again = evtimer_new(base, on_again, history);
	if (!history->again || !watch(history))
		return cw_error_memory(error);
	send_on(history);
	return true;
}

void cw_node_history_close(struct cw_node_history *history)
{
	if (!history)
		return;
	if (history->again)
		event_free(history->again);
	history->again = NULL;
	struct pollfd room = {.fd = history->socket, .events = POLLOUT};
	do
		send_on(history);
	while (history->unsent && history->socket >= 0 && poll(&room, 1, CLOSE_MS) == 1 &&
		!(room.revents & (POLLERR | POLLHUP)));
	drop_writer(history);
	cw_history_writer_wait(&history->process, CLOSE_MS);
	while (history->first)
		drop_first(history);
	while (history->states) {
		struct known *known = history->states;
		history->states = known->next;
		free(known);
	}
	free(history->folder);
	free(history);
}

void cw_node_history_bounds(struct cw_node_history *history, unsigned days, unsigned megabytes)
{
	history->days = days;
	history->megabytes = megabytes;
}

/* --- events --- */

static json_t *cut(const char *text)
{
	AUTO_BUFFER copy = {0};
	if (!text || !*text)
		return json_null();
	cw_buffer_append(&copy, text, strnlen(text, CW_NODE_HISTORY_TEXT_MAX));
	return copy.failed ? NULL : cw_json_text(cw_buffer_string(&copy));
}

static char *write_event(const struct cw_node_history *history, const struct cw_node_history_event *event)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "boot", cw_json_text(history->boot));
	cw_json_put(&json, object, "number", json_integer((json_int_t)history->number));
	cw_json_put(&json, object, "at", json_integer(cw_time_now()));
	cw_json_put(&json, object, "days", json_integer(history->days));
	cw_json_put(&json, object, "megabytes", json_integer(history->megabytes));
	cw_json_put(&json, object, "kind", cw_json_text(event->kind));
	cw_json_put(&json, object, "about", cut(event->about));
	cw_json_put(&json, object, "who", cut(event->who));
	cw_json_put(&json, object, "before", cut(event->before));
	cw_json_put(&json, object, "after", cut(event->after));
	cw_json_put(&json, object, "text", cut(event->text));
	return json.failed ? NULL : json_dumps(object, JSON_COMPACT);
}

/* Strangers can make as many as they like. */
static bool is_one_too_many(struct cw_node_history *history, const struct cw_node_history_event *event)
{
	cw_time now = cw_time_now();
	if (strcmp(event->kind, "refused") != 0)
		return false;
	if (now != history->second) {
		history->second = now;
		history->refused = 0;
	}
	if (++history->refused <= REFUSED_A_SECOND)
		return false;
	history->not_told++;
	return true;
}

static void put(struct cw_node_history *history, const struct cw_node_history_event *event)
{
	if (history->waiting == CW_NODE_HISTORY_WAITING_MAX) {
		history->lost++;
		return;
	}
	history->number++;
	struct waiting *waiting = calloc(1, sizeof *waiting);
	char *text = waiting ? write_event(history, event) : NULL;
	if (!text) {
		free(waiting);
		history->lost++;
		return;
	}
	*waiting = (struct waiting){.number = history->number, .text = text, .length = strlen(text)};
	if (history->last)
		history->last->next = waiting;
	else
		history->first = waiting;
	history->last = waiting;
	if (!history->unsent)
		history->unsent = waiting;
	history->waiting++;
	send_on(history);
}

void cw_node_history_tell(struct cw_node_history *history, const struct cw_node_history_event *event)
{
	char text[64];
	if (!history || is_one_too_many(history, event))
		return;
	if (history->not_told) {
		snprintf(text, sizeof text, "%u more were refused", history->not_told);
		history->not_told = 0;
		put(history, &(struct cw_node_history_event){.kind = "refused", .text = text});
	}
	put(history, event);
}

static struct known *find_state(struct cw_node_history *history, const char *about)
{
	for (struct known *known = history->states; known; known = known->next)
		if (strcmp(known->about, about) == 0)
			return known;
	struct known *known = history->state_count < STATES_MAX ? calloc(1, sizeof *known) : NULL;
	if (!known)
		return NULL;
	snprintf(known->about, sizeof known->about, "%s", about);
	known->next = history->states;
	history->states = known;
	history->state_count++;
	return known;
}

void cw_node_history_state(
	struct cw_node_history *history, const char *about, const char *state, const char *text)
{
	struct known *known = history ? find_state(history, about) : NULL;
	if (!known || strcmp(known->state, state) == 0)
		return;
	const struct cw_node_history_event event = {
		.kind = "state", .about = about, .before = known->state, .after = state, .text = text};
	cw_node_history_tell(history, &event);
	snprintf(known->state, sizeof known->state, "%s", state);
}

void cw_node_history_refused(struct cw_node_history *history, const char *what, const char *who,
	const char *code, const char *detail)
{
	char about[400];
	cw_time now = cw_time_now();
	snprintf(about, sizeof about, "refused %.40s %.250s %.80s", what, who, code);
	struct known *known = history ? find_state(history, about) : NULL;
	if (known) {
		bool again = known->seen && now - known->seen < REFUSED_QUIET;
		known->seen = now;
		if (again)
			return;
	}
	const struct cw_node_history_event event = {
		.kind = "refused", .about = what, .who = who, .after = code, .text = detail};
	cw_node_history_tell(history, &event);
}

/* --- what is told of it --- */

const char *cw_node_history_trouble(const struct cw_node_history *history)
{
	return history && *history->trouble ? history->trouble : NULL;
}

size_t cw_node_history_waiting(const struct cw_node_history *history, size_t *ret_lost)
{
	*ret_lost = history->lost;
	return history->waiting;
}

pid_t cw_node_history_process(const struct cw_node_history *history)
{
	return history->process.pid;
}
