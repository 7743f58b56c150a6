#include "report/report_json.h"

#include <string.h>

static json_t *sha256(const struct cw_cert *cert)
{
	return cw_json_text(cert ? cw_cert_sha256_text(cert) : NULL);
}

/* A certificate that goes by its name, or is known whole. */
static json_t *certificate_name(const struct cw_cert *cert, const char *subject)
{
	return cw_json_text(cert ? cw_cert_subject_text(cert) : subject);
}

/* A deployment holds passwords; whatever a remedy says about one, its value is nobody's business. */
static json_t *setting_value(const struct cw_remedy *remedy)
{
	if (remedy->setting && strstr(remedy->setting, "password"))
		return json_null();
	return cw_json_text(remedy->value);
}

static json_t *purposes(const struct cw_remedy *remedy)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *array = json_array();
	if (remedy->server_auth)
		cw_json_add(&json, array, cw_json_text("serverAuth"));
	if (remedy->client_auth)
		cw_json_add(&json, array, cw_json_text("clientAuth"));
	return json.failed ? NULL : TAKE(array);
}

json_t *cw_report_json_remedy(const struct cw_remedy *remedy)
{
	if (remedy->action == CW_ACTION_NONE)
		return json_null();
	bool identity = remedy->action == CW_ACTION_REISSUE || remedy->action == CW_ACTION_INSTALL ||
		remedy->action == CW_ACTION_RESTART;
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "action", cw_json_text(cw_remedy_action_name(remedy->action)));
	cw_json_put(&json, object, "node", cw_json_text(remedy->node));
	cw_json_put(&json, object, "store", cw_json_text(identity ? NULL : remedy->store));
	cw_json_put(&json, object, "identity", cw_json_text(identity ? remedy->store : NULL));
	cw_json_put(&json, object, "sha256", sha256(remedy->cert));
	cw_json_put(&json, object, "subject", certificate_name(remedy->cert, remedy->subject));
	cw_json_put(&json, object, "from", cw_json_text(remedy->from));
	cw_json_put(&json, object, "before", sha256(remedy->before));
	cw_json_put(&json, object, "replaces", sha256(remedy->replaces));
	cw_json_put(&json, object, "setting", cw_json_text(remedy->setting));
	cw_json_put(&json, object, "value", setting_value(remedy));
	cw_json_put(&json, object, "names", cw_json_texts(&remedy->names));
	cw_json_put(&json, object, "purposes", purposes(remedy));
	return json.failed ? NULL : TAKE(object);
}

json_t *cw_report_json_finding(const struct cw_finding *finding, const struct cw_complaint *complaint)
{
	const struct cw_finding_row *row = cw_finding_row(finding->code);
	struct cw_json json = {0};
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "code", cw_json_text(cw_finding_code_name(finding->code)));
	cw_json_put(&json, object, "severity", cw_json_text(cw_finding_severity_name(finding->severity)));
	cw_json_put(&json, object, "layer", cw_json_text(cw_finding_layer_name(finding->layer)));
	cw_json_put(&json, object, "reached", json_boolean(finding->reached));
	cw_json_put(&json, object, "judge", cw_json_text(complaint ? complaint->judge : NULL));
	cw_json_put(&json, object, "store", cw_json_text(complaint ? complaint->store : NULL));
	cw_json_put(&json, object, "depth", cw_json_count(finding->depth));
	cw_json_put(&json, object, "subject", cw_json_text(finding->subject));
	cw_json_put(&json, object, "sha256", sha256(finding->cert));
	cw_json_put(&json, object, "name", cw_json_text(finding->name));
	cw_json_put(&json, object, "detail", cw_json_text(finding->detail));
	cw_json_put(&json, object, "vendor_text",
		cw_json_text(complaint ? complaint->vendor_text : row->vendor_text));
	cw_json_put(
		&json, object, "remedy", complaint ? cw_report_json_remedy(&complaint->remedy) : json_null());
	return json.failed ? NULL : TAKE(object);
}
