#include "admin/rest/rest_own.h"

#include "admin/rest/rest_parts.h"
#include "node/work/node_work.h"

#include <string.h>

/* --- the fields of each operation: name:kind, "!" behind what must be there --- */

#define CSR \
	"identity:text! common_name:text sans:texts key:text digest:text country:text state:text locality:text " \
	"organization:text unit:text email:text edge:text distribution:text shared:switch discard:switch"
#define ZONE "name:text! peers:texts port:number verify_name:text user:text password:text"
#define UPLOAD "identity:text! file:file! file_name:text key_file:file key_password:text"
#define LIST_UPLOAD "store:text file:file! file_name:text"
#define CERTIFICATE "purpose:text! description:text file:file! file_name:text"

static const struct {
	const char *operation, *fields, *summary;
} fields[] = {
	{"overview", "", "State of the node: zones, tunnels, links, alarms"},
	{"zones", "", "Zones with their peers"},
	{"zone", "name:text!", "One zone"},
	{"zone/try", ZONE, "What a change of a zone would do"},
	{"zone/set", ZONE, "Change a zone"},
	{"tunnels", "", "SSH tunnels and their checklist"},
	{"uc", "", "Unified Communications status"},
	{"sessions", "", "Provisioning sessions: who is signed in, from where, through which Expressway-E"},
	{"identity", "identity:text!", "A certificate of the node, its chain, the request in progress"},
	{"identity/try", UPLOAD, "What the upload page says to a certificate, and which links would change"},
	{"identity/upload", UPLOAD, "Upload a certificate"},
	{"request/new", CSR, "Generate a certificate signing request"},
	{"request/discard", "identity:text!", "Discard the request: its key is destroyed"},
	{"trust", "store:text sha256:texts", "A trust list in its order"},
	{"trust/try", LIST_UPLOAD " replace:switch", "What appending certificates would do"},
	{"trust/append", LIST_UPLOAD, "Append CA certificates"},
	{"trust/replace", LIST_UPLOAD, "Append CA certificates, in place of others of the same subject"},
	{"trust/remove", "store:text sha256:texts! try:switch", "Delete entries"},
	{"trust/move", "store:text sha256:text! position:number! try:switch", "Move an entry"},
	{"trust/reset", "try:switch", "Delete everything that the node's own certificate does not need"},
	{"crl", "", "Revocation lists and where they come from"},
	{"crl/upload", "file:file! file_name:text try:switch", "Upload a revocation list"},
	{"crl/set", "urls:texts daily:text enabled:switch revocation:text fallback:text try:switch",
		"Automatic updates and revocation checking"},
	{"client-test",
		"file:file file_name:text browser:text pattern:text format:text revocation:text permanent:switch",
		"Client certificate testing"},
	{"cba", "", "Certificate-based authentication"},
	{"cba/set", "mode:text! pattern:text format:text",
		"Change it: undone after 5 minutes unless confirmed"},
	{"cba/confirm", "", "Confirm it over another connection"},
	{"traversal-test", "fqdn:text! again:switch", "Secure traversal test"},
	{"cucm-servers", "", "Unified CM servers"},
	{"cucm-servers/add", "address:text! fqdn:text tls_verify:switch try:switch",
		"Add a Unified CM server"},
	{"cucm-servers/remove", "address:text! try:switch", "Remove a Unified CM server"},
	{"cucm-servers/refresh", "", "Look at all of them at once"},
	{"domains", "", "Domains"},
	{"domains/add", "domain:text! try:switch", "Add a domain"},
	{"domains/remove", "domain:text! try:switch", "Remove a domain"},
	{"restart", "", "Restart the node"},
	{"events", "from:text count:number kind:text", "The history, newest first, each line explained"},
	{"certificates", "find:object", "CUCM: Certificate Management"},
	{"certificate/try", CERTIFICATE, "What an upload would do"},
	{"certificate/upload", CERTIFICATE, "Upload a certificate or trust certificates"},
	{"certificate/delete", "store:text! sha256:texts! try:switch", "Delete trust certificates"},
	{"certificate/regenerate", "identity:text! try:switch", "A new key with a self-signed certificate"},
	{"metrics", "", "OpenMetrics: verdict, reason and days to the first break of each link"},
};
#define COUNT (sizeof fields / sizeof *fields)

