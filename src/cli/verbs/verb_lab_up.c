#include "cli/verbs.h"

#include "base/escape.h"
#include "cli/call_deployment.h"
#include "labrun/lab_up.h"
#include "report/text/layout.h"

#include <string.h>
#include <unistd.h>

static const struct cw_option options[] = {
	{"state", 0, "DIR", NULL, false, "where the nodes' folders are made; they are kept at the end"},
	CW_OPTIONS_END,
};

struct showing {
	struct cw_call *call;
	bool live;    /* on a terminal: one table, drawn anew */
	size_t lines; /* of the table that stands there */
};

static void begun(void *context, const char *folder)
{
	const struct showing *showing = context;
	fprintf(showing->call->out,
		"The lab is up until Ctrl-C. Its nodes' folders, whose files can be changed: %s\n", folder);
	fflush(showing->call->out);
}

static void line(void *context, const char *node, const char *text)
{
	const struct showing *showing = context;
	AUTO_BUFFER safe = {0};
	if (showing->live)
		return;
	cw_escape(&safe, text, strlen(text), "");
	fprintf(showing->call->out, "%s: %s\n", node, cw_buffer_string(&safe));
	fflush(showing->call->out);
}

static const char *mark_of(const char *state)
{
	if (strcmp(state, "Active") == 0 || strcmp(state, "On") == 0)
		return CW_MARK_GOOD;
	return *state ? CW_MARK_BAD : "";
}

static void put_row(struct cw_buffer *ret, const struct cw_lab_up_row *row)
{
	AUTO_BUFFER zone = {0};
	cw_layout_column(ret, row->node, 24);
	cw_layout_column(ret, row->role, 14);
	cw_layout_column(ret, row->address, 17);
	cw_buffer_printf(&zone, "%s%s%s", mark_of(row->zone), *row->zone ? row->zone : "-", CW_MARK_END);
	cw_layout_column(ret, cw_buffer_string(&zone), 22);
	cw_buffer_printf(
		ret, "%s%s%s\n", mark_of(row->tunnel), *row->tunnel ? row->tunnel : "-", CW_MARK_END);
}

static void table(void *context, const struct cw_lab_up_row *rows, size_t count)
{
	struct showing *showing = context;
	AUTO_BUFFER marked = {0}, text = {0};
	cw_layout_column(&marked, "node", 24);
	cw_layout_column(&marked, "role", 14);
	cw_layout_column(&marked, "address", 17);
	cw_layout_column(&marked, "zone or ports", 22);
	cw_buffer_text(&marked, "tunnel\n");
	for (size_t i = 0; i < count; i++)
		put_row(&marked, &rows[i]);
	cw_layout_render(&marked, cw_call_look(showing->call), &text);
	if (showing->live && showing->lines) /* up, and everything below away (ECMA-48, CPL and ED) */
		fprintf(showing->call->out, "\033[%zuF\033[J", showing->lines);
	fputs(cw_buffer_string(&text), showing->call->out);
	fflush(showing->call->out);
	showing->lines = count + 1;
}

static enum cw_exit lab_up(struct cw_call *call)
{
	AUTO_CALL_DEPLOYMENT opened = {0};
	struct showing showing = {.call = call, .live = isatty(fileno(call->out)) == 1};
	char program[4096];
	struct cw_error error;
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	if (length <= 0) {
		cw_error_set(&error, CW_E_IO, "this program's own file cannot be found");
		return cw_call_trouble(call, &error);
	}
	program[length] = '\0';
	if (!cw_call_deployment_load(call, call->arguments.words[0], &opened))
		return CW_EXIT_TROUBLE;
	const struct cw_lab_up_options up = {.deployment = opened.deployment,
		.program = program,
		.folder = cw_arguments_value(&call->arguments, "state"),
		.owner = {begun, line, table, &showing}};
	if (!cw_lab_up(&up, &error))
		return cw_call_trouble(call, &error);
	return CW_EXIT_GOOD;
}

const struct cw_verb cw_verb_lab_up = {
	.name = "lab",
	.sub = "up",
	.summary = "run every node of a deployment on this machine, until Ctrl-C",
	.words = "DEPLOYMENT",
	.words_min = 1,
	.words_max = 1,
	.options = options,
	.about = "Every Expressway-C, Expressway-E and CUCM node becomes a running node (node run) in\n"
		 "a network of its own inside 127.0.0.0/8, with stand-in certificates: the same names,\n"
		 "dates and lists, other keys. Private keys that the deployment names are used where\n"
		 "they stand.\n"
		 "\n"
		 "On a terminal a table of nodes and states is drawn anew at each change; into a pipe\n"
		 "go the nodes' log lines and the table. Files in the nodes' folders can be changed\n"
		 "while they run: break something, look, repair it. Ctrl-C ends all of them and\n"
		 "removes the folders, unless --state names a place for them.\n",
	.example = "$ causeway lab new demo --fault root-missing\n"
		   "$ causeway lab up demo\n"
		   "node                    role          address          zone or ports         tunnel\n"
		   "c1.acme.test            expressway-c  127.12.34.1      Failed root-missing   Off\n",
	.run = lab_up,
};
