/**
 * What to do about a file or folder that could not be opened: the end of a sentence for people.
 *
 * Looks into the folder that it should be in, and names nothing but a file of that folder. Opens no file, and says
 * nothing where it knows nothing.
 */
#ifndef CW_BASE_UNOPENED_H
#define CW_BASE_UNOPENED_H

#include "base/error.h"

/* Against a folder of a million files: a name that is meant stands among the first, or is not told. */
#define CW_UNOPENED_NAMES_MAX 10000

/**
 * CW_E_IO: "PATH: cannot open: No such file or directory; did you mean "server.pem"?", for the reason in errno.
 * Always false, so that it can be returned.
 */
bool cw_unopened_error(struct cw_error *error, const char *path);

#endif
