#include "model/link.h"

/* Ports: sources F2.1. A zone has its own. */
static const struct {
	const char *name;
	unsigned port;
} kinds[] = {
	[CW_LINK_TRAVERSAL] = {"traversal", 0},
	[CW_LINK_SERVICE] = {"service", 0},
	[CW_LINK_TUNNEL] = {"tunnel", 2222},
	[CW_LINK_TOMCAT] = {"tomcat", 8443},
	[CW_LINK_TFTP] = {"tftp", 6972},
	[CW_LINK_SIP_OUT] = {"sip-out", 5061},
	[CW_LINK_SIP_IN] = {"sip-in", 5061},
	[CW_LINK_SIP_OAUTH] = {"sip-oauth", 5091},
	[CW_LINK_EDGE_HTTPS] = {"edge-https", 8443},
	[CW_LINK_EDGE_SIP] = {"edge-sip", 5061},
	[CW_LINK_FRONT] = {"front", 8443},
	[CW_LINK_CLUSTER] = {"cluster", 4372},
};

const char *cw_link_kind_name(enum cw_link_kind kind)
{
	return kinds[kind].name;
}

unsigned cw_link_kind_port(enum cw_link_kind kind)
{
	return kinds[kind].port;
}

bool cw_link_kind_is_tls(enum cw_link_kind kind)
{
	return kind != CW_LINK_TUNNEL && kind != CW_LINK_SERVICE;
}

#define BY_CLIENT true
#define BY_SERVER false

/* docs/rules.md, row by row; the seeds' chapters behind it are named in docs/seed-coverage.md. */
static const struct cw_link_row rows[] = {
	{.kind = CW_LINK_TRAVERSAL,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_ALWAYS},
	{.kind = CW_LINK_TRAVERSAL,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_VERIFY_NAME,
		CW_WHEN_ALWAYS},
	/* "MRA Certificate Requirements": C checks the certificate that E sends along in a SIP SERVICE message */
	{.kind = CW_LINK_SERVICE,
		BY_SERVER,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS,
		.leaf_alone = true},
	{.kind = CW_LINK_TUNNEL,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_ALWAYS},
	{.kind = CW_LINK_TUNNEL,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS},
	{.kind = CW_LINK_TOMCAT,
		BY_CLIENT,
		CW_IDENTITY_TOMCAT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_ORIGIN},
	{.kind = CW_LINK_TOMCAT,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TOMCAT_TRUST,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_CUCM_VERIFY,
		.client_auth_warns = true},
	{.kind = CW_LINK_TFTP,
		BY_CLIENT,
		CW_IDENTITY_CALLMANAGER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_ORIGIN},
	/* sources F3: in CallManager-trust and tomcat-trust, in mixed mode or not */
	{.kind = CW_LINK_TFTP,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_CALLMANAGER_TRUST,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS,
		.client_auth_warns = true},
	{.kind = CW_LINK_TFTP,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TOMCAT_TRUST,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS,
		.client_auth_warns = true},
	{.kind = CW_LINK_SIP_OUT,
		BY_CLIENT,
		CW_IDENTITY_CALLMANAGER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_NONE,
		CW_WHEN_SECURE},
	{.kind = CW_LINK_SIP_OUT,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_CALLMANAGER_TRUST,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_PROFILES,
		CW_WHEN_SECURE},
	{.kind = CW_LINK_SIP_IN,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_CALLMANAGER_TRUST,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_NONE,
		CW_WHEN_SECURE},
	/* the MRA certificates guide: the CallManager certificate "must have both client and server authentication attributes"; what
	   works without are registrations inside, where CUCM is no client of Expressway-C */
	{.kind = CW_LINK_SIP_IN,
		BY_SERVER,
		CW_IDENTITY_CALLMANAGER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_SECURE},
	/* "Mobile and Remote Access Through Cisco Expressway", SIP OAuth: 5091, TLS whatever the mode, by tomcat */
	{.kind = CW_LINK_SIP_OAUTH,
		BY_CLIENT,
		CW_IDENTITY_TOMCAT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_ALWAYS},
	{.kind = CW_LINK_SIP_OAUTH,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TOMCAT_TRUST,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS},
	{.kind = CW_LINK_EDGE_HTTPS,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUST,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_DOMAINS,
		CW_WHEN_ENDPOINT},
	{.kind = CW_LINK_EDGE_SIP,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUST,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_DOMAINS,
		CW_WHEN_ENDPOINT},
	{.kind = CW_LINK_FRONT,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS},
	/* the MRA certificates guide: the front's root goes to E; nothing is said of its EKU, so that warns (docs/decisions.md)
	 */
	{.kind = CW_LINK_FRONT,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_ALWAYS,
		.client_auth_warns = true},
	{.kind = CW_LINK_CLUSTER,
		BY_CLIENT,
		CW_IDENTITY_SERVER,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_SERVER,
		CW_LINK_NAMES_ADDRESS,
		CW_WHEN_CLUSTER},
	{.kind = CW_LINK_CLUSTER,
		BY_SERVER,
		CW_IDENTITY_CLIENT,
		CW_STORE_TRUSTED_CA,
		CW_PURPOSE_CLIENT,
		CW_LINK_NAMES_NONE,
		CW_WHEN_CLUSTER},
};

