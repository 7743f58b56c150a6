#include "admin/desk/desk_parts.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MAX 48
#define PEM_MAX (4UL * 1024 * 1024)

/* What may be said instead of "unknown"; of all other keys: a file. */
static const struct {
	const char *key, *words[3];
} switches[] = {
	{"cucm-tls-verify", {"on", "off"}},
	{"secure-registration", {"on", "off"}},
	{"revocation", {"off", "crl"}},
	{"trust", {"system"}},
};

/* A line of the file: "      tomcat: unknown   # asked". */
struct line {
	const char *at; /* its first byte */
	size_t length;	/* without the line end */
	size_t value;	/* where "unknown" begins */
	char key[KEY_MAX];
};

static bool read_line(const char *at, struct line *ret)
{
	static const char unknown[] = ": unknown";
	ret->at = at;
	ret->length = strcspn(at, "\n");
	size_t indent = strspn(at, " -");
	size_t length = strspn(at + indent, "abcdefghijklmnopqrstuvwxyz-");
	const char *end = at + indent + length;
	if (!length || length >= KEY_MAX || strncmp(end, unknown, sizeof unknown - 1) != 0)
		return false;
	char after = end[sizeof unknown - 1];
	if (after && !strchr(" \n", after))
		return false;
	memcpy(ret->key, at + indent, length);
	ret->key[length] = '\0';
	ret->value = indent + length + 2;
	return true;
}

static const char *const *words_of(const char *key)
{
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
		if (strcmp(switches[i].key, key) == 0)
			return switches[i].words;
	return NULL;
}

static bool takes_file(const char *key)
{
	const char *const *words = words_of(key);
	return !words || !words[1];
}

/* "expressway-c", and the box or endpoint that the line belongs to. */
struct place {
	char section[64], item[280];
};

static void note(struct place *place, const char *line)
{
	size_t length = strcspn(line, "\n"), indent = strspn(line, " -");
	const char *name = line + indent;
	const char *colon = memchr(name, ':', length > indent ? length - indent : 0);
	if (!colon || *line == '#')
		return;
	if (!indent) {
		snprintf(place->section, sizeof place->section, "%.*s", (int)(colon - name), name);
		place->item[0] = '\0';
	} else if (strncmp(name, "fqdn:", 5) == 0 || strncmp(name, "name:", 5) == 0) {
		const char *value = colon + 1 + strspn(colon + 1, " ");
		snprintf(place->item, sizeof place->item, "%.*s", (int)strcspn(value, " \n,}"), value);
	}
}

static void put_choice(struct cw_html *html, const char *value, const char *label)
{
	cw_html_open(html, "option");
	cw_html_attribute(html, "value", value);
	cw_html_text(html, label);
	cw_html_close(html, "option");
}

static void put_field(
	struct cw_desk_page *page, const struct line *line, const struct place *place, size_t number)
{
	struct cw_html *html = &page->html;
	const char *const *words = words_of(line->key);
	cw_html_open(html, "fieldset");
	cw_html_open(html, "legend");
	cw_html_printf(html, "%s%s%s: %s", place->section, *place->item ? ", " : "", place->item, line->key);
	cw_html_close(html, "legend");
	if (words) {
		cw_html_open(html, "label");
		cw_html_element(html, "span", NULL, "Answer");
		cw_html_open(html, "select");
		cw_html_attributef(html, "name", "word-%zu", number);
		put_choice(html, "", "not known yet");
		for (size_t i = 0; i < 3 && words[i]; i++)
			put_choice(html, words[i], words[i]);
		cw_html_close(html, "select");
		cw_html_close(html, "label");
	}
	if (takes_file(line->key)) {
		cw_html_open(html, "label");
		cw_html_element(html, "span", NULL, "Its file (PEM)");
		cw_html_open(html, "input");
		cw_html_attribute(html, "type", "file");
		cw_html_attributef(html, "name", "file-%zu", number);
		cw_html_close(html, "input");
		cw_html_close(html, "label");
	}
	cw_html_close(html, "fieldset");
}

/* A form takes eight parts: so many questions at a time, the token among them. */
#define FIELDS_MAX 3

