/**
 * Distinguished names from text: the way back from cw_name_text.
 */
#ifndef CW_ISSUE_ISSUE_NAME_H
#define CW_ISSUE_ISSUE_NAME_H

#include "base/error.h"

#include <openssl/x509.h>

/**
 * Makes a name from "C=US, O=Acme, CN=e1.acme.test". Attributes are OpenSSL's short or long names or numbers
 * ("1.3.6.1.4.1.6449.1.2.1.5.1=foo"); a comma or a backslash in a value stands behind a backslash. NULL and
 * "" make the empty name. What cannot be read is CW_E_USAGE and names the part. The caller frees the name.
 */
CW_MUST_USE bool cw_issue_name(const char *text, X509_NAME **ret, struct cw_error *error);

#endif
