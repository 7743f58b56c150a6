/**
 * node.yaml written anew: the model's words by the deployment file's own writer, the node's own words (listen:, hosts:,
 * admin:, …) as they stand, byte for byte. For src/node/work alone.
 *
 * Comments among the model's words go; the former file is kept (former/node.yaml). What would be written is read back
 * before anything is written.
 */
#ifndef CW_NODE_WORK_WORK_YAML_H
#define CW_NODE_WORK_WORK_YAML_H

#include "node/work/work_call.h"
#include "workbench/node_files.h"

/* A key that only a node's file has, and its whole text ("apply: restart\n"; NULL: it goes). */
struct cw_work_yaml_own {
	const char *key, *text;
};

struct cw_work_yaml_change {
	const struct cw_snapshot *model; /* the folder as it is, changed in memory */
	const struct cw_work_yaml_own *own;
	size_t own_count;
	bool tries; /* nothing is written */
};

/**
 * Tries or does it: EFFECT and "warnings" are put into the answer. 409 where node.yaml is not of the layout that can be
 * kept, or the changed one would not be taken.
 */
CW_MUST_USE bool cw_work_yaml_apply(struct cw_work_call *call, const struct cw_work_yaml_change *change);

/** Writes the changed model, without a reload: part of a change that does more. */
CW_MUST_USE bool cw_work_yaml_write(struct cw_work_call *call, const struct cw_work_yaml_change *change);

/** Names the identity's files in node.yaml, where it does not yet. `after` is changed. */
CW_MUST_USE bool cw_work_yaml_name_identity(struct cw_work_call *call, struct cw_snapshot *after,
	enum cw_identity_kind kind, const struct cw_node_files *files);

/** Appends `text` as a YAML scalar in quotes. */
void cw_work_yaml_quote(struct cw_buffer *ret, const char *text);

#endif
