/**
 * The faults: each a small change of a plan, in four tables by what they touch.
 *
 * A fault changes the plan before trust lists are filled (`shape`: who has which certificate, from whom, with
 * which names; lists then hold what the changed deployment needs), after it (`lists`), or both.
 */
#ifndef CW_LAB_LAB_FAULTS_H
#define CW_LAB_LAB_FAULTS_H

#include "lab/lab.h"
#include "lab/lab_plan.h"

typedef void (*cw_lab_change)(struct cw_lab_plan *plan);

struct cw_lab_fault_row {
	struct cw_lab_fault fault;
	cw_lab_change shape; /* or NULL */
	cw_lab_change lists; /* or NULL */
};

struct cw_lab_fault_table {
	const struct cw_lab_fault_row *rows;
	size_t count;
};

extern const struct cw_lab_fault_table cw_lab_trust_faults;
extern const struct cw_lab_fault_table cw_lab_leaf_faults;
extern const struct cw_lab_fault_table cw_lab_name_faults;
extern const struct cw_lab_fault_table cw_lab_node_faults;

/** The row that plants this code, or NULL. */
const struct cw_lab_fault_row *cw_lab_fault_row(const char *code);

/** CW_E_USAGE where there is none: names it, what it was probably meant to be, and all there are. Returns
 * false. */
bool cw_lab_fault_unknown(const char *code, struct cw_error *error);

/** The server certificate of the node at `place` of Expressway-C or Expressway-E. */
struct cw_lab_plan_cert *cw_lab_fault_server(struct cw_lab_plan *plan, enum cw_node_kind kind, size_t place);

#endif