const struct cw_link_row *cw_link_rows(size_t *count)
{
	*count = sizeof rows / sizeof rows[0];
	return rows;
}

enum cw_switch cw_link_cucm_tls_verify(const struct cw_group *c, const struct cw_group *cucm)
{
	enum cw_switch set =
		cucm->cucm_tls_verify != CW_SWITCH_UNSET ? cucm->cucm_tls_verify : c->cucm_tls_verify;
	return set == CW_SWITCH_UNSET ? CW_SWITCH_ON : set;
}

const struct cw_link_alone_row *cw_link_alone_row(enum cw_link_alone kind)
{
	static const struct cw_link_alone_row alone[CW_ALONE_COUNT] = {
		[CW_ALONE_VERIFY] = {.purpose_given = true, .profile_given = true},
		[CW_ALONE_CLIENT_TEST] = {.purpose = CW_PURPOSE_CLIENT, .profile = CW_PROFILE_EXPRESSWAY},
		[CW_ALONE_UPLOAD] = {.purpose = CW_PURPOSE_ANY, .profile_given = true},
		[CW_ALONE_CLIENT] = {.purpose_given = true, .profile_given = true},
		[CW_ALONE_BOX] = {.purpose = CW_PURPOSE_SERVER, .profile = CW_PROFILE_RFC5280},
	};
	return &alone[kind];
}

static enum cw_link_weight verify_weight(const struct cw_group *c, const struct cw_group *cucm)
{
	enum cw_switch verify = cw_link_cucm_tls_verify(c, cucm);
	if (verify == CW_SWITCH_UNKNOWN)
		return CW_WEIGHT_UNKNOWN;
	return verify == CW_SWITCH_ON ? CW_WEIGHT_REFUSES : CW_WEIGHT_NONE;
}

/* the MRA certificates guide: "first-time users would be prompted to accept the untrusted certificate"; of Webex no source says
 * what it does. */
static enum cw_link_weight endpoint_weight(const struct cw_endpoint *endpoint)
{
	switch (endpoint->kind) {
	case CW_ENDPOINT_JABBER:
		return CW_WEIGHT_WARNS;
	case CW_ENDPOINT_WEBEX:
		return CW_WEIGHT_UNKNOWN;
	case CW_ENDPOINT_TELEPRESENCE:
	case CW_ENDPOINT_PHONE_7800:
	case CW_ENDPOINT_PHONE_8800:
	case CW_ENDPOINT_PHONE_9800:
		return CW_WEIGHT_REFUSES;
	}
	return CW_WEIGHT_REFUSES;
}

static enum cw_link_weight secure_weight(const struct cw_link_ends *ends)
{
	const struct cw_node *server = ends->server.node;
	const struct cw_group *cucm = server->kind == CW_NODE_CUCM ? server->group : ends->client.node->group;
	return cucm->secure_registration == CW_SWITCH_UNKNOWN ? CW_WEIGHT_UNKNOWN : CW_WEIGHT_REFUSES;
}

/*
 * sources F3: from X14.0.8 on the traffic server verifies every server, unless VerifyOriginServer (X14.2+)
 * is off. Without it TLS verify mode looks at the publisher only, when it is discovered; that there is
 * something wrong with others is then worth knowing and no more. On 6972 there is no discovery and nothing
 * before X14.0.8.
 */
