/**
 * The files of a CA folder. For ca.c only.
 */
#ifndef CW_LAB_CA_PARTS_H
#define CW_LAB_CA_PARTS_H

#include "lab/ca.h"

/** Certificate and key of the CA in `folder`; both belong to the caller. */
CW_MUST_USE bool cw_ca_read(
	const char *folder, struct cw_cert **ret_cert, EVP_PKEY **ret_key, struct cw_error *error);

/** Notes a certificate in the CA's index: serial number, last day, subject. */
CW_MUST_USE bool cw_ca_note(const char *folder, const struct cw_cert *cert, struct cw_error *error);

#endif
