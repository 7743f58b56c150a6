/**
 * A trust list while a page changes it. For src/node/work alone.
 */
#ifndef CW_NODE_WORK_WORK_TRUST_H
#define CW_NODE_WORK_WORK_TRUST_H

#include "base/lock.h"
#include "node/work/work_identity.h"
#include "workbench/list/append.h"

struct cw_work_trust {
	enum cw_store_kind kind;
	struct cw_snapshot *after; /* the folder as it is; nobody's */
	struct cw_list list;
	struct cw_buffer file;
	struct cw_bundle bundle;
	struct cw_append append;
	bool leaves; /* also what is no CA (CUCM) */
	bool unfit;  /* the file holds no certificate that can be read */
	char why[600];
};

void cw_work_trust_finish(struct cw_work_trust *trust);
#define AUTO_WORK_TRUST __attribute__((cleanup(cw_work_trust_finish))) struct cw_work_trust

/** Opens the store's files. */
CW_MUST_USE bool cw_work_trust_open(
	struct cw_work_call *call, enum cw_store_kind kind, struct cw_work_trust *trust);
CW_MUST_USE bool cw_work_trust_lock(
	struct cw_work_call *call, const struct cw_list *list, struct cw_locks *locks);
/** Appends "file" of the question, in memory. */
CW_MUST_USE bool cw_work_trust_append(
	struct cw_work_call *call, enum cw_same_subject same, struct cw_work_trust *trust);
/** Puts what became of each certificate, and the page's text, into the answer. */
CW_MUST_USE bool cw_work_trust_tell(struct cw_work_call *call, const struct cw_work_trust *trust);
/** Takes entries out, in memory; "removed" is put into the answer. */
CW_MUST_USE bool cw_work_trust_remove(
	struct cw_work_call *call, struct cw_work_trust *trust, const struct cw_strings *sha256);
/** What the changed list would do. */
CW_MUST_USE bool cw_work_trust_try(struct cw_work_call *call, struct cw_work_trust *trust);
/** Keeps the former files, writes the changed ones, has the node read them. */
CW_MUST_USE bool cw_work_trust_write(struct cw_work_call *call, struct cw_work_trust *trust);

/** A whole upload, tried or done. */
CW_MUST_USE bool cw_work_trust_upload(struct cw_work_call *call, struct cw_work_trust *trust,
	enum cw_store_kind kind, enum cw_same_subject same, bool tries);

#endif
