/**
 * Finds literals in text: many at once, a gigabyte in a fraction of a second. It says where one of them
 * stands; whether the line means anything is for observe/log/log_match.h.
 *
 * How: the text is looked at in steps of eight bytes, four bytes each time. A literal of eleven bytes or more
 * holds four such bytes whatever the step's phase is, so each literal puts its first eight runs of four into
 * a bitmap (8 KB, it stays in the nearest cache). A run that is in the bitmap is looked up and the whole
 * literal compared. Each step is independent of the one before, which is what processors like; there is no
 * instruction of one architecture in it. Literals should avoid runs of four bytes that stand in every line.
 */
#ifndef CW_OBSERVE_LOG_LOG_FILTER_H
#define CW_OBSERVE_LOG_LOG_FILTER_H

#include "base/error.h"
#include "base/memory.h"

#include <stddef.h>
#include <stdint.h>

struct cw_log_filter;

/**
 * A filter for these literals, each of at least CW_LOG_LITERAL_MIN bytes; they are numbered from 0 and must
 * outlive the filter. CW_E_LIMIT: a shorter one, or over 4,000. The caller frees it.
 */
CW_MUST_USE bool cw_log_filter_new(
	const char *const *literals, size_t count, struct cw_log_filter **ret, struct cw_error *error);
void cw_log_filter_free(struct cw_log_filter *filter);
CW_DEFINE_AUTO(struct cw_log_filter *, cw_log_filter_free)

/**
 * Where a literal begins in `text`, looked for from `from` on; `length` where there is none. Of several that
 * stand close together any may be found first, but none before `from`.
 */
size_t cw_log_filter_next(const struct cw_log_filter *filter, const char *text, size_t length, size_t from);

/** Sets `found[number]` for each literal that stands in `text`, and leaves the others as they are. */
void cw_log_filter_collect(const struct cw_log_filter *filter, const char *text, size_t length, bool *found);

#endif
