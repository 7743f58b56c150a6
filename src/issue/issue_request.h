/**
 * Makes certificate requests (CSR, PKCS#10). Reading them is pki/request.h.
 */
#ifndef CW_ISSUE_ISSUE_REQUEST_H
#define CW_ISSUE_ISSUE_REQUEST_H

#include "issue/issue.h"

/**
 * Makes a request from subject, names, key usage and EKU of `spec`, signed with `key` and the spec's digest.
 * Appends DER to `ret`. Fails like cw_issue_der.
 */
CW_MUST_USE bool cw_issue_request(
	const struct cw_issue_spec *spec, EVP_PKEY *key, struct cw_buffer *ret, struct cw_error *error);

#endif
