/**
 * Dates of certificates and CRLs as points in time.
 */
#ifndef CW_PKI_ASN1_TIME_H
#define CW_PKI_ASN1_TIME_H

#include "base/time.h"

#include <openssl/asn1.h>

/** CW_E_DER names the field (`name`, "notAfter") and what it holds where that is no date. */
CW_MUST_USE bool cw_asn1_time(const ASN1_TIME *time, const char *name, cw_time *ret, struct cw_error *error);

/** YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ, as RFC 5280 §4.1.2.5 wants it: seconds, UTC, no fraction. */
bool cw_asn1_time_is_plain(const ASN1_TIME *time);

#endif
