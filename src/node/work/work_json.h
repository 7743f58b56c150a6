/**
 * Certificates, findings and requests as JSON, the same in every answer (node_work.h has the shapes). For src/node/work,
 * and for the CA of a running lab, whose page shows certificates alike.
 */
#ifndef CW_NODE_WORK_WORK_JSON_H
#define CW_NODE_WORK_WORK_JSON_H

#include "check/check.h"
#include "pki/request.h"
#include "report/json.h"

/** CERTIFICATE. `full`: with PEM and decoded text. NULL: no memory. */
json_t *cw_work_json_cert(const struct cw_cert *cert, cw_time at, bool full);
/** The same, or null for none. */
json_t *cw_work_json_cert_or_null(const struct cw_cert *cert, cw_time at);
/** A list of them. */
json_t *cw_work_json_certs(struct cw_cert *const *certs, size_t count, cw_time at);

/** FINDING. `complaint` may be NULL. NULL: no memory. */
json_t *cw_work_json_finding(const struct cw_finding *finding, const struct cw_complaint *complaint);
/** A list of them: what is refused first, what only informs last. */
json_t *cw_work_json_findings(const struct cw_findings *findings);

/** REQUEST. `name` is that of its file. NULL: no memory. */
json_t *cw_work_json_request(const struct cw_request *request, const char *name);

/** What the page says to these findings: the vendor's words where they are known, else those of the first refusal; NULL
 * in front of no refusal. Into `ret`. */
void cw_work_json_page_text(const struct cw_findings *findings, struct cw_buffer *ret);

/** "good" where no links end: the EFFECT's keys, copied into `ret`. */
void cw_work_json_effect(struct cw_json *json, json_t *ret, const json_t *effect);

#endif
