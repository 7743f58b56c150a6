/**
 * JSON to a URL that a person gave: a chat's webhook, a ticket system. Sends, and keeps nothing of the answer.
 *
 * http and https alone, the server's certificate judged by the system's own list, no redirect (a POST would arrive as a
 * GET, somewhere else), a bounded time. Such addresses hold a secret as often as not: messages name the host alone.
 */
#ifndef CW_WORKBENCH_POST_H
#define CW_WORKBENCH_POST_H

#include "base/buffer.h"

/* Against a server that takes what it gets and never answers. */
#define CW_POST_SECONDS_MAX 30

/** A URL that cw_post_json would take. CW_E_USAGE says what was wanted. */
CW_MUST_USE bool cw_post_check(const char *url, struct cw_error *error);

/** Sends `json`. CW_E_NETWORK where it did not arrive, or the server did not answer with 2xx. */
CW_MUST_USE bool cw_post_json(const char *url, const struct cw_buffer *json, struct cw_error *error);

#endif
