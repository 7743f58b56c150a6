#include "labrun/lab_up.h"

#include "base/buffer.h"
#include "base/child.h"
#include "base/file.h"
#include "labrun/lab_folders.h"
#include "net/loop_signal.h"
#include "node/node_status.h"
#include "report/json.h"

#include <errno.h>
#include <event2/event.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNALS 3
/* A node ends its tunnels first. */
#define STOP_MS 5000
/* After a line of a log, so that several make one look. */
#define LOOK_MS 200
/* Against a node that writes without a line end. */
#define LINE_MAX_BYTES 4096
#define OPEN_FILES 16

struct lab_node {
	struct lab *lab;
	const struct cw_lab_folder *folder;
	struct cw_child child;
	struct event *output, *end;
	struct cw_buffer text;
};

struct lab {
	const struct cw_lab_up_options *options;
	struct event_base *base;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
	struct cw_loopback loopback;
	char folder[512];
	bool made; /* the folder is this lab's own */
	struct cw_lab_folders folders;
	struct lab_node *nodes;
	struct cw_lab_up_row *rows;
	size_t running;
	struct event *signals[SIGNALS], *look;
};

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

static void wait_for(struct lab_node *node)
{
	struct pollfd wait = {.fd = node->child.pidfd, .events = POLLIN};
	if (node->child.pid && !cw_child_ended(&node->child))
		(void)poll(&wait, 1, STOP_MS);
	cw_child_finish(&node->child);
}

static void finish(struct lab *lab)
{
	for (size_t i = 0; lab->nodes && i < lab->folders.count; i++)
		cw_child_signal(&lab->nodes[i].child, SIGTERM);
	for (size_t i = 0; lab->nodes && i < lab->folders.count; i++) {
		struct lab_node *node = &lab->nodes[i];
		if (node->output)
			event_free(node->output);
		if (node->end)
			event_free(node->end);
		wait_for(node);
		cw_buffer_finish(&node->text);
	}
	free(lab->nodes);
	free(lab->rows);
	for (size_t i = 0; i < SIGNALS; i++)
		if (lab->signals[i])
			event_free(lab->signals[i]);
	if (lab->look)
		event_free(lab->look);
	if (lab->base)
		event_base_free(lab->base);
	cw_lab_folders_finish(&lab->folders);
	if (lab->made)
		(void)nftw(lab->folder, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS);
	cw_stand_ins_free(lab->stand_ins);
	cw_stand_in_keys_free(lab->keys);
	cw_loopback_release(&lab->loopback);
}

#define AUTO_LAB __attribute__((cleanup(finish))) struct lab

/* --- states --- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

/* "Active", "Active, Failed root-missing": each of them once. */
static void put_states(const json_t *rows, char *ret, size_t size)
{
	size_t i;
	json_t *row;
	AUTO_BUFFER text = {0};
	json_array_foreach(rows, i, row)
	{
		char one[100];
		const char *code = text_of(row, "code");
		snprintf(one, sizeof one, "%.20s%s%.60s", text_of(row, "state"), *code ? " " : "", code);
		if (strstr(cw_buffer_string(&text), one))
			continue;
		cw_buffer_printf(&text, "%s%s", text.length ? ", " : "", one);
	}
	snprintf(ret, size, "%s", cw_buffer_string(&text));
}

static void ask(struct lab_node *node, struct cw_lab_up_row *row)
{
	struct cw_error ignored;
	AUTO(json_decref) json_t *status = NULL;
	if (*node->folder->trouble || !node->child.pid) {
		snprintf(row->zone, sizeof row->zone, "%.190s",
			*node->folder->trouble ? node->folder->trouble : "does not run");
		row->tunnel[0] = '\0';
		return;
	}
	if (!cw_node_status_ask(node->folder->path, &status, &ignored))
		return;
	put_states(json_object_get(status, "zones"), row->zone, sizeof row->zone);
	put_states(json_object_get(status, "tunnels"), row->tunnel, sizeof row->tunnel);
	if (node->folder->node->kind == CW_NODE_CUCM)
		put_states(json_object_get(status, "services"), row->zone, sizeof row->zone);
}

static void on_look(evutil_socket_t socket, short what, void *context)
{
	struct lab *lab = context;
	bool news = false;
	(void)socket;
	(void)what;
	for (size_t i = 0; i < lab->folders.count; i++) {
		struct cw_lab_up_row before = lab->rows[i];
		ask(&lab->nodes[i], &lab->rows[i]);
		news |= strcmp(before.zone, lab->rows[i].zone) != 0 ||
			strcmp(before.tunnel, lab->rows[i].tunnel) != 0;
	}
	if (news)
		lab->options->owner.table(lab->options->owner.context, lab->rows, lab->folders.count);
}

static void look_soon(struct lab *lab)
{
	static const struct timeval soon = {0, LOOK_MS * 1000};
	if (!evtimer_pending(lab->look, NULL))
		(void)event_add(lab->look, &soon);
}

/* --- what nodes say --- */

static void tell_lines(struct lab_node *node)
{
	const struct cw_lab_up_owner *owner = &node->lab->options->owner;
	size_t from = 0;
	for (size_t i = 0; i < node->text.length; i++)
		if (node->text.data[i] == '\n') {
			node->text.data[i] = '\0';
			owner->line(owner->context, node->folder->node->fqdn, node->text.data + from);
			from = i + 1;
		}
	if (from)
		memmove(node->text.data, node->text.data + from, node->text.length - from + 1);
	node->text.length -= from;
	if (node->text.length > LINE_MAX_BYTES)
		node->text.length = 0;
}

