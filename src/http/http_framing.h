/**
 * What the fields of a whole head say together: host, body, connection. Called by http_head.h alone.
 */
#ifndef CW_HTTP_FRAMING_H
#define CW_HTTP_FRAMING_H

#include "http/http_head.h"

/** Fills host, framing, length, keep_alive and expects_continue from the fields. */
bool cw_http_framing_decide(struct cw_http_head *head, enum cw_http_reason *ret_reason);

#endif