const char *cw_rest_own_fields(const char *operation)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(fields[i].operation, operation) == 0)
			return fields[i].fields;
	return NULL;
}

static const char *summary_of(const char *operation)
{
	for (size_t i = 0; i < COUNT; i++)
		if (strcmp(fields[i].operation, operation) == 0)
			return fields[i].summary;
	return "";
}

bool cw_rest_own_find(const char *operation, bool *ret_writes)
{
	const char *name;
	unsigned kinds;
	for (size_t i = 0; (name = cw_node_work_operation(i, ret_writes, &kinds)); i++)
		if (strcmp(name, operation) == 0)
			return true;
	return false;
}

/* --- requests: JSON as it is, or keys of the address by their kinds --- */

/* The kind of a field, or "". */
static void kind_of(const char *of, const char *name, char ret[16])
{
	size_t length = strlen(name);
	*ret = '\0';
	for (const char *at = of; at && *at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL)
		if (strncmp(at, name, length) == 0 && at[length] == ':') {
			size_t end = strcspn(at + length + 1, " !");
			snprintf(ret, 16, "%.*s", (int)(end < 15 ? end : 15), at + length + 1);
			return;
		}
}

static json_t *value_of(const char *kind, const char *text)
{
	if (strcmp(kind, "switch") == 0 && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0))
		return json_boolean(*text == 't');
	if (strcmp(kind, "number") == 0 && *text && strspn(text, "0123456789") == strlen(text) &&
		strlen(text) < 10)
		return json_integer(strtol(text, NULL, 10));
	return cw_json_text(text);
}

static void take_own(struct cw_rest_taking *taking)
{
	const struct cw_rest_request *request = taking->request;
	const char *operation = request->path + strlen(CW_REST_OWN_PREFIX), *name;
	const char *of = cw_rest_own_fields(operation);
	json_t *value;
	if (request->body && !json_is_object(request->body)) {
		taking->wanted = "wanted an object";
		return;
	}
	json_object_foreach((json_t *)request->query, name, value)
	{
		char kind[16];
		kind_of(of, name, kind);
		if (json_is_string(value))
			cw_json_put(
				taking->json, taking->with, name, value_of(kind, json_string_value(value)));
	}
	json_object_foreach((json_t *)request->body, name, value)
		cw_json_put(taking->json, taking->with, name, json_deep_copy(value));
	if (request->file)
		cw_rest_parts_file(taking);
}

static json_t *give_own(struct cw_rest_giving *giving)
{
	json_t *copy = json_copy((json_t *)giving->said);
	json_object_del(copy, "page");
	return copy;
}

const struct cw_rest_row cw_rest_own_row = {"POST", "", "", take_own, give_own, false, ""};

/* --- OpenAPI --- */

struct describing {
	struct cw_json json;
	json_t *paths;
};

static json_t *schema_of(const char *kind)
{
	if (strcmp(kind, "texts") == 0)
		return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
	if (strcmp(kind, "switch") == 0)
		return json_pack("{s:s}", "type", "boolean");
	if (strcmp(kind, "number") == 0)
		return json_pack("{s:s}", "type", "integer");
	if (strcmp(kind, "object") == 0)
		return json_pack("{s:s}", "type", "object");
	if (strcmp(kind, "file") == 0)
		return json_pack("{s:s, s:s}", "type", "string", "contentEncoding", "base64");
	return json_pack("{s:s}", "type", "string");
}

/* {"type":"object","properties":{…},"required":[…]} of "name:kind! …". */
static json_t *object_of(struct cw_json *json, const char *of)
{
	json_t *properties = json_object(), *required = json_array();
	for (const char *at = of; at && *at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL) {
		char name[32], kind[16];
		size_t length = strcspn(at, ":");
		snprintf(name, sizeof name, "%.*s", (int)length, at);
		kind_of(of, name, kind);
		cw_json_put(json, properties, name, schema_of(kind));
		if (at[strcspn(at, " !")] == '!')
			cw_json_add(json, required, cw_json_text(name));
	}
	json_t *object = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
	if (json_array_size(required))
		cw_json_put(json, object, "required", json_incref(required));
	json_decref(required);
	return object;
}

