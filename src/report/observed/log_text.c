#include "report/observed/log_report.h"

#include "base/escape.h"
#include "observe/log/log_link.h"
#include "report/remedy_text.h"
#include "report/text/layout.h"

#include <string.h>

#define INDENT 3

/* A sentence behind a word that says what it is. */
static void told(struct cw_buffer *ret, const char *word, const char *sentence)
{
	AUTO_BUFFER prefix = {0};
	cw_buffer_printf(&prefix, "%*s%s: ", INDENT, "", word);
	cw_layout_flow(ret, cw_buffer_string(&prefix), INDENT + 2, sentence);
	ret->failed |= prefix.failed;
}

static void foreign(struct cw_buffer *ret, const char *text)
{
	cw_escape(ret, text, strlen(text), "");
}

static void place(struct cw_buffer *ret, const struct cw_log_report *report, const struct cw_log_place *place)
{
	foreign(ret, report->result->streams->items[place->file]);
	cw_buffer_printf(ret, ":%llu", (unsigned long long)place->line);
}

static bool is_word(const char *text)
{
	return strcmp(text, "local") == 0 || strcmp(text, "remote") == 0;
}

/* "expe refused 192.0.2.10 on port 7001, 3 times" */
static void who(
	struct cw_buffer *ret, const struct cw_log_incident *incident, const struct cw_log_link *found)
{
	const char *by = found->refused_by ? found->refused_by : incident->refused_by;
	const char *peer = found->peer ? found->peer : incident->peer;
	if (by && is_word(by))
		cw_buffer_text(ret, strcmp(by, "local") == 0 ? "the box that wrote this" : "the other side");
	else if (by)
		foreign(ret, by);
	else if (incident->host)
		foreign(ret, incident->host);
	else
		cw_buffer_text(ret, incident->component);
	if (by)
		cw_buffer_text(ret, " refused");
	if (by && peer && strcmp(by, peer) == 0) { /* the other side did: whom, its line tells */
		cw_buffer_char(ret, ' ');
		const char *writer = found->writer ? found->writer : incident->host;
		foreign(ret, writer ? writer : "the box that wrote this");
	} else if (peer) {
		cw_buffer_text(ret, by ? " " : ", with ");
		foreign(ret, peer);
	}
	if (incident->port) {
		cw_buffer_text(ret, ", port ");
		foreign(ret, incident->port);
	}
	if (incident->count > 1)
		cw_buffer_printf(ret, ", %llu times", (unsigned long long)incident->count);
}

