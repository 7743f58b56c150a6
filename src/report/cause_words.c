#include "report/cause_words.h"

#include "report/remedy_text.h"
#include "report/text/layout.h"

#include <stdlib.h>
#include <strings.h>

static const char *mark(enum cw_severity severity)
{
	return severity == CW_SEVERITY_INFO ? ""
					    : cw_layout_verdict_mark(cw_finding_severity_verdict(severity));
}

/* "refuses 4 links and warns on 2" */
void cw_cause_words_effect(struct cw_buffer *line, const struct cw_cause *cause)
{
	const char *const words[] = {[CW_SEVERITY_INFO] = "is noted on",
		[CW_SEVERITY_WARN] = "warns on",
		[CW_SEVERITY_UNKNOWN] = "leaves unknown",
		[CW_SEVERITY_REFUSED] = cause->reached ? "refuses" : "would then refuse"};
	size_t told = 0;
	for (int severity = CW_SEVERITY_REFUSED; severity > CW_SEVERITY_INFO; severity--) {
		size_t count = cause->weights[severity];
		if (!count)
			continue;
		cw_buffer_printf(line, "%s %s %zu", told ? " and" : "", words[severity], count);
		if (!told)
			cw_buffer_text(line, count == 1 ? " link" : " links");
		told++;
	}
}

void cw_cause_words_title(struct cw_buffer *ret, const struct cw_cause *cause)
{
	cw_buffer_printf(ret, "%s%s" CW_MARK_END, mark(cause->severity),
		cw_finding_code_name(cause->told.complaint->finding.code));
	cw_cause_words_effect(ret, cause);
}

/* Sentences call a certificate by its common name, which peers of a cluster share: whose it is. */
static void bearer(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	const struct cw_finding *finding = &complaint->finding;
	const struct cw_question *question = complaint->question;
	if (question && finding->cert && finding->depth == 0 &&
		strcasecmp(cw_cert_label(finding->cert), question->subject->name) != 0)
		cw_buffer_printf(ret, " (this is the %s certificate of %s)",
			cw_node_identity_name(question->identity), question->subject->name);
}

void cw_cause_words_complaint(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	cw_buffer_printf(ret, "%s: %s", complaint->judge, cw_finding_sentence(&complaint->finding));
	bearer(ret, complaint);
}

void cw_cause_words_line(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	AUTO_BUFFER who = {0};
	cw_buffer_text(&who, complaint->judge);
	if (complaint->store)
		cw_buffer_printf(&who, " %s", complaint->store);
	cw_finding_line(ret, &complaint->finding, &(struct cw_finding_line){.who = cw_buffer_string(&who)});
	bearer(ret, complaint);
	ret->failed |= who.failed;
}

void cw_cause_words_boxes(struct cw_buffer *ret, const struct cw_cause *cause)
{
	for (size_t i = 0; i < cause->node_count; i++)
		cw_buffer_printf(ret, "%s%s", i ? ", " : "", cause->nodes[i]->fqdn);
}

void cw_cause_words_on_boxes(struct cw_buffer *ret, const struct cw_cause *cause)
{
	struct cw_finding finding =
		cause->told.complaint->finding; /* a view: the worst of all its boxes counts */
	AUTO_BUFFER boxes = {0};
	cw_cause_words_boxes(&boxes, cause);
	finding.severity = cause->severity;
	cw_finding_line(ret, &finding,
		&(struct cw_finding_line){
			.who = cw_buffer_string(&boxes), .begin = mark(cause->severity), .end = CW_MARK_END});
	ret->failed |= boxes.failed;
}

void cw_cause_words_caption(struct cw_buffer *ret, const struct cw_question *question)
{
	cw_buffer_printf(ret,
		"The %s certificate of %s as %s sees it:", cw_node_identity_name(question->identity),
		question->subject->name, question->judge->name);
}

