#include "report/text/text_parts.h"

#include <string.h>
#include <strings.h>

#define KIND_WIDTH 11
#define VERDICT_WIDTH 9
#define ENDS_WIDTH_MAX 58

/* Up to this many links all are shown; above, those of one kind that fare alike are cut to a few. */
#define SHOWN_WHOLE 24
#define SHOWN_ALIKE 6

static enum cw_code first_code(const struct cw_link *link)
{
	const struct cw_complaint *first = NULL;
	for (size_t i = 0; i < link->complaints.count; i++) {
		const struct cw_complaint *complaint = &link->complaints.items[i];
		if ((int)complaint->finding.severity != (int)link->verdict)
			continue;
		if (!first || (complaint->finding.reached && !first->finding.reached))
			first = complaint;
	}
	return first ? first->finding.code : CW_CODE_COUNT;
}

static bool refused_alike(const struct cw_link *a, const struct cw_link *b)
{
	return a->kind == b->kind && a->verdict == b->verdict && first_code(a) == first_code(b);
}

/* How many links before `index` fare alike, and how many in all. */
static size_t count_alike(const struct cw_check *check, size_t index, size_t end)
{
	size_t count = 0;
	for (size_t i = 0; i < end; i++)
		count += refused_alike(check->links[i], check->links[index]);
	return count;
}

static void ends(struct cw_buffer *buffer, const struct cw_link *link)
{
	cw_buffer_printf(buffer, "%s -> %s", link->client.name, link->server.name);
	if (link->address && strcasecmp(link->address, link->server.name) != 0)
		cw_buffer_printf(buffer, " (as %s)", link->address);
	if (link->port)
		cw_buffer_printf(buffer, ":%u", link->port);
}

static size_t ends_width(const struct cw_check *check)
{
	size_t width = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		AUTO_BUFFER text = {0};
		ends(&text, check->links[i]);
		size_t one = cw_layout_width(cw_buffer_string(&text));
		if (one > width && one <= ENDS_WIDTH_MAX)
			width = one;
	}
	return width + 2;
}

static void verdict(struct cw_buffer *buffer, enum cw_verdict verdict)
{
	AUTO_BUFFER word = {0};
	cw_buffer_printf(
		&word, "%s%s" CW_MARK_END, cw_layout_verdict_mark(verdict), cw_finding_verdict_name(verdict));
	buffer->failed |= word.failed;
	cw_layout_column(buffer, cw_buffer_string(&word), VERDICT_WIDTH);
}

static void reason(struct cw_buffer *buffer, const struct cw_link *link)
{
	enum cw_code code = first_code(link);
	if (code == CW_CODE_COUNT)
		return;
	cw_buffer_text(buffer, cw_finding_code_name(code));
	if (link->refused_by)
		cw_buffer_printf(buffer, ", by %s", link->refused_by);
}

static void row(struct cw_text *text, const struct cw_link *link, size_t width)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER between = {0};
	ends(&between, link);
	cw_buffer_text(&line, "  ");
	cw_layout_column(&line, cw_link_kind_name(link->kind), KIND_WIDTH);
	cw_layout_column(&line, cw_buffer_string(&between), width);
	verdict(&line, link->verdict);
	reason(&line, link);
	while (line.length && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	text->out.failed |= line.failed || between.failed;
	cw_buffer_printf(&text->out, "%s\n", cw_buffer_string(&line));
}

static void count_row(struct cw_text *text, const struct cw_link *link, size_t count, bool more, size_t width)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER words = {0};
	cw_buffer_printf(&words, more ? "and %zu more" : "%zu links", count);
	cw_layout_column(&line, cw_link_kind_name(link->kind), KIND_WIDTH);
	cw_layout_column(&line, cw_buffer_string(&words), width);
	verdict(&line, link->verdict);
	enum cw_code code = first_code(link);
	cw_buffer_text(&line, code == CW_CODE_COUNT ? "" : cw_finding_code_name(code));
	while (line.length && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	text->out.failed |= line.failed || words.failed;
	cw_buffer_printf(&text->out, "  %s\n", cw_buffer_string(&line));
}

/* Of links that fare alike: passing ones become one row, others their first few and a count. */
static bool shortened_row(struct cw_text *text, size_t index, size_t width)
{
	const struct cw_check *check = text->check;
	size_t before = count_alike(check, index, index);
	size_t all = count_alike(check, index, check->link_count);
	bool passes = check->links[index]->verdict == CW_VERDICT_PASS;
	if (all <= (passes ? 1 : SHOWN_ALIKE + 1) || (!passes && before < SHOWN_ALIKE))
		row(text, check->links[index], width);
	else if (passes && before == 0)
		count_row(text, check->links[index], all, false, width);
	else if (!passes && before == SHOWN_ALIKE)
		count_row(text, check->links[index], all - SHOWN_ALIKE, true, width);
	else
		return false;
	return true;
}

void cw_text_links(struct cw_text *text)
{
	const struct cw_check *check = text->check;
	if (!check->link_count)
		return;
	cw_text_heading(text, "Links");
	size_t width = ends_width(check);
	bool whole = text->options->all || check->link_count <= SHOWN_WHOLE;
	size_t shown = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		if (whole)
			row(text, check->links[i], width);
		else
			shown += shortened_row(text, i, width);
	}
	if (!whole && shown < check->link_count)
		cw_buffer_text(&text->out, "  --all shows every link.\n");
}
