/**
 * The files of a lab's nodes, and how a change of the deployment gets into them.
 *
 *     FOLDER/FQDN/           the state folder of a node: whoever repairs the lab changes these files
 *     FOLDER/.lab/made/FQDN/ what was made of the deployment last
 *
 * A file of a node is replaced where what the deployment makes of it is another than the last time, and only then: what a
 * person has changed stays until the deployment itself says something else about that very file.
 */
#ifndef CW_LABRUN_LAB_FILES_H
#define CW_LABRUN_LAB_FILES_H

#include "labrun/lab_folders.h"

/** Notes the present files of all nodes as what was made of the deployment. */
CW_MUST_USE bool cw_lab_files_note(
	const char *folder, const struct cw_lab_folders *folders, struct cw_error *error);

/** What a change did to one node. */
struct cw_lab_files_change {
	size_t files;	/* that were replaced */
	bool certified; /* one of them is a certificate or a key that it shows */
};

/**
 * `made`: state folders that the deployment makes now, below FOLDER/.lab/next. Replaces what is another; they are the
 * last ones from then on. `ret` has a place for each folder, in their order.
 */
CW_MUST_USE bool cw_lab_files_apply(const char *folder, const struct cw_lab_folders *made,
	struct cw_lab_files_change *ret, struct cw_error *error);

/** Copies node.yaml and certs/ of a node. The target is made. */
CW_MUST_USE bool cw_lab_files_copy(const char *from, const char *to, struct cw_error *error);

#endif
