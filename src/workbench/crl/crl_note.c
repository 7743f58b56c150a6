#include "workbench/crl/crl_note.h"

#include "pki/error_mark.h"
#include "report/text/layout.h"

#include <openssl/x509v3.h>

CW_DEFINE_AUTO(ISSUING_DIST_POINT *, ISSUING_DIST_POINT_free)

bool cw_crl_note_is_delta(const struct cw_crl *crl)
{
	return X509_CRL_get_ext_by_NID(cw_crl_x509(crl), NID_delta_crl, -1) >= 0;
}

bool cw_crl_note_is_indirect(const struct cw_crl *crl)
{
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	AUTO(ISSUING_DIST_POINT_free)
	ISSUING_DIST_POINT *point =
		X509_CRL_get_ext_d2i(cw_crl_x509(crl), NID_issuing_distribution_point, NULL, NULL);
	return point && point->indirectCRL > 0;
}

void cw_crl_note(struct cw_buffer *ret, const struct cw_crl *crl)
{
	AUTO_BUFFER line = {0};
	if (cw_crl_note_is_delta(crl))
		cw_buffer_printf(&line,
			"The CRL of %s is a delta: it counts together with its base only, and where "
			"certificate or base names a freshest CRL.",
			cw_crl_issuer_text(crl));
	else if (cw_crl_note_is_indirect(crl))
		cw_buffer_printf(&line,
			"The CRL of %s is indirect: it counts for the certificates of that CA, and for "
			"those of others that name it in their distribution point (cRLIssuer), where its "
			"issuer's certificate is in the list.",
			cw_crl_issuer_text(crl));
	if (line.length)
		cw_layout_wrap(ret, "  ", 2, cw_buffer_string(&line));
	ret->failed |= line.failed;
}
