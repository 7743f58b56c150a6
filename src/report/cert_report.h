/**
 * Certificates as they are, nothing judged: for people (who, for whom, until when, for what, signed by whom)
 * and as JSON.
 */
#ifndef CW_REPORT_CERT_REPORT_H
#define CW_REPORT_CERT_REPORT_H

#include "pki/bundle/bundle.h"
#include "report/json.h"

/** Appends everything that the file holds, in its order, each with its place, and what was read over. */
void cw_cert_report_text(struct cw_buffer *ret, const struct cw_bundle *bundle, cw_time at);

/** What was read over in the file, a line each ("note: e1.cer: 12 bytes behind …"). */
void cw_cert_report_notes(struct cw_buffer *ret, const struct cw_bundle *bundle);

/** The same as a JSON object. NULL: no memory. */
json_t *cw_cert_report_json(const struct cw_bundle *bundle);

#endif
