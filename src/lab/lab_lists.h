/**
 * Trust lists that hold exactly what is needed: a node's own chains and those of everybody it talks to.
 */
#ifndef CW_LAB_LAB_LISTS_H
#define CW_LAB_LAB_LISTS_H

#include "lab/lab_plan.h"

/**
 * Fills every store of a plan whose stores are empty. Peers of a cluster get equal lists. Each entry stands
 * in a list once; an issuer stands before its own issuer.
 */
void cw_lab_lists_fill(struct cw_lab_plan *plan);

#endif
