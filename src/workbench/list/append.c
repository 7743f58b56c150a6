#include "workbench/list/append.h"

#include "report/text/layout.h"
#include "workbench/list/list_report.h"

#include <string.h>

void cw_append_finish(struct cw_append *append)
{
	for (size_t i = 0; i < append->count; i++) {
		cw_cert_free(append->rows[i].cert);
		cw_cert_free(append->rows[i].former);
		free(append->rows[i].from);
	}
	free(append->rows);
	*append = (struct cw_append){0};
}

static struct cw_append_row *add_row(struct cw_append *append, enum cw_append_outcome outcome,
	struct cw_cert *cert, const char *from, size_t place)
{
	if (!cw_memory_grow(&append->rows, &append->capacity, append->count, sizeof *append->rows))
		return NULL;
	struct cw_append_row *row = &append->rows[append->count++];
	*row = (struct cw_append_row){outcome, cw_cert_ref(cert), strdup(from), place, NULL};
	return row->from ? row : NULL;
}

static bool replace(struct cw_list *list, struct cw_cert *cert, size_t place, struct cw_error *error)
{
	if (!cw_list_insert(list, cert, place, error))
		return false;
	cw_list_remove(list, place + 1);
	return true;
}

static bool is_cucm_store(const struct cw_list *list)
{
	return list->node &&
		(list->node->kind == CW_NODE_CUCM || list->node->kind == CW_NODE_IMP ||
			list->node->kind == CW_NODE_UNITY);
}

/* CUCM security guide v15: of one name and another serial number, the one with the newer start date replaces the
 * entry; else it is not taken. Nothing stops at a first subject there. */
static enum cw_append_outcome cucm_outcome(const struct cw_cert *cert, const struct cw_cert *former)
{
	return cw_cert_not_before(cert) >= cw_cert_not_before(former) ? CW_APPEND_REPLACED : CW_APPEND_OLDER;
}

static bool append_one(struct cw_list *list, struct cw_cert *cert, const char *from,
	const struct cw_append_options *options, struct cw_append *ret, struct cw_error *error)
{
	enum cw_same_subject same = options->same;
	size_t already = cw_list_place(list, cert), upper = cw_list_subject(list, cert, 1);
	if (already)
		return add_row(ret, CW_APPEND_ALREADY, cert, from, already) || cw_error_memory(error);
	if (!options->leaves && !cw_cert_is_ca(cert) && !cw_cert_self_signed(cert))
		return add_row(ret, CW_APPEND_LEAF, cert, from, 0) || cw_error_memory(error);
	enum cw_append_outcome outcome = CW_APPEND_ADDED;
	if (upper && same == CW_SAME_REFUSE && is_cucm_store(list))
		outcome = cucm_outcome(cert, cw_list_at(list, upper)->cert);
	else if (upper && same == CW_SAME_REFUSE)
		outcome = CW_APPEND_CONFLICT;
	else if (upper && same == CW_SAME_REPLACE)
		outcome = CW_APPEND_REPLACED;
	struct cw_append_row *row = add_row(
		ret, outcome, cert, from, upper && same != CW_SAME_ALLOW ? upper : cw_list_certs(list) + 1);
	if (!row)
		return cw_error_memory(error);
	if (upper)
		row->former = cw_cert_ref(cw_list_at(list, upper)->cert);
	bool taken = outcome != CW_APPEND_CONFLICT && outcome != CW_APPEND_OLDER;
	ret->refused |= !taken;
	if (!taken)
		return true;
	return outcome == CW_APPEND_REPLACED ? replace(list, cert, upper, error)
					     : cw_list_insert(list, cert, 0, error);
}

/* Digits of its SHA-256 are among those asked for; each that fits something is marked. */
static bool is_asked_for(const struct cw_strings *only, const struct cw_cert *cert, bool *used)
{
	bool asked = !only || !only->count;
	for (size_t i = 0; only && i < only->count; i++) {
		if (strncmp(cw_cert_sha256_text(cert), only->items[i], strlen(only->items[i])) != 0)
			continue;
		used[i] = true;
		asked = true;
	}
	return asked;
}

static bool append_file(struct cw_list *list, const struct cw_bundle *file,
	const struct cw_append_options *options, bool *used, struct cw_append *ret, struct cw_error *error)
{
	for (size_t i = 0; i < file->count; i++)
		if (is_asked_for(options->only, file->entries[i].cert, used) &&
			!append_one(list, file->entries[i].cert, file->path, options, ret, error))
			return false;
	return true;
}

