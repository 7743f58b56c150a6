/**
 * Which lines a person pastes into the command line of a voice node so that what is missing of it is there: no
 * more than needed, since below release 14 each certificate is a command of its own.
 */
#ifndef CW_IMPORT_MERGE_PASTE_H
#define CW_IMPORT_MERGE_PASTE_H

#include "import/imported.h"

/**
 * Finds out which lists of which some entries were pasted are complete enough (every entry that an issuer's
 * name could mean was had), and asks for the rest, box by box.
 */
CW_MUST_USE bool cw_merge_paste_ask(struct cw_imported *imported, struct cw_error *error);

#endif
