/**
 * The files of a folder as a list, in the order of the box where the folder tells it: order.txt, or numbers in front of the
 * names of all files that hold certificates (base/folder.h). Reads files only to know which these are, and only where there
 * are numbers; keeps nothing of what it reads.
 */
#ifndef CW_PKI_BUNDLE_BUNDLE_FOLDER_H
#define CW_PKI_BUNDLE_BUNDLE_FOLDER_H

#include "base/error.h"
#include "base/strings.h"

struct cw_bundle_folder {
	struct cw_strings files; /* "folder/name", hidden ones and order.txt left out */
	struct cw_strings notes; /* why numbers do not count: a sentence that names the file */
	bool ordered;		 /* as on the box; also where there is one file only */
	bool numbered;		 /* numbers tell the order: there is no order.txt */
};

void cw_bundle_folder_finish(struct cw_bundle_folder *folder);
#define AUTO_BUNDLE_FOLDER __attribute__((cleanup(cw_bundle_folder_finish))) struct cw_bundle_folder

/** `password` (may be NULL) opens PKCS#12. Errors are those of the folder and of its order.txt. */
CW_MUST_USE bool cw_bundle_folder_open(
	const char *path, const char *password, struct cw_bundle_folder *ret, struct cw_error *error);

#endif
