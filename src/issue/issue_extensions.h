/**
 * The extensions that a spec describes, but for the key identifiers: those need the keys.
 */
#ifndef CW_ISSUE_ISSUE_EXTENSIONS_H
#define CW_ISSUE_ISSUE_EXTENSIONS_H

#include "issue/issue.h"

/** Releases the list and what is in it. */
void cw_issue_extensions_free(X509_EXTENSIONS *extensions);
CW_DEFINE_AUTO(X509_EXTENSIONS *, cw_issue_extensions_free)

/**
 * Makes them, in the order in which CAs write them; NULL in `*ret` where the spec has none. Also for requests
 * (a CSR asks for the same extensions). What cannot be read is CW_E_USAGE. The caller frees the list.
 */
CW_MUST_USE bool cw_issue_extensions(
	const struct cw_issue_spec *spec, X509_EXTENSIONS **ret, struct cw_error *error);

#endif
