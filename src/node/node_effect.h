/**
 * What a change would do to the links that are up now, before it is done: every live link is judged by the new snapshot,
 * with the certificates that its other end showed, by the very questions that are asked after the change.
 */
#ifndef CW_NODE_NODE_EFFECT_H
#define CW_NODE_NODE_EFFECT_H

#include "node/node_core.h"

/* A link that is up, or was refused by this node when it was tried last. Borrowed. */
struct cw_node_live {
	enum cw_link_kind kind;
	bool by_server;	  /* this node is its server: the client showed the chain */
	const char *zone; /* name of its zone, or NULL */
	const char *peer; /* as it is told of: the address that was typed, or came from */
	struct cw_cert *const *chain;
	size_t count;
	bool refused; /* by this node, now */
};

/* Called for each of them. */
struct cw_node_live_owner {
	void (*each)(void *context, const struct cw_node_live *live);
	void *context;
};

/**
 * {"ends":[{"link","peer","code","detail"}],"begins":[{"link","peer"}]} for json_decref: what `after` would refuse and is
 * up, and what it would pass and is refused. What the other end will say to another certificate or password is not this
 * node's to know. NULL: no memory.
 */
json_t *cw_node_effect(const struct cw_node_core *core, const struct cw_snapshot *after);

/** Appends "; ends: zone to e1.acme.test (issuer-missing)", and what begins. */
void cw_node_effect_text(const json_t *effect, struct cw_buffer *ret);

#endif
