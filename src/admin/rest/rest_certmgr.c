/*
 * CUCM's certificate management (14 and later). Shapes: "Cisco Unified Communications Manager certificate management API",
 * and as its public clients read them.
 */
#include "admin/rest/rest_parts.h"

#include <string.h>
#include <strings.h>

/* --- the snapshot of a server --- */

static bool is_trust(const json_t *row)
{
	return json_is_string(json_object_get(row, "store"));
}

static json_t *identities_of(struct cw_rest_giving *giving)
{
	json_t *list = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(giving->said, "rows"), i, row) if (!is_trust(row))
		cw_json_add(giving->json, list,
			json_pack("{s:o?, s:o?, s:s}", "service", json_incref(json_object_get(row, "name")),
				"certificate", json_incref(json_object_get(row, "pem")), "csr", ""));
	return list;
}

static json_t *trust_of(struct cw_rest_giving *giving, const char *store)
{
	json_t *list = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(giving->said, "rows"), i, row)
	{
		const char *name = cw_rest_parts_text(row, "store");
		if (name && strcasecmp(name, store) == 0)
			cw_json_add(giving->json, list,
				json_pack("{s:o?, s:o?}", "filename",
					json_incref(json_object_get(row, "file_name")), "certificate",
					json_incref(json_object_get(row, "pem"))));
	}
	return list;
}

static json_t *give_snapshot(struct cw_rest_giving *giving)
{
	static const char *const stores[] = {"tomcat-trust", "CallManager-trust"};
	AUTO(json_decref) json_t *trusts = json_array();
	for (size_t i = 0; i < 2; i++)
		cw_json_add(giving->json, trusts,
			json_pack("{s:s, s:o}", "service", stores[i], "certificate_data",
				trust_of(giving, stores[i])));
	return json_pack("{s:s, s:o?, s:o, s:O, s:[]}", "trackingId", "causeway", "server",
		json_incref(json_object_get(json_object_get(giving->said, "page"), "node")), "identities",
		identities_of(giving), "trusts", trusts, "revokedCertificates");
}

/* --- one service: what is asked for goes with the answer --- */

static const char *service_of(struct cw_rest_taking *taking)
{
	const char *service = cw_rest_parts_text(taking->request->query, "service");
	if (!service || !*service)
		taking->wanted = "service: wanted the name of a service (tomcat)";
	return service;
}

static void find(struct cw_rest_taking *taking, const char *name, const char *ending)
{
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text, "%s%s", name, ending);
	cw_json_put(taking->json, taking->with, "find",
		json_pack("{s:s, s:s, s:s}", "column", "certificate", "how", "is-exactly", "text",
			cw_buffer_string(&text)));
}

static void take_identity(struct cw_rest_taking *taking)
{
	const char *service = service_of(taking);
	if (service && *service)
		find(taking, service, "");
}

static void take_trust(struct cw_rest_taking *taking)
{
	const char *service = service_of(taking);
	bool whole =
		service && strlen(service) > 6 && strcasecmp(service + strlen(service) - 6, "-trust") == 0;
	if (service && *service)
		find(taking, service, whole ? "" : "-trust");
}

static json_t *give_identity(struct cw_rest_giving *giving)
{
	const json_t *row = json_array_get(json_object_get(giving->said, "rows"), 0);
	if (!row || is_trust(row))
		return cw_rest_parts_none(giving);
	return json_pack("{s:o?, s:o?}", "service", json_incref(json_object_get(row, "name")), "certificate",
		json_incref(json_object_get(row, "pem")));
}

static json_t *give_trust(struct cw_rest_giving *giving)
{
	AUTO(json_decref) json_t *list = json_array();
	size_t i;
	json_t *row;
	json_array_foreach(json_object_get(giving->said, "rows"), i, row) if (is_trust(row))
		cw_json_add(giving->json, list,
			json_pack("{s:o?, s:o?}", "filename", json_incref(json_object_get(row, "file_name")),
				"certificate", json_incref(json_object_get(row, "pem"))));
	return TAKE(list);
}

/* --- requests and uploads --- */

static const char *body_service(struct cw_rest_taking *taking)
{
	const json_t *service = cw_rest_parts_member(taking->request->body, "service");
	const char *text = json_string_value(json_is_array(service) ? json_array_get(service, 0) : service);
	if (!text)
		taking->wanted = "service: wanted the name of a service (tomcat)";
	return text;
}

static void put_key(struct cw_rest_taking *taking, const json_t *body)
{
	const char *type = cw_rest_parts_text(body, "keyType"),
		   *hash = cw_rest_parts_text(body, "hashAlgorithm");
	const json_t *length = cw_rest_parts_member(body, "keyLength");
	bool rsa = !type || strcasecmp(type, "rsa") == 0;
	char text[40];
	snprintf(text, sizeof text, "%s:%" JSON_INTEGER_FORMAT, rsa ? "rsa" : "ecdsa",
		json_integer_value(length));
	if (json_is_integer(length))
		cw_json_put(taking->json, taking->with, "key", cw_json_text(text));
	if (hash)
		cw_json_put(taking->json, taking->with, "digest", cw_json_text(hash));
}

