#include "report/text/layout.h"
#include "workbench/list/list.h"
#include "workbench/list/list_report.h"
#include "workbench/list/tidy.h"

static void why(struct cw_buffer *line, const struct cw_tidy_row *row)
{
	char date[CW_TIME_TEXT_SIZE];
	switch (row->reason) {
	case CW_TIDY_DUPLICATE:
		cw_buffer_printf(line, "the same certificate as entry %zu", row->other);
		break;
	case CW_TIDY_SHADOWED:
		cw_buffer_printf(
			line, "has the subject of entry %zu and is never found behind it", row->other);
		break;
	case CW_TIDY_EXPIRED:
		cw_buffer_printf(
			line, "expired on %s", cw_time_format_date(cw_cert_not_after(row->cert), date));
		break;
	case CW_TIDY_NOT_NEEDED:
		cw_buffer_text(line, "needed by no link of this deployment");
		break;
	}
}

static void row_text(struct cw_buffer *ret, const struct cw_tidy_row *row, bool applied)
{
	AUTO_BUFFER line = {0};
	const char *done = applied ? "removed" : "remove";
	cw_buffer_printf(&line, "%s %zu  ", row->proof == CW_TIDY_PROVEN ? done : "keep", row->place);
	cw_list_report_cert(&line, row->cert);
	cw_buffer_text(&line, ": ");
	why(&line, row);
	switch (row->proof) {
	case CW_TIDY_PROVEN:
		break;
	case CW_TIDY_NEEDED:
		cw_buffer_printf(&line, "; but without it %s", row->detail ? row->detail : "");
		break;
	case CW_TIDY_RIGHT_ONE:
		cw_buffer_printf(&line,
			"; but it is the right one: remove entry %zu, or move this one before it",
			row->other);
		break;
	case CW_TIDY_UNPROVABLE:
		cw_buffer_text(&line, "; but what asks this list is not known in full, so nothing is proven");
		break;
	}
	cw_layout_wrap(ret, "  ", 4, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

void cw_tidy_text(struct cw_buffer *ret, const struct cw_tidy *tidy, bool applied)
{
	size_t proven = 0;
	for (size_t i = 0; i < tidy->count; i++) {
		const struct cw_tidy_row *row = &tidy->rows[i], *former = i ? row - 1 : NULL;
		if (!former || former->node != row->node || former->kind != row->kind)
			cw_buffer_printf(ret, "%s %s\n", row->node->fqdn, cw_node_store_name(row->kind));
		row_text(ret, row, applied);
		proven += row->proof == CW_TIDY_PROVEN;
	}
	if (!tidy->count)
		cw_buffer_text(ret,
			"Every list is tidy: nothing in it is there twice, or expired and replaced (--unused looks for "
			"more).\n");
	else if (proven)
		cw_buffer_printf(ret,
			"Proof: judged without %s, none of %zu links is worse, now and at %zu dates on which "
			"something ends.\n",
			proven == 1 ? "that entry" : "those entries", tidy->links, tidy->dates);
}

/* Of one store the rows stand together; from its last to its first, places stay what they are. */
static bool apply_store(const struct cw_deployment *deployment, const struct cw_tidy_row *rows, size_t count,
	struct cw_pool *pool, size_t *removed, struct cw_error *error)
{
	AUTO_LIST list = {0};
	AUTO_BUFFER word = {0};
	cw_buffer_printf(&word, "%s:%s", rows->node->fqdn, cw_node_store_name(rows->kind));
	if (!cw_buffer_ok(&word, error) ||
		!cw_list_open_store(deployment, cw_buffer_string(&word), pool, &list, error))
		return false;
	for (size_t i = count; i-- > 0;) {
		const struct cw_list_item *item = cw_list_at(&list, rows[i].place);
		if (rows[i].proof != CW_TIDY_PROVEN)
			continue;
		if (!item || !cw_cert_same(item->cert, rows[i].cert))
			return cw_error_set(error, CW_E_USAGE,
				"%s: changed while it was being judged; try again", list.shown);
		cw_list_remove(&list, rows[i].place);
		++*removed;
	}
	return cw_list_write(&list, error);
}

bool cw_tidy_apply(const struct cw_deployment *deployment, const struct cw_tidy *tidy, struct cw_pool *pool,
	size_t *removed, struct cw_error *error)
{
	*removed = 0;
	for (size_t i = 0, next; i < tidy->count; i = next) {
		for (next = i + 1; next < tidy->count && tidy->rows[next].node == tidy->rows[i].node &&
			tidy->rows[next].kind == tidy->rows[i].kind;)
			next++;
		if (!apply_store(deployment, &tidy->rows[i], next - i, pool, removed, error))
			return false;
	}
	return true;
}
