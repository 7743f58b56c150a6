#include "report/observed/probe_report.h"

#include "base/file.h"
#include "pki/alert.h"
#include "pki/bundle/pem_write.h"
#include "report/report_json.h"

#include <string.h>

enum cw_verdict cw_probe_report_verdict(const struct cw_probed *probed)
{
	return probed->judged ? probed->verdict : CW_VERDICT_UNKNOWN;
}

static json_t *cert_json(const struct cw_cert *cert)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "sha256", cw_json_text(cw_cert_sha256_text(cert)));
	cw_json_put(&json, object, "subject", cw_json_text(cw_cert_subject_text(cert)));
	cw_json_put(&json, object, "issuer", cw_json_text(cw_cert_issuer_text(cert)));
	cw_json_put(&json, object, "not_before", cw_json_time(cw_cert_not_before(cert)));
	cw_json_put(&json, object, "not_after", cw_json_time(cw_cert_not_after(cert)));
	AUTO_BUFFER pem = {0};
	struct cw_error error;
	if (!cw_pem_write_cert(&pem, cert, &error))
		return NULL;
	cw_json_put(&json, object, "pem", cw_json_text(cw_buffer_string(&pem)));
	return json.failed ? NULL : TAKE(object);
}

static json_t *chain_json(const struct cw_probed *probed)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < probed->chain_count; i++)
		cw_json_add(&json, array, cert_json(probed->chain[i]));
	return json.failed ? NULL : TAKE(array);
}

static json_t *findings_json(const struct cw_probed *probed)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < probed->findings.count; i++)
		cw_json_add(&json, array, cw_report_json_finding(&probed->findings.items[i], NULL));
	for (size_t i = 0; i < probed->link_count; i++) {
		const struct cw_complaints *complaints = &probed->links[i].seen->complaints;
		for (size_t k = 0; k < complaints->count; k++)
			cw_json_add(&json, array,
				cw_report_json_finding(&complaints->items[k].finding, &complaints->items[k]));
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *links_json(const struct cw_probed *probed)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	for (size_t i = 0; i < probed->link_count; i++) {
		const struct cw_probed_link *link = &probed->links[i];
		json_t *object = json_object();
		cw_json_put(&json, object, "id", cw_json_text(link->link->id));
		cw_json_put(
			&json, object, "verdict", cw_json_text(cw_finding_verdict_name(link->seen->verdict)));
		cw_json_put(&json, object, "predicted",
			cw_json_text(cw_finding_verdict_name(link->link->verdict)));
		cw_json_add(&json, array, object);
	}
	return json.failed ? NULL : TAKE(array);
}

static json_t *versions_json(const struct cw_probed *probed)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	if (probed->with_1_2)
		cw_json_add(&json, array, cw_json_text("TLSv1.2"));
	if (probed->with_1_3)
		cw_json_add(&json, array, cw_json_text("TLSv1.3"));
	return json.failed ? NULL : TAKE(array);
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

static void put_seen(struct cw_json *json, json_t *object, const struct cw_probed *probed)
{
	char alert[CW_ALERT_TEXT_SIZE];
	bool reached = probed->reach == CW_PROBED_TLS;
	cw_json_put(json, object, "version", cw_json_text(or_null(probed->version)));
	cw_json_put(json, object, "versions", versions_json(probed));
	cw_json_put(json, object, "chain", chain_json(probed));
	cw_json_put(
		json, object, "asks_client_certificate", reached ? json_boolean(probed->asks) : json_null());
	cw_json_put(json, object, "ca_names", cw_json_texts(&probed->ca_names));
	cw_json_put(json, object, "alert",
		cw_json_text(probed->alert < 0 ? NULL : cw_alert_text(probed->alert, alert)));
}

static json_t *server_json(const struct cw_probed *probed)
{
	struct cw_json json = {0};
	bool answered = probed->reach == CW_PROBED_TLS || probed->reach == CW_PROBED_SSH;
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "host", cw_json_text(probed->host));
	cw_json_put(&json, object, "port", cw_json_count(probed->port));
	cw_json_put(&json, object, "address", cw_json_text(or_null(probed->address)));
	cw_json_put(&json, object, "from", cw_json_text(or_null(probed->from)));
	cw_json_put(&json, object, "sni", cw_json_text(probed->sni));
	put_seen(&json, object, probed);
	cw_json_put(&json, object, "verdict",
		cw_json_text(cw_finding_verdict_name(cw_probe_report_verdict(probed))));
	cw_json_put(&json, object, "findings", findings_json(probed));
	cw_json_put(&json, object, "file", cw_json_text(cw_probed_file_name(probed->file)));
	cw_json_put(&json, object, "node", cw_json_text(probed->node ? probed->node->fqdn : NULL));
	cw_json_put(&json, object, "links", links_json(probed));
	cw_json_put(&json, object, "remarks", cw_json_texts(&probed->remarks));
	cw_json_put(&json, object, "said", cw_json_text(probed->said));
	cw_json_put(&json, object, "reason", cw_json_text(answered ? NULL : probed->reason));
	cw_json_put(&json, object, "ms", cw_json_count(probed->milliseconds));
	return json.failed ? NULL : TAKE(object);
}

bool cw_probe_report_json(const struct cw_probe_report *report, struct cw_buffer *ret, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object(), *servers = json_array();
	for (size_t i = 0; i < report->set->count; i++)
		cw_json_add(&json, servers, server_json(&report->set->items[i]));
	cw_json_put(&json, object, "causeway", json_integer(1));
	cw_json_put(&json, object, "as", cw_json_text(report->role ? report->role->name : NULL));
	cw_json_put(&json, object, "servers", TAKE(servers));
	return cw_json_print(&json, object, false, ret, error);
}

/* A host as typed is no path: nothing but what names and addresses have. */
static bool file_name(struct cw_buffer *ret, const struct cw_probed *probed)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
	for (const char *at = probed->host; *at; at++)
		cw_buffer_char(ret, strchr(fine, *at) && (*at != '.' || at != probed->host) ? *at : '_');
	cw_buffer_printf(ret, "_%u.pem", probed->port);
	return !ret->failed;
}

bool cw_probe_report_extract(const struct cw_probed_set *set, const char *folder, struct cw_error *error)
{
	if (!cw_file_make_folder(folder, error))
		return false;
	for (size_t i = 0; i < set->count; i++) {
		const struct cw_probed *probed = &set->items[i];
		AUTO_BUFFER name = {0}, text = {0};
		if (!probed->chain_count)
			continue;
		for (size_t k = 0; k < probed->chain_count; k++)
			if (!cw_pem_write_cert(&text, probed->chain[k], error))
				return false;
		AUTO(free) char *path = file_name(&name, probed) ? cw_file_path(folder, name.data) : NULL;
		if (!path)
			return cw_error_memory(error);
		if (!cw_file_write(path, text.data, text.length, 0644, error))
			return false;
	}
	return true;
}
