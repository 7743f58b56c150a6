/**
 * A running lab as a deployment again: FOLDER/deployment.yaml, whose files are the nodes' own.
 *
 * Every verb that reads a deployment works on it (check, fix, whatif, trust append on the files that it names), and says
 * what the nodes do. Certificates and lists are the nodes' files; settings come from their node.yaml; what no node runs
 * (endpoints, IM&P, Unity, a front) is written to FOLDER/.lab/view as the lab has it. Written anew when a node.yaml
 * changes: whoever changes a setting changes it there.
 */
#ifndef CW_LABRUN_LAB_VIEW_H
#define CW_LABRUN_LAB_VIEW_H

#include "labrun/lab_folders.h"
#include "labrun/lab_source.h"

struct cw_lab_view {
	const char *folder;
	const struct cw_lab_source *source;
	const struct cw_stand_ins *stand_ins;
	const struct cw_lab_folders *folders;
};

/** A node.yaml that cannot be read counts as the deployment has it. */
CW_MUST_USE bool cw_lab_view_write(const struct cw_lab_view *view, struct cw_error *error);

/** How the nodes' node.yaml look now: another number where one is another. */
uint64_t cw_lab_view_look(const struct cw_lab_folders *folders);

#endif
