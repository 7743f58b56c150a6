/**
 * What a running node tells of itself: one JSON object, to whoever connects to run/status.sock of its folder.
 *
 *     {"causeway":1,"node":"c1.acme.test","role":"expressway-c","pid":4711,"started":"…","snapshot":2,
 *      "zones":[{"peer":"e1.acme.test","state":"Active","code":null,"reason":"","since":"…"}],
 *      "tunnels":[{"peer":"e1.acme.test","state":"Off","code":"root-missing","refused_by":"c1.acme.test","reason":"…"}],
 *      "alarms":[{"number":null,"severity":"Alert","text":"…","raised":"…"}],"changed":"…","change":"…"}
 *
 * The socket is the folder's owner's alone (0600). The node writes and closes; it reads nothing.
 */
#ifndef CW_NODE_NODE_STATUS_H
#define CW_NODE_NODE_STATUS_H

#include "base/buffer.h"

#include <jansson.h>
#include <stdbool.h>

struct cw_node_core;
struct cw_node_status;

/** The object that it tells, for json_decref. NULL: no memory. */
json_t *cw_node_status_json(const struct cw_node_core *core);

/** Listens. */
CW_MUST_USE bool cw_node_status_open(
	struct cw_node_core *core, struct cw_node_status **ret, struct cw_error *error);
void cw_node_status_close(struct cw_node_status *status);

/** Asks the node that runs on FOLDER, within a second or two. CW_E_USAGE where none runs. The caller frees it. */
CW_MUST_USE bool cw_node_status_ask(const char *folder, json_t **ret, struct cw_error *error);

/** Appends it as text for people, marked (report/text/layout.h). */
void cw_node_status_text(const json_t *status, struct cw_buffer *ret);

#endif
