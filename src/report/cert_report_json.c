#include "report/cert_report.h"

#include "pki/cert_details.h"

static json_t *names(const struct cw_cert *cert)
{
	static const char *const kinds[] = {[CW_SAN_DNS] = "dns",
		[CW_SAN_IP] = "ip",
		[CW_SAN_URI] = "uri",
		[CW_SAN_EMAIL] = "email",
		[CW_SAN_SRV] = "srv",
		[CW_SAN_OTHER] = "other"};
	const struct cw_sans *sans = cw_cert_sans(cert);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < sans->count; i++) {
		json_t *object = json_object();
		cw_json_put(&json, object, "kind", cw_json_text(kinds[sans->items[i].kind]));
		cw_json_put(&json, object, "name", cw_json_text(sans->items[i].text));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *key_usage(const struct cw_cert *cert)
{
	if (!cw_cert_has_key_usage(cert))
		return json_null();
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	uint32_t mask;
	const char *name;
	for (size_t bit = 0; (name = cw_cert_key_usage_name(bit, &mask)); bit++)
		if (cw_cert_key_usage(cert) & mask)
			cw_json_add(&json, array, cw_json_text(name));
	return json.failed ? NULL : TAKE(array);
}

static json_t *extended_key_usage(const struct cw_cert *cert)
{
	const struct cw_eku *eku = cw_cert_eku(cert);
	return eku->present ? cw_json_texts(&eku->oids) : json_null();
}

static json_t *hex(const uint8_t *data, size_t length)
{
	if (!data)
		return json_null();
	AUTO_BUFFER text = {0};
	cw_buffer_hex(&text, data, length);
	return text.failed ? NULL : json_string(cw_buffer_string(&text));
}

static json_t *key(const struct cw_cert *cert)
{
	const struct cw_key_info *info = cw_cert_key(cert);
	char text[CW_KEY_TEXT_SIZE];
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "text", cw_json_text(cw_cert_key_text(info, text)));
	cw_json_put(&json, object, "bits", cw_json_count(info->bits));
	cw_json_put(&json, object, "curve", cw_json_text(info->curve));
	return json.failed ? NULL : TAKE(object);
}

static void put_identifiers(struct cw_json *json, json_t *object, const struct cw_cert *cert)
{
	uint8_t sha1[CW_SHA1_SIZE];
	size_t length;
	cw_cert_sha1(cert, sha1);
	cw_json_put(json, object, "sha256", cw_json_text(cw_cert_sha256_text(cert)));
	cw_json_put(json, object, "sha1", hex(sha1, sizeof sha1));
	const uint8_t *id = cw_cert_subject_key_id(cert, &length);
	cw_json_put(json, object, "subject_key_id", hex(id, length));
	id = cw_cert_authority_key_id(cert, &length);
	cw_json_put(json, object, "authority_key_id", hex(id, length));
}

static void put_uses(struct cw_json *json, json_t *object, const struct cw_cert *cert)
{
	long path_length = cw_cert_path_length(cert);
	cw_json_put(json, object, "ca", json_boolean(cw_cert_is_ca(cert)));
	cw_json_put(json, object, "path_length", path_length < 0 ? json_null() : json_integer(path_length));
	cw_json_put(json, object, "key_usage", key_usage(cert));
	cw_json_put(json, object, "extended_key_usage", extended_key_usage(cert));
	cw_json_put(json, object, "server_auth", json_boolean(cw_cert_eku(cert)->server_auth));
	cw_json_put(json, object, "client_auth", json_boolean(cw_cert_eku(cert)->client_auth));
}

static void put_text_or_null(
	struct cw_json *json, json_t *object, const char *key, const struct cw_buffer *text)
{
	cw_json_put(json, object, key, text->length ? cw_json_text(text->data) : json_null());
	json->failed |= text->failed;
}

static void put_details(struct cw_json *json, json_t *object, const struct cw_cert *cert)
{
	AUTO_BUFFER signature = {0}, critical = {0}, constraints = {0};
	cw_cert_details_signature(cert, &signature);
	cw_cert_details_critical(cert, &critical);
	cw_cert_details_constraints(cert, &constraints);
	put_text_or_null(json, object, "signature", &signature);
	put_text_or_null(json, object, "unknown_critical", &critical);
	put_text_or_null(json, object, "name_constraints", &constraints);
	cw_json_put(json, object, "precertificate", json_boolean(cw_cert_details_is_precertificate(cert)));
}

static json_t *certificate(const struct cw_entry *entry)
{
	const struct cw_cert *cert = entry->cert;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "number", cw_json_count(entry->number));
	cw_json_put(&json, object, "line", entry->line ? cw_json_count(entry->line) : json_null());
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(cert)));
	cw_json_put(&json, object, "common_name", cw_json_text(cw_cert_common_name(cert)));
	cw_json_put(&json, object, "names", names(cert));
	cw_json_put(&json, object, "not_before", cw_json_time(cw_cert_not_before(cert)));
	cw_json_put(&json, object, "not_after", cw_json_time(cw_cert_not_after(cert)));
	put_uses(&json, object, cert);
	cw_json_put(&json, object, "issuer", cw_json_text(cw_cert_issuer_text(cert)));
	cw_json_put(&json, object, "self_signed", json_boolean(cw_cert_self_signed(cert)));
	cw_json_put(&json, object, "digest", cw_json_text(cw_cert_digest(cert)));
	cw_json_put(&json, object, "key", key(cert));
	put_identifiers(&json, object, cert);
	cw_json_put(&json, object, "crl_urls", cw_json_texts(cw_cert_crl_urls(cert)));
	cw_json_put(&json, object, "issuer_urls", cw_json_texts(cw_cert_issuer_urls(cert)));
	cw_json_put(&json, object, "unknown_oids", cw_json_texts(cw_cert_unknown_oids(cert)));
	put_details(&json, object, cert);
	cw_json_put(&json, object, "temporary", json_boolean(cw_cert_is_temporary(cert)));
	return json.failed ? NULL : TAKE(object);
}

static json_t *crl(const struct cw_crl *list)
{
	cw_time next;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "issuer", cw_json_text(cw_crl_issuer_text(list)));
	cw_json_put(&json, object, "this_update", cw_json_time(cw_crl_this_update(list)));
	cw_json_put(&json, object, "next_update",
		cw_crl_next_update(list, &next) ? cw_json_time(next) : json_null());
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_cert_report_json(const struct cw_bundle *bundle)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	json_t *certificates = json_array();
	for (size_t i = 0; i < bundle->count; i++)
		cw_json_add(&json, certificates, certificate(&bundle->entries[i]));
	json_t *crls = json_array();
	for (size_t i = 0; i < bundle->crl_count; i++)
		cw_json_add(&json, crls, crl(bundle->crls[i]));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "file", cw_json_text(bundle->path));
	cw_json_put(&json, object, "format", cw_json_text(cw_bundle_format_name(bundle->format)));
	cw_json_put(&json, object, "certificates", certificates);
	cw_json_put(&json, object, "crls", crls);
	cw_json_put(&json, object, "notes", cw_json_texts(&bundle->notes));
	cw_json_put(&json, object, "private_keys", cw_json_count(bundle->key_count));
	return json.failed ? NULL : TAKE(object);
}
