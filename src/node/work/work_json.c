#include "node/work/work_json.h"

#include "pki/bundle/pem_write.h"
#include "report/report_json.h"
#include "workbench/client_test.h"
#include "workbench/request_text.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/x509.h>
#include <string.h>

static json_t *text_of(const struct cw_buffer *buffer, bool good)
{
	return good && !buffer->failed ? cw_json_text(cw_buffer_string(buffer)) : NULL;
}

static json_t *serial(const struct cw_cert *cert)
{
	const ASN1_INTEGER *number = X509_get0_serialNumber(cw_cert_x509(cert));
	BIGNUM *big = ASN1_INTEGER_to_BN(number, NULL);
	char *hex = big ? BN_bn2hex(big) : NULL;
	json_t *ret = hex ? json_string(hex) : NULL;
	OPENSSL_free(hex);
	BN_free(big);
	return ret;
}

static json_t *names(const struct cw_cert *cert)
{
	const struct cw_sans *sans = cw_cert_sans(cert);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < sans->count; i++)
		cw_json_add(&json, array, cw_json_text(sans->items[i].text));
	return json.failed ? NULL : TAKE(array);
}

/* "serverAuth", "clientAuth", and by numbers what has no name here. */
static json_t *purposes(const struct cw_cert *cert)
{
	const struct cw_eku *eku = cw_cert_eku(cert);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < eku->oids.count; i++) {
		const char *oid = eku->oids.items[i], *name = oid;
		if (strcmp(oid, "1.3.6.1.5.5.7.3.1") == 0)
			name = "serverAuth";
		if (strcmp(oid, "1.3.6.1.5.5.7.3.2") == 0)
			name = "clientAuth";
		if (strcmp(oid, "2.5.29.37.0") == 0)
			name = "anyExtendedKeyUsage";
		cw_json_add(&json, array, cw_json_text(name));
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *days_left(const struct cw_cert *cert, cw_time at)
{
	cw_time left = cw_cert_not_after(cert) - at;
	return json_integer(left < 0 ? -((-left + CW_DAY - 1) / CW_DAY) : left / CW_DAY);
}

static void put_texts(struct cw_json *json, json_t *object, const struct cw_cert *cert, bool full)
{
	AUTO_BUFFER pem = {0}, decoded = {0};
	struct cw_error ignored;
	cw_json_put(json, object, "pem",
		full ? text_of(&pem, cw_pem_write_cert(&pem, cert, &ignored)) : json_null());
	cw_json_put(json, object, "decoded",
		full ? text_of(&decoded, cw_client_test_decode(cert, &decoded, &ignored)) : json_null());
}

json_t *cw_work_json_cert(const struct cw_cert *cert, cw_time at, bool full)
{
	char key[CW_KEY_TEXT_SIZE];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(cert)));
	cw_json_put(&json, object, "common_name", cw_json_text(cw_cert_common_name(cert)));
	cw_json_put(&json, object, "issuer", cw_json_text(cw_cert_issuer_text(cert)));
	cw_json_put(&json, object, "serial", serial(cert));
	cw_json_put(&json, object, "not_before", cw_json_time(cw_cert_not_before(cert)));
	cw_json_put(&json, object, "not_after", cw_json_time(cw_cert_not_after(cert)));
	cw_json_put(&json, object, "days_left", days_left(cert, at));
	cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(cert)));
	cw_json_put(&json, object, "key", cw_json_text(cw_cert_key_text(cw_cert_key(cert), key)));
	cw_json_put(&json, object, "digest", cw_json_text(cw_cert_digest(cert)));
	cw_json_put(&json, object, "sans", names(cert));
	cw_json_put(&json, object, "eku", purposes(cert));
	cw_json_put(&json, object, "ca", json_boolean(cw_cert_is_ca(cert)));
	cw_json_put(&json, object, "self_signed", json_boolean(cw_cert_self_signed(cert)));
	cw_json_put(&json, object, "temporary", json_boolean(cw_cert_is_temporary(cert)));
	put_texts(&json, object, cert, full);
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_work_json_cert_or_null(const struct cw_cert *cert, cw_time at)
{
	return cert ? cw_work_json_cert(cert, at, true) : json_null();
}

