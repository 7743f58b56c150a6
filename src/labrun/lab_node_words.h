/**
 * The words of one node's node.yaml, from the deployment that a lab plays: settings of its cluster, what it knows of the
 * others (names, never certificates), its zones.
 *
 * As on the boxes, a certificate that is replaced is shown after a restart (apply: restart). Certificates and keys are no
 * words: lab_node_certs.h.
 */
#ifndef CW_LABRUN_LAB_NODE_WORDS_H
#define CW_LABRUN_LAB_NODE_WORDS_H

#include "model/deployment.h"
#include "node/node_init.h"

/* Where the texts are that a cw_node_init points at; zeros at first. */
struct cw_lab_node_words {
	struct cw_buffer more, node_more, others, before, after, zones;
	struct cw_strings peers;
	char release[CW_RELEASE_TEXT_SIZE];
};

void cw_lab_node_words_finish(struct cw_lab_node_words *words);

/** Fills what `init` has of words; they belong to `words`. CW_E_MEMORY. */
CW_MUST_USE bool cw_lab_node_words_put(const struct cw_deployment *deployment, const struct cw_node *node,
	struct cw_lab_node_words *words, struct cw_node_init *init, struct cw_error *error);

#endif
