#include "labrun/lab_up.h"

#include "base/file.h"
#include "labrun/lab_ask.h"
#include "labrun/lab_exercise.h"
#include "labrun/lab_files.h"
#include "labrun/lab_front.h"
#include "labrun/lab_nodes.h"
#include "labrun/lab_packets.h"
#include "labrun/lab_relay.h"
#include "labrun/lab_view.h"
#include "net/loop_signal.h"
#include "report/json.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIGNALS 3
/* After a line of a log, so that several make one look. */
#define LOOK_MS 200
/* Files are looked at that often, and read once they stay as they are. */
#define FILES_MS 500
/* Nodes are asked that often even where no log says a word: a count in a status may change in silence. */
#define POLL_MS 2000

struct lab {
	const struct cw_lab_up_options *options;
	struct event_base *base;
	struct cw_lab_source source;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
	struct cw_loopback loopback;
	char folder[512];
	char path[600]; /* of the lab that was made in the folder */
	bool made;	/* the folder is this lab's own */
	struct cw_lab_folders folders;
	struct cw_lab_nodes *nodes;
	struct cw_lab_front *front;
	struct cw_buffer more, authorities; /* that the page borrows */
	struct cw_lab_up_row *rows;
	struct cw_lab_ask **asks;
	size_t answers;	      /* to the present look */
	bool news, page_news; /* one of them was another than before: in the table, on the page */
	struct cw_lab_packets *packets;
	struct cw_lab_relay *relay;
	struct event *signals[SIGNALS], *look, *poll, *files;
	uint64_t changing;	/* how the deployment's files look */
	uint64_t view, viewing; /* how the nodes' node.yaml looked when they were read last, and look */
};

static void finish(struct lab *lab)
{
	cw_lab_front_end(lab->front);
	cw_buffer_finish(&lab->more);
	cw_buffer_finish(&lab->authorities);
	cw_lab_relay_end(lab->relay);
	cw_lab_nodes_end(lab->nodes);
	cw_lab_packets_end(lab->packets);
	for (size_t i = 0; lab->asks && i < lab->folders.count; i++)
		cw_lab_ask_free(lab->asks[i]);
	free(lab->asks);
	free(lab->rows);
	for (size_t i = 0; i < SIGNALS; i++)
		if (lab->signals[i])
			event_free(lab->signals[i]);
	if (lab->look)
		event_free(lab->look);
	if (lab->poll)
		event_free(lab->poll);
	if (lab->files)
		event_free(lab->files);
	if (lab->base)
		event_base_free(lab->base);
	cw_lab_folders_finish(&lab->folders);
	if (lab->made)
		cw_file_remove_folder(lab->folder);
	cw_stand_ins_free(lab->stand_ins);
	cw_stand_in_keys_free(lab->keys);
	cw_lab_source_finish(&lab->source);
	cw_loopback_release(&lab->loopback);
}

#define AUTO_LAB __attribute__((cleanup(finish))) struct lab

static void say(const struct lab *lab, const char *text)
{
	lab->options->owner.line(lab->options->owner.context, "lab", text);
}

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

static void tell_table(const struct lab *lab)
{
	lab->options->owner.table(lab->options->owner.context, lab->rows, lab->folders.count);
}

static void put_status(const struct lab *lab, size_t place, const json_t *status)
{
	struct cw_lab_up_row *row = &lab->rows[place];
	put_states(json_object_get(status, "zones"), row->zone, sizeof row->zone);
	put_states(json_object_get(status, "tunnels"), row->tunnel, sizeof row->tunnel);
	if (lab->folders.items[place].node->kind == CW_NODE_CUCM)
		put_states(json_object_get(status, "services"), row->zone, sizeof row->zone);
}

/* A node that begins does not answer yet: what it said before counts no more. */
static void on_told(void *context, size_t place, const json_t *status)
{
	struct lab *lab = context;
	struct cw_lab_up_row *row = &lab->rows[place];
	const struct cw_lab_folder *folder = &lab->folders.items[place];
	const struct cw_lab_up_row before = *row;
	bool runs = cw_lab_nodes_runs(lab->nodes, place);
	row->restarts = cw_lab_nodes_restarts(lab->nodes, place);
	if (cw_lab_front_told(lab->front, place, status, runs, row->restarts))
		lab->page_news = true;
	if (status) {
		put_status(lab, place, status);
	} else {
		const char *why = *folder->trouble ? folder->trouble : "does not run";
		snprintf(row->zone, sizeof row->zone, "%.190s", runs ? "does not answer" : why);
		row->tunnel[0] = '\0';
	}
	if (strcmp(before.zone, row->zone) != 0 || strcmp(before.tunnel, row->tunnel) != 0 ||
		before.restarts != row->restarts)
		lab->news = true;
	if (++lab->answers < lab->folders.count)
		return;
	if (lab->news)
		tell_table(lab);
	if (lab->page_news)
		cw_lab_front_changed(lab->front);
	lab->news = lab->page_news = false;
}