static void on_output(evutil_socket_t socket, short what, void *context)
{
	struct lab_node *node = context;
	char bytes[4096];
	(void)what;
	ssize_t got = read(socket, bytes, sizeof bytes);
	if (got <= 0) {
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			event_del(node->output);
		return;
	}
	cw_buffer_append(&node->text, bytes, (size_t)got);
	tell_lines(node);
	look_soon(node->lab);
}

static void on_end(evutil_socket_t socket, short what, void *context)
{
	struct lab_node *node = context;
	struct lab *lab = node->lab;
	char text[CW_CHILD_STATUS_SIZE];
	(void)what;
	on_output(node->child.err, EV_READ, node);
	if (!cw_child_ended(&node->child))
		return;
	(void)socket;
	event_del(node->end);
	lab->options->owner.line(lab->options->owner.context, node->folder->node->fqdn,
		cw_child_status_text(node->child.status, text));
	look_soon(lab);
	if (--lab->running == 0)
		event_base_loopbreak(lab->base);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	event_base_loopbreak(context);
}

/* --- the beginning --- */

static bool start(struct lab *lab, struct lab_node *node, struct cw_error *error)
{
	const char *const arguments[] = {lab->options->program, "node", "run", node->folder->path, NULL};
	const struct cw_child_setup setup = {.arguments = arguments,
		.environment = (const char *const *)environ,
		.in = CW_CHILD_NULL,
		.out = CW_CHILD_NULL,
		.err = CW_CHILD_PIPE};
	if (!cw_child_start(&setup, &node->child, error))
		return false;
	lab->running++;
	node->output = event_new(lab->base, node->child.err, EV_READ | EV_PERSIST, on_output, node);
	node->end = event_new(lab->base, node->child.pidfd, EV_READ | EV_PERSIST, on_end, node);
	if (!node->output || !node->end || event_add(node->output, NULL) < 0 ||
		event_add(node->end, NULL) < 0)
		return cw_error_memory(error);
	return true;
}

static bool start_all(struct lab *lab, struct cw_error *error)
{
	lab->nodes = calloc(lab->folders.count + 1, sizeof *lab->nodes);
	lab->rows = calloc(lab->folders.count + 1, sizeof *lab->rows);
	if (!lab->nodes || !lab->rows)
		return cw_error_memory(error);
	for (size_t i = 0; i < lab->folders.count; i++) {
		struct cw_lab_folder *folder = &lab->folders.items[i];
		lab->nodes[i] = (struct lab_node){.lab = lab, .folder = folder, .child = CW_CHILD_NONE};
		lab->rows[i] = (struct cw_lab_up_row){.node = folder->node->fqdn,
			.role = cw_node_kind_name(folder->node->kind),
			.address = folder->address};
	}
	lab->options->owner.begun(lab->options->owner.context, lab->folder);
	for (size_t i = 0; i < lab->folders.count; i++)
		if (!*lab->folders.items[i].trouble && !start(lab, &lab->nodes[i], error))
			return false;
	return lab->running ? true : cw_error_set(error, CW_E_USAGE, "no node of this deployment can run");
}

static bool begin_loop(struct lab *lab, struct cw_error *error)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	lab->base = event_base_new();
	if (!lab->base)
		return cw_error_memory(error);
	lab->look = evtimer_new(lab->base, on_look, lab);
	for (size_t i = 0; i < SIGNALS; i++) {
		const struct cw_loop_signal signal = {numbers[i], true};
		if (!cw_loop_signal_add(lab->base, &signal, on_signal, lab->base, &lab->signals[i], error))
			return false;
	}
	return lab->look ? true : cw_error_memory(error);
}

/* Root's tunnels run as another account, which must come through to the nodes' folders. */
static bool make_folder(struct lab *lab, struct cw_error *error)
{
	const char *base = getenv("TMPDIR");
	if (lab->options->folder) {
		if (!cw_file_make_folder(lab->options->folder, error))
			return false;
		AUTO(free) char *real = realpath(lab->options->folder, NULL);
		if (!real)
			return cw_error_set(error, CW_E_IO, "%s: %s", lab->options->folder, strerror(errno));
		snprintf(lab->folder, sizeof lab->folder, "%s", real);
		return true;
	}
	snprintf(lab->folder, sizeof lab->folder, "%s/causeway-lab-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(lab->folder))
		return cw_error_set(error, CW_E_IO, "no folder can be made for the lab: %s", strerror(errno));
	lab->made = true;
	if (chmod(lab->folder, geteuid() == 0 ? 0711 : 0700) != 0)
		return cw_error_set(error, CW_E_IO, "%s: %s", lab->folder, strerror(errno));
	return true;
}

static bool make_all(struct lab *lab, struct cw_error *error)
{
	lab->keys = cw_stand_in_keys_new();
	if (!lab->keys)
		return cw_error_memory(error);
	if (!cw_stand_ins_new(lab->options->deployment, lab->keys, &lab->stand_ins, error) ||
		!cw_loopback_take(&lab->loopback, error) || !make_folder(lab, error))
		return false;
	const struct cw_lab_folders_setup setup = {.deployment = lab->options->deployment,
		.stand_ins = lab->stand_ins,
		.loopback = &lab->loopback,
		.folder = lab->folder};
	return cw_lab_folders_make(&setup, &lab->folders, error);
}

bool cw_lab_up(const struct cw_lab_up_options *options, struct cw_error *error)
{
	AUTO_LAB lab = {.options = options, .loopback = {.lock = -1}};
	if (!make_all(&lab, error) || !begin_loop(&lab, error) || !start_all(&lab, error))
		return false;
	return event_base_dispatch(lab.base) < 0 ? cw_error_set(error, CW_E_IO, "the event loop ended")
						 : true;
}
