/**
 * A certificate as CUCM's page "Certificate Details" shows it (the MRA certificates guide): key as hexadecimal DER, extensions
 * with their OIDs, "Usage oids".
 */
#ifndef CW_WORKBENCH_CUCM_TEXT_H
#define CW_WORKBENCH_CUCM_TEXT_H

#include "base/buffer.h"
#include "pki/cert.h"

/** Appends the page's text for the certificate of this file. */
CW_MUST_USE bool cw_cucm_text(
	struct cw_buffer *ret, const struct cw_cert *cert, const char *path, struct cw_error *error);

#endif
