/**
 * The end of an import, shared by the verbs that make one: evidence in, a deployment's folder and a report out.
 */
#ifndef CW_CLI_CALL_IMPORT_H
#define CW_CLI_CALL_IMPORT_H

#include "cli/call.h"
#include "import/evidence.h"

/** Reads one source, with a line on the terminal where it takes long. */
CW_MUST_USE bool cw_call_import_source(
	struct cw_call *call, const char *path, struct cw_evidence *evidence, struct cw_error *error);

/**
 * Prints a report of an import or a collect: on a terminal its lines are broken to its width, but for those that are
 * to be pasted; elsewhere they stay whole, for grep. Escapes what is no text.
 */
CW_MUST_USE bool cw_call_import_print(
	struct cw_call *call, const struct cw_buffer *text, struct cw_error *error);

/** Writes `folder` and tells about it. `all`: every note. 0: nothing is left to ask; 1: something is; 2: nothing
 * could be made. */
enum cw_exit cw_call_import(
	struct cw_call *call, const struct cw_evidence *evidence, const char *folder, bool all);

#endif