json_t *cw_work_json_certs(struct cw_cert *const *certs, size_t count, cw_time at)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		cw_json_add(&json, array, cw_work_json_cert(certs[i], at, true));
	return json.failed ? NULL : TAKE(array);
}

json_t *cw_work_json_finding(const struct cw_finding *finding, const struct cw_complaint *complaint)
{
	const struct cw_finding_row *row = cw_finding_row(finding->code);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = cw_report_json_finding(finding, complaint);
	if (!object)
		return NULL;
	cw_json_put(&json, object, "sentence", cw_json_text(cw_finding_sentence(finding)));
	cw_json_put(&json, object, "advice", cw_json_text(row->advice));
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_work_json_findings(const struct cw_findings *findings)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (int severity = CW_SEVERITY_REFUSED; severity >= 0; severity--)
		for (size_t i = 0; i < findings->count; i++)
			if ((int)findings->items[i].severity == severity)
				cw_json_add(&json, array, cw_work_json_finding(&findings->items[i], NULL));
	return json.failed ? NULL : TAKE(array);
}

static json_t *request_pem(const struct cw_request *request)
{
	AUTO_BUFFER pem = {0};
	struct cw_error ignored;
	unsigned char *der = NULL;
	int length = i2d_X509_REQ(cw_request_x509(request), &der);
	bool good =
		length > 0 && cw_pem_write_block(&pem, "CERTIFICATE REQUEST", der, (size_t)length, &ignored);
	OPENSSL_free(der);
	return text_of(&pem, good);
}

json_t *cw_work_json_request(const struct cw_request *request, const char *name)
{
	const struct cw_cert *shape = cw_request_shape(request);
	char key[CW_KEY_TEXT_SIZE], key_id[CW_SHA256_TEXT_SIZE];
	struct cw_json json = {0};
	struct cw_error ignored;
	AUTO_BUFFER decoded = {0};
	AUTO(json_decref) json_t *object = json_object();
	if (!cw_key_id_of_cert(shape, key_id, &ignored))
		return NULL;
	bool good = cw_request_text_openssl(&decoded, request, &ignored);
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(shape)));
	cw_json_put(&json, object, "sans", names(shape));
	cw_json_put(&json, object, "key", cw_json_text(cw_cert_key_text(cw_cert_key(shape), key)));
	cw_json_put(&json, object, "digest", cw_json_text(cw_request_digest(request)));
	cw_json_put(&json, object, "sha256", cw_json_text(key_id));
	cw_json_put(&json, object, "pem", request_pem(request));
	cw_json_put(&json, object, "decoded", text_of(&decoded, good));
	cw_json_put(&json, object, "file_name", cw_json_text(name));
	return json.failed ? NULL : TAKE(object);
}

void cw_work_json_page_text(const struct cw_findings *findings, struct cw_buffer *ret)
{
	const struct cw_finding *first = NULL;
	for (size_t i = 0; i < findings->count; i++) {
		const struct cw_finding *finding = &findings->items[i];
		if (finding->severity != CW_SEVERITY_REFUSED)
			continue;
		if (!first)
			first = finding;
		if (finding->code == CW_NOT_PEM || finding->code == CW_REQUEST_NAMES_DIFFER) {
			cw_buffer_text(ret, cw_finding_row(finding->code)->vendor_text);
			return;
		}
	}
	if (first)
		cw_buffer_printf(ret, "Refused: %s", cw_finding_sentence(first));
}

void cw_work_json_effect(struct cw_json *json, json_t *ret, const json_t *effect)
{
	static const char *const keys[] = {"change", "ends", "begins", "problems"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		cw_json_put(json, ret, keys[i], json_incref(json_object_get(effect, keys[i])));
}
