/** What the files of the updates share. */
#ifndef CW_NODE_NODE_CRL_PARTS_H
#define CW_NODE_NODE_CRL_PARTS_H

#include "base/child.h"
#include "node/crl/node_crl.h"

/* Before each answer: 'y' or 'n', and its length. */
#define CW_NODE_CRL_HEAD ((size_t)5)

struct cw_node_crl_trouble {
	char url[300], text[300];
};

struct cw_node_crl {
	struct cw_node_core *core;
	struct event *look, *reads, *late;
	struct cw_child child;
	struct cw_strings urls; /* those that were asked last, or are being asked */
	struct cw_buffer in;	/* what the process said */
	size_t at;		/* as far as that was taken */
	cw_time last;		/* when it was begun last; 0: never */
	struct cw_node_crl_trouble troubles[CW_NODE_CRL_URLS_MAX];
	size_t trouble_count;
};

/** An address, or what else gives nothing, and why: an alarm until the next time. */
void cw_node_crl_note(struct cw_node_crl *crl, const char *url, const char *text);

/* --- node_crl_take.c --- */

/** What came goes through the gate and over the node's file; each address has a row in the history. */
void cw_node_crl_take(struct cw_node_crl *crl);

#endif
