/**
 * What stands on the screen of an endpoint, or in its log, by what keeps it out: the sentences that people read to a help desk.
 *
 * One table. Words in quotation marks are the vendor's, read in the documents that its rows name; the others say what is seen where no
 * text is known. Judges nothing: the state and its reason are given.
 */
#ifndef CW_ADMIN_PAGE_ENDPOINT_WORDS_H
#define CW_ADMIN_PAGE_ENDPOINT_WORDS_H

#include "base/buffer.h"

/* What is known of one endpoint. All borrowed; "" where it is not known. */
struct cw_endpoint_words_given {
	const char *kind;   /* "jabber", "telepresence", "phone-7800", "phone-8800", "phone-9800", "webex" */
	const char *state;  /* "works", "prompts", "degraded", "dead", "unknown" */
	const char *link;   /* the kind of link that decides: "edge-https", "tunnel", … */
	const char *code;   /* the finding's */
	const char *domain; /* the edge domain */
	const char *server; /* the Expressway-E that it came to */
};

/** Appends what is seen; nothing where the endpoint works or no row fits. */
void cw_endpoint_words(const struct cw_endpoint_words_given *given, struct cw_buffer *ret);

/** The document in which the words of this row were read; NULL behind the last row; "": an inference. */
const char *cw_endpoint_words_source(size_t index);

#endif
