#include "node/edge/edge_told.h"

#include "http/http_host.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

void cw_edge_told_finish(struct cw_edge_told *told)
{
	cw_strings_finish(&told->domains);
	*told = (struct cw_edge_told){0};
}

json_t *cw_edge_told_write_keys(const struct cw_edge_told *told)
{
	struct cw_json json = {0};
	json_t *keys = json_array();
	for (size_t i = 0; i < told->key_count; i++) {
		AUTO_BUFFER hex = {0};
		json_t *key = json_object();
		cw_buffer_hex(&hex, told->keys[i].bytes, sizeof told->keys[i].bytes);
		cw_json_put(&json, key, "key", cw_json_text(cw_buffer_string(&hex)));
		cw_json_put(&json, key, "until", json_integer(told->keys[i].until));
		cw_json_add(&json, keys, key);
	}
	if (!json.failed)
		return keys;
	json_decref(keys);
	return NULL;
}

json_t *cw_edge_told_write(const struct cw_edge_key_signer *signer, const char *allow)
{
	struct cw_edge_told told = {0};
	struct cw_json json = {0};
	json_t *edge = json_object();
	told.key_count = cw_edge_key_signer_told(signer, told.keys);
	cw_json_put(&json, edge, "allow", cw_json_text(allow));
	cw_json_put(&json, edge, "cookies", cw_edge_told_write_keys(&told));
	if (!json.failed)
		return edge;
	json_decref(edge);
	return NULL;
}

static bool read_hex(const char *text, uint8_t *ret, size_t size)
{
	if (!text || strlen(text) != 2 * size || strspn(text, "0123456789abcdef") != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
		ret[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return true;
}

static void read_keys(const json_t *list, struct cw_edge_told *ret)
{
	size_t i;
	json_t *row;
	json_array_foreach(list, i, row)
	{
		struct cw_edge_key_told key = {.until = json_integer_value(json_object_get(row, "until"))};
		const char *text = json_string_value(json_object_get(row, "key"));
		if (ret->key_count < CW_EDGE_KEY_OWN_MAX && key.until > 0 &&
			read_hex(text, key.bytes, sizeof key.bytes))
			ret->keys[ret->key_count++] = key;
	}
}

static void read_domains(const json_t *list, struct cw_edge_told *ret)
{
	size_t i;
	json_t *row;
	json_array_foreach(list, i, row)
	{
		const char *name = json_string_value(row);
		if (!name || i >= CW_EDGE_TOLD_DOMAINS_MAX || !cw_http_host_is_domain(cw_http_text(name)))
			continue;
		if (!cw_strings_add(&ret->domains, name))
			return; /* no memory: one domain fewer */
	}
}

void cw_edge_told_read_parts(const json_t *keys, const json_t *domains, struct cw_edge_told *ret)
{
	*ret = (struct cw_edge_told){0};
	read_keys(keys, ret);
	read_domains(domains, ret);
}

bool cw_edge_told_read(const char *data, size_t length, struct cw_edge_told *ret)
{
	json_error_t ignored;
	uint8_t hash[(CW_EDGE_TOLD_HASH_SIZE - 1) / 2];
	*ret = (struct cw_edge_told){0};
	AUTO(json_decref) json_t *object = json_loadb(data, length, JSON_REJECT_DUPLICATES, &ignored);
	const json_t *edge = json_object_get(object, "edge");
	if (!json_is_object(edge) || json_integer_value(json_object_get(object, "version")) != 1)
		return false;
	const char *allow = json_string_value(json_object_get(edge, "allow"));
	cw_edge_told_read_parts(json_object_get(edge, "cookies"), json_object_get(object, "domains"), ret);
	if (read_hex(allow, hash, sizeof hash))
		snprintf(ret->allow, sizeof ret->allow, "%s", allow);
	return true;
}