static void take_csr(struct cw_rest_taking *taking)
{
	const json_t *body = taking->request->body;
	const char *service = body_service(taking), *distribution = cw_rest_parts_text(body, "distribution");
	const char *name = cw_rest_parts_text(body, "commonName");
	const json_t *names = cw_rest_parts_member(body, "altNames");
	if (!service)
		return;
	cw_json_put(taking->json, taking->with, "identity", cw_json_text(service));
	if (name)
		cw_json_put(taking->json, taking->with, "common_name", cw_json_text(name));
	if (distribution)
		cw_json_put(taking->json, taking->with, "distribution",
			cw_json_text(
				strcasecmp(distribution, "this-server") == 0 ? "this-node" : "multi-server"));
	if (json_is_array(names))
		cw_json_put(taking->json, taking->with, "sans", json_deep_copy(names));
	put_key(taking, body);
}

static json_t *give_csr(struct cw_rest_giving *giving)
{
	const json_t *request = json_object_get(giving->said, "request");
	giving->reply->status = 201;
	return json_pack("{s:o?}", "csr", json_incref(json_object_get(request, "pem")));
}

/* "certificates": PEM texts, in one file. */
static void put_certificates(struct cw_rest_taking *taking)
{
	const json_t *list = cw_rest_parts_member(taking->request->body, "certificates");
	AUTO_BUFFER pem = {0};
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		const char *text = json_string_value(one);
		if (!text)
			text = cw_rest_parts_text(one, "certificate");
		cw_buffer_printf(&pem, "%s\n", text ? text : "");
	}
	if (!pem.length)
		taking->wanted = "certificates: wanted a list of certificates, PEM";
	else
		cw_rest_parts_bytes(taking, "file", cw_buffer_string(&pem), pem.length);
	taking->json->failed |= pem.failed;
}

static void take_upload(struct cw_rest_taking *taking, const char *ending)
{
	const char *service = body_service(taking);
	const char *description = cw_rest_parts_text(taking->request->body, "description");
	AUTO_BUFFER purpose = {0};
	if (!service)
		return;
	bool whole = strstr(service, "-trust") != NULL;
	cw_buffer_printf(&purpose, "%s%s", service, whole ? "" : ending);
	cw_json_put(taking->json, taking->with, "purpose", cw_json_text(cw_buffer_string(&purpose)));
	if (description)
		cw_json_put(taking->json, taking->with, "description", cw_json_text(description));
	put_certificates(taking);
}

static void take_identity_upload(struct cw_rest_taking *taking)
{
	take_upload(taking, "");
}

static void take_trust_upload(struct cw_rest_taking *taking)
{
	take_upload(taking, "-trust");
}

static json_t *give_upload(struct cw_rest_giving *giving)
{
	const char *page = cw_rest_parts_text(giving->said, "page_text");
	bool refused = json_is_true(json_object_get(giving->said, "refused"));
	giving->reply->status = refused ? 400 : 201;
	return json_pack("{s:s, s:O}", "Message", page ? page : "", "findings",
		json_object_get(giving->said, "findings"));
}

static json_t *give_options(struct cw_rest_giving *giving)
{
	(void)giving;
	return json_pack("{s:[s, s, s, s], s:[s, s], s:[s, s], s:[s, s]}", "services", "tomcat",
		"tomcat-ECDSA", "CallManager", "CallManager-ECDSA", "trusts", "tomcat-trust",
		"CallManager-trust", "keyTypes", "rsa", "ec", "distributions", "this-server", "multi-server");
}

const struct cw_rest_row cw_rest_certmgr_rows[] = {
	{"GET", "/snapshot/server", "certificates", NULL, give_snapshot, false,
		"All certificates of this server"},
	{"GET", "/options", "certificates", NULL, give_options, false, "What this node allows"},
	{"GET", "/identity/certificate", "certificates", take_identity, give_identity, false,
		"The certificate of a service"},
	{"GET", "/trust/certificate", "certificates", take_trust, give_trust, false,
		"The trust store of a service"},
	{"POST", "/csr", "request/new", take_csr, give_csr, false, "Generate a certificate signing request"},
	{"POST", "/identity/certificates", "certificate/upload", take_identity_upload, give_upload, false,
		"Upload the certificate of a service"},
	{"POST", "/trust/certificates", "certificate/upload", take_trust_upload, give_upload, false,
		"Upload trust certificates"},
};
const size_t cw_rest_certmgr_count = sizeof cw_rest_certmgr_rows / sizeof *cw_rest_certmgr_rows;
