#include "import/source/reading_json.h"

#include "base/buffer.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

CW_DEFINE_AUTO(json_t *, json_decref)

/* Against a list of a million zones; a box has at most 1,000. */
#define ITEMS_MAX 10000

const char *cw_reading_json_text(const json_t *object, const char *key)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name,
		value) if (strcasecmp(name, key) == 0) return json_string_value(value);
	return NULL;
}

static const json_t *member(const json_t *object, const char *key)
{
	const char *name;
	json_t *value;
	json_object_foreach((json_t *)object, name, value) if (strcasecmp(name, key) == 0) return value;
	return NULL;
}

static bool has(const json_t *object, const char *key)
{
	return member(object, key) != NULL;
}

bool cw_reading_json_fact(const struct cw_reading *read, enum cw_fact_key key, unsigned a, unsigned b,
	const char *value, struct cw_error *error)
{
	struct cw_evidence_fact fact = {.source = read->source, .key = key, .a = a, .b = b};
	return !value || cw_evidence_add_fact(read->evidence, &fact, value, strlen(value), error);
}

static bool add_text(const struct cw_reading *read, const json_t *object, const char *json_key,
	enum cw_fact_key key, unsigned a, struct cw_error *error)
{
	return cw_reading_json_fact(read, key, a, 0, cw_reading_json_text(object, json_key), error);
}

static bool add_port(const struct cw_reading *read, const json_t *object, enum cw_fact_key key, unsigned a,
	struct cw_error *error)
{
	char text[24];
	const json_t *port = member(object, "SIPPort");
	if (!json_is_integer(port))
		return cw_reading_json_fact(read, key, a, 0, json_string_value(port), error);
	snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(port));
	return cw_reading_json_fact(read, key, a, 0, text, error);
}

/* GET /common/cluster/peers: an address, and nothing that a zone has. One public client reads it so. */
static bool is_peer(const json_t *object)
{
	return json_is_string(member(object, "PeerAddress")) && !has(object, "Name") &&
		!has(object, "SIPPort") && !has(object, "AuthenticationUserName");
}

static bool read_peer(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	return add_text(read, object, "PeerAddress", CW_FACT_CLUSTER_PEER, number, error);
}

static bool is_zone(const json_t *object)
{
	return has(object, "PeerAddress") || has(object, "SIPTLSVerifySubjectName");
}

/* GET /controller/zone/unifiedcommunicationstraversal and its twin below /edge: the latter has no peers. */
static bool read_zone(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	static const enum cw_fact_key keys[2][3] = {
		{CW_FACT_ZONE_E_EDGE, CW_FACT_ZONE_E_PORT, CW_FACT_ZONE_E_USER},
		{CW_FACT_ZONE_C_EDGE, CW_FACT_ZONE_C_PORT, CW_FACT_ZONE_C_USER},
	};
	const enum cw_fact_key *side = keys[has(object, "PeerAddress")];
	const json_t *peers = member(object, "PeerAddress");
	if (!add_text(read, object, "Name", CW_FACT_ZONE_NAME, number, error) ||
		!cw_reading_json_fact(read, side[0], number, 0, "On", error) ||
		!add_port(read, object, side[1], number, error) ||
		!add_text(read, object, "AuthenticationUserName", side[2], number, error) ||
		!add_text(read, object, "SIPTLSVerifySubjectName", CW_FACT_ZONE_E_VERIFY_NAME, number, error))
		return false;
	for (size_t i = 0; i < json_array_size(peers) && i < ITEMS_MAX; i++)
		if (!cw_reading_json_fact(read, CW_FACT_ZONE_C_PEER, number, (unsigned)i + 1,
			    json_string_value(json_array_get(peers, i)), error))
			return false;
	return json_is_array(peers) ||
		cw_reading_json_fact(read, CW_FACT_ZONE_C_PEER, number, 1, json_string_value(peers), error);
}

static bool is_server(const json_t *object)
{
	return has(object, "Publisher") && has(object, "TlsVerify");
}

/* GET /controller/server/cucm has settings of calls that /controller/server/imp has not; a release that has none of
 * them is told by what the answer was called when it was kept ("server_cucm.json"). */
static bool read_server(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	static const enum cw_fact_key keys[2][2] = {
		{CW_FACT_IMP_ADDRESS, CW_FACT_IMP_VERIFY},
		{CW_FACT_CUCM_ADDRESS, CW_FACT_CUCM_VERIFY},
	};
	bool cucm = has(object, "AesGcm") || has(object, "IcePassthrough") ||
		has(object, "SipUpdateForSessionRefresh") ||
		strcasestr(cw_evidence_name(&read->evidence->sources[read->source], false), "cucm");
	return add_text(read, object, "Publisher", keys[cucm][0], number, error) &&
		add_text(read, object, "TlsVerify", keys[cucm][1], number, error);
}

