#include "observe/log/log_filter.h"

#include "observe/log/log_row.h"

#include <stdlib.h>
#include <string.h>

#define STEP 8
#define RUN 4
#define HASH_BITS 16
#define HASHES (1U << HASH_BITS)
#define LITERALS_MAX 4000
#define NO_ENTRY UINT32_MAX

_Static_assert(CW_LOG_LITERAL_MIN == STEP + RUN - 1, "a literal holds a run at every phase of the step");

/* One run of four bytes of one literal. */
struct entry {
	uint32_t run;
	uint32_t next; /* of the same hash */
	uint32_t literal;
	uint32_t offset;
};

struct cw_log_filter {
	uint64_t bitmap[HASHES / 64];
	uint32_t heads[HASHES];
	struct entry *entries;
	const char **literals;
	size_t *lengths;
	size_t count;
};

static uint32_t load(const char *at)
{
	uint32_t run;
	memcpy(&run, at, sizeof run);
	return run;
}

static uint32_t hash(uint32_t run)
{
	return (run * 2654435761U) >> (32 - HASH_BITS);
}

void cw_log_filter_free(struct cw_log_filter *filter)
{
	if (!filter)
		return;
	free(filter->entries);
	free(filter->literals);
	free(filter->lengths);
	free(filter);
}

static void add(struct cw_log_filter *filter, size_t literal, size_t offset)
{
	size_t number = literal * STEP + offset;
	struct entry *entry = &filter->entries[number];
	entry->run = load(filter->literals[literal] + offset);
	entry->literal = (uint32_t)literal;
	entry->offset = (uint32_t)offset;
	uint32_t bucket = hash(entry->run);
	entry->next = filter->heads[bucket];
	filter->heads[bucket] = (uint32_t)number;
	filter->bitmap[bucket / 64] |= UINT64_C(1) << bucket % 64;
}

static bool allocate(struct cw_log_filter *filter, size_t count)
{
	filter->entries = calloc(count + 1, STEP * sizeof *filter->entries);
	filter->literals = calloc(count + 1, sizeof *filter->literals);
	filter->lengths = calloc(count + 1, sizeof *filter->lengths);
	memset(filter->heads, 0xff, sizeof filter->heads);
	return filter->entries && filter->literals && filter->lengths;
}

bool cw_log_filter_new(
	const char *const *literals, size_t count, struct cw_log_filter **ret, struct cw_error *error)
{
	if (count > LITERALS_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "wanted at most %d literals, found %zu", LITERALS_MAX, count);
	AUTO(cw_log_filter_free) struct cw_log_filter *filter = calloc(1, sizeof *filter);
	if (!filter || !allocate(filter, count))
		return cw_error_memory(error);
	for (size_t i = 0; i < count; i++) {
		filter->literals[i] = literals[i];
		filter->lengths[i] = strlen(literals[i]);
		if (filter->lengths[i] < CW_LOG_LITERAL_MIN)
			return cw_error_set(error, CW_E_LIMIT,
				"wanted literals of at least %d bytes, found \"%s\"", CW_LOG_LITERAL_MIN,
				literals[i]);
		for (size_t offset = 0; offset < STEP; offset++)
			add(filter, i, offset);
	}
	filter->count = count;
	*ret = TAKE(filter);
	return true;
}

/* The literal of entry `number`, of which the run at `at` is a part, stands there; its beginning. */
static bool stands(const struct cw_log_filter *filter, const struct entry *entry, const char *text,
	size_t length, size_t at)
{
	if (entry->run != load(text + at) || entry->offset > at)
		return false;
	size_t begin = at - entry->offset, wanted = filter->lengths[entry->literal];
	return wanted <= length - begin &&
		memcmp(text + begin, filter->literals[entry->literal], wanted) == 0;
}

static bool may_begin(const struct cw_log_filter *filter, uint32_t bucket)
{
	return filter->bitmap[bucket / 64] >> bucket % 64 & 1;
}

size_t cw_log_filter_next(const struct cw_log_filter *filter, const char *text, size_t length, size_t from)
{
	if (length < RUN || from > length)
		return length;
	for (size_t at = from; at <= length - RUN; at += STEP) {
		uint32_t bucket = hash(load(text + at));
		if (!may_begin(filter, bucket))
			continue;
		for (uint32_t i = filter->heads[bucket]; i != NO_ENTRY; i = filter->entries[i].next)
			if (filter->entries[i].offset <= at - from &&
				stands(filter, &filter->entries[i], text, length, at))
				return at - filter->entries[i].offset;
	}
	return length;
}

void cw_log_filter_collect(const struct cw_log_filter *filter, const char *text, size_t length, bool *found)
{
	for (size_t at = 0; at + RUN <= length; at += STEP) {
		uint32_t bucket = hash(load(text + at));
		if (!may_begin(filter, bucket))
			continue;
		for (uint32_t i = filter->heads[bucket]; i != NO_ENTRY; i = filter->entries[i].next)
			if (stands(filter, &filter->entries[i], text, length, at))
				found[filter->entries[i].literal] = true;
	}
}
