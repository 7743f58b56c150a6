/**
 * The readers: one for each kind of source, bytes in, evidence out (evidence.h).
 *
 * A reader takes what it knows and passes over the rest; a secret it drops and says so. False: this source
 * cannot be read (what is wrong with it, without its name), or there is no memory (CW_E_MEMORY); what was
 * read before stays. Every reader is safe on any bytes; `data` is followed by a NUL that does not count.
 */
#ifndef CW_IMPORT_SOURCE_READING_H
#define CW_IMPORT_SOURCE_READING_H

#include "import/evidence.h"

struct cw_reading {
	struct cw_evidence *evidence;
	size_t source;
	const char *data;
	size_t length;
};

/**
 * An xConfiguration or xStatus dump as text: "*c xConfiguration WORDS: value". Copies that join lines by
 * blanks are split at "*c xConfiguration".
 */
CW_MUST_USE bool cw_reading_settings(const struct cw_reading *read, struct cw_error *error);

/** XML: xConfiguration and xStatus dumps, status.xml, answers of AXL. A document type is refused (entities).
 */
CW_MUST_USE bool cw_reading_xml(const struct cw_reading *read, struct cw_error *error);

/** JSON: answers of an Expressway's REST, of a CUCM's certificate management, of `causeway probe`. */
CW_MUST_USE bool cw_reading_json(const struct cw_reading *read, struct cw_error *error);

/** A session with the command line of a CUCM, IM and Presence or Unity Connection node. */
CW_MUST_USE bool cw_reading_session(const struct cw_reading *read, struct cw_error *error);

/** The text of `openssl s_client -showcerts`. */
CW_MUST_USE bool cw_reading_showcerts(const struct cw_reading *read, struct cw_error *error);

/** A trust list of phones, ITL or CTL: the certificates in it. */
CW_MUST_USE bool cw_reading_signed_list(const struct cw_reading *read, struct cw_error *error);

/** PEM, DER, PKCS#7, PKCS#12: certificates and CRLs. Private keys are dropped. */
CW_MUST_USE bool cw_reading_certificates(const struct cw_reading *read, struct cw_error *error);

/** A packet capture: the certificates that were sent in its handshakes. */
CW_MUST_USE bool cw_reading_capture(const struct cw_reading *read, struct cw_error *error);

/**
 * Certificates in `text` (PEM blocks, nothing else is looked at), each with the words of `as` and numbers
 * from `as->number` + 1 on, which is counted up. `line` is that of the text's first line, 0 where it
 * has no lines of its own.
 */
CW_MUST_USE bool cw_reading_pem(const struct cw_reading *read, const char *text, size_t length, size_t line,
	struct cw_evidence_cert *as, struct cw_error *error);

#endif
