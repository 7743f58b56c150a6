/**
 * Makes a deployment of evidence: which pieces are of one box, which box is what, what each setting is, what
 * found no place and what is still to be asked.
 */
#ifndef CW_IMPORT_MERGE_H
#define CW_IMPORT_MERGE_H

#include "import/imported.h"

/** Fills `ret`, which holds pointers into `evidence`. False: no memory. */
CW_MUST_USE bool cw_merge_run(
	const struct cw_evidence *evidence, struct cw_imported *ret, struct cw_error *error);

#endif
