/**
 * Appending to a trust list with the care that the seed asks for: "ensure there is not another certificate
 * higher on the list with the same subject that could conflict with the correct one".
 */
#ifndef CW_WORKBENCH_LIST_APPEND_H
#define CW_WORKBENCH_LIST_APPEND_H

#include "base/buffer.h"
#include "workbench/list/list.h"

/* What to do where the list has another certificate of the same subject. */
enum cw_same_subject { CW_SAME_REFUSE, CW_SAME_ALLOW, CW_SAME_REPLACE };

struct cw_append_options {
	enum cw_same_subject same;
	bool leaves; /* also what is no CA and not self-signed */
	const struct cw_strings
		*only; /* digits of SHA-256s: nothing else is taken; NULL or empty: everything */
};

enum cw_append_outcome {
	CW_APPEND_ADDED,
	CW_APPEND_REPLACED, /* the former entry of that subject is gone, its place taken */
	CW_APPEND_ALREADY,  /* this very certificate stands in the list */
	CW_APPEND_LEAF,	    /* no CA and not self-signed: an entry that vouches for nobody */
	CW_APPEND_CONFLICT, /* another certificate of that subject: refused */
	CW_APPEND_OLDER,    /* a CUCM store has a newer one of that subject: not taken */
};

struct cw_append_row {
	enum cw_append_outcome outcome;
	struct cw_cert *cert;	/* referenced */
	char *from;		/* file, as typed */
	size_t place;		/* its own, or that of the entry that is in its way */
	struct cw_cert *former; /* the one that is in its way, or was replaced; or NULL */
};

struct cw_append {
	struct cw_append_row *rows;
	size_t count, capacity;
	bool refused; /* a conflict: the list is as it was */
};

void cw_append_finish(struct cw_append *append);
#define AUTO_APPEND __attribute__((cleanup(cw_append_finish))) struct cw_append

/**
 * Puts the certificates of `files` behind the list, in memory. All or nothing: with one conflict nothing is
 * changed. CW_E_USAGE where one of `only` fits nothing.
 */
CW_MUST_USE bool cw_append_run(struct cw_list *list, const struct cw_bundle *files, size_t file_count,
	const struct cw_append_options *options, struct cw_append *ret, struct cw_error *error);

/** Appends what happened, in sentences: what is refused or useless first. */
void cw_append_text(struct cw_buffer *ret, const struct cw_list *list, const struct cw_append *append);

/**
 * The files of a folder that hold certificates, in the order of their names; what holds none is named in
 * `skipped` with the reason. `*ret` is an array of `*count` bundles; cw_append_bundles_free releases it.
 */
CW_MUST_USE bool cw_append_folder(const char *folder, struct cw_pool *pool, struct cw_bundle **ret,
	size_t *count, struct cw_strings *skipped, struct cw_error *error);
void cw_append_bundles_free(struct cw_bundle *bundles, size_t count);

#endif
