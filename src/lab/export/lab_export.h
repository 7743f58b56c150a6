/**
 * A lab deployment in the forms in which real boxes hand out what they are: the sources of an import.
 *
 * The forms follow what the vendor and clients of the boxes' interfaces show, with their blanks, quotes and
 * oddities; where no source shows a shape, it is not made up. What a form cannot hold is not in it: no box hands
 * out a password, CUCM hands out no private key, an archive of an Expressway does not list the CUCM nodes' names
 * but by the zones that it makes for them.
 *
 *     bundle    a diagnostic archive for each Expressway, tar.gz
 *     rest      a folder for each Expressway with the answers of its REST interface, and status.xml
 *     certmgr   certificate management's snapshot of each CUCM, IM&P and Unity node, and answers of AXL
 *     cli       a session with the command line of each of these nodes
 *     folder    loose files, as people collect them
 */
#ifndef CW_LAB_EXPORT_LAB_EXPORT_H
#define CW_LAB_EXPORT_LAB_EXPORT_H

#include "model/deployment.h"

enum cw_lab_export_form {
	CW_LAB_EXPORT_BUNDLE,
	CW_LAB_EXPORT_REST,
	CW_LAB_EXPORT_CERTMGR,
	CW_LAB_EXPORT_CLI,
	CW_LAB_EXPORT_FOLDER
};

#define CW_LAB_EXPORT_FORMS "bundle|rest|certmgr|cli|folder"

/** By its word. */
bool cw_lab_export_form(const char *word, enum cw_lab_export_form *ret);

/**
 * Writes the form into `folder`, which is made. `at` is the time that dumps and archives bear. CW_E_IO names the
 * file.
 */
CW_MUST_USE bool cw_lab_export_write(const struct cw_deployment *deployment, enum cw_lab_export_form form,
	const char *folder, cw_time at, struct cw_error *error);

#endif
