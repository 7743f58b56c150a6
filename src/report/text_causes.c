#include "report/text_parts.h"

#include "report/chain_text.h"
#include "report/remedy_text.h"

#include <string.h>

/* Links that suffer are named up to this many, unless --all. */
#define LINKS_SHOWN 4
#define CHAIN_INDENT 6

/* "refuses 4 links and warns on 2" */
static void effect(struct cw_buffer *line, const struct cw_cause *cause)
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
		cw_buffer_text(line, told++ ? "" : count == 1 ? " link" : " links");
	}
}

static void title(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "Cause %zu: %s%s" CW_MARK_END, cw_text_cause_number(text, cause),
		cw_text_mark(cause->severity), cw_code_name(cause->told.complaint->finding.code));
	effect(&line, cause);
	text->out.failed |= line.failed;
	cw_buffer_printf(&text->out, "\n%s\n", cw_buffer_string(&line));
}

static void paragraph(struct cw_text *text, const char *prefix, const char *words)
{
	cw_layout_wrap(&text->out, prefix, cw_text_width(prefix), words);
}

static void chain(struct cw_text *text, const struct cw_cause *cause)
{
	const struct cw_finding *finding = &cause->told.complaint->finding;
	const struct cw_side *side = cause->told.complaint->side;
	if (!side || !cw_chain_matters(finding->code) || !side->judgement.path.count)
		return;
	AUTO_BUFFER caption = {0};
	cw_buffer_printf(&caption,
		"The %s certificate of %s as %s sees it:", cw_identity_name(side->identity),
		side->subject->name, side->judge->name);
	cw_buffer_char(&text->out, '\n');
	paragraph(text, "    ", cw_buffer_string(&caption));
	text->out.failed |= caption.failed;
	cw_chain_text(&text->out, CHAIN_INDENT, &side->judgement.path, finding);
	cw_buffer_char(&text->out, '\n');
}

static void what(struct cw_text *text, const struct cw_cause *cause)
{
	const struct cw_complaint *complaint = cause->told.complaint;
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, "%s: %s", complaint->judge,
		complaint->finding.detail ? complaint->finding.detail
					  : cw_finding_row(complaint->finding.code)->sentence);
	text->out.failed |= words.failed;
	paragraph(text, "    ", cw_buffer_string(&words));
}

static void then_line(struct cw_text *text, size_t indent, const char *then)
{
	AUTO_BUFFER words = {0};
	AUTO_BUFFER prefix = {0};
	cw_buffer_printf(&words, "then, on the same: %s", then);
	cw_buffer_printf(&prefix, "%*s", (int)indent, "");
	text->out.failed |= words.failed || prefix.failed;
	paragraph(text, cw_buffer_string(&prefix), cw_buffer_string(&words));
}

static void remedies_of(struct cw_text *text, const struct cw_cause *cause, size_t indent, bool *told)
{
	const char *last_then = NULL;
	size_t sentences = 0;
	for (size_t i = 0; i < cause->place_count; i++) {
		if (told[i])
			continue;
		AUTO_BUFFER sentence = {0};
		AUTO_BUFFER prefix = {0};
		cw_remedy_sentence(&sentence, text->check->deployment, &cause->places[i],
			cause->place_count - i, told + i);
		text->out.failed |= sentence.failed;
		if (!sentence.length)
			continue;
		const char *then =
			cw_remedy_then(text->check->deployment, &cause->places[i].complaint->remedy);
		if (last_then && last_then != then)
			then_line(text, indent + 2, last_then);
		last_then = then;
		cw_buffer_printf(&prefix, "%*s> ", (int)indent, "");
		paragraph(text, cw_buffer_string(&prefix), cw_buffer_string(&sentence));
		text->out.failed |= prefix.failed;
		sentences++;
	}
	if (last_then)
		then_line(text, indent + 2, last_then);
	if (!sentences) {
		AUTO_BUFFER prefix = {0};
		cw_buffer_printf(&prefix, "%*s> ", (int)indent, "");
		paragraph(text, cw_buffer_string(&prefix),
			cw_finding_row(cause->told.complaint->finding.code)->advice);
		text->out.failed |= prefix.failed;
	}
}

static bool has_remedy(const struct cw_cause *cause, const struct cw_remedy *remedy)
{
	for (size_t i = 0; i < cause->place_count; i++)
		if (cw_remedy_same(&cause->places[i].complaint->remedy, remedy))
			return true;
	return false;
}

/* A cause told before this one that is put right by all that this one asks for; NULL: none. */
static const struct cw_cause *told_before(const struct cw_text *text, const struct cw_cause *cause)
{
	for (const struct cw_cause *other = text->causes.items; other < cause; other++) {
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

void cw_text_remedies(struct cw_text *text, const struct cw_cause *cause, size_t indent)
{
	const struct cw_cause *same = told_before(text, cause);
	if (same) {
		cw_buffer_printf(&text->out, "%*s> as for cause %zu\n", (int)indent, "",
			cw_text_cause_number(text, same));
		return;
	}
	AUTO(free) bool *told = calloc(cause->place_count, sizeof *told);
	if (told)
		remedies_of(text, cause, indent, told);
	else
		text->out.failed = true;
}

/* "tunnel c1 e1" stays on one line. */
static void link_id(struct cw_buffer *words, const char *id)
{
	for (; *id; id++)
		cw_buffer_char(words, *id == ' ' ? *CW_MARK_SPACE : *id);
}

static void links(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	size_t shown =
		text->options->all || cause->link_count <= LINKS_SHOWN + 1 ? cause->link_count : LINKS_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		cw_buffer_text(&words, i ? ", " : "");
		link_id(&words, cause->links[i]->id);
	}
	if (shown < cause->link_count)
		cw_buffer_printf(&words, " and %zu more", cause->link_count - shown);
	text->out.failed |= words.failed;
	paragraph(text, "    Links: ", cw_buffer_string(&words));
}

/* Boxes on which the same is wrong without any link: their own upload page refuses it, or their own list
 * lacks it. */
static void boxes(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	for (size_t i = 0; i < cause->node_count; i++)
		cw_buffer_printf(&words, "%s%s", i ? ", " : "", cause->nodes[i]->fqdn);
	text->out.failed |= words.failed;
	if (words.length)
		paragraph(text, "    And by itself: ", cw_buffer_string(&words));
}

static void tell_cause(struct cw_text *text, const struct cw_cause *cause)
{
	const char *vendor_text = cause->told.complaint->vendor_text;
	title(text, cause);
	what(text, cause);
	if (cause->severity >= CW_SEVERITY_REFUSED)
		chain(text, cause);
	if (cause->severity >= CW_SEVERITY_REFUSED && vendor_text) {
		AUTO_BUFFER words = {0};
		cw_buffer_printf(&words, "The box shows \"%s\".", vendor_text);
		text->out.failed |= words.failed;
		paragraph(text, "    ", cw_buffer_string(&words));
	}
	links(text, cause);
	boxes(text, cause);
	cw_text_remedies(text, cause, 4);
}

static void tell_all(struct cw_text *text, bool reached, const char *heading)
{
	bool begun = false;
	for (size_t i = 0; i < text->causes.count; i++) {
		const struct cw_cause *cause = &text->causes.items[i];
		if (!cause->link_count || cause->reached != reached || cause->severity == CW_SEVERITY_INFO)
			continue;
		if (!begun)
			cw_text_heading(text, heading);
		begun = true;
		tell_cause(text, cause);
	}
}

void cw_text_causes(struct cw_text *text)
{
	tell_all(text, true, "Why, and what repairs it");
	tell_all(text, false, "What would have failed next");
}
