/**
 * A folder of single files as a list: which files it has, and in which order the box holds what is in them.
 *
 * The order is in the folder's file `order.txt` (file names, one a line, first to last). Without that file it is that of the
 * numbers which the names begin with, where every file that holds certificates has one and no two have the same ("2-a.pem"
 * before "10-b.pem"); else it is nobody's but the file names'. Reads no certificates: which files hold some, the caller says
 * (pki/bundle/bundle_folder.h).
 */
#ifndef CW_BASE_FOLDER_H
#define CW_BASE_FOLDER_H

#include "base/error.h"
#include "base/strings.h"

#include <stddef.h>

#define CW_FOLDER_ORDER "order.txt"
/* Ten thousand names. */
#define CW_FOLDER_ORDER_MAX (1024 * 1024)
/* Against a folder that holds something else altogether. */
#define CW_FOLDER_NAMES_MAX 10000
/* As many as that many names need: longer ones are dates, serial numbers and hashes. */
#define CW_FOLDER_DIGITS_MAX 5

/** The path is that of a folder, or of a link to one. */
bool cw_folder_is(const char *path);

/**
 * The regular files of a folder as "folder/name", hidden ones and order.txt left out: in the order of order.txt, else by
 * name. `*ret_ordered`: the order is that of the box (order.txt says it, or there is one file only).
 */
CW_MUST_USE bool cw_folder_files(
	const char *folder, struct cw_strings *ret, bool *ret_ordered, struct cw_error *error);

/**
 * Sorts `files` (paths whose last part is the name) by the text of an order.txt, called `shown` in errors, and leaves
 * order.txt itself out. Every file must be named once; CW_E_FORMAT says which line or file is at fault.
 */
CW_MUST_USE bool cw_folder_sort(
	const char *text, size_t length, const char *shown, struct cw_strings *files, struct cw_error *error);

/**
 * The number that a file's name begins with: at most CW_FOLDER_DIGITS_MAX decimal digits, followed by a hyphen, an underscore,
 * a space, or a dot that no digit follows (10.1.1.6.pem is an address). False: it begins with none.
 */
bool cw_folder_number(const char *path, unsigned *ret);

/** Some file's name begins with a number. */
bool cw_folder_has_numbers(const struct cw_strings *files);

/**
 * Sorts `files` by their numbers; `certificates[i]`: files->items[i] holds some, and has a say. Where one of these has no
 * number or that of another, the files stay as they are, `*ret_ordered` is false, and `notes` get a sentence that says which.
 */
CW_MUST_USE bool cw_folder_sort_numbers(struct cw_strings *files, const bool *certificates, bool *ret_ordered,
	struct cw_strings *notes, struct cw_error *error);

/**
 * Brings a folder's order.txt up to date after its files were changed: `order` has the names (or paths) of its files in their
 * order, what else is in the folder stands behind them, what is gone leaves it. Without an order.txt nothing is written, but
 * where `numbered` and the numbers do not tell this order: then there is one from now on.
 */
CW_MUST_USE bool cw_folder_order_update(
	const char *folder, const struct cw_strings *order, bool numbered, struct cw_error *error);

#endif
