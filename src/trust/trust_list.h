/**
 * A trust list: the CA certificates that a judge holds, in their order, which decides (seed: the search
 * "stops once it finds one with a subject that matches").
 */
#ifndef CW_TRUST_TRUST_LIST_H
#define CW_TRUST_TRUST_LIST_H

#include "base/buffer.h"
#include "pki/bundle/bundle.h"

struct cw_trust_entry {
	struct cw_cert *cert;
	char *path;    /* the file it stands in, as typed */
	size_t number; /* from 1, in that file */
};

struct cw_trust_list {
	struct cw_trust_entry *entries;
	size_t count;
	size_t capacity;
	bool unordered; /* the order is that of a folder's files: places say nothing of the box */
};

void cw_trust_list_finish(struct cw_trust_list *list);
#define AUTO_TRUST_LIST __attribute__((cleanup(cw_trust_list_finish))) struct cw_trust_list

/** Adds a reference to `cert` at the end. False: no memory. */
CW_MUST_USE bool cw_trust_list_add(
	struct cw_trust_list *list, struct cw_cert *cert, const char *path, size_t number);

/** Adds every certificate of the bundle, in its order. False: no memory. */
CW_MUST_USE bool cw_trust_list_add_bundle(struct cw_trust_list *list, const struct cw_bundle *bundle);

/** Index of the first entry from `from` on whose subject is `name`; `count` where there is none. */
size_t cw_trust_list_search(const struct cw_trust_list *list, const struct cw_name *name, size_t from);

/** Appends what to call the entry at `place` (from 1): "entry 3 of the list", or, where the list has no order, "an
 * entry of the list (store/ca.pem)". */
void cw_trust_list_call(const struct cw_trust_list *list, size_t place, struct cw_buffer *ret);

/** Index of this very certificate; `count` where it is not in the list. */
size_t cw_trust_list_find(const struct cw_trust_list *list, const struct cw_cert *cert);

#endif
