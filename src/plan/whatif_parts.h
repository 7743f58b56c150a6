/**
 * The inside of a what-if, for whatif*.c only: a copy of every struct of the deployment, and what is owned.
 */
#ifndef CW_PLAN_WHATIF_PARTS_H
#define CW_PLAN_WHATIF_PARTS_H

#include "check/again.h"
#include "plan/whatif.h"

/* A node of the changed deployment. Lists and CRL sets are shared until they change. */
struct whatif_node {
	struct cw_node node;
	const struct cw_node *original;
	bool owns_list[CW_STORE_KIND_COUNT];
	bool owns_crls;
};

struct whatif_endpoint {
	bool owns_list;
};

struct cw_whatif {
	const struct cw_deployment *original;
	struct cw_deployment changed;
	struct whatif_node *nodes;	      /* in the order of the groups; the front last */
	struct cw_again_node *changed_nodes;  /* beside `nodes` */
	bool *changed_endpoints;	      /* beside changed.endpoints */
	bool *changed_groups, *changed_zones; /* their settings */
	size_t node_count;
	struct cw_group *groups;
	struct whatif_endpoint *endpoints; /* beside changed.endpoints */
	struct cw_strings texts;	   /* what the copies point at besides the original */
	void **blocks;
	size_t block_count, block_capacity;
	struct cw_cert **certs; /* referenced */
	size_t cert_count, cert_capacity;
	struct cw_crl **crls; /* referenced */
	size_t crl_count, crl_capacity;
	const struct cw_cert **taken_out; /* borrowed from the original: may be known no more */
	size_t taken_count, taken_capacity;
	const struct cw_cert **touched; /* moved, added or taken out; borrowed from what is changed or kept */
	size_t touched_count, touched_capacity;
	struct cw_pool *pool; /* NULL: as the original's, or to be made again */
	bool pool_changed;
	bool settings_changed; /* of nodes, groups or zones */
	bool others_changed;   /* of endpoints, or a node is out: everything is asked again */
};

/** The node of this name in the changed deployment, or NULL. */
struct whatif_node *whatif_node_named(struct cw_whatif *whatif, const char *name);

/** What changed of it is noted here. */
struct cw_again_node *whatif_changed_of(struct cw_whatif *whatif, const struct whatif_node *node);

/** Keeps a copy of the text for as long as the what-if lives. NULL: no memory. */
char *whatif_keep_text(struct cw_whatif *whatif, const char *text);
/** Zeroed memory that lives as long as the what-if. NULL: no memory. */
void *whatif_keep_block(struct cw_whatif *whatif, size_t count, size_t size);
CW_MUST_USE bool whatif_keep_cert(struct cw_whatif *whatif, struct cw_cert *cert);

/** Settings and releases. */
CW_MUST_USE bool whatif_set(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error);

/** Its place in a list changed, or it is in one that it was not in. False: no memory. */
CW_MUST_USE bool whatif_note_touched(struct cw_whatif *whatif, const struct cw_cert *cert);
/** It may be known no more. False: no memory. */
CW_MUST_USE bool whatif_note_taken_out(struct cw_whatif *whatif, const struct cw_cert *cert);
/** Says that there is no node or endpoint of this name; always false. */
bool whatif_no_such_node(
	const struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error);
/** A change of a list (whatif_lists.c). */
CW_MUST_USE bool whatif_apply_list(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error);

#endif