static void on_look(evutil_socket_t socket, short what, void *context)
{
	struct lab *lab = context;
	(void)socket;
	(void)what;
	lab->answers = 0;
	for (size_t i = 0; i < lab->folders.count; i++)
		cw_lab_ask_now(lab->asks[i]);
}

static void on_news(void *context)
{
	static const struct timeval soon = {0, LOOK_MS * 1000};
	struct lab *lab = context;
	if (!evtimer_pending(lab->look, NULL))
		(void)event_add(lab->look, &soon);
}

static void on_line(void *context, const char *node, const char *text)
{
	const struct lab *lab = context;
	lab->options->owner.line(lab->options->owner.context, node, text);
}

static void on_restarted(void *context, const char *node)
{
	const struct lab *lab = context;
	cw_lab_exercise_count(lab->folder, node);
}

/* --- changes of the deployment --- */

static bool same_nodes(const struct cw_lab_folders *a, const struct cw_lab_folders *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->items[i].node->fqdn, b->items[i].node->fqdn) == 0;
	return same;
}

/* What points at the former deployment points at the present one. */
static void take_over(struct lab *lab, struct cw_lab_folders *made)
{
	for (size_t i = 0; i < lab->folders.count; i++) {
		lab->folders.items[i].node = made->items[i].node;
		memcpy(lab->folders.items[i].trouble, made->items[i].trouble, sizeof made->items[i].trouble);
		lab->rows[i].node = made->items[i].node->fqdn;
		lab->rows[i].role = cw_node_kind_name(made->items[i].node->kind);
	}
}

static void tell_nodes(struct lab *lab, const struct cw_lab_files_change *changes)
{
	char text[300];
	for (size_t i = 0; i < lab->folders.count; i++) {
		if (!changes[i].files)
			continue;
		snprintf(text, sizeof text, "%.200s: %zu of its files changed with the deployment%s",
			lab->folders.items[i].node->fqdn, changes[i].files,
			changes[i].certified ? ", it restarts" : "");
		say(lab, text);
		if (changes[i].certified || !cw_lab_nodes_runs(lab->nodes, i))
			cw_lab_nodes_restart(lab->nodes, i);
		else
			cw_lab_nodes_reload(lab->nodes, i);
	}
}

static bool write_view(struct lab *lab, struct cw_error *error)
{
	const struct cw_lab_view view = {lab->folder, &lab->source, lab->stand_ins, &lab->folders};
	lab->view = lab->viewing = cw_lab_view_look(&lab->folders);
	return cw_lab_view_write(&view, error);
}

static bool make_stand_ins(const struct cw_lab_source *source, struct lab *lab,
	const struct cw_stand_ins *former, struct cw_stand_ins **ret, struct cw_error *error)
{
	const struct cw_stand_ins_more more = {former, source->real, source->real_count};
	return cw_stand_ins_anew(source->deployment, lab->keys, &more, ret, error);
}

static bool make_next(struct lab *lab, const struct cw_lab_source *source,
	const struct cw_stand_ins *stand_ins, struct cw_lab_folders *ret, struct cw_error *error)
{
	AUTO_BUFFER next = {0};
	cw_buffer_printf(&next, "%s/.lab/next", lab->folder);
	if (!cw_buffer_ok(&next, error))
		return false;
	cw_file_remove_folder(cw_buffer_string(&next));
	const struct cw_lab_folders_setup setup = {.deployment = source->deployment,
		.stand_ins = stand_ins,
		.loopback = &lab->loopback,
		.folder = cw_buffer_string(&next),
		.copies_keys = !lab->options->path};
	return cw_file_make_folder(cw_buffer_string(&next), error) && cw_lab_folders_make(&setup, ret, error);
}

