/** Any bytes as one CRL in DER. */
#include "pki/crl.h"

#include <openssl/err.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(cw_crl_free) struct cw_crl *crl = NULL;
	struct cw_error error;
	cw_time next;
	if (cw_crl_parse(data, size, &crl, &error)) {
		if (!cw_crl_issuer_text(crl) || !cw_crl_x509(crl))
			abort();
		(void)cw_crl_this_update(crl);
		(void)cw_crl_next_update(crl, &next);
	} else if (!*error.message) {
		abort();
	}
	if (ERR_peek_error())
		abort();
	return 0;
}
