/**
 * What several pages show of a running node: zones, tunnels, the checklist of tunnels, CUCM servers. For src/node/work
 * alone.
 */
#ifndef CW_NODE_WORK_WORK_STATUS_H
#define CW_NODE_WORK_WORK_STATUS_H

#include "node/work/work_call.h"

/** The object that the node tells of itself (node_status.h); false: no memory. */
CW_MUST_USE bool cw_work_status_read(struct cw_work_call *call, json_t **ret);

/** The zones as their page has them. NULL: no memory. */
json_t *cw_work_status_zones(struct cw_work_call *call, const json_t *status);
/** The tunnels, each with the first domain. NULL: no memory. */
json_t *cw_work_status_tunnels(struct cw_work_call *call, const json_t *status);
/** The vendor's checklist, with what is known here of each item. NULL: no memory. */
json_t *cw_work_status_checklist(struct cw_work_call *call, const json_t *status);
/** The CUCM servers of an Expressway-C. NULL: no memory. */
json_t *cw_work_status_servers(struct cw_work_call *call, const json_t *status);
/** The domains. NULL: no memory. */
json_t *cw_work_status_domains(struct cw_work_call *call);
/** How many rows are in that state. */
size_t cw_work_status_count(const json_t *rows, const char *state);

#endif
