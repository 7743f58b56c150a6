/**
 * The answer of the upload gate for people: every problem with its remedy, the CAs that come first, who must
 * trust what, what was installed and what must be restarted.
 */
#ifndef CW_WORKBENCH_GATE_REPORT_H
#define CW_WORKBENCH_GATE_REPORT_H

#include "report/json.h"
#include "workbench/consequences.h"
#include "workbench/gate.h"
#include "workbench/install.h"

void cw_gate_report_text(
	struct cw_buffer *ret, const struct cw_gate_question *question, const struct cw_gate *gate);
/** NULL: no memory. */
json_t *cw_gate_report_json(const struct cw_gate_question *question, const struct cw_gate *gate);

/** Who would refuse it, and what they must hold before. */
void cw_gate_report_consequences(struct cw_buffer *ret, const struct cw_gate_question *question,
	const struct cw_gate *gate, const struct cw_consequences *consequences, bool installed);

void cw_gate_report_installed(struct cw_buffer *ret, const struct cw_gate_question *question,
	const struct cw_gate *gate, const struct cw_installed *installed);

#endif
