#include "cli/verbs.h"

#include "base/escape.h"
#include "labrun/lab_exercise.h"
#include "labrun/lab_up.h"
#include "report/text/layout.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static const struct cw_option options[] = {
	{"state", 0, "DIR", NULL, false, "where the nodes' folders are made; they are kept at the end"},
	{"exercise", 0, "N", NULL, false, "a lab with a hidden fault, by number or random; see lab exercise"},
	{"size", 0, "SIZE", "small|cluster|large", false,
		"of the lab that is made where no DEPLOYMENT is named"},
	{"key", 0, "KIND", "rsa|ec", false, "of that lab's keys (default rsa)"},
	{"keylog", 0, "FILE", NULL, false, "append the TLS secrets of every connection, for Wireshark"},
	{"pcap", 0, "FILE", NULL, false, "capture the lab's network (root, or CAP_NET_RAW)"},
	{"listen", 0, "ADDR", NULL, false,
		"other machines reach the nodes here: 192.0.2.1 or 192.0.2.1:20000"},
	CW_OPTIONS_END,
};

struct showing {
	struct cw_call *call;
	bool live;    /* on a terminal: one table, drawn anew */
	size_t lines; /* of the table that stands there */
};

static void begun(void *context, const char *folder, const char *more)
{
	const struct showing *showing = context;
	fprintf(showing->call->out,
		"The lab is up until Ctrl-C. Its nodes' folders, whose files can be changed: %s\n%s", folder,
		more);
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
	cw_buffer_printf(ret, "%s%s%s", mark_of(row->tunnel), *row->tunnel ? row->tunnel : "-", CW_MARK_END);
	if (row->restarts)
		cw_buffer_printf(
			ret, "  restarted %zu %s", row->restarts, row->restarts == 1 ? "time" : "times");
	cw_buffer_char(ret, '\n');
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

/* "3", "random"; 0 where it was not given. */
static bool find_exercise(const struct cw_call *call, size_t *ret, struct cw_error *error)
{
	const char *text = cw_arguments_value(&call->arguments, "exercise");
	uint32_t number = 0;
	*ret = 0;
	if (!text)
		return true;
	if (strcmp(text, "random") == 0) {
		if (getrandom(&number, sizeof number, 0) != sizeof number)
			return cw_error_set(error, CW_E_IO, "no random number can be had");
		*ret = 1 + number % cw_lab_exercise_count_all();
		return true;
	}
	size_t digits = strspn(text, "0123456789");
	*ret = digits && digits < 4 && !text[digits] ? strtoul(text, NULL, 10) : 0;
	if (*ret >= 1 && *ret <= cw_lab_exercise_count_all())
		return true;
	return cw_error_set(error, CW_E_USAGE, "there is no exercise \"%s\"; wanted 1 to %zu, or random",
		text, cw_lab_exercise_count_all());
}

static bool make_options(const struct cw_call *call, struct cw_lab_options *lab, struct cw_lab_up_options *up,
	struct cw_error *error)
{
	const struct cw_arguments *arguments = &call->arguments;
	const char *size = cw_arguments_value(arguments, "size");
	lab->at = call->now;
	lab->key = cw_arguments_value(arguments, "key");
	up->lab = lab;
	up->path = arguments->word_count ? arguments->words[0] : NULL;
	up->folder = cw_arguments_value(arguments, "state");
	up->keylog = cw_arguments_value(arguments, "keylog");
	up->packets = cw_arguments_value(arguments, "pcap");
	up->listen = cw_arguments_value(arguments, "listen");
	if ((size && !cw_lab_size_from_name(size, &lab->size, error)) || !cw_lab_check(lab, error) ||
		!find_exercise(call, &up->exercise, error))
		return false;
	if (up->path && (up->exercise || size || lab->key))
		return cw_error_set(error, CW_E_USAGE,
			"--exercise, --size and --key are about a lab that is made: leave %s out", up->path);
	return true;
}

static bool find_program(char program[4096], struct cw_error *error)
{
	ssize_t length = readlink("/proc/self/exe", program, 4095);
	program[length > 0 ? length : 0] = '\0';
	return length > 0 ? true : cw_error_set(error, CW_E_IO, "this program's own file cannot be found");
}

static enum cw_exit lab_up(struct cw_call *call)
{
	struct showing showing = {.call = call, .live = isatty(fileno(call->out)) == 1};
	char program[4096];
	struct cw_lab_options lab = {0};
	struct cw_lab_up_options up = {.program = program, .owner = {begun, line, table, &showing}};
	AUTO_STRINGS problems = {0};
	struct cw_error error;
	if (!find_program(program, &error) || !make_options(call, &lab, &up, &error))
		return cw_call_trouble(call, &error);
	if (cw_lab_up(&up, &problems, &error))
		return CW_EXIT_GOOD;
	for (size_t i = 0; i < problems.count; i++)
		cw_call_tell(call, problems.items[i]);
	return problems.count ? CW_EXIT_TROUBLE : cw_call_trouble(call, &error);
}

const struct cw_verb cw_verb_lab_up = {
	.name = "lab",
	.sub = "up",
	.summary = "run every node of a deployment on this machine, until Ctrl-C",
	.words = "[DEPLOYMENT]",
	.words_max = 1,
	.options = options,
	.about = "Every Expressway-C, Expressway-E and CUCM node becomes a running node (node run) in\n"
		 "a network of its own inside 127.0.0.0/8, with stand-in certificates: the same names,\n"
		 "dates and lists, other keys. Private keys that the deployment names are used where\n"
		 "they stand.\n"
		 "\n"
		 "Without DEPLOYMENT a new lab is made, and with --exercise one with a hidden fault.\n"
		 "\n"
		 "On a terminal a table of nodes and states is drawn anew at each change; into a pipe\n"
		 "go the nodes' log lines and the table. Files in the nodes' folders can be changed\n"
		 "while they run, and so can the deployment (lab break): break something, look, repair\n"
		 "it. The folder holds a deployment.yaml that says what the nodes have: check, fix and\n"
		 "whatif work on it. As on the boxes a certificate that was replaced is shown after a\n"
		 "restart (lab restart). A node that ends comes back after a second.\n"
		 "\n"
		 "The address that it prints is its page, for a browser on this machine: the nodes with\n"
		 "links to their own pages and their administrators' one-time links, the map with live\n"
		 "states, what people see and a sign-in as each endpoint, the CA, the exercise. It holds\n"
		 "a key; whoever has it is administrator of every node.\n"
		 "\n"
		 "Where a release had TLS 1.2 at most, so has its node: certificates are readable in a\n"
		 "capture. Ctrl-C ends all and removes the folders, unless --state names a place.\n",
	.example = "$ causeway lab new demo --fault root-missing\n"
		   "$ causeway lab up demo\n"
		   "node                    role          address          zone or ports         tunnel\n"
		   "c1.acme.test            expressway-c  127.12.34.1      Failed root-missing   Off\n",
	.run = lab_up,
};
