/**
 * The head of one part of a form, for http_multipart.h alone.
 */
#ifndef CW_HTTP_PART_HEAD_H
#define CW_HTTP_PART_HEAD_H

#include "http/http_multipart.h"

/** "multipart/form-data; boundary=…": the boundary, with quotes or without. */
bool cw_http_part_head_boundary(struct cw_http_text content_type, struct cw_http_text *ret);

/** Reads the whole head in `form->head`, its empty line included. */
bool cw_http_part_head_parse(struct cw_http_multipart *form, enum cw_http_reason *ret_reason);

#endif
