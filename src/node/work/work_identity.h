/**
 * Which identity of the node is meant, and where its files are. For src/node/work alone.
 *
 * As the box has it, and other than the file verbs, every identity but the first has a request of its own. Where a
 * certificate's file holds its key too (CUCM), that file is the key's.
 */
#ifndef CW_NODE_WORK_WORK_IDENTITY_H
#define CW_NODE_WORK_WORK_IDENTITY_H

#include "node/work/work_call.h"
#include "workbench/node_files.h"

/** "server", "client", "tomcat", "CallManager", …: the vendor's spelling. */
const char *cw_work_identity_name(enum cw_identity_kind kind);
/** The one of this name, upper and lower case alike. */
CW_MUST_USE bool cw_work_identity_named(
	struct cw_work_call *call, const struct cw_node *node, const char *name, enum cw_identity_kind *ret);
/** "identity" of the question. */
CW_MUST_USE bool cw_work_identity_choose(
	struct cw_work_call *call, const struct cw_node *node, enum cw_identity_kind *ret);
/** Its files. */
CW_MUST_USE bool cw_work_identity_files(struct cw_work_call *call, const struct cw_snapshot *snapshot,
	enum cw_identity_kind kind, struct cw_node_files *ret);
/** REQUEST that is in progress, or null. NULL: no memory. */
json_t *cw_work_identity_request(const struct cw_node_files *files);

/** "trusted-ca", "tomcat-trust", "CallManager-trust". */
const char *cw_work_identity_store_name(enum cw_store_kind kind);
/** "store" of the question: one that this node has. */
CW_MUST_USE bool cw_work_identity_store(
	struct cw_work_call *call, const struct cw_node *node, enum cw_store_kind *ret);
CW_MUST_USE bool cw_work_identity_store_named(
	struct cw_work_call *call, const struct cw_node *node, const char *name, enum cw_store_kind *ret);
/** Its list to be changed: "c1.acme.test:trusted-ca". */
struct cw_list;
CW_MUST_USE bool cw_work_identity_list(struct cw_work_call *call, const struct cw_snapshot *snapshot,
	enum cw_store_kind kind, struct cw_list *ret);

#endif