static enum cw_link_weight origin_weight(const struct cw_link_row *row, const struct cw_link_ends *ends)
{
	const struct cw_group *c = ends->client.node->group;
	const struct cw_release_row *release = cw_release_row(c->release);
	if (release->origin_verified && (c->verify_origin_server || !release->origin_switch))
		return CW_WEIGHT_REFUSES;
	if (row->kind == CW_LINK_TFTP && !release->origin_verified)
		return CW_WEIGHT_NONE;
	enum cw_link_weight weight = verify_weight(c, ends->server.node->group);
	if (weight == CW_WEIGHT_NONE || ends->server.node->publisher)
		return weight;
	return CW_WEIGHT_INFORMS;
}

enum cw_link_weight cw_link_row_weight(const struct cw_link_row *row, const struct cw_link_ends *ends)
{
	switch (row->when) {
	case CW_WHEN_ALWAYS:
		return CW_WEIGHT_REFUSES;
	case CW_WHEN_ORIGIN:
		return origin_weight(row, ends);
	case CW_WHEN_CUCM_VERIFY:
		return verify_weight(ends->client.node->group, ends->server.node->group);
	case CW_WHEN_ENDPOINT:
		return endpoint_weight(ends->client.endpoint);
	case CW_WHEN_SECURE:
		return secure_weight(ends);
	case CW_WHEN_CLUSTER: /* docs/rules.md cluster-tls-verify; alarm 40049 */
		return ends->server.node->group->cluster_tls_verify ? CW_WEIGHT_REFUSES : CW_WEIGHT_WARNS;
	}
	return CW_WEIGHT_REFUSES;
}

enum cw_purpose cw_link_row_purpose(const struct cw_link_row *row, const struct cw_link_ends *ends)
{
	const struct cw_group *group = ends->server.node->group;
	if (row->by_client || row->purpose != CW_PURPOSE_CLIENT || !group)
		return row->purpose;
	bool expressway = group->kind == CW_NODE_EXPRESSWAY_C || group->kind == CW_NODE_EXPRESSWAY_E;
	if (!expressway)
		return row->purpose;
	const struct cw_release_row *release = cw_release_row(group->release);
	if (row->kind == CW_LINK_CLUSTER)
		return release->cluster_wants_client_auth ? CW_PURPOSE_CLIENT : CW_PURPOSE_ANY;
	/* sources F9: the switch is for inbound SIP TLS; the tunnels want clientAuth whatever it says */
	bool sip =
		row->kind == CW_LINK_TRAVERSAL || row->kind == CW_LINK_SIP_IN || row->kind == CW_LINK_FRONT;
	return sip && release->eku_check_switch && !group->eku_check ? CW_PURPOSE_EITHER : CW_PURPOSE_CLIENT;
}

/* CUCM's ECDSA counterpart is shown where there is one and C's handshakes pick it. */
static enum cw_identity_kind cucm_identity(enum cw_identity_kind rsa, const struct cw_link_ends *ends)
{
	const struct cw_group *c = ends->client.node->group;
	bool ecdsa = c->prefer == CW_PREFER_ECDSA ||
		(c->prefer == CW_PREFER_BY_RELEASE && cw_release_row(c->release)->prefers_ecdsa);
	enum cw_identity_kind counterpart =
		rsa == CW_IDENTITY_TOMCAT ? CW_IDENTITY_TOMCAT_ECDSA : CW_IDENTITY_CALLMANAGER_ECDSA;
	return ecdsa && ends->server.node->identities[counterpart].state != CW_ABSENT ? counterpart : rsa;
}

/* sources F9: a client store of its own from X15.5 on; a front may have a client certificate. */
static enum cw_identity_kind client_identity(const struct cw_node *node)
{
	bool store = !node->group || cw_release_row(node->group->release)->client_store;
	return store && node->identities[CW_IDENTITY_CLIENT].state != CW_ABSENT ? CW_IDENTITY_CLIENT
										: CW_IDENTITY_SERVER;
}

enum cw_identity_kind cw_link_row_identity(const struct cw_link_row *row, const struct cw_link_ends *ends)
{
	if (row->identity == CW_IDENTITY_CLIENT)
		return client_identity(ends->client.node);
	bool cucm = row->identity == CW_IDENTITY_TOMCAT || row->identity == CW_IDENTITY_CALLMANAGER;
	return cucm && row->by_client ? cucm_identity(row->identity, ends) : row->identity;
}

bool cw_link_row_wants_client_too(const struct cw_link_row *row, const struct cw_link_ends *ends)
{
	return row->kind == CW_LINK_SERVICE &&
		cw_release_row(ends->server.node->group->release)->service_wants_client_auth;
}
