#include "admin/rest/rest_parts.h"

#include "admin/rest/rest_own.h"
#include "http/http_base64.h"
#include "node/work/node_work.h"

#include <string.h>
#include <strings.h>

#define JSON_TYPE "application/json"

static const struct interface {
	const char *prefix;
	const struct cw_rest_row *rows;
	const size_t *count;
} interfaces[] = {
	{"/api/provisioning", cw_rest_expressway_rows, &cw_rest_expressway_count},
	{"/api/v1/provisioning", cw_rest_expressway_rows, &cw_rest_expressway_count},
	{"/platformcom/api/v1/certmgr/config", cw_rest_certmgr_rows, &cw_rest_certmgr_count},
	{"", cw_rest_root_rows, &cw_rest_root_count},
};
#define COUNT (sizeof interfaces / sizeof *interfaces)

void cw_rest_reply_finish(struct cw_rest_reply *reply)
{
	cw_buffer_finish(&reply->body);
}

void cw_rest_call_finish(struct cw_rest_call *call)
{
	json_decref(call->with);
	call->with = NULL;
}

/* --- parts --- */

json_t *cw_rest_parts_message(const char *text)
{
	return json_pack("{s:s}", "Message", text);
}

const json_t *cw_rest_parts_member(const json_t *object, const char *key)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name, value) if (strcasecmp(name, key) == 0) return value;
	return NULL;
}

const char *cw_rest_parts_text(const json_t *object, const char *key)
{
	return json_string_value(cw_rest_parts_member(object, key));
}

void cw_rest_parts_bytes(struct cw_rest_taking *taking, const char *key, const void *bytes, size_t length)
{
	AUTO_BUFFER text = {.secret = true};
	cw_http_base64_encode(
		&text, (struct cw_http_text){.at = bytes, .length = length}, CW_HTTP_BASE64_PADDED);
	cw_json_put(
		taking->json, taking->with, key, text.failed ? NULL : json_string(cw_buffer_string(&text)));
}

void cw_rest_parts_file(struct cw_rest_taking *taking)
{
	const struct cw_rest_request *request = taking->request;
	if (!request->file) {
		taking->wanted = "wanted a multipart form with a file in the field \"file\"";
		return;
	}
	cw_rest_parts_bytes(taking, "file", request->file, request->file_length);
	if (request->file_name)
		cw_json_put(taking->json, taking->with, "file_name", cw_json_text(request->file_name));
}

json_t *cw_rest_parts_plain(struct cw_rest_giving *giving, const char *type, const char *text)
{
	giving->reply->type = type;
	cw_buffer_text(&giving->reply->body, text ? text : "");
	return NULL;
}

json_t *cw_rest_parts_none(struct cw_rest_giving *giving)
{
	giving->reply->status = 404;
	return cw_rest_parts_message("There is no such resource on this node");
}

bool cw_rest_parts_is(const struct cw_rest_giving *giving, const char *role)
{
	const char *found = cw_rest_parts_text(json_object_get(giving->said, "page"), "role");
	return found && strcmp(found, role) == 0;
}

/* --- finding the row --- */

static const char *behind(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);
	return strncmp(path, prefix, length) == 0 ? path + length : NULL;
}

