/**
 * Doing a remedy by hand: the change of one trust list, on the file that it was read from.
 */
#ifndef TESTS_SCENARIO_REPAIR_H
#define TESTS_SCENARIO_REPAIR_H

#include "base/buffer.h"
#include "check/check.h"

/** A deployment read from its folder and judged; everything in it is its own. */
struct repair_world {
	struct cw_pool *pool;
	struct cw_deployment *deployment;
	struct cw_check *check;
};

void repair_load(const char *folder, struct repair_world *ret);
void repair_finish(struct repair_world *world);
#define REPAIR_WORLD __attribute__((cleanup(repair_finish))) struct repair_world

/** append (in place of its namesake, where it has one), remove and move-before of a known certificate: what
 * can be done without a CA. */
bool repair_is_possible(const struct cw_remedy *remedy);
bool repair_is_same(const struct cw_remedy *a, const struct cw_remedy *b);

/** Does it; `old` (may be NULL) gets what the file held before. */
void repair_apply(const char *folder, const struct repair_world *world, const struct cw_remedy *remedy,
	struct cw_buffer *old);
void repair_undo(const char *folder, const struct repair_world *world, const struct cw_remedy *remedy,
	const struct cw_buffer *old);

/** Writes the certificates as PEM, in their order. */
void repair_write_list(const char *folder, const char *file, struct cw_cert *const *certs, size_t count);

#endif
