/**
 * Where a peer is: hosts: of node.yaml first, then DNS; asked anew at every try, and of several addresses another one
 * each time.
 */
#ifndef CW_NODE_NODE_FIND_H
#define CW_NODE_NODE_FIND_H

#include "node/node_core.h"

/* Of one peer; zeros are a new one. */
struct cw_node_find {
	struct cw_resolve_query *query; /* NULL: nothing is out */
	unsigned turn;			/* which of its addresses is next */
	/* `why`, where there is no address: a sentence */
	void (*found)(void *context, const struct in_addr *address, const char *why);
	void *context;
	char name[256];
};

/** `found` is called once: now where hosts: knows the name, else from the loop. One at a time. */
void cw_node_find(struct cw_node_core *core, struct cw_node_find *find, const char *name);
/** `found` is not called any more. */
void cw_node_find_cancel(struct cw_node_find *find);

/** The snapshot has other DNS servers: what is out is cancelled and told to be lost. */
void cw_node_find_reload(struct cw_node_core *core, const struct cw_snapshot *before);
void cw_node_find_end(struct cw_node_core *core);

#endif