/* The new deployment takes the old one's place when its files are on the nodes. */
static bool take(struct lab *lab, struct cw_lab_source *source, struct cw_stand_ins **stand_ins,
	struct cw_lab_folders *made, struct cw_error *error)
{
	AUTO(free) struct cw_lab_files_change *changes = calloc(lab->folders.count + 1, sizeof *changes);
	if (!changes)
		return cw_error_memory(error);
	if (!cw_lab_files_apply(lab->folder, made, changes, error))
		return false;
	take_over(lab, made);
	struct cw_lab_source former = lab->source;
	struct cw_stand_ins *former_stand_ins = lab->stand_ins;
	lab->source = *source;
	lab->stand_ins = *stand_ins;
	*source = former;
	*stand_ins = former_stand_ins;
	tell_nodes(lab, changes);
	return write_view(lab, error);
}

static bool change(struct lab *lab, struct cw_error *error)
{
	struct cw_lab_source source = {0};
	struct cw_stand_ins *stand_ins = NULL;
	struct cw_lab_folders made = {0};
	AUTO_STRINGS problems = {0};
	bool good = cw_lab_source_load(lab->source.path, &source, &problems);
	if (!good)
		cw_error_set(error, CW_E_USAGE, "%s", problems.items[0]);
	good = good && make_stand_ins(&source, lab, lab->stand_ins, &stand_ins, error) &&
		make_next(lab, &source, stand_ins, &made, error);
	if (good && !same_nodes(&lab->folders, &made))
		good = cw_error_set(
			error, CW_E_USAGE, "it has other nodes now: end the lab and start it again");
	good = good && take(lab, &source, &stand_ins, &made, error);
	cw_lab_folders_finish(&made);
	cw_stand_ins_free(stand_ins);
	cw_lab_source_finish(&source);
	return good;
}

static void on_files(evutil_socket_t socket, short what, void *context)
{
	struct lab *lab = context;
	struct cw_error error;
	(void)socket;
	(void)what;
	uint64_t now = cw_lab_source_look(&lab->source), view = cw_lab_view_look(&lab->folders);
	bool changed = now != lab->source.files && now == lab->changing;
	lab->changing = now;
	if (changed && !change(lab, &error)) {
		AUTO_BUFFER text = {0};
		cw_buffer_printf(&text, "the deployment's change is not taken: %s", error.message);
		say(lab, cw_buffer_string(&text));
		lab->source.files = now; /* told once */
	}
	if (view != lab->view && view == lab->viewing && !write_view(lab, &error))
		say(lab, error.message);
	lab->viewing = view;
}

/* --- the beginning --- */

static void on_signal(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	event_base_loopbreak(context);
}

static bool begin_loop(struct lab *lab, struct cw_error *error)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	static const struct timeval pause = {0, FILES_MS * 1000}, poll = {POLL_MS / 1000, 0};
	lab->base = event_base_new();
	if (!lab->base)
		return cw_error_memory(error);
	lab->look = evtimer_new(lab->base, on_look, lab);
	lab->poll = event_new(lab->base, -1, EV_PERSIST, on_look, lab);
	lab->files = event_new(lab->base, -1, EV_PERSIST, on_files, lab);
	for (size_t i = 0; i < SIGNALS; i++) {
		const struct cw_loop_signal signal = {numbers[i], true};
		if (!cw_loop_signal_add(lab->base, &signal, on_signal, lab->base, &lab->signals[i], error))
			return false;
	}
	if (!lab->look || !lab->poll || !lab->files || event_add(lab->files, &pause) < 0 ||
		event_add(lab->poll, &poll) < 0)
		return cw_error_memory(error);
	return true;
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

/* A lab of one's own: for all to see, or, with its fault, for nobody. */
static bool make_lab(struct lab *lab, struct cw_error *error)
{
	struct cw_lab_options options = *lab->options->lab;
	options.faults = NULL;
	options.fault_count = 0;
	snprintf(lab->path, sizeof lab->path, "%s/%s", lab->folder,
		lab->options->exercise ? ".lab/source" : "lab");
	options.folder = lab->path;
	if (lab->options->exercise)
		return cw_lab_exercise_make(lab->folder, lab->options->exercise, &options, error);
	return cw_lab_new(&options, error);
}

static bool load(struct lab *lab, struct cw_strings *problems)
{
	const char *path = lab->options->path;
	if (!path)
		path = lab->path;
	if (!cw_lab_source_load(path, &lab->source, problems))
		return false;
	lab->changing = lab->source.files;
	return true;
}

static bool make_nodes(struct lab *lab, struct cw_error *error)
{
	const struct cw_lab_folders_setup setup = {.deployment = lab->source.deployment,
		.stand_ins = lab->stand_ins,
		.loopback = &lab->loopback,
		.folder = lab->folder,
		.copies_keys = !lab->options->path};
	return cw_lab_folders_make(&setup, &lab->folders, error) &&
		cw_lab_files_note(lab->folder, &lab->folders, error) && write_view(lab, error);
}

