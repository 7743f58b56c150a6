#include "observe/log/log_match.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_MAX 12

struct cw_log_matcher {
	size_t count;
	pcre2_code **codes; /* of each row */
	size_t literal_count;
	const char **literals;
	size_t *rows; /* of each literal */
	bool *found;  /* by literal, for the line at hand */
	bool *tried;  /* by row, likewise */
	struct cw_log_filter *filter;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

void cw_log_match_free(struct cw_log_matcher *matcher)
{
	if (!matcher)
		return;
	for (size_t i = 0; matcher->codes && i < matcher->count; i++)
		pcre2_code_free(matcher->codes[i]);
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->context);
	cw_log_filter_free(matcher->filter);
	free(matcher->codes);
	free(matcher->literals);
	free(matcher->rows);
	free(matcher->found);
	free(matcher->tried);
	free(matcher);
}

static bool allocate(struct cw_log_matcher *matcher)
{
	size_t most = matcher->count * CW_LOG_LITERALS_A_ROW;
	matcher->codes = calloc(matcher->count, sizeof(pcre2_code *));
	matcher->literals = calloc(most, sizeof *matcher->literals);
	matcher->rows = calloc(most, sizeof *matcher->rows);
	matcher->found = calloc(most, sizeof *matcher->found);
	matcher->tried = calloc(matcher->count, sizeof *matcher->tried);
	matcher->data = pcre2_match_data_create(GROUPS_MAX, NULL);
	matcher->context = pcre2_match_context_create(NULL);
	return matcher->codes && matcher->literals && matcher->rows && matcher->found && matcher->tried &&
		matcher->data && matcher->context;
}

static bool compile(struct cw_log_matcher *matcher, size_t index, struct cw_error *error)
{
	const struct cw_log_row *row = cw_log_row(index);
	int code;
	PCRE2_SIZE place;
	matcher->codes[index] = pcre2_compile(
		(PCRE2_SPTR)row->pattern, PCRE2_ZERO_TERMINATED, PCRE2_DOTALL, &code, &place, NULL);
	if (!matcher->codes[index]) {
		PCRE2_UCHAR text[128] = "";
		pcre2_get_error_message(code, text, sizeof text);
		return cw_error_set(error, CW_E_USAGE, "row %s: byte %zu of its pattern: %s", row->name,
			(size_t)place, (const char *)text);
	}
	for (size_t i = 0; i < CW_LOG_LITERALS_A_ROW && row->literals[i]; i++) {
		matcher->rows[matcher->literal_count] = index;
		matcher->literals[matcher->literal_count++] = row->literals[i];
	}
	return true;
}

bool cw_log_match_new(struct cw_log_matcher **ret, struct cw_error *error)
{
	AUTO(cw_log_match_free) struct cw_log_matcher *matcher = calloc(1, sizeof *matcher);
	if (!matcher)
		return cw_error_memory(error);
	matcher->count = cw_log_row_count();
	if (!allocate(matcher))
		return cw_error_memory(error);
	pcre2_set_match_limit(matcher->context, CW_LOG_STEPS_MAX);
	pcre2_set_depth_limit(matcher->context, CW_LOG_DEPTH_MAX);
	pcre2_set_heap_limit(matcher->context, CW_LOG_HEAP_KIB);
	for (size_t i = 0; i < matcher->count; i++)
		if (!compile(matcher, i, error))
			return false;
	if (!cw_log_filter_new(matcher->literals, matcher->literal_count, &matcher->filter, error))
		return false;
	*ret = TAKE(matcher);
	return true;
}

const struct cw_log_filter *cw_log_match_filter(const struct cw_log_matcher *matcher)
{
	return matcher->filter;
}

static struct cw_log_text group(
	const struct cw_log_matcher *matcher, const char *line, unsigned number, int count)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->data);
	if (!number || (int)number >= count || ends[2 * number] == PCRE2_UNSET)
		return (struct cw_log_text){0};
	return (struct cw_log_text){line + ends[2 * number], ends[2 * number + 1] - ends[2 * number]};
}

static bool try_row(struct cw_log_matcher *matcher, size_t index, const char *line, size_t length,
	struct cw_log_match *ret)
{
	const struct cw_log_row *row = cw_log_row(index);
	int count = pcre2_match(
		matcher->codes[index], (PCRE2_SPTR)line, length, 0, 0, matcher->data, matcher->context);
	if (count < 0)
		return false;
	if (count == 0)
		count = GROUPS_MAX;
	ret->row = row;
	ret->peer = group(matcher, line, row->group.peer, count);
	ret->wanted = group(matcher, line, row->group.wanted, count);
	ret->refuser = group(matcher, line, row->group.refuser, count);
	return true;
}

/* A very long line is looked at around its first literal. */
static void cut(const struct cw_log_matcher *matcher, const char **line, size_t *length)
{
	if (*length <= CW_LOG_SEEN_MAX)
		return;
	size_t at = cw_log_filter_next(matcher->filter, *line, *length, 0);
	if (at > CW_LOG_SEEN_MAX / 2) {
		size_t begin = at - CW_LOG_SEEN_MAX / 2;
		*line += begin;
		*length -= begin;
	}
	if (*length > CW_LOG_SEEN_MAX)
		*length = CW_LOG_SEEN_MAX;
}

bool cw_log_match_find(struct cw_log_matcher *matcher, const char *line, size_t length,
	const bool seen[CW_LOG_CONTEXT_COUNT], struct cw_log_match *ret)
{
	cut(matcher, &line, &length);
	memset(matcher->found, 0, matcher->literal_count * sizeof *matcher->found);
	memset(matcher->tried, 0, matcher->count * sizeof *matcher->tried);
	cw_log_filter_collect(matcher->filter, line, length, matcher->found);
	for (size_t i = 0; i < matcher->literal_count; i++) {
		size_t index = matcher->rows[i];
		enum cw_log_context after = cw_log_row(index)->near.after;
		if (!matcher->found[i] || matcher->tried[index] || (after && !seen[after]))
			continue;
		matcher->tried[index] = true;
		if (try_row(matcher, index, line, length, ret))
			return true;
	}
	return false;
}
