#include "pki/crl.h"

#include "pki/asn1_time.h"
#include "pki/bundle/der.h"
#include "pki/error_mark.h"

struct cw_crl {
	unsigned references;
	X509_CRL *x509;
	struct cw_name issuer;
	char *issuer_text;
	cw_time this_update, next_update;
	bool has_next_update;
	struct cw_cert *promised_by; /* or NULL */
};

static bool read_fields(struct cw_crl *crl, struct cw_error *error)
{
	const X509_NAME *issuer = X509_CRL_get_issuer(crl->x509);
	crl->issuer_text = cw_name_text(issuer);
	if (!crl->issuer_text || !cw_name_init(&crl->issuer, issuer))
		return cw_error_memory(error);
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl->x509);
	crl->has_next_update = next != NULL;
	return cw_asn1_time(X509_CRL_get0_lastUpdate(crl->x509), "thisUpdate", &crl->this_update, error) &&
		(!next || cw_asn1_time(next, "nextUpdate", &crl->next_update, error));
}

bool cw_crl_parse(const uint8_t *der, size_t length, struct cw_crl **ret, struct cw_error *error)
{
	if (length > CW_CRL_DER_MAX)
		return cw_error_set(
			error, CW_E_LIMIT, "CRL of %zu bytes; wanted at most %d", length, CW_CRL_DER_MAX);
	if (!cw_der_check_alone(der, length, "CRL", error))
		return false;
	AUTO(cw_crl_free) struct cw_crl *crl = calloc(1, sizeof *crl);
	if (!crl)
		return cw_error_memory(error);
	crl->references = 1;
	AUTO_ERROR_MARK mark = cw_error_mark_open();
	const unsigned char *at = der;
	crl->x509 = d2i_X509_CRL(NULL, &at, (long)length);
	if (!crl->x509)
		return cw_error_mark_report(&mark, error, CW_E_DER, "broken CRL");
	if (!read_fields(crl, error))
		return false;
	*ret = TAKE(crl);
	return true;
}

struct cw_crl *cw_crl_ref(struct cw_crl *crl)
{
	crl->references++;
	return crl;
}

void cw_crl_free(struct cw_crl *crl)
{
	if (!crl || --crl->references)
		return;
	X509_CRL_free(crl->x509);
	cw_cert_free(crl->promised_by);
	free(crl->issuer_text);
	free(crl);
}

X509_CRL *cw_crl_x509(const struct cw_crl *crl)
{
	return crl->x509;
}

const struct cw_name *cw_crl_issuer(const struct cw_crl *crl)
{
	return &crl->issuer;
}

const char *cw_crl_issuer_text(const struct cw_crl *crl)
{
	return crl->issuer_text;
}

cw_time cw_crl_this_update(const struct cw_crl *crl)
{
	return crl->this_update;
}

bool cw_crl_next_update(const struct cw_crl *crl, cw_time *ret)
{
	if (crl->has_next_update)
		*ret = crl->next_update;
	return crl->has_next_update;
}

void cw_crl_promise(struct cw_crl *crl, struct cw_cert *issuer)
{
	cw_cert_free(crl->promised_by);
	crl->promised_by = cw_cert_ref(issuer);
}

bool cw_crl_is_promised_by(const struct cw_crl *crl, X509 *issuer)
{
	EVP_PKEY *key = X509_get0_pubkey(issuer);
	return crl->promised_by && key &&
		EVP_PKEY_eq(key, X509_get0_pubkey(cw_cert_x509(crl->promised_by))) == 1;
}
