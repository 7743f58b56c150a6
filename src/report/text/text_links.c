#include "report/text/text_parts.h"

#include <string.h>
#include <strings.h>

#define KIND_WIDTH 11
#define VERDICT_WIDTH 9
#define ENDS_WIDTH_MAX 58
#define REASON_WIDTH 18 /* "issuer-missing, by" */

/* Up to this many links that do not pass all are shown; above, those of one kind that fare alike are one row. */
#define SHOWN_WHOLE 5

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

static size_t ends_width(const struct cw_text *text, bool whole)
{
	const struct cw_check *check = text->check;
	size_t width = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		AUTO_BUFFER between = {0};
		if (check->links[i]->verdict == CW_VERDICT_PASS && !text->options->all)
			continue;
		ends(&between, check->links[i]);
		size_t one = cw_layout_width(cw_buffer_string(&between));
		if (one > width && one <= ENDS_WIDTH_MAX)
			width = one;
	}
	return width + 2 + (whole ? 0 : strlen(" (+99)"));
}

/* Kind, ends, verdict and a first word stand beside each other; else the ends get a line of their own. */
static bool fits(const struct cw_text *text, size_t width)
{
	size_t wanted = text->options->look.width ? text->options->look.width : CW_REPORT_WIDTH;
	return 2 + KIND_WIDTH + width + VERDICT_WIDTH + REASON_WIDTH <= wanted;
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
		cw_buffer_printf(buffer, ", by" CW_MARK_SPACE "%s", link->refused_by);
}

/* `more`: links that fare alike and are not shown. */
static void row(struct cw_text *text, const struct cw_link *link, size_t more, size_t width)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER between = {0};
	AUTO_BUFFER why = {0};
	bool beside = fits(text, width);
	ends(&between, link);
	reason(&why, link);
	if (more)
		cw_buffer_printf(&between, " (+%zu)", more);
	cw_buffer_text(&line, "  ");
	cw_layout_column(&line, cw_link_kind_name(link->kind), KIND_WIDTH);
	if (beside)
		cw_layout_column(&line, cw_buffer_string(&between), width);
	verdict(&line, link->verdict);
	while (!why.length && line.data && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	text->out.failed |= line.failed || between.failed || why.failed;
	cw_layout_flow(
		&text->out, cw_buffer_string(&line), beside ? 2 + KIND_WIDTH : 4, cw_buffer_string(&why));
	if (!beside)
		cw_layout_flow(&text->out, "    ", 6, cw_buffer_string(&between));
}

/* Of many that fare alike: the first, and how many more. */
static void shortened_row(struct cw_text *text, size_t index, size_t width)
{
	const struct cw_check *check = text->check;
	if (!count_alike(check, index, index))
		row(text, check->links[index], count_alike(check, index, check->link_count) - 1, width);
}

static void tell_links(struct cw_text *text, enum cw_verdict verdict, bool whole, size_t width)
{
	const struct cw_check *check = text->check;
	for (size_t i = 0; i < check->link_count; i++) {
		if (check->links[i]->verdict != verdict)
			continue;
		if (whole)
			row(text, check->links[i], 0, width);
		else
			shortened_row(text, i, width);
	}
}

void cw_text_links(struct cw_text *text)
{
	const struct cw_check *check = text->check;
	if (!check->link_count)
		return;
	cw_text_heading(text, "Links");
	size_t passed = check->verdicts[CW_VERDICT_PASS];
	bool all = text->options->all;
	bool whole = all || check->link_count - passed <= SHOWN_WHOLE;
	size_t width = ends_width(text, whole);
	for (int verdict = CW_VERDICT_REFUSED; verdict > CW_VERDICT_PASS; verdict--)
		tell_links(text, (enum cw_verdict)verdict, whole, width);
	if (all)
		tell_links(text, CW_VERDICT_PASS, true, width);
	else if (passed == 1)
		cw_buffer_text(
			&text->out, "  1 link " CW_MARK_GOOD "passes" CW_MARK_END "; --all shows it\n");
	else if (passed)
		cw_buffer_printf(&text->out,
			"  %zu links " CW_MARK_GOOD "pass" CW_MARK_END "; --all shows every link\n", passed);
}
