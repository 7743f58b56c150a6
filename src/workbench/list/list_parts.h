/**
 * Reading the files of a trust list into entries with their text. Private to list_*.c.
 */
#ifndef CW_WORKBENCH_LIST_LIST_PARTS_H
#define CW_WORKBENCH_LIST_LIST_PARTS_H

#include "workbench/list/list.h"

/** Reads one file behind those that the list has. `create`: it need not be there. */
CW_MUST_USE bool cw_list_read(struct cw_list *list, const char *path, const char *shown, bool create,
	struct cw_pool *pool, struct cw_error *error);

/** A new, empty file in the list's folder, named after the certificate. */
CW_MUST_USE bool cw_list_new_file(
	struct cw_list *list, const struct cw_cert *cert, size_t *ret, struct cw_error *error);

#endif
