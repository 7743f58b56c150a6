/**
 * Questions to a running node over a Unix socket in its folder that its own user alone can open: one line of JSON, one
 * line of answer. What is not done yet, and what the pages do (work/node_work.h), as somebody who may all of it.
 *
 *     {"try":"/absolute/folder"}   {"problems":[],"change":"trusted-ca: 0 added, 1 removed","ends":[…],"begins":[…]}
 *     {"do":"trust/append","with":{…},"user":"me"}   {"status":200,"answer":{…}}
 */
#ifndef CW_NODE_NODE_CONTROL_H
#define CW_NODE_NODE_CONTROL_H

#include "node/node_core.h"

struct cw_node_control;

CW_MUST_USE bool cw_node_control_open(
	struct cw_node_core *core, struct cw_node_control **ret, struct cw_error *error);
void cw_node_control_close(struct cw_node_control *control);
CW_DEFINE_AUTO(struct cw_node_control *, cw_node_control_close)

/**
 * Asks the node that runs on `folder` what it would do with the files of another folder (node.yaml and what it names).
 * The answer is for json_decref. CW_E_USAGE: no node runs there.
 */
CW_MUST_USE bool cw_node_control_try(
	const char *folder, const char *candidate, json_t **ret, struct cw_error *error);

#endif
