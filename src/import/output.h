/**
 * The folder that an import makes: deployment.yaml, a folder for each node, import.json.
 *
 * A second import into the same folder keeps what a person changed in deployment.yaml and in the files since
 * the last one (import.json says what that one wrote), and says what is new in the sources. The file that is
 * replaced stays as deployment.yaml.before.
 *
 * Killed at any moment, the same import can be given again and ends in the same files.
 */
#ifndef CW_IMPORT_OUTPUT_H
#define CW_IMPORT_OUTPUT_H

#include "import/imported.h"

/** What became of an import. */
struct cw_output {
	bool again;		   /* the folder held an import already */
	struct cw_strings changed; /* "expressway-c/release: X14.2 -> X14.3": since the last import */
	struct cw_strings kept;	   /* paths of values, and files, that a person changed */
	size_t files;
	size_t nodes;
};

void cw_output_finish(struct cw_output *output);
#define AUTO_OUTPUT __attribute__((cleanup(cw_output_finish))) struct cw_output

/**
 * Writes all of it into `folder`, which is made. Questions that a person answered in the file are taken out. CW_E_USAGE: the folder holds a deployment.yaml that no import
 * wrote. CW_E_IO names the file; each file is written in one step, import.json last. The caller has the folder's lock.
 */
CW_MUST_USE bool cw_output_write(
	struct cw_imported *imported, const char *folder, struct cw_output *ret, struct cw_error *error);

#endif