bool cw_append_run(struct cw_list *list, const struct cw_bundle *files, size_t file_count,
	const struct cw_append_options *options, struct cw_append *ret, struct cw_error *error)
{
	AUTO_APPEND append = {0};
	size_t wanted = options->only ? options->only->count : 0;
	AUTO(free) bool *used = calloc(wanted + 1, sizeof *used);
	if (!used)
		return cw_error_memory(error);
	for (size_t i = 0; i < file_count; i++)
		if (!append_file(list, &files[i], options, used, &append, error))
			return false;
	for (size_t i = 0; i < wanted; i++)
		if (!used[i])
			return cw_error_set(error, CW_E_USAGE,
				"--only: no certificate of these files has the SHA-256 %s",
				options->only->items[i]);
	*ret = append;
	append = (struct cw_append){0};
	return true;
}

static void row_text(struct cw_buffer *ret, const struct cw_append_row *row, bool refused)
{
	AUTO_BUFFER line = {0};
	switch (row->outcome) {
	case CW_APPEND_ADDED:
		cw_buffer_text(&line, refused ? "not appended, as one was refused: " : "appended: ");
		cw_list_report_cert(&line, row->cert);
		if (!refused)
			cw_buffer_printf(&line, " as entry %zu", row->place);
		break;
	case CW_APPEND_REPLACED:
		cw_buffer_text(&line, "replaced: ");
		cw_list_report_cert(&line, row->former);
		cw_buffer_printf(&line, ", entry %zu, by ", row->place);
		cw_list_report_cert(&line, row->cert);
		break;
	case CW_APPEND_OLDER:
		cw_buffer_text(&line, "not taken: ");
		cw_list_report_cert(&line, row->cert);
		cw_buffer_printf(&line,
			" begins earlier than entry %zu of the same name, and of one name the page keeps the newer",
			row->place);
		break;
	case CW_APPEND_ALREADY:
		cw_buffer_text(&line, "already there: ");
		cw_list_report_cert(&line, row->cert);
		cw_buffer_printf(&line, " is entry %zu", row->place);
		break;
	case CW_APPEND_LEAF:
		cw_buffer_text(&line, "left out: ");
		cw_list_report_cert(&line, row->cert);
		cw_buffer_text(&line,
			" is no CA and not self-signed: in a trust list it vouches for nobody (--leaves "
			"takes it all the same)");
		break;
	case CW_APPEND_CONFLICT:
		cw_buffer_text(&line, CW_MARK_BAD "refused" CW_MARK_END ": ");
		cw_list_report_cert(&line, row->cert);
		cw_buffer_printf(&line,
			" would be useless behind entry %zu, another certificate of the same subject "
			"(sha256 %.16s...): the search stops at the first entry whose subject matches. Take "
			"the former away with --replace, or keep both with --allow-same-subject",
			row->place, cw_cert_sha256_text(row->former));
		break;
	}
	cw_buffer_printf(&line, " [%s]", row->from);
	cw_layout_wrap(ret, "  ", 4, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

/* Allowed by the person: said all the same, before anything else. */
static void warn_useless(struct cw_buffer *ret, const struct cw_append_row *row)
{
	AUTO_BUFFER line = {0};
	if (row->outcome != CW_APPEND_ADDED || !row->former)
		return;
	cw_list_report_cert(&line, row->cert);
	cw_buffer_text(&line,
		" stands behind another certificate of the same subject, at which an Expressway's "
		"search stops: there it has no effect until it is moved before it (trust move)");
	cw_layout_wrap(ret, "  ! ", 4, cw_buffer_string(&line));
	ret->failed |= line.failed;
}

void cw_append_text(struct cw_buffer *ret, const struct cw_list *list, const struct cw_append *append)
{
	size_t changed = 0;
	for (size_t i = 0; i < append->count; i++)
		changed += append->rows[i].outcome <= CW_APPEND_REPLACED;
	if (append->refused)
		cw_buffer_printf(ret, "%s: refused, nothing is changed\n", list->shown);
	else
		cw_buffer_printf(ret, "%s: %zu of %zu certificates taken; it holds %zu now\n", list->shown,
			changed, append->count, cw_list_certs(list));
	for (size_t i = 0; i < append->count; i++)
		warn_useless(ret, &append->rows[i]);
	for (size_t i = 0; i < append->count; i++)
		if (append->rows[i].outcome == CW_APPEND_CONFLICT)
			row_text(ret, &append->rows[i], append->refused);
	for (size_t i = 0; i < append->count; i++)
		if (append->rows[i].outcome != CW_APPEND_CONFLICT)
			row_text(ret, &append->rows[i], append->refused);
}
