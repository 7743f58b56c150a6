/**
 * Certificates as they are, nothing judged: for people (who, for whom, until when, for what, signed by whom)
 * and as JSON.
 */
#ifndef CW_REPORT_CERT_TEXT_H
#define CW_REPORT_CERT_TEXT_H

#include "pki/bundle.h"
#include "report/json_value.h"

/** Appends everything that the file holds, in its order, each with its place. */
void cw_cert_text_bundle(struct cw_buffer *ret, const struct cw_bundle *bundle, cw_time at);

/** The same as a JSON object. NULL: no memory. */
json_t *cw_cert_json_bundle(const struct cw_bundle *bundle);

#endif
