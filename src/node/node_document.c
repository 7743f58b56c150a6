#include "node/node_document.h"

#include "report/json.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static json_t *write_tunnel(struct cw_json *json, const struct cw_node_document *document)
{
	json_t *tunnel = json_object();
	cw_json_put(json, tunnel, "verdict", cw_json_text(document->passes ? "pass" : "refused"));
	if (!document->passes) {
		cw_json_put(json, tunnel, "code", cw_json_text(document->code));
		cw_json_put(json, tunnel, "detail", cw_json_text(document->detail));
		return tunnel;
	}
	if (!*document->login)
		return tunnel;
	AUTO_BUFFER secret = {.secret = true};
	AUTO_BUFFER listen = {0};
	char address[INET_ADDRSTRLEN] = "";
	inet_ntop(AF_INET, &document->listen.sin_addr, address, sizeof address);
	cw_buffer_printf(&listen, "%s:%u", address, (unsigned)ntohs(document->listen.sin_port));
	cw_buffer_hex(&secret, document->secret, sizeof document->secret);
	cw_json_put(json, tunnel, "login", cw_json_text(document->login));
	cw_json_put(json, tunnel, "port", cw_json_count(document->port));
	cw_json_put(json, tunnel, "listen", cw_json_text(cw_buffer_string(&listen)));
	cw_json_put(json, tunnel, "secret", cw_json_text(cw_buffer_string(&secret)));
	return tunnel;
}

void cw_node_document_write(const struct cw_node_document *document, const struct cw_deployment *domains,
	json_t *edge, struct cw_buffer *ret)
{
	struct cw_json json = {0};
	struct cw_error error;
	AUTO(json_decref) json_t *object = json_object();
	cw_json_put(&json, object, "version", cw_json_count(1));
	cw_json_put(&json, object, "serial", cw_json_count(document->serial));
	cw_json_put(&json, object, "node", cw_json_text(document->node));
	if (*document->list)
		cw_json_put(&json, object, "list", cw_json_text(document->list));
	if (domains) {
		json_t *list = json_array();
		for (size_t i = 0; i < domains->domain_count; i++)
			cw_json_add(&json, list, cw_json_text(domains->domains[i].name));
		cw_json_put(&json, object, "domains", list);
	}
	if (edge)
		cw_json_put(&json, object, "edge", edge);
	if (document->tunnel)
		cw_json_put(&json, object, "tunnel", write_tunnel(&json, document));
	if (!cw_json_print(&json, object, true, ret, &error))
		ret->failed = true;
}

static void copy(const json_t *object, const char *key, char *ret, size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));
	snprintf(ret, size, "%s", text ? text : "");
}

static bool read_hex(const char *text, uint8_t *ret, size_t size)
{
	if (!text || strlen(text) != 2 * size || strspn(text, "0123456789abcdef") != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
		ret[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool read_listen(const char *text, struct sockaddr_in *ret)
{
	char address[INET_ADDRSTRLEN];
	const char *colon = text ? strchr(text, ':') : NULL;
	if (!colon || (size_t)(colon - text) >= sizeof address)
		return false;
	memcpy(address, text, (size_t)(colon - text));
	address[colon - text] = '\0';
	unsigned long port = strtoul(colon + 1, NULL, 10);
	*ret = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	return port > 0 && port < 65536 && inet_pton(AF_INET, address, &ret->sin_addr) == 1;
}

/* Expressway-E's: all of it, or none. */
static void read_way(const json_t *tunnel, struct cw_node_document *ret)
{
	json_int_t port = json_integer_value(json_object_get(tunnel, "port"));
	ret->port = port > 0 && port < 65536 ? (unsigned)port : 0;
	copy(tunnel, "login", ret->login, sizeof ret->login);
	if (!*ret->login || !ret->port ||
		!read_listen(json_string_value(json_object_get(tunnel, "listen")), &ret->listen) ||
		!read_hex(json_string_value(json_object_get(tunnel, "secret")), ret->secret,
			sizeof ret->secret)) {
		ret->login[0] = '\0';
		ret->port = 0;
	}
}

bool cw_node_document_read(const char *data, size_t length, struct cw_node_document *ret)
{
	json_error_t ignored;
	*ret = (struct cw_node_document){0};
	AUTO(json_decref) json_t *object = json_loadb(data, length, JSON_REJECT_DUPLICATES, &ignored);
	if (!json_is_object(object) || json_integer_value(json_object_get(object, "version")) != 1)
		return false;
	json_int_t serial = json_integer_value(json_object_get(object, "serial"));
	ret->serial = serial > 0 && serial < UINT32_MAX ? (unsigned)serial : 0;
	copy(object, "node", ret->node, sizeof ret->node);
	copy(object, "list", ret->list, sizeof ret->list);
	const json_t *tunnel = json_object_get(object, "tunnel");
	const char *verdict = json_string_value(json_object_get(tunnel, "verdict"));
	if (!verdict)
		return true;
	ret->tunnel = true;
	ret->passes = strcmp(verdict, "pass") == 0;
	copy(tunnel, "code", ret->code, sizeof ret->code);
	copy(tunnel, "detail", ret->detail, sizeof ret->detail);
	if (ret->passes)
		read_way(tunnel, ret);
	return true;
}

void cw_node_document_answer(struct cw_node_document *document, const struct cw_snapshot_answer *answer)
{
	document->tunnel = answer->asked;
	document->passes = answer->asked && !answer->refuses;
	snprintf(document->code, sizeof document->code, "%s", answer->code ? answer->code : "");
	snprintf(
		document->detail, sizeof document->detail, "%.*s", CW_NODE_DOCUMENT_TEXT - 1, answer->detail);
}