static json_t *responses(const char *type)
{
	json_t *good = json_pack("{s:s, s:{s:{}}}", "description", "the answer", "content", type);
	return json_pack("{s:o, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}", "200", good, "400",
		"description", "no such question", "401", "description",
		"no or a wrong user name and password", "403", "description", "the role may not", "404",
		"description", "no such resource on this node", "409", "description",
		"it contradicts what is there");
}

static json_t *path_of(struct describing *describing, const char *path)
{
	json_t *object = json_object_get(describing->paths, path);
	if (object)
		return object;
	object = json_object();
	cw_json_put(&describing->json, describing->paths, path, object);
	return object;
}

static void lower(const char *method, char ret[8])
{
	size_t i = 0;
	for (; method[i] && i < 7; i++)
		ret[i] = (char)(method[i] >= 'A' && method[i] <= 'Z' ? method[i] + 'a' - 'A' : method[i]);
	ret[i] = '\0';
}

static void describe_rows(
	struct describing *describing, const char *prefix, const struct cw_rest_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		AUTO_BUFFER path = {0};
		char method[8];
		cw_buffer_printf(&path, "%s%s", prefix, rows[i].path);
		lower(rows[i].method, method);
		json_t *row = json_pack("{s:s, s:s, s:o}", "summary", rows[i].summary, "x-operation",
			rows[i].operation, "responses",
			responses(strcmp(prefix, "") == 0 ? "text/plain" : "application/json"));
		cw_json_put(&describing->json, path_of(describing, cw_buffer_string(&path)), method, row);
	}
}

static json_t *parameters_of(struct cw_json *json, const char *of)
{
	json_t *parameters = json_array();
	for (const char *at = of; at && *at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL) {
		char name[32], kind[16];
		snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ":"), at);
		kind_of(of, name, kind);
		cw_json_add(json, parameters,
			json_pack("{s:s, s:s, s:b, s:o}", "name", name, "in", "query", "required",
				at[strcspn(at, " !")] == '!', "schema", schema_of(kind)));
	}
	return parameters;
}

static void describe_own(struct describing *describing, const char *operation, bool writes)
{
	AUTO_BUFFER path = {0}, id = {0};
	const char *of = cw_rest_own_fields(operation);
	struct cw_json *json = &describing->json;
	cw_buffer_printf(&path, "%s%s", CW_REST_OWN_PREFIX, operation);
	json_t *object = path_of(describing, cw_buffer_string(&path));
	for (const char *c = operation; *c; c++)
		cw_buffer_char(&id, *c == '/' ? '-' : *c);
	if (!writes)
		cw_json_put(json, object, "get",
			json_pack("{s:s, s:s, s:o, s:o}", "summary", summary_of(operation), "operationId",
				cw_buffer_string(&id), "parameters", parameters_of(json, of), "responses",
				responses("application/json")));
	cw_buffer_text(&id, "-post");
	json_t *body =
		json_pack("{s:{s:{s:o}}}", "content", "application/json", "schema", object_of(json, of));
	cw_json_put(json, object, "post",
		json_pack("{s:s, s:s, s:o, s:o}", "summary", summary_of(operation), "operationId",
			cw_buffer_string(&id), "requestBody", body, "responses",
			responses("application/json")));
}

bool cw_rest_own_openapi(struct cw_buffer *ret, struct cw_error *error)
{
	struct describing describing = {.paths = json_object()};
	const char *operation;
	bool writes;
	unsigned kinds;
	for (size_t i = 0; (operation = cw_node_work_operation(i, &writes, &kinds)); i++)
		describe_own(&describing, operation, writes);
	describe_rows(&describing, "/api/provisioning", cw_rest_expressway_rows, cw_rest_expressway_count);
	describe_rows(&describing, "/platformcom/api/v1/certmgr/config", cw_rest_certmgr_rows,
		cw_rest_certmgr_count);
	describe_rows(&describing, "", cw_rest_root_rows, cw_rest_root_count);
	AUTO(json_decref)
	json_t *root = json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:[]}], s:{s:{s:{s:s, s:s}}}, s:o}", "openapi",
		"3.1.0", "info", "title", "Causeway: REST of a node", "version", "1", "description",
		"The boxes' own interfaces and ours, over the same operations as the pages.", "security",
		"basic", "components", "securitySchemes", "basic", "type", "http", "scheme", "basic", "paths",
		describing.paths);
	return root ? cw_json_print(&describing.json, root, false, ret, error) : cw_error_memory(error);
}
