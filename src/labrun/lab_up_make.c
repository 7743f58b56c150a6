#include "labrun/lab_up_parts.h"

#include "base/file.h"
#include "labrun/lab_exercise.h"
#include "labrun/lab_files.h"
#include "labrun/lab_view.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Root's tunnels run as another account, which must come through to the nodes' folders. */
static bool make_folder(struct cw_lab_up_run *lab, struct cw_error *error)
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
static bool make_lab(struct cw_lab_up_run *lab, struct cw_error *error)
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

static bool load(struct cw_lab_up_run *lab, struct cw_strings *problems)
{
	const char *path = lab->options->path;
	if (!path)
		path = lab->path;
	if (!cw_lab_source_load(path, &lab->source, problems))
		return false;
	lab->changing = lab->source.files;
	return true;
}

bool cw_lab_up_make_stand_ins(const struct cw_lab_source *source, struct cw_lab_up_run *lab,
	const struct cw_stand_ins *former, struct cw_stand_ins **ret, struct cw_error *error)
{
	const struct cw_stand_ins_more more = {former, source->real, source->real_count};
	return cw_stand_ins_anew(source->deployment, lab->keys, &more, ret, error);
}

bool cw_lab_up_write_view(struct cw_lab_up_run *lab, struct cw_error *error)
{
	const struct cw_lab_view view = {lab->folder, &lab->source, lab->stand_ins, &lab->folders};
	lab->view = lab->viewing = cw_lab_view_look(&lab->folders);
	return cw_lab_view_write(&view, error);
}

static bool make_nodes(struct cw_lab_up_run *lab, struct cw_error *error)
{
	const struct cw_lab_folders_setup setup = {.deployment = lab->source.deployment,
		.stand_ins = lab->stand_ins,
		.loopback = &lab->loopback,
		.folder = lab->folder,
		.copies_keys = !lab->options->path};
	return cw_lab_folders_make(&setup, &lab->folders, error) &&
		cw_lab_files_note(lab->folder, &lab->folders, error) && cw_lab_up_write_view(lab, error);
}

bool cw_lab_up_make(struct cw_lab_up_run *lab, struct cw_strings *problems, struct cw_error *error)
{
	lab->keys = cw_stand_in_keys_new();
	if (!lab->keys)
		return cw_error_memory(error);
	if (!make_folder(lab, error) || (!lab->options->path && !make_lab(lab, error)) ||
		!load(lab, problems))
		return false;
	return cw_lab_up_make_stand_ins(&lab->source, lab, NULL, &lab->stand_ins, error) &&
		cw_loopback_take(&lab->loopback, error) && make_nodes(lab, error);
}
