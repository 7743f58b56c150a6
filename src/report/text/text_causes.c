#include "report/text/text_parts.h"

#include "report/cause_words.h"
#include "report/chain_text.h"

#include <string.h>

/* Links that suffer are named up to this many, unless --all. */
#define LINKS_SHOWN 4
#define CHAIN_INDENT 6

void cw_text_keep_cert(struct cw_buffer *words, const struct cw_cert *cert)
{
	if (!cert)
		return;
	cw_layout_keep(words, cw_cert_subject_text(cert));
	cw_layout_keep(words, cw_cert_issuer_text(cert));
	cw_layout_keep(words, cw_cert_label(cert));
}

void cw_text_keep_complaint(struct cw_buffer *words, const struct cw_complaint *complaint)
{
	cw_text_keep_cert(words, complaint->finding.cert);
	cw_text_keep_cert(words, complaint->remedy.cert);
	cw_text_keep_cert(words, complaint->remedy.before);
	cw_text_keep_cert(words, complaint->remedy.replaces);
}

static void title(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER line = {0};
	cw_buffer_printf(&line, "Cause %zu: ", cw_text_cause_number(text, cause));
	cw_cause_words_title(&line, cause);
	text->out.failed |= line.failed;
	cw_buffer_printf(&text->out, "\n%s\n", cw_buffer_string(&line));
}

static void paragraph(struct cw_text *text, const char *prefix, const char *words)
{
	cw_layout_flow(&text->out, prefix, cw_layout_width(prefix), words);
}

/* "      Subject: CN=Acme Root CA - Not Trusted!": broken behind the name, not in it. */
static void chain_line(struct cw_text *text, char *line)
{
	char *name = strstr(line, ": ");
	if (!name) {
		cw_buffer_printf(&text->out, "%s\n", line);
		return;
	}
	for (name += 2; *name && (unsigned char)*name > (unsigned char)*CW_MARK_FLOW; name++)
		if (*name == ' ')
			*name = *CW_MARK_SPACE;
	cw_buffer_printf(&text->out, "%*s", CHAIN_INDENT, "");
	cw_layout_flow(&text->out, "", CHAIN_INDENT + 4, line + CHAIN_INDENT);
}

static void chain(struct cw_text *text, const struct cw_cause *cause)
{
	const struct cw_finding *finding = &cause->told.complaint->finding;
	const struct cw_question *question = cause->told.complaint->question;
	if (!question || !cw_chain_text_matters(finding->code) || !question->judgement.path.count)
		return;
	AUTO_BUFFER caption = {0};
	cw_cause_words_caption(&caption, question);
	cw_buffer_char(&text->out, '\n');
	paragraph(text, "    ", cw_buffer_string(&caption));
	AUTO_BUFFER drawing = {0};
	cw_chain_text(&drawing, CHAIN_INDENT, &question->judgement.path, finding);
	text->out.failed |= caption.failed || drawing.failed;
	for (char *line = drawing.length ? drawing.data : NULL; line && *line;) {
		char *end = strchr(line, '\n');
		*end = '\0';
		chain_line(text, line);
		line = end + 1;
	}
	cw_buffer_char(&text->out, '\n');
}

static void what(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_complaint(&words, cause->told.complaint);
	cw_text_keep_complaint(&words, cause->told.complaint);
	text->out.failed |= words.failed;
	paragraph(text, "    ", cw_buffer_string(&words));
}

struct todo {
	struct cw_text *text;
	const struct cw_cause *cause;
	size_t indent;
};

static void todo_line(void *user, enum cw_todo_kind kind, const char *words)
{
	const struct todo *todo = user;
	AUTO_BUFFER prefix = {0};
	AUTO_BUFFER kept = {0};
	cw_buffer_printf(&prefix, "%*s%s", (int)todo->indent, "", kind == CW_TODO_THEN ? "  " : "> ");
	cw_buffer_text(&kept, words);
	for (size_t i = 0; i < todo->cause->place_count; i++)
		cw_text_keep_complaint(&kept, todo->cause->places[i].complaint);
	todo->text->out.failed |= prefix.failed || kept.failed;
	paragraph(todo->text, cw_buffer_string(&prefix), cw_buffer_string(&kept));
}

void cw_text_remedies(struct cw_text *text, const struct cw_cause *cause, size_t indent)
{
	struct todo todo = {text, cause, indent};
	if (!cw_cause_words_todo(&text->causes, cause, text->check->deployment, todo_line, &todo))
		text->out.failed = true;
}

/* "tunnel c1 e1" stays on one line. */
static void link_id(struct cw_buffer *words, const char *id)
{
	for (; *id; id++)
		cw_buffer_char(words, *id == ' ' ? *CW_MARK_SPACE : *id);
}

static void links(struct cw_text *text, const char *prefix, const struct cw_link *const *items, size_t count)
{
	AUTO_BUFFER words = {0};
	size_t shown = text->options->all || count <= LINKS_SHOWN + 1 ? count : LINKS_SHOWN;
	for (size_t i = 0; i < shown; i++) {
		cw_buffer_text(&words, i ? ", " : "");
		link_id(&words, items[i]->id);
	}
	if (shown < count)
		cw_buffer_printf(&words, " and %zu more", count - shown);
	text->out.failed |= words.failed;
	if (count)
		paragraph(text, prefix, cw_buffer_string(&words));
}

/* Boxes on which the same is wrong without any link: their own upload page refuses it, or their own list
 * lacks it. */
static void boxes(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_boxes(&words, cause);
	text->out.failed |= words.failed;
	if (words.length)
		paragraph(text, "    And by itself: ", cw_buffer_string(&words));
}

static void vendor(struct cw_text *text, const struct cw_cause *cause)
{
	AUTO_BUFFER words = {0};
	cw_cause_words_vendor(&words, cause->told.complaint);
	text->out.failed |= words.failed;
	if (words.length)
		paragraph(text, "    ", cw_buffer_string(&words));
}

static void tell_cause(struct cw_text *text, const struct cw_cause *cause)
{
	title(text, cause);
	what(text, cause);
	if (cause->severity >= CW_SEVERITY_REFUSED) {
		chain(text, cause);
		vendor(text, cause);
	}
	links(text, "    Links: ", cause->links, cause->link_count);
	links(text, "    Down with it: ", cause->followers, cause->follower_count);
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
