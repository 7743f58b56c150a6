/**
 * What is special about a CRL, for people: delta and indirect ones, and how far they count.
 */
#ifndef CW_WORKBENCH_CRL_CRL_NOTE_H
#define CW_WORKBENCH_CRL_CRL_NOTE_H

#include "base/buffer.h"
#include "pki/crl.h"

/** RFC 5280 §5.2.4: it lists changes to a base CRL. */
bool cw_crl_note_is_delta(const struct cw_crl *crl);
/** RFC 5280 §5.2.5: it lists certificates of other issuers. */
bool cw_crl_note_is_indirect(const struct cw_crl *crl);

/** Appends a line about a CRL that is one of these; nothing for a plain one. */
void cw_crl_note(struct cw_buffer *ret, const struct cw_crl *crl);

#endif
