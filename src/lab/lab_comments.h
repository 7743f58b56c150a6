/**
 * The deployment file of a lab, with a comment behind each key where it first stands: where its value is found on
 * the box.
 *
 * No line is added, so that line numbers are those of the file without comments.
 */
#ifndef CW_LAB_LAB_COMMENTS_H
#define CW_LAB_LAB_COMMENTS_H

#include "base/buffer.h"

/** Appends `yaml` with comments to `ret`. */
void cw_lab_comments(const struct cw_buffer *yaml, struct cw_buffer *ret);

#endif
