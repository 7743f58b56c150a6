/**
 * Questions that a person answered by typing a value into deployment.yaml.
 *
 * Does not look whether the value is right: `check` does. A question that is asked of several boxes loses those
 * that have the value, and goes when none is left.
 */
#ifndef CW_IMPORT_ANSWERED_H
#define CW_IMPORT_ANSWERED_H

#include "import/document.h"
#include "import/imported.h"

/**
 * Takes them out of `imported`. `kept` are the paths of values that a person changed ("/expressway-c/revocation"),
 * `document` is what is about to be written, with those values in it. False: no memory.
 */
CW_MUST_USE bool cw_answered_drop(
	struct cw_imported *imported, const struct cw_document *document, const struct cw_strings *kept);

#endif
