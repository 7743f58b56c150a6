/**
 * What the two files of the description share. For describe.c and describe_settings.c only.
 */
#ifndef CW_IMPORT_DESCRIBE_PARTS_H
#define CW_IMPORT_DESCRIBE_PARTS_H

#include "import/describe.h"

struct cw_describe {
	const struct cw_imported *imported;
	struct cw_document *root;
	struct cw_describe_files *files;
};

/** Appends the place of a value: the name of the file and the line; import.json has the whole path. */
void cw_describe_comment(
	const struct cw_describe *describe, size_t source, size_t line, struct cw_buffer *ret);
/** Sets a value with its place as comment; `text` NULL: nothing. */
void cw_describe_value(const struct cw_describe *describe, struct cw_document *map, const char *key,
	const char *text, const struct cw_imported_value *from);
/** What a group is called where there are several of its kind. */
void cw_describe_group_name(const struct cw_imported *imported, size_t group, struct cw_buffer *ret);

/** Settings of a group, up to its nodes. */
/** The cluster's boxes check revocation lists. */
bool cw_describe_checks_crls(const struct cw_imported *imported, size_t group);
void cw_describe_settings(struct cw_describe *describe, size_t group, struct cw_document *map);
/** `zones:`, where the short form will not do. */
void cw_describe_zones(struct cw_describe *describe);

#endif