static bool make_all(struct lab *lab, struct cw_strings *problems, struct cw_error *error)
{
	lab->keys = cw_stand_in_keys_new();
	if (!lab->keys)
		return cw_error_memory(error);
	if (!make_folder(lab, error) || (!lab->options->path && !make_lab(lab, error)) ||
		!load(lab, problems))
		return false;
	return make_stand_ins(&lab->source, lab, NULL, &lab->stand_ins, error) &&
		cw_loopback_take(&lab->loopback, error) && make_nodes(lab, error);
}

static bool describe(struct lab *lab, struct cw_buffer *more, struct cw_error *error)
{
	if (!lab->options->path && !lab->options->exercise)
		cw_buffer_printf(more, "The lab itself, for \"causeway lab break\": %s\n", lab->path);
	if (lab->options->exercise && !cw_lab_exercise_begin(lab->folder, more, error))
		return false;
	if (lab->relay)
		cw_lab_relay_tell(lab->relay, more);
	return cw_buffer_ok(more, error);
}

static bool make_rows(struct lab *lab, struct cw_error *error)
{
	lab->rows = calloc(lab->folders.count + 1, sizeof *lab->rows);
	for (size_t i = 0; lab->rows && i < lab->folders.count; i++)
		lab->rows[i] = (struct cw_lab_up_row){.node = lab->folders.items[i].node->fqdn,
			.role = cw_node_kind_name(lab->folders.items[i].node->kind),
			.address = lab->folders.items[i].address};
	lab->asks = calloc(lab->folders.count + 1, sizeof *lab->asks);
	bool good = lab->rows && lab->asks;
	for (size_t i = 0; good && i < lab->folders.count; i++) {
		lab->asks[i] = cw_lab_ask_new(lab->base, lab->folders.items[i].path, i, on_told, lab);
		good = lab->asks[i] != NULL;
	}
	return good ? true : cw_error_memory(error);
}

static void on_said(void *context, const char *text)
{
	say(context, text);
}

static bool begin_front(struct lab *lab, struct cw_error *error)
{
	cw_buffer_printf(&lab->authorities, "%s/ca", lab->source.deployment->folder);
	if (!cw_buffer_ok(&lab->authorities, error))
		return false;
	const struct cw_lab_front_setup setup = {.base = lab->base,
		.program = lab->options->program,
		.folder = lab->folder,
		.authorities = cw_buffer_string(&lab->authorities),
		.more = cw_buffer_string(&lab->more),
		.exercise = lab->options->exercise > 0,
		.folders = &lab->folders,
		.say = on_said,
		.context = lab};
	return cw_lab_front_begin(&setup, &lab->front, error);
}

/* The page itself does not tell its key. */
static bool tell_beginning(struct lab *lab, struct cw_error *error)
{
	const struct cw_lab_up_owner *owner = &lab->options->owner;
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%sIts page, for a browser on this machine: %s\n",
		cw_buffer_string(&lab->more), cw_lab_front_url(lab->front));
	if (!cw_buffer_ok(&text, error))
		return false;
	owner->begun(owner->context, lab->folder, cw_buffer_string(&text));
	return true;
}

static bool start(struct lab *lab, struct cw_error *error)
{
	const struct cw_lab_up_options *options = lab->options;
	const struct cw_lab_nodes_setup setup = {.base = lab->base,
		.program = options->program,
		.keylog = options->keylog,
		.folders = &lab->folders,
		.owner = {on_line, on_news, on_restarted, lab}};
	if (options->packets &&
		!cw_lab_packets_begin(lab->base, &lab->loopback, options->packets, &lab->packets, error))
		return false;
	if (options->listen &&
		!cw_lab_relay_begin(lab->base, options->listen, &lab->folders, &lab->relay, error))
		return false;
	if (!make_rows(lab, error) || !describe(lab, &lab->more, error) || !begin_front(lab, error) ||
		!tell_beginning(lab, error))
		return false;
	return cw_lab_nodes_begin(&setup, &lab->nodes, error);
}

bool cw_lab_up(const struct cw_lab_up_options *options, struct cw_strings *problems, struct cw_error *error)
{
	AUTO_LAB lab = {.options = options, .loopback = {.lock = -1}};
	if (!make_all(&lab, problems, error) || !begin_loop(&lab, error) || !start(&lab, error))
		return false;
	return event_base_dispatch(lab.base) < 0 ? cw_error_set(error, CW_E_IO, "the event loop ended")
						 : true;
}
