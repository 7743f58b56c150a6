/**
 * An XML answer of a sign-in as a flat list: each element's text by its path, in the order of the document.
 *
 *     <a><b x="1">t</b></a>      a/b@x "1", a/b "t"
 *
 * For documents of an edge or of Unified CM, which are small and shallow. Entities and document types are refused.
 * Private to signin.
 */
#ifndef CW_SIGNIN_SIGNIN_XML_H
#define CW_SIGNIN_SIGNIN_XML_H

#include "base/buffer.h"
#include "base/strings.h"

/* Against documents that are made to cost: a configuration has 30 elements, a device file 300. */
#define CW_SIGNIN_XML_ITEMS_MAX 4000
#define CW_SIGNIN_XML_DEPTH_MAX 24
#define CW_SIGNIN_XML_TEXT_MAX 4096

struct cw_signin_xml {
	struct cw_strings paths, texts; /* of one length */
};

void cw_signin_xml_finish(struct cw_signin_xml *xml);
#define AUTO_SIGNIN_XML __attribute__((cleanup(cw_signin_xml_finish))) struct cw_signin_xml

/** False: CW_E_FORMAT says what is wrong with the document, CW_E_LIMIT, CW_E_MEMORY. */
CW_MUST_USE bool cw_signin_xml_read(
	const char *data, size_t length, struct cw_signin_xml *ret, struct cw_error *error);

/** The `nth` text (from 0) of an element or attribute whose path ends in `path`; NULL: there is none. */
const char *cw_signin_xml_find(const struct cw_signin_xml *xml, const char *path, size_t nth);

#endif
