/**
 * Goes through what a person named (files, folders, archives, standard input), finds out what each file is,
 * and has it read.
 *
 * Follows no symbolic link inside a folder, opens nothing that is no regular file, writes nothing. What
 * cannot be used is told in the evidence, with the reason; only trouble that ends everything is an error.
 */
#ifndef CW_IMPORT_SOURCE_GATHER_H
#define CW_IMPORT_SOURCE_GATHER_H

#include "import/evidence.h"

/* Against archives in archives without end. */
#define CW_GATHER_NESTED_MAX 3
/* Against a folder that is somebody's home. */
#define CW_GATHER_FOLDER_DEPTH_MAX 16

/** Told before each file is read; NULL: nobody wants to know. */
typedef void (*cw_gather_progress)(void *user, const char *file);

/**
 * Reads one source into `evidence`. False: it is not there or cannot be opened (CW_E_IO), or memory or a
 * limit of the whole import ends.
 */
CW_MUST_USE bool cw_gather_source(struct cw_evidence *evidence, const char *path, cw_gather_progress progress,
	void *user, struct cw_error *error);

/** The same for bytes in memory, called `shown`. */
CW_MUST_USE bool cw_gather_bytes(struct cw_evidence *evidence, const char *shown, const char *data,
	size_t length, struct cw_error *error);

#endif