static void when(
	struct cw_buffer *ret, const struct cw_log_report *report, const struct cw_log_incident *incident)
{
	char first[CW_LOG_TIME_SIZE], last[CW_LOG_TIME_SIZE];
	AUTO_BUFFER line = {0};
	cw_log_line_time(&incident->first, first);
	cw_log_line_time(&incident->last, last);
	cw_buffer_text(&line, first);
	if (strcmp(first, last) != 0)
		cw_buffer_printf(&line, " to %s", last);
	if (*first)
		cw_buffer_text(&line, "; ");
	foreign(&line, incident->component);
	cw_buffer_text(&line, "; ");
	for (size_t i = 0; i < incident->place_count && i < 3; i++) {
		cw_buffer_text(&line, i ? ", " : "");
		place(&line, report, &incident->places[i]);
	}
	if (incident->count > 3)
		cw_buffer_text(&line, ", ...");
	cw_layout_flow(ret, "   ", INDENT + 2, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void repair(struct cw_buffer *ret, const struct cw_log_report *report, const struct cw_log_link *found)
{
	const struct cw_cause_place place = {found->complaint, found->link, NULL};
	bool already = false;
	AUTO_BUFFER sentence = {0};
	if (!found->complaint)
		return;
	cw_remedy_text_sentence(&sentence, report->check->deployment, &place, 1, &already);
	if (sentence.length)
		told(ret, "Repair", cw_buffer_string(&sentence));
	ret->failed |= sentence.failed;
}

static void files_say(
	struct cw_buffer *ret, const struct cw_log_incident *incident, const struct cw_log_link *found)
{
	const struct cw_finding *finding = &found->complaint->finding;
	const char *words = "The present files still say so";
	if (found->now == CW_LOG_NOW_OTHER)
		words = "The present files give another reason";
	else if (incident->row->code == CW_LOG_NO_CODE)
		words = "The present files tell the cause";
	cw_buffer_printf(ret, ". %s: %s", words, cw_finding_code_name(finding->code));
	if (found->complaint->store)
		cw_buffer_printf(ret, ", list %s", found->complaint->store);
	cw_buffer_printf(ret, " of %s; %s", found->complaint->judge, cw_finding_sentence(finding));
}

static void on_link(struct cw_buffer *ret, const struct cw_log_report *report,
	const struct cw_log_incident *incident, const struct cw_log_link *found)
{
	AUTO_BUFFER line = {0};
	if (!report->check)
		return;
	if (!found->link) {
		cw_buffer_text(&line,
			found->alike ? "the line leaves several of the deployment's open"
				     : "none of the deployment's that the line would tell");
		told(ret, "Link", cw_buffer_string(&line));
		return;
	}
	cw_buffer_text(&line, found->link->id);
	if (found->alike > 1)
		cw_buffer_printf(&line, " or %zu more between the two", found->alike - 1);
	if (found->now == CW_LOG_NOW_REPAIRED)
		cw_buffer_printf(&line, ". Repaired since: with the present files %s refuses nothing here",
			found->refused_by ? found->refused_by : "either end");
	if (found->complaint) {
		files_say(&line, incident, found);
	} else if (found->now != CW_LOG_NOW_REPAIRED && cw_log_row_is_fault(incident->row)) {
		cw_buffer_text(&line, ". What the present files say of it is not known");
	}
	told(ret, "Link", cw_buffer_string(&line));
	repair(ret, report, found);
	ret->failed |= line.failed;
}

static void to_do(struct cw_buffer *ret, const struct cw_log_row *row)
{
	if (row->next)
		told(ret, "Next", row->next);
	else if (row->code != CW_LOG_NO_CODE)
		told(ret, "Next", cw_finding_row(row->code)->advice);
}

static void in_packets(
	struct cw_buffer *ret, const struct cw_log_report *report, const struct cw_log_incident *incident)
{
	AUTO_BUFFER line = {0};
	if (!incident->captured)
		return;
	foreign(&line, report->result->streams->items[incident->captured_at.file]);
	cw_buffer_printf(&line, ", frame %llu; `causeway capture` shows the certificates",
		(unsigned long long)incident->captured_at.line);
	told(ret, "In packets", cw_buffer_string(&line));
	ret->failed |= line.failed;
}

static void incident(struct cw_buffer *ret, const struct cw_log_report *report, size_t number)
{
	const struct cw_log_incident *incident = &report->result->incidents[number];
	const struct cw_log_row *row = incident->row;
	struct cw_log_link found = {0};
	AUTO_BUFFER title = {0}, prefix = {0}, line = {0};
	if (report->check)
		cw_log_link_find(report->check, incident, &found);
	cw_buffer_printf(&prefix, "%zu. ", number + 1);
	if (row->code != CW_LOG_NO_CODE)
		cw_buffer_printf(
			&title, "%s%s%s: ", CW_MARK_BAD, cw_finding_code_name(row->code), CW_MARK_END);
	else if (cw_log_row_is_fault(row))
		cw_buffer_printf(&title, "%scause not told%s: ", CW_MARK_BAD, CW_MARK_END);
	who(&title, incident, &found);
	cw_layout_flow(ret, cw_buffer_string(&prefix), INDENT, cw_buffer_string(&title));
	when(ret, report, incident);
	told(ret, "Means", row->means);
	if (incident->wanted) {
		foreign(&line, incident->wanted);
		told(ret, "Name", cw_buffer_string(&line));
		line.length = 0;
	}
	if (row->misleads)
		told(ret, "Misleads", row->misleads);
	if (incident->both_sides)
		told(ret, "Both sides",
			"the other side's log tells the same refusal, as an alert that came.");
	in_packets(ret, report, incident);
	on_link(ret, report, incident, &found);
	if (!found.complaint || found.complaint->remedy.action == CW_ACTION_NONE)
		to_do(ret, row);
	foreign(&line, incident->text);
	told(ret, "Line", cw_buffer_string(&line));
	told(ret, "Known from", row->source);
	cw_buffer_char(ret, '\n');
	ret->failed |= title.failed || prefix.failed || line.failed;
}

/* "3 lines", "1 line" */
static void counted(struct cw_buffer *ret, uint64_t count, const char *what)
{
	cw_buffer_printf(ret, "%llu %s%s", (unsigned long long)count, what, count == 1 ? "" : "s");
}

static void headline(struct cw_buffer *ret, const struct cw_log_result *result)
{
	AUTO_BUFFER line = {0};
	cw_buffer_text(&line, result->faults ? CW_MARK_BAD : CW_MARK_GOOD);
	counted(&line, result->faults, "certificate fault");
	cw_buffer_text(&line, CW_MARK_END " and ");
	counted(&line, result->incident_count - result->faults, "other incident");
	cw_buffer_text(&line, " in ");
	counted(&line, result->lines, "line");
	if (result->streams->count > 1)
		cw_buffer_printf(&line, " of %zu files", result->streams->count);
	cw_buffer_text(&line, ".");
	cw_layout_flow(ret, "", 0, cw_buffer_string(&line));
	cw_buffer_char(ret, '\n');
	ret->failed |= line.failed;
}

static void unknown_lines(struct cw_buffer *ret, const struct cw_log_report *report)
{
	const struct cw_log_result *result = report->result;
	if (!result->incident_count && !result->unknown_lines)
		cw_layout_flow(ret, "", 0,
			"None of these lines is known here. That is no proof that all is well: a log tells what "
			"its level lets it tell.");
	if (!result->unknown_lines)
		return;
	cw_buffer_text(ret, CW_MARK_UNKNOWN);
	counted(ret, result->unknown_lines, "line");
	cw_buffer_text(ret,
		CW_MARK_END " about TLS or certificates, known to no row of the table; no cause is made "
			    "up:\n");
	for (size_t i = 0; i < result->sample_count; i++) {
		AUTO_BUFFER line = {0};
		place(&line, report, &result->samples[i].place);
		cw_buffer_text(&line, "  ");
		foreign(&line, result->samples[i].text);
		cw_layout_flow(ret, "   ", INDENT + 2, cw_buffer_string(&line));
		ret->failed |= line.failed;
	}
}

static void not_read(struct cw_buffer *ret, const struct cw_log_report *report)
{
	for (size_t i = 0; i < report->troubles->count; i++) {
		AUTO_BUFFER line = {0};
		foreign(&line, report->troubles->items[i]);
		told(ret, "Not read to its end", cw_buffer_string(&line));
		ret->failed |= line.failed;
	}
	if (report->result->incidents_left_out)
		cw_buffer_printf(ret, "%llu more refusals of further peers are not listed.\n",
			(unsigned long long)report->result->incidents_left_out);
}

bool cw_log_report_text(const struct cw_log_report *report, struct cw_layout_look look, struct cw_buffer *ret,
	struct cw_error *error)
{
	const struct cw_log_result *result = report->result;
	AUTO_BUFFER text = {0};
	headline(&text, result);
	for (size_t i = 0; i < result->incident_count; i++) {
		if (i == result->faults)
			cw_buffer_text(&text, CW_MARK_BOLD "No certificate fault" CW_MARK_END "\n\n");
		incident(&text, report, i);
	}
	unknown_lines(&text, report);
	not_read(&text, report);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_layout_render(&text, look, ret);
	return cw_buffer_ok(ret, error);
}
