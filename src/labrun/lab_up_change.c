#include "labrun/lab_up_parts.h"

#include "base/file.h"
#include "labrun/lab_files.h"
#include "labrun/lab_view.h"

#include <string.h>

static bool same_nodes(const struct cw_lab_folders *a, const struct cw_lab_folders *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->items[i].node->fqdn, b->items[i].node->fqdn) == 0;
	return same;
}

/* What points at the former deployment points at the present one. */
static void take_over(struct cw_lab_up_run *lab, struct cw_lab_folders *made)
{
	for (size_t i = 0; i < lab->folders.count; i++) {
		lab->folders.items[i].node = made->items[i].node;
		memcpy(lab->folders.items[i].trouble, made->items[i].trouble, sizeof made->items[i].trouble);
		lab->rows[i].node = made->items[i].node->fqdn;
		lab->rows[i].role = cw_node_kind_name(made->items[i].node->kind);
	}
}

static void tell_nodes(struct cw_lab_up_run *lab, const struct cw_lab_files_change *changes)
{
	char text[300];
	for (size_t i = 0; i < lab->folders.count; i++) {
		if (!changes[i].files)
			continue;
		snprintf(text, sizeof text, "%.200s: %zu of its files changed with the deployment%s",
			lab->folders.items[i].node->fqdn, changes[i].files,
			changes[i].certified ? ", it restarts" : "");
		cw_lab_up_say(lab, text);
		if (changes[i].certified || !cw_lab_nodes_runs(lab->nodes, i))
			cw_lab_nodes_restart(lab->nodes, i);
		else
			cw_lab_nodes_reload(lab->nodes, i);
	}
}

static bool make_next(struct cw_lab_up_run *lab, const struct cw_lab_source *source,
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
static bool take(struct cw_lab_up_run *lab, struct cw_lab_source *source, struct cw_stand_ins **stand_ins,
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
	return cw_lab_up_write_view(lab, error);
}

static bool change(struct cw_lab_up_run *lab, struct cw_error *error)
{
	struct cw_lab_source source = {0};
	struct cw_stand_ins *stand_ins = NULL;
	struct cw_lab_folders made = {0};
	AUTO_STRINGS problems = {0};
	bool good = cw_lab_source_load(lab->source.path, &source, &problems);
	if (!good)
		cw_error_set(error, CW_E_USAGE, "%s", problems.items[0]);
	good = good && cw_lab_up_make_stand_ins(&source, lab, lab->stand_ins, &stand_ins, error) &&
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

void cw_lab_up_files(evutil_socket_t socket, short what, void *context)
{
	struct cw_lab_up_run *lab = context;
	struct cw_error error;
	(void)socket;
	(void)what;
	uint64_t now = cw_lab_source_look(&lab->source), view = cw_lab_view_look(&lab->folders);
	bool changed = now != lab->source.files && now == lab->changing;
	lab->changing = now;
	if (changed && !change(lab, &error)) {
		AUTO_BUFFER text = {0};
		cw_buffer_printf(&text, "the deployment's change is not taken: %s", error.message);
		cw_lab_up_say(lab, cw_buffer_string(&text));
		lab->source.files = now; /* told once */
	}
	if (view != lab->view && view == lab->viewing && !cw_lab_up_write_view(lab, &error))
		cw_lab_up_say(lab, error.message);
	lab->viewing = view;
}
