/**
 * A folder of single files as a list: which files it has, and in which order the box holds what is in them.
 *
 * The order is in the folder's file `order.txt` (file names, one a line, first to last); without that file it is nobody's but
 * the file names'. Reads no certificates.
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

/** Brings a folder's order.txt up to date, if it has one: names of files that are gone leave it, new ones stand last. */
CW_MUST_USE bool cw_folder_order_update(const char *folder, struct cw_error *error);

#endif