bool cw_rest_is(const char *path)
{
	static const char *const prefixes[] = {"/api/", "/platformcom/", "/status.xml", "/metrics", "/axl/"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (behind(path, prefixes[i]))
			return true;
	return false;
}

/* `*ret_known`: the path is there for another method. */
static const struct cw_rest_row *find_row(const struct cw_rest_request *request, bool *ret_known)
{
	*ret_known = false;
	for (size_t i = 0; i < COUNT; i++) {
		const char *rest = behind(request->path, interfaces[i].prefix);
		for (size_t k = 0; rest && k < *interfaces[i].count; k++) {
			const struct cw_rest_row *row = &interfaces[i].rows[k];
			if (strcmp(row->path, rest) != 0)
				continue;
			if (strcmp(row->method, request->method) == 0)
				return row;
			*ret_known = true;
		}
	}
	return NULL;
}

/* --- asking --- */

static bool refuse(struct cw_rest_reply *reply, unsigned status, const char *text, struct cw_error *error)
{
	struct cw_json json = {0};
	AUTO(json_decref) json_t *body = cw_rest_parts_message(text);
	reply->status = status;
	reply->type = JSON_TYPE;
	return cw_json_print(&json, body, true, &reply->body, error);
}

static bool is_own(const struct cw_rest_request *request, struct cw_rest_call *ret, const char **ret_refusal,
	bool *ret_writes)
{
	const char *operation = behind(request->path, CW_REST_OWN_PREFIX);
	bool writes = false;
	*ret_refusal = NULL;
	*ret_writes = false;
	if (!operation || !*operation)
		return false;
	if (!cw_rest_own_find(operation, &writes))
		return false;
	snprintf(ret->operation, sizeof ret->operation, "%s", operation);
	ret->row = &cw_rest_own_row;
	bool get = strcmp(request->method, "GET") == 0;
	if ((get && writes) || (!get && strcmp(request->method, "POST") != 0))
		*ret_refusal = writes ? "POST" : "GET, POST";
	*ret_writes = writes;
	return true;
}

static bool take(const struct cw_rest_request *request, struct cw_rest_call *ret, const char **ret_wanted,
	struct cw_error *error)
{
	struct cw_json json = {0};
	struct cw_rest_taking taking = {.request = request, .with = json_object(), .json = &json};
	ret->with = taking.with;
	if (!taking.with)
		return cw_error_memory(error);
	if (ret->row->take)
		ret->row->take(&taking);
	*ret_wanted = taking.wanted;
	return json.failed ? cw_error_memory(error) : true;
}

bool cw_rest_ask(const struct cw_rest_request *request, struct cw_rest_call *ret, bool *ret_ready,
	struct cw_rest_reply *reply, struct cw_error *error)
{
	const char *allow, *wanted;
	bool known = false, own_writes;
	*ret_ready = false;
	if (is_own(request, ret, &allow, &own_writes)) {
		reply->allow = allow;
		if (allow)
			return refuse(reply, 405, "This operation is asked for with another method", error);
	} else {
		ret->row = find_row(request, &known);
		if (!ret->row && known) {
			reply->allow = "GET, POST, PUT, DELETE";
			return refuse(reply, 405, "This resource has no such method", error);
		}
		if (!ret->row)
			return refuse(reply, 404, "There is no such resource", error);
		snprintf(ret->operation, sizeof ret->operation, "%s", ret->row->operation);
	}
	if ((ret->row->csrf || own_writes) && !request->csrf)
		return refuse(reply, 403, "wanted the header X-CSRF-Header, with any value", error);
	if (!take(request, ret, &wanted, error))
		return false;
	if (wanted)
		return refuse(reply, 400, wanted, error);
	*ret_ready = true;
	return true;
}

/* --- answering --- */

static bool answer_refusal(
	unsigned status, const json_t *said, struct cw_rest_reply *reply, struct cw_error *error)
{
	const json_t *why = json_object_get(said, "error");
	const char *text = cw_rest_parts_text(why, "text"), *next = cw_rest_parts_text(why, "next");
	struct cw_json json = {0};
	AUTO_BUFFER message = {0};
	cw_buffer_text(&message, text ? text : "refused");
	if (next)
		cw_buffer_printf(&message, ". %s", next);
	AUTO(json_decref) json_t *body = cw_rest_parts_message(cw_buffer_string(&message));
	if (!body || message.failed)
		return cw_error_memory(error);
	cw_json_put(&json, body, "error", json_deep_copy(why ? why : body));
	reply->status = status;
	reply->type = JSON_TYPE;
	return cw_json_print(&json, body, true, &reply->body, error);
}

bool cw_rest_answer(const struct cw_rest_call *call, unsigned status, const json_t *said,
	struct cw_rest_reply *reply, struct cw_error *error)
{
	struct cw_json json = {0};
	struct cw_rest_giving giving = {.said = said, .status = status, .reply = reply, .json = &json};
	if (status >= 400)
		return answer_refusal(status, said, reply, error);
	reply->status = status;
	reply->type = JSON_TYPE;
	AUTO(json_decref) json_t *body = call->row->give(&giving);
	if (reply->body.failed || json.failed)
		return cw_error_memory(error);
	if (!body && strcmp(reply->type, JSON_TYPE) != 0)
		return true; /* text */
	return body ? cw_json_print(&json, body, true, &reply->body, error) : cw_error_memory(error);
}