void cw_cause_words_vendor(struct cw_buffer *ret, const struct cw_complaint *complaint)
{
	if (complaint->vendor_text)
		cw_buffer_printf(ret, "The box shows \"%s\".", complaint->vendor_text);
}

static bool has_remedy(const struct cw_cause *cause, const struct cw_remedy *remedy)
{
	for (size_t i = 0; i < cause->place_count; i++)
		if (cw_causes_same_remedy(&cause->places[i].complaint->remedy, remedy))
			return true;
	return false;
}

/* A cause told before this one that is put right by all that this one asks for; NULL: none. */
static const struct cw_cause *told_before(const struct cw_causes *causes, const struct cw_cause *cause)
{
	for (const struct cw_cause *other = causes->items; other < cause; other++) {
		size_t found = 0;
		while (found < cause->place_count &&
			cause->places[found].complaint->remedy.action != CW_ACTION_NONE &&
			has_remedy(other, &cause->places[found].complaint->remedy))
			found++;
		if (other->link_count && found == cause->place_count)
			return other;
	}
	return NULL;
}

/* A list of things to do while it is told. */
struct todo {
	const struct cw_deployment *deployment;
	cw_todo_line line;
	void *user;
	const char *lead, *then; /* of the last step; told once for steps in a row that share it */
	size_t steps;
};

static bool tell_then(struct todo *todo)
{
	AUTO_BUFFER words = {0};
	if (!todo->then)
		return true;
	cw_buffer_printf(&words, "%s: %s", todo->lead, todo->then);
	if (words.failed)
		return false;
	todo->line(todo->user, CW_TODO_THEN, cw_buffer_string(&words));
	return true;
}

/* The first of `places`, and those that are told with it. */
static bool tell_step(struct todo *todo, const struct cw_cause_place *places, size_t count, bool *told)
{
	AUTO_BUFFER sentence = {0};
	cw_remedy_text_sentence(&sentence, todo->deployment, places, count, told);
	if (sentence.failed)
		return false;
	if (!sentence.length)
		return true;
	const char *then = cw_remedy_text_then(todo->deployment, &places[0].complaint->remedy);
	const char *lead = then ? "then, on the same" : "expect";
	if (!then && places[0].link) /* what a box has by itself refuses nobody: nothing comes up by it */
		then = cw_remedy_text_expect(todo->deployment, &places[0].complaint->remedy,
			places[0].link->client.endpoint != NULL);
	if (todo->then != then && !tell_then(todo))
		return false;
	todo->lead = lead;
	todo->then = then;
	todo->line(todo->user, CW_TODO_STEP, cw_buffer_string(&sentence));
	todo->steps++;
	return true;
}

static bool tell_places(struct todo *todo, const struct cw_cause_place *places, size_t count)
{
	AUTO(free) bool *told = calloc(count, sizeof *told);
	if (!told)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!told[i] && !tell_step(todo, places + i, count - i, told + i))
			return false;
	if (!todo->steps)
		todo->line(
			todo->user, CW_TODO_STEP, cw_finding_row(places[0].complaint->finding.code)->advice);
	return tell_then(todo);
}

bool cw_cause_words_todo(const struct cw_causes *causes, const struct cw_cause *cause,
	const struct cw_deployment *deployment, cw_todo_line line, void *user)
{
	const struct cw_cause *same = told_before(causes, cause);
	struct todo todo = {.deployment = deployment, .line = line, .user = user};
	if (!same)
		return tell_places(&todo, cause->places, cause->place_count);
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "as for cause %zu", (size_t)(same - causes->items) + 1);
	if (words.failed)
		return false;
	line(user, CW_TODO_SAME, cw_buffer_string(&words));
	return true;
}

bool cw_cause_words_complaint_todo(const struct cw_complaint *complaint, const struct cw_link *link,
	const struct cw_deployment *deployment, cw_todo_line line, void *user)
{
	struct cw_cause_place place = {.complaint = complaint, .link = link};
	struct todo todo = {.deployment = deployment, .line = line, .user = user};
	return tell_places(&todo, &place, 1);
}