static bool is_mra(const json_t *object)
{
	return has(object, "SSO") && has(object, "Enabled");
}

static bool read_mra(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	(void)number;
	return add_text(read, object, "Enabled", CW_FACT_MRA, 0, error);
}

static bool is_dns(const json_t *object)
{
	return has(object, "SystemHostName");
}

static bool read_dns(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	(void)number;
	return add_text(read, object, "SystemHostName", CW_FACT_HOST_NAME, 0, error) &&
		add_text(read, object, "DomainName", CW_FACT_DOMAIN_NAME, 0, error);
}

static bool is_domain(const json_t *object)
{
	return has(object, "EdgeSip") && has(object, "Name");
}

static bool read_domain(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	return add_text(read, object, "Name", CW_FACT_DOMAIN, number, error) &&
		add_text(read, object, "EdgeSip", CW_FACT_DOMAIN_EDGE, number, error) &&
		add_text(read, object, "XmppFederation", CW_FACT_DOMAIN_FEDERATION, number, error);
}

static bool is_info(const json_t *object)
{
	return has(object, "SoftwareVersion");
}

static bool read_info(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	(void)number;
	return add_text(read, object, "SoftwareVersion", CW_FACT_RELEASE, 0, error);
}

/* Answers that are known and hold nothing that is of use here. */
static bool is_known(const json_t *object)
{
	static const char *const keys[] = {
		"SipMode", "DefaultDNSServers", "KeyId", "DownLoadStatus", "index"};
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (has(object, keys[i]))
			return true;
	return false;
}

static bool read_nothing(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	(void)read, (void)object, (void)number, (void)error;
	return true;
}

static const struct {
	bool (*is)(const json_t *object);
	bool (*take)(
		const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error);
} shapes[] = {
	{is_peer, read_peer},
	{is_zone, read_zone},
	{is_server, read_server},
	{is_mra, read_mra},
	{is_dns, read_dns},
	{is_domain, read_domain},
	{is_info, read_info},
	{is_known, read_nothing},
};

static bool unknown(const struct cw_reading *read, const json_t *object, struct cw_error *error)
{
	const char *message = cw_reading_json_text(object, "Message");
	if (message)
		return cw_error_set(error, CW_E_FORMAT,
			"the box's answer to a command, not to a question; fetch it again with GET");
	(void)read;
	return cw_error_set(error, CW_E_FORMAT, "JSON, but no answer of a box that is known here");
}

static bool read_object(
	const struct cw_reading *read, const json_t *object, unsigned number, struct cw_error *error)
{
	if (cw_reading_json_is_certmgr(object))
		return cw_reading_json_certmgr(read, object, error);
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
		if (shapes[i].is(object))
			return shapes[i].take(read, object, number, error);
	return unknown(read, object, error);
}

/* What a secret is called, not what it is. jansson bounds the depth. */
static bool drop_secrets(const struct cw_reading *read, const json_t *value, struct cw_error *error)
{
	const char *name;
	json_t *inner;
	size_t index;
	json_object_foreach((json_t *)value, name, inner)
	{
		const char *text = json_string_value(inner);
		if (text && *text && cw_fact_is_secret(name) &&
			!cw_evidence_drop(read->evidence, read->source, 0, "password of a setting", error))
			return false;
		if (text && strstr(text, "PRIVATE KEY-----") &&
			!cw_evidence_drop(read->evidence, read->source, 0, "private key", error))
			return false;
		if (!drop_secrets(read, inner, error))
			return false;
	}
	json_array_foreach((json_t *)value, index, inner) if (!drop_secrets(read, inner, error)) return false;
	return true;
}

bool cw_reading_json(const struct cw_reading *read, struct cw_error *error)
{
	json_error_t trouble;
	const char *data = read->data;
	size_t length = read->length;
	if (length >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
		data += 3;
		length -= 3;
	}
	AUTO(json_decref) json_t *root = json_loadb(data, length, 0, &trouble);
	if (!root)
		return cw_error_set(error, CW_E_FORMAT, "line %d: JSON that cannot be read", trouble.line);
	if (!drop_secrets(read, root, error))
		return false;
	if (!json_is_array(root))
		return read_object(read, root, 1, error);
	for (size_t i = 0; i < json_array_size(root) && i < ITEMS_MAX; i++) {
		const json_t *item = json_array_get(root, i);
		if (!read_object(read, item, (unsigned)i + 1, error))
			return false;
	}
	return true;
}
