/**
 * Automatic CRL updates: what `crl-updates:` of node.yaml names is downloaded when a node begins, when the setting is
 * another one, daily at its time, and an hour after a download that failed.
 *
 * The network is a matter of a process of its own, with no file of the node and no key (node_crl_process); what came is
 * judged by the gate of `crl fetch` (workbench/crl/crl_fetch.h): signed by a CA that this node has, in date, newer than
 * what is there. What passes is laid over the node's CRL file by the operation of the upload page, so that it is locked,
 * kept, read anew and told like one; a list that was uploaded and is not among the downloads stays. Each address has a row
 * in the history and, where it gave nothing, an alarm. Files as large as the page takes; http alone (a CRL is signed).
 */
#ifndef CW_NODE_NODE_CRL_H
#define CW_NODE_NODE_CRL_H

#include "node/node_core.h"

/* The word by which the program becomes the process that downloads: its only argument. */
#define CW_NODE_CRL_WORD "crl-process"
/* Of one list; what all of them come to is bounded by the upload's own bound. */
#define CW_NODE_CRL_BYTES_MAX ((size_t)1024 * 1024)
/* For one address; for all of them, after which the process is ended. */
#define CW_NODE_CRL_SECONDS 30
#define CW_NODE_CRL_SECONDS_ALL 300
#define CW_NODE_CRL_URLS_MAX 32
#define CW_NODE_CRL_AGAIN 3600

CW_MUST_USE bool cw_node_crl_begin(struct cw_node_core *core, struct cw_error *error);
void cw_node_crl_end(struct cw_node_core *core);
/** Another snapshot: addresses that were not asked yet are asked soon. */
void cw_node_crl_reload(struct cw_node_core *core);
/** Tells what is wrong as alarms. */
void cw_node_crl_look(struct cw_node_core *core);

/** The process: addresses from standard input, a line each; for each of them 'y' or 'n', four bytes of length, and what
 * came, or why nothing did. Returns its exit status. */
int cw_node_crl_process(void);

/** Whether it is time: `last` is when it was done last (0: never), `daily` "03:00" in UTC. */
bool cw_node_crl_is_due(cw_time now, cw_time last, const char *daily);

#endif
