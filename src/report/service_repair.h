/**
 * What it takes to bring a service back: which causes it owes its state to, and how much work they are.
 */
#ifndef CW_REPORT_SERVICE_REPAIR_H
#define CW_REPORT_SERVICE_REPAIR_H

#include "base/buffer.h"
#include "report/causes.h"

/** Marks in `ret` (one for each cause) those that give the service's links their verdicts. */
void cw_service_repair_causes(const struct cw_service *service, const struct cw_causes *causes, bool *ret);

/**
 * Appends ": 1 upload on 2 nodes repairs it" for services that share their causes: what the check's plan costs,
 * where it brings them all back; a check without a plan counts remedies. Where something is wrong
 * that no administrator of these boxes can put right, says that instead; nothing where nothing is known.
 */
CW_MUST_USE bool cw_service_repair(struct cw_buffer *ret, const struct cw_check *check,
	const struct cw_service *const *services, size_t count, struct cw_error *error);

#endif