void cw_desk_answers_form(struct cw_desk_page *page, const char *yaml)
{
	struct cw_html *html = &page->html;
	struct place place = {0};
	size_t number = 0, shown = 0;
	for (const char *at = yaml; at && *at; number++) {
		struct line line;
		note(&place, at);
		if (*at != '#' && read_line(at, &line) && shown < FIELDS_MAX) {
			if (!shown++) {
				cw_html_element(html, "h2", NULL, "Answer what is not known");
				cw_desk_page_form(page, "/answer", true);
			}
			put_field(page, &line, &place, number);
		}
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	if (!shown)
		return;
	cw_desk_page_button(page, "Take these answers");
	cw_html_close(html, "form");
}

/* --- what was answered --- */

struct answering {
	struct cw_desk_job *job;
	const struct cw_web_form *form;
};

/* The value that takes the place of "unknown" in this line; NULL: it stays. */
static const char *answer_of(
	struct answering *answering, const struct line *line, size_t number, char path[64])
{
	char name[32];
	struct cw_http_text file;
	snprintf(name, sizeof name, "file-%zu", number);
	if (takes_file(line->key) && cw_web_form_find(answering->form, name, 0, &file) && file.length) {
		AUTO_BUFFER content = {.secret = true};
		AUTO_BUFFER whole = {0};
		cw_buffer_append(&content, file.at, file.length);
		snprintf(path, 64, "answers/%s-%zu.pem", line->key, number);
		cw_buffer_printf(&whole, "site/%s", path);
		cw_desk_job_ask(answering->job, CW_DESK_FRAME_PUT, cw_buffer_string(&whole), &content);
		return path;
	}
	snprintf(name, sizeof name, "word-%zu", number);
	const char *typed = cw_web_form_value(answering->form, name);
	const char *const *words = words_of(line->key);
	for (size_t i = 0; words && i < 3 && words[i]; i++)
		if (strcmp(words[i], typed) == 0)
			return words[i];
	return NULL;
}

static void write_answers(struct answering *answering, const char *yaml, struct cw_buffer *ret)
{
	static const char unknown[] = "unknown";
	size_t number = 0;
	for (const char *at = yaml; at && *at; number++) {
		struct line line = {0};
		char path[64];
		bool asked = *at != '#' && read_line(at, &line);
		const char *answer = asked ? answer_of(answering, &line, number, path) : NULL;
		size_t length = strcspn(at, "\n");
		if (answer) {
			cw_buffer_append(ret, at, line.value);
			cw_buffer_text(ret, answer);
			at += line.value + sizeof unknown - 1;
			length -= line.value + sizeof unknown - 1;
		}
		cw_buffer_append(ret, at, length);
		at += length;
		if (*at == '\n')
			cw_buffer_char(ret, *at++);
	}
}

static void on_written(struct cw_desk_job *job)
{
	bool good = true;
	for (size_t i = 0; i < job->asked; i++)
		good = good && job->parts[i].whole && !job->parts[i].status;
	cw_desk_page_go(job->visitor, job->exchange, "/site",
		good ? "The answers are in the deployment file." : "The answers could not be written.");
}

static void on_file(struct cw_desk_job *job)
{
	const struct cw_desk_part *file = &job->parts[0];
	AUTO_BUFFER yaml = {0};
	if (file->status || !file->whole) {
		cw_desk_page_go(
			job->visitor, job->exchange, "/site", "There is no deployment to answer for.");
		return;
	}
	struct cw_desk_job *next = cw_desk_job_new(job->desk, job->exchange, on_written);
	if (!next)
		return;
	struct answering answering = {next, cw_web_exchange_form(job->exchange)};
	write_answers(&answering, cw_buffer_string(&file->out), &yaml);
	cw_desk_job_ask(next, CW_DESK_FRAME_PUT, "site/deployment.yaml", &yaml);
	cw_desk_job_begin(next);
}

void cw_desk_answers_take(void *context, struct cw_web_exchange *exchange)
{
	struct cw_desk_job *job = cw_desk_job_new(context, exchange, on_file);
	if (!job)
		return;
	cw_desk_job_ask(job, CW_DESK_FRAME_GET, "site/deployment.yaml", NULL);
	cw_desk_job_begin(job);
}
