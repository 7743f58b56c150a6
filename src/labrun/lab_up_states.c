#include "labrun/lab_up_parts.h"

#include "report/json.h"

#include <string.h>

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

static void tell_table(const struct cw_lab_up_run *lab)
{
	lab->options->owner.table(lab->options->owner.context, lab->rows, lab->folders.count);
}

static void put_status(const struct cw_lab_up_run *lab, size_t place, const json_t *status)
{
	struct cw_lab_up_row *row = &lab->rows[place];
	put_states(json_object_get(status, "zones"), row->zone, sizeof row->zone);
	put_states(json_object_get(status, "tunnels"), row->tunnel, sizeof row->tunnel);
	if (lab->folders.items[place].node->kind == CW_NODE_CUCM)
		put_states(json_object_get(status, "services"), row->zone, sizeof row->zone);
}

/* A node that begins does not answer yet: what it said before counts no more. */
void cw_lab_up_told(void *context, size_t place, const json_t *status)
{
	struct cw_lab_up_run *lab = context;
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
