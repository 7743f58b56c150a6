/**
 * A trust list by certificate and by subject, so that lists of many thousand entries are looked at in one pass.
 *
 * Answers what cw_trust_list_find and cw_trust_list_search answer. Private to the check and plan layers and to what
 * proposes removals.
 */
#ifndef CW_CHECK_LIST_INDEX_H
#define CW_CHECK_LIST_INDEX_H

#include "trust/trust_list.h"

/** Borrows the list, which must not change. */
struct cw_list_index {
	const struct cw_trust_list *list;
	size_t *by_cert, *by_subject; /* open addressing; an entry's number from 1, or 0 */
	size_t slots;		      /* a power of two */
};

CW_MUST_USE bool cw_list_index_make(const struct cw_trust_list *list, struct cw_list_index *ret);
void cw_list_index_finish(struct cw_list_index *index);
#define AUTO_LIST_INDEX __attribute__((cleanup(cw_list_index_finish))) struct cw_list_index

/** The first entry that is this certificate; the list's `count` where there is none. */
size_t cw_list_index_find(const struct cw_list_index *index, const struct cw_cert *cert);

/** The first entry of this subject; the list's `count` where there is none. */
size_t cw_list_index_search(const struct cw_list_index *index, const struct cw_name *subject);

#endif
