#include "report/observed/rehearsal_report.h"
#include "report/observed/rehearsal_words.h"
#include "report/text/layout.h"
#include "report/text/report_text.h"

#define KIND_WIDTH 11
#define VERDICT_WIDTH 9
#define ENDS_WIDTH_MAX 58
#define INDENT 13

struct table {
	struct cw_buffer out; /* marked */
	const struct cw_observed_set *set;
	const struct cw_check *check;
	size_t width;
};

static size_t ends_width(const struct cw_check *check)
{
	size_t width = 0;
	for (size_t i = 0; i < check->link_count; i++) {
		AUTO_BUFFER text = {0};
		cw_observed_ends(&text, check->links[i]);
		size_t one = cw_layout_width(cw_buffer_string(&text));
		if (one > width && one <= ENDS_WIDTH_MAX)
			width = one;
	}
	return width + 2;
}

static const char *verdict_mark(enum cw_verdict verdict)
{
	static const char *const marks[] = {CW_MARK_GOOD, CW_MARK_WARN, CW_MARK_UNKNOWN, CW_MARK_BAD};
	return marks[verdict];
}

static void column(struct cw_buffer *line, const char *mark, const char *word, size_t width)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s%s" CW_MARK_END, mark, word);
	cw_layout_column(line, cw_buffer_string(&text), width);
	line->failed |= text.failed;
}

/* The second column, as short as the first. */
static void really(struct cw_buffer *line, const struct cw_observed *observed)
{
	const char *mark = CW_MARK_UNKNOWN;
	if (observed->state == CW_OBSERVED_UP)
		mark = verdict_mark(observed->verdict);
	else if (observed->state == CW_OBSERVED_REFUSED || observed->state == CW_OBSERVED_FAILED)
		mark = CW_MARK_BAD;
	column(line, mark, cw_observed_outcome(observed), VERDICT_WIDTH);
	cw_rehearsal_words_how(line, observed);
}

static void detail(struct table *table, const struct cw_observed *observed)
{
	AUTO_BUFFER text = {0};
	cw_rehearsal_words_detail(&text, observed);
	if (text.length) {
		cw_layout_flow(&table->out, "             ", INDENT, cw_buffer_string(&text));
	}
	table->out.failed |= text.failed;
}

static void row(struct table *table, const struct cw_observed *observed)
{
	AUTO_BUFFER line = {0};
	AUTO_BUFFER between = {0};
	const struct cw_link *link = observed->link;
	cw_observed_ends(&between, link);
	cw_buffer_text(&line, "  ");
	cw_layout_column(&line, cw_link_kind_name(link->kind), KIND_WIDTH);
	cw_layout_column(&line, cw_buffer_string(&between), table->width);
	column(&line, verdict_mark(link->verdict), cw_finding_verdict_name(link->verdict), VERDICT_WIDTH + 2);
	really(&line, observed);
	while (line.length && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	cw_buffer_printf(&table->out, "%s\n", cw_buffer_string(&line));
	detail(table, observed);
	table->out.failed |= line.failed || between.failed;
	for (size_t i = 0; i < observed->differences.count; i++) {
		AUTO_BUFFER text = {0};
		cw_buffer_printf(
			&text, CW_MARK_BAD "DIFFERS" CW_MARK_END ": %s", observed->differences.items[i]);
		cw_layout_flow(&table->out, "             ", INDENT, cw_buffer_string(&text));
		table->out.failed |= text.failed;
	}
}

static void head(struct table *table)
{
	AUTO_BUFFER line = {0};
	cw_layout_column(&line, CW_MARK_BOLD "Links" CW_MARK_END, KIND_WIDTH + table->width + 2);
	cw_layout_column(&line, "predicted", VERDICT_WIDTH + 2);
	cw_buffer_text(&line, "really");
	cw_buffer_printf(&table->out, "%s\n", cw_buffer_string(&line));
	table->out.failed |= line.failed;
}

static void summary(struct table *table)
{
	AUTO_BUFFER text = {0};
	AUTO_BUFFER agreement = {0};
	cw_rehearsal_words_summary(&text, table->set);
	cw_rehearsal_words_agreement(&agreement, table->set);
	cw_buffer_printf(
		&table->out, "\n" CW_MARK_BOLD "%s" CW_MARK_END "\n", table->check->deployment->name);
	cw_layout_flow(&table->out, "  ", 2, cw_buffer_string(&text));
	bool differs = cw_observed_differing(table->set) > 0;
	cw_buffer_printf(&table->out, differs ? "\n" CW_MARK_BAD "  %s" CW_MARK_END "\n" : "  %s\n",
		cw_buffer_string(&agreement));
	table->out.failed |= text.failed || agreement.failed;
}

bool cw_rehearsal_report_text(const struct cw_observed_set *set, struct cw_layout_look look,
	struct cw_buffer *ret, struct cw_error *error)
{
	struct table table = {.set = set, .check = set->check};
	table.width = ends_width(table.check);
	if (!cw_report_text_people(table.check, &table.out, error)) {
		cw_buffer_finish(&table.out);
		return false;
	}
	cw_buffer_text(&table.out, table.out.length ? "\n" : "");
	head(&table);
	for (size_t i = 0; i < table.check->link_count; i++)
		row(&table, &set->items[i]);
	summary(&table);
	cw_layout_render(&table.out, look, ret);
	bool good = cw_buffer_ok(&table.out, error);
	cw_buffer_finish(&table.out);
	return good && cw_buffer_ok(ret, error);
}
