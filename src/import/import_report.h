/**
 * What an import tells the person who ran it: what was found, what is open, what contradicts, what to do next.
 */
#ifndef CW_IMPORT_IMPORT_REPORT_H
#define CW_IMPORT_IMPORT_REPORT_H

#include "import/output.h"

/** As text. `all`: every file that was not used and every secret that was dropped, not only how many. */
void cw_import_report_write(const struct cw_imported *imported, const struct cw_output *output,
	const char *folder, bool all, struct cw_buffer *ret);

/** One line on why nothing could be made of the sources. */
void cw_import_report_nothing(const struct cw_imported *imported, struct cw_buffer *ret);

#endif
