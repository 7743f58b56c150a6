#include "labrun/lab_up_parts.h"

#include "base/file.h"
#include "labrun/lab_exercise.h"
#include "net/loop_signal.h"

#include <signal.h>

/* After a line of a log, so that several make one look. */
#define LOOK_MS 200
/* Files are looked at that often, and read once they stay as they are. */
#define FILES_MS 500
/* Nodes are asked that often even where no log says a word: a count in a status may change in silence. */
#define POLL_MS 2000

static void finish(struct cw_lab_up_run *lab)
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
	for (size_t i = 0; i < CW_LAB_UP_SIGNALS; i++)
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

#define AUTO_LAB __attribute__((cleanup(finish))) struct cw_lab_up_run

void cw_lab_up_say(const struct cw_lab_up_run *lab, const char *text)
{
	lab->options->owner.line(lab->options->owner.context, "lab", text);
}

static void on_look(evutil_socket_t socket, short what, void *context)
{
	struct cw_lab_up_run *lab = context;
	(void)socket;
	(void)what;
	lab->answers = 0;
	for (size_t i = 0; i < lab->folders.count; i++)
		cw_lab_ask_now(lab->asks[i]);
}

static void on_news(void *context)
{
	static const struct timeval soon = {0, LOOK_MS * 1000};
	struct cw_lab_up_run *lab = context;
	if (!evtimer_pending(lab->look, NULL))
		(void)event_add(lab->look, &soon);
}

static void on_line(void *context, const char *node, const char *text)
{
	const struct cw_lab_up_run *lab = context;
	lab->options->owner.line(lab->options->owner.context, node, text);
}

static void on_restarted(void *context, const char *node)
{
	const struct cw_lab_up_run *lab = context;
	cw_lab_exercise_count(lab->folder, node);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
	(void)number;
	(void)what;
	event_base_loopbreak(context);
}

static bool begin_loop(struct cw_lab_up_run *lab, struct cw_error *error)
{
	static const int numbers[CW_LAB_UP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
	static const struct timeval pause = {0, FILES_MS * 1000}, poll = {POLL_MS / 1000, 0};
	lab->base = event_base_new();
	if (!lab->base)
		return cw_error_memory(error);
	lab->look = evtimer_new(lab->base, on_look, lab);
	lab->poll = event_new(lab->base, -1, EV_PERSIST, on_look, lab);
	lab->files = event_new(lab->base, -1, EV_PERSIST, cw_lab_up_files, lab);
	for (size_t i = 0; i < CW_LAB_UP_SIGNALS; i++) {
		const struct cw_loop_signal signal = {numbers[i], true};
		if (!cw_loop_signal_add(lab->base, &signal, on_signal, lab->base, &lab->signals[i], error))
			return false;
	}
	if (!lab->look || !lab->poll || !lab->files || event_add(lab->files, &pause) < 0 ||
		event_add(lab->poll, &poll) < 0)
		return cw_error_memory(error);
	return true;
}

static bool describe(struct cw_lab_up_run *lab, struct cw_buffer *more, struct cw_error *error)
{
	if (!lab->options->path && !lab->options->exercise)
		cw_buffer_printf(more, "The lab itself, for \"causeway lab break\": %s\n", lab->path);
	if (lab->options->exercise && !cw_lab_exercise_begin(lab->folder, more, error))
		return false;
	if (lab->relay)
		cw_lab_relay_tell(lab->relay, more);
	return cw_buffer_ok(more, error);
}

static bool make_rows(struct cw_lab_up_run *lab, struct cw_error *error)
{
	lab->rows = calloc(lab->folders.count + 1, sizeof *lab->rows);
	for (size_t i = 0; lab->rows && i < lab->folders.count; i++)
		lab->rows[i] = (struct cw_lab_up_row){.node = lab->folders.items[i].node->fqdn,
			.role = cw_node_kind_name(lab->folders.items[i].node->kind),
			.address = lab->folders.items[i].address};
	lab->asks = calloc(lab->folders.count + 1, sizeof *lab->asks);
	bool good = lab->rows && lab->asks;
	for (size_t i = 0; good && i < lab->folders.count; i++) {
		lab->asks[i] = cw_lab_ask_new(lab->base, lab->folders.items[i].path, i, cw_lab_up_told, lab);
		good = lab->asks[i] != NULL;
	}
	return good ? true : cw_error_memory(error);
}

static void on_said(void *context, const char *text)
{
	cw_lab_up_say(context, text);
}

static bool begin_front(struct cw_lab_up_run *lab, struct cw_error *error)
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
static bool tell_beginning(struct cw_lab_up_run *lab, struct cw_error *error)
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

static bool start(struct cw_lab_up_run *lab, struct cw_error *error)
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
	if (!cw_lab_up_make(&lab, problems, error) || !begin_loop(&lab, error) || !start(&lab, error))
		return false;
	return event_base_dispatch(lab.base) < 0 ? cw_error_set(error, CW_E_IO, "the event loop ended")
						 : true;
}
