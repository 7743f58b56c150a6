#include "report/plan/compare_report.h"

#include "report/report_json.h"
#include "report/text/layout.h"

#include <string.h>

#define ALIKE_SHOWN 12 /* rows of one kind and change; -f json has all */

static const char *mark(enum cw_compare_change change)
{
	static const char *const marks[] = {CW_MARK_GOOD, CW_MARK_BAD, ""};
	return marks[change];
}

static const char *heading(enum cw_compare_change change)
{
	static const char *const headings[] = {
		"Better", "Worse", "Other: as good as before, for other reasons"};
	return headings[change];
}

/* What is new among the reasons: of what got better the former ones are worth telling. */
static void reasons(struct cw_buffer *line, const struct cw_compare_row *row)
{
	bool better = row->change == CW_COMPARE_BETTER;
	const struct cw_complaints *told = better ? row->complaints_before : row->complaints_after;
	const struct cw_complaints *other = better ? row->complaints_after : row->complaints_before;
	const char *before = better ? ": no more " : ": ";
	for (size_t i = 0; told && i < told->count; i++) {
		const struct cw_complaint *complaint = &told->items[i];
		if (complaint->finding.severity < CW_SEVERITY_WARN || !complaint->finding.reached ||
			cw_compare_has_complaint(other, complaint))
			continue;
		cw_buffer_printf(line, "%s%s", before, cw_finding_code_name(complaint->finding.code));
		if (!better && complaint->finding.detail)
			cw_buffer_printf(line, " (%s: %s)", complaint->judge, complaint->finding.detail);
		before = better ? ", " : "; ";
	}
}

static void tell_row(struct cw_buffer *text, const struct cw_compare_row *row)
{
	AUTO_BUFFER line = {0};
	const char *before = row->before ? row->before : "not there";
	const char *after = row->after ? row->after : "not there";
	cw_buffer_printf(
		&line, "%s%s: %s", row->kind == CW_COMPARE_SERVICE ? "sign-in of " : "", row->id, before);
	if (strcmp(before, after) != 0)
		cw_buffer_printf(&line, " -> %s%s%s", mark(row->change), after,
			row->change == CW_COMPARE_OTHER ? "" : CW_MARK_END);
	reasons(&line, row);
	text->failed |= line.failed;
	cw_layout_flow(text, "  ", 4, cw_buffer_string(&line));
}

/* Who signs in first, then links, then boxes by themselves. */
static void tell_changes(
	struct cw_buffer *text, const struct cw_compare *compare, enum cw_compare_change change)
{
	static const enum cw_compare_kind order[] = {CW_COMPARE_SERVICE, CW_COMPARE_LINK, CW_COMPARE_NODE};
	bool begun = false;
	for (size_t k = 0; k < 3; k++) {
		size_t told = 0, all = 0;
		for (size_t i = 0; i < compare->count; i++) {
			const struct cw_compare_row *row = &compare->rows[i];
			if (row->kind != order[k] || row->change != change)
				continue;
			if (!begun)
				cw_buffer_printf(text, "%s" CW_MARK_BOLD "%s" CW_MARK_END "\n",
					text->length ? "\n" : "", heading(change));
			begun = true;
			if (all++ < ALIKE_SHOWN) {
				tell_row(text, row);
				told++;
			}
		}
		if (all > told)
			cw_buffer_printf(text, "  and %zu more (-f json lists them)\n", all - told);
	}
}

static void tell_count(struct cw_buffer *text, const char *what, const struct cw_check *check)
{
	char date[CW_TIME_TEXT_SIZE];
	cw_buffer_printf(text, "%s (%s, %s): %zu links, %zu pass, %zu warn, %zu unknown, %zu refused\n", what,
		check->deployment->name, cw_time_format(check->at, date), check->link_count,
		check->verdicts[CW_VERDICT_PASS], check->verdicts[CW_VERDICT_WARN],
		check->verdicts[CW_VERDICT_UNKNOWN], check->verdicts[CW_VERDICT_REFUSED]);
}

bool cw_compare_report_text(const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_layout_look look, struct cw_buffer *ret,
	struct cw_error *error)
{
	AUTO_BUFFER text = {0};
	if (!compare->count)
		cw_buffer_text(&text, "Nothing changes: no link, no sign-in, no finding about a box.\n");
	else if (compare->worse)
		cw_buffer_printf(&text,
			CW_MARK_BAD "%zu get%s worse" CW_MARK_END ", %zu better, %zu other.\n",
			compare->worse, compare->worse == 1 ? "s" : "", compare->better, compare->other);
	else
		cw_buffer_printf(&text,
			CW_MARK_GOOD "Nothing gets worse" CW_MARK_END ", %zu better, %zu other.\n",
			compare->better, compare->other);
	tell_changes(&text, compare, CW_COMPARE_WORSE);
	tell_changes(&text, compare, CW_COMPARE_BETTER);
	tell_changes(&text, compare, CW_COMPARE_OTHER);
	cw_buffer_char(&text, '\n');
	tell_count(&text, "before", before);
	tell_count(&text, "after", after);
	if (!cw_buffer_ok(&text, error))
		return false;
	cw_layout_render(&text, look, ret);
	return cw_buffer_ok(ret, error);
}

static json_t *counts(const struct cw_check *check)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "deployment", cw_json_text(check->deployment->name));
	cw_json_put(&json, object, "at", cw_json_time(check->at));
	cw_json_put(&json, object, "links", cw_json_count(check->link_count));
	for (int verdict = CW_VERDICT_PASS; verdict <= CW_VERDICT_REFUSED; verdict++)
		cw_json_put(&json, object, cw_finding_verdict_name((enum cw_verdict)verdict),
			cw_json_count(check->verdicts[verdict]));
	return json.failed ? NULL : TAKE(object);
}

/* What is new, and for what got better nothing is. */
static json_t *new_findings(const struct cw_compare_row *row)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	const struct cw_complaints *told = row->complaints_after;
	for (size_t i = 0; told && i < told->count; i++)
		if (!cw_compare_has_complaint(row->complaints_before, &told->items[i]))
			cw_json_add(&json, array,
				cw_report_json_finding(&told->items[i].finding, &told->items[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *changes(const struct cw_compare *compare)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < compare->count; i++) {
		const struct cw_compare_row *row = &compare->rows[i];
		json_t *object = json_object();
		cw_json_put(&json, object, "kind", cw_json_text(cw_compare_kind_name(row->kind)));
		cw_json_put(&json, object, "id", cw_json_text(row->id));
		cw_json_put(&json, object, "before", cw_json_text(row->before));
		cw_json_put(&json, object, "after", cw_json_text(row->after));
		cw_json_put(&json, object, "change", cw_json_text(cw_compare_change_name(row->change)));
		cw_json_put(&json, object, "findings", new_findings(row));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

bool cw_compare_report_json(const struct cw_check *before, const struct cw_check *after,
	const struct cw_compare *compare, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "deployment", cw_json_text(after->deployment->name));
	cw_json_put(&json, object, "before", counts(before));
	cw_json_put(&json, object, "after", counts(after));
	cw_json_put(&json, object, "better", cw_json_count(compare->better));
	cw_json_put(&json, object, "worse", cw_json_count(compare->worse));
	cw_json_put(&json, object, "other", cw_json_count(compare->other));
	cw_json_put(&json, object, "changes", changes(compare));
	return cw_json_print(&json, object, false, ret, error);
}
