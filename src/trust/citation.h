/**
 * The documents that rules come from, by the names under which reports cite them: one table, from which "causeway
 * explain", docs/findings.md and the list in docs/sources.md are made.
 *
 * RFCs and OpenSSL's functions are cited by number and name, and are not in it.
 */
#ifndef CW_TRUST_CITATION_H
#define CW_TRUST_CITATION_H

#include "base/buffer.h"

#define CW_CITATION_MRA_GUIDE "\"Configure and Troubleshoot Collaboration Edge (MRA) Certificates\""
#define CW_CITATION_EXPRESSWAY_GUIDE "\"Troubleshoot Expressway Certificates\""
#define CW_CITATION_CERT_GUIDE "Expressway Certificate guide"
#define CW_CITATION_ADMIN_GUIDE "Expressway administrator guide"
#define CW_CITATION_DEPLOYMENT_GUIDE "the MRA deployment guide"
#define CW_CITATION_EKU_SUNSET "\"Prepare Expressway for Client Auth EKU Sunset\" (TAC 225482)"
#define CW_CITATION_EKU_X15_5 "\"Navigate Client EKU Sunset with Expressway x15.5\" (TAC 225693)"
#define CW_CITATION_FIELD_NOTICE "FN74362"
#define CW_CITATION_TRAFFIC_SERVER \
	"\"MRA Certificate Requirements and Apache Traffic Server History\" (TAC 225476)"
#define CW_CITATION_RENEW "\"Renew Expressway Certificate\" (TAC 218034)"
#define CW_CITATION_CUCM_SANS "cisco.com 200641 \"SANs issue with a Third Party Signed Certificate\""
#define CW_CITATION_RULES "docs/rules.md"

struct cw_citation_document {
	const char *key;   /* "D1", "S10": how the facts in docs/sources.md name it */
	const char *cited; /* what people are shown */
	const char *title; /* the document: whose, which edition, which part */
};

/** All of them, in the order of docs/sources.md. */
const struct cw_citation_document *cw_citation_documents(size_t *count);

/** Each part of a citation, between semicolons, names a document of the table, an RFC, OpenSSL, or what was measured. */
bool cw_citation_is_known(const char *text);

/** Appends the table of docs/sources.md, in Markdown. */
void cw_citation_markdown(struct cw_buffer *ret);

#endif
