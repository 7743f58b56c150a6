/*
 * x509-limbo's JSON, which BetterTLS comes in as well: one object with `testcases`, certificates as PEM
 * strings. Fields read: id, validation_kind, trusted_certs, untrusted_intermediates, peer_certificate,
 * validation_time, extended_key_usage, expected_peer_name, expected_peer_names, crls, expected_result. No
 * case is left out for its features: what Causeway does not do (a limit for the depth, a name of an e-mail
 * box) is listed in limbo.differences, case by case.
 */
#include "suite.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

CW_DEFINE_AUTO(json_t *, json_decref)

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* All PEM strings of an array, one after the other; NULL for an empty one. */
static const char *join(const json_t *array, struct cw_buffer *buffer)
{
	size_t index;
	json_t *value;
	json_array_foreach(array, index, value)
		cw_buffer_printf(buffer, "%s\n", json_string_value(value) ? json_string_value(value) : "");
	return buffer->length ? cw_buffer_string(buffer) : NULL;
}

static bool array_has(const json_t *array, const char *wanted)
{
	size_t index;
	json_t *value;
	json_array_foreach(array, index, value) if (json_is_string(value) &&
		strcmp(json_string_value(value), wanted) == 0) return true;
	return false;
}

/* What TLS wants of this kind of peer, unless the case says more: of e-mail and code signing the judge knows
 * nothing. */
static enum cw_purpose purpose_of(const json_t *test)
{
	const json_t *usages = json_object_get(test, "extended_key_usage");
	const char *kind = text_of(test, "validation_kind");
	bool client = kind && strcmp(kind, "CLIENT") == 0;
	if (json_array_size(usages) == 0)
		return client ? CW_PURPOSE_CLIENT : CW_PURPOSE_SERVER;
	if (array_has(usages, "serverAuth"))
		return CW_PURPOSE_SERVER;
	return array_has(usages, "clientAuth") ? CW_PURPOSE_CLIENT : CW_PURPOSE_ANY;
}

static cw_time time_of(const json_t *test)
{
	struct cw_error error;
	cw_time now = cw_time_now(), at;
	const char *text = text_of(test, "validation_time");
	return text && cw_time_parse(text, now, &at, &error) ? at : now;
}

/* `expected_peer_name` of a server, the first of `expected_peer_names` of a client, where it is a host's. */
static const char *name_of(const json_t *test)
{
	const json_t *name = json_object_get(test, "expected_peer_name");
	if (!json_is_object(name))
		name = json_array_get(json_object_get(test, "expected_peer_names"), 0);
	const char *kind = text_of(name, "kind");
	bool host = kind && (strcmp(kind, "DNS") == 0 || strcmp(kind, "IP") == 0);
	return host ? text_of(name, "value") : NULL;
}

static void ask(struct suite *suite, const json_t *test)
{
	AUTO_BUFFER trusted = {0}, untrusted = {0}, crls = {0};
	const char *expected = text_of(test, "expected_result");
	struct suite_case asked = {
		.id = text_of(test, "id"),
		.leaf = text_of(test, "peer_certificate"),
		.trusted = join(json_object_get(test, "trusted_certs"), &trusted),
		.untrusted = join(json_object_get(test, "untrusted_intermediates"), &untrusted),
		.crls = join(json_object_get(test, "crls"), &crls),
		.purpose = purpose_of(test),
		.name = name_of(test),
		.at = time_of(test),
		.want_valid = expected && strcmp(expected, "SUCCESS") == 0,
	};
	if (!asked.trusted)
		asked.trusted = "";
	if (asked.id && asked.leaf && expected)
		suite_ask(suite, &asked);
}

bool suite_limbo(struct suite *suite, const char *path)
{
	json_error_t error;
	AUTO(json_decref) json_t *root = json_load_file(path, 0, &error);
	const json_t *tests = json_object_get(root, "testcases");
	if (!json_is_array(tests)) {
		fprintf(stderr, "%s:%d: %s; wanted an object with testcases\n", path, error.line, error.text);
		return false;
	}
	size_t index;
	json_t *test;
	json_array_foreach(tests, index, test) ask(suite, test);
	return true;
}
