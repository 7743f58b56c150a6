#include "collect/collect_request.h"

#include <string.h>

#define API "/api/provisioning"
#define CERTMGR "/platformcom/api/v1/certmgr/config"

#define EXPRESSWAY .kind = CW_COLLECT_EXPRESSWAY_BOX, .account = CW_COLLECT_EXPRESSWAY
#define SINGLE \
	.kind = CW_COLLECT_VOICE_BOX, .account = CW_COLLECT_OS, .body = CW_COLLECT_JSON, \
	.without = "snapshot.json"
#define AXL .kind = CW_COLLECT_VOICE_BOX, .account = CW_COLLECT_AXL, .path = "/axl/", .body = CW_COLLECT_XML

/* Whose answer is not there says whether the next one is asked: C and E have one interface each for their zone. */
static const struct cw_collect_request table[] = {
	{EXPRESSWAY, .path = API "/certs/server", .name = "certs_server", .body = CW_COLLECT_PEM,
		.what = "server certificate"},
	{EXPRESSWAY, .path = API "/certs/root", .name = "certs_root", .body = CW_COLLECT_PEM,
		.what = "trusted CA list"},
	{EXPRESSWAY, .path = API "/common/dns/dns", .name = "common_dns_dns.json", .body = CW_COLLECT_JSON,
		.what = "host name"},
	{EXPRESSWAY, .path = "/status.xml", .name = "status.xml", .body = CW_COLLECT_XML,
		.what = "release and status"},
	{EXPRESSWAY, .path = API "/controller/zone/unifiedcommunicationstraversal",
		.name = "zone_controller.json", .body = CW_COLLECT_JSON,
		.what = "traversal zone of Expressway-C", .optional = true},
	{EXPRESSWAY, .path = API "/edge/zone/unifiedcommunicationstraversal", .name = "zone_edge.json",
		.body = CW_COLLECT_JSON, .what = "traversal zone", .unless = "zone_controller.json"},
	{EXPRESSWAY, .path = API "/controller/server/cucm", .name = "server_cucm.json",
		.body = CW_COLLECT_JSON, .what = "Unified CM servers", .unless = "zone_edge.json"},
	{EXPRESSWAY, .path = API "/controller/server/imp", .name = "server_imp.json", .body = CW_COLLECT_JSON,
		.what = "IM and Presence servers", .unless = "zone_edge.json", .optional = true},
	{EXPRESSWAY, .path = API "/common/mra", .name = "common_mra.json", .body = CW_COLLECT_JSON,
		.what = "MRA settings"},
	{EXPRESSWAY, .path = API "/common/domain", .name = "common_domain.json", .body = CW_COLLECT_JSON,
		.what = "domains"},
	{EXPRESSWAY, .path = API "/common/protocol/sip/configuration", .name = "common_sip.json",
		.body = CW_COLLECT_JSON, .what = "SIP settings", .optional = true},
	/* read as one public client reads it */
	{EXPRESSWAY, .path = API "/common/cluster/peers", .name = "common_cluster_peers.json",
		.body = CW_COLLECT_JSON, .what = "cluster peers", .optional = true},
	{EXPRESSWAY, .path = "/api/raml", .name = "api.raml", .body = CW_COLLECT_RAML,
		.what = "description of the interface", .optional = true},
	/* start and stop at once: the dumps and certificates are what is wanted, the log is short */
	{EXPRESSWAY, .path = API "/common/diagnosticlogging", .name = "start",
		.what = "diagnostic log: start", .body = CW_COLLECT_JSON, .put = true,
		.send = "{\"Mode\":\"start\",\"TCPDump\":\"off\"}", .diagnostic = true},
	{EXPRESSWAY, .path = API "/common/diagnosticlogging", .name = "stop", .what = "diagnostic log: stop",
		.body = CW_COLLECT_JSON, .put = true, .send = "{\"Mode\":\"stop\"}", .after = "start",
		.diagnostic = true},
	{EXPRESSWAY, .path = API "/common/diagnosticlogging", .name = "gather",
		.what = "diagnostic log: collect", .body = CW_COLLECT_JSON, .put = true,
		.send = "{\"Mode\":\"collect\"}", .after = "stop", .diagnostic = true},
	{EXPRESSWAY, .path = API "/common/diagnosticlogging", .name = "ready",
		.what = "diagnostic log: is it ready", .body = CW_COLLECT_JSON, .after = "gather",
		.diagnostic = true, .repeated = true},
	{EXPRESSWAY, .path = API "/common/diagnosticlogging", .name = "diagnostic_log", .put = true,
		.what = "diagnostic archive", .body = CW_COLLECT_FILE, .send = "{\"Mode\":\"download\"}",
		.after = "ready", .diagnostic = true},

	{.kind = CW_COLLECT_VOICE_BOX,
		.account = CW_COLLECT_OS,
		.path = CERTMGR "/snapshot/server",
		.name = "snapshot.json",
		.body = CW_COLLECT_JSON,
		.what = "all certificates"},
	{SINGLE, .path = CERTMGR "/identity/certificate?service=tomcat", .name = "own_tomcat.json",
		.what = "tomcat certificate", .service = "tomcat"},
	{SINGLE, .path = CERTMGR "/identity/certificate?service=tomcat-ECDSA",
		.name = "own_tomcat-ECDSA.json", .what = "tomcat-ECDSA certificate",
		.service = "tomcat-ECDSA", .optional = true},
	{SINGLE, .path = CERTMGR "/identity/certificate?service=CallManager", .name = "own_CallManager.json",
		.what = "CallManager certificate", .service = "CallManager", .optional = true},
	{SINGLE, .path = CERTMGR "/identity/certificate?service=CallManager-ECDSA",
		.name = "own_CallManager-ECDSA.json", .what = "CallManager-ECDSA certificate",
		.service = "CallManager-ECDSA", .optional = true},
	{SINGLE, .path = CERTMGR "/trust/certificate?service=tomcat", .name = "trust_tomcat.json",
		.what = "tomcat-trust", .service = "tomcat-trust", .trust = true},
	{SINGLE, .path = CERTMGR "/trust/certificate?service=CallManager", .name = "trust_CallManager.json",
		.what = "CallManager-trust", .service = "CallManager-trust", .trust = true, .optional = true},
	{AXL, .name = "axl_listProcessNode.xml", .what = "nodes of the cluster",
		.send = "<ns:listProcessNode><searchCriteria><name>%</name></searchCriteria><returnedTags><name/>"
			"<description/><nodeUsage/><processNodeRole/></returnedTags></ns:listProcessNode>"},
	{AXL, .name = "axl_listPhoneSecurityProfile.xml", .what = "phone security profiles",
		.after = "axl_listProcessNode.xml",
		.send = "<ns:listPhoneSecurityProfile><searchCriteria><name>%</name></searchCriteria>"
			"<returnedTags><name/><deviceSecurityMode/></returnedTags></ns:listPhoneSecurityProfile>"},
	{AXL, .name = "axl_processconfig.xml", .what = "security mode of the cluster",
		.after = "axl_listProcessNode.xml",
		.send = "<ns:executeSQLQuery><sql>select paramname,paramvalue from processconfig where "
			"paramname='ClusterSecurityMode'</sql></ns:executeSQLQuery>"},
	/* the kinds of devices, not the devices: tkclass 1 is a phone in the data dictionary */
	{AXL, .name = "axl_models.xml", .what = "models of devices", .after = "axl_listProcessNode.xml",
		.optional = true,
		.send = "<ns:executeSQLQuery><sql>select distinct typemodel.name as model from device inner join "
			"typemodel on device.tkmodel=typemodel.enum where device.tkclass=1</sql>"
			"</ns:executeSQLQuery>"},
};

#define TABLE_COUNT (sizeof table / sizeof table[0])
_Static_assert(TABLE_COUNT <= CW_COLLECT_REQUESTS_MAX, "a box has room for the answers of all rows");

const struct cw_collect_request *cw_collect_request_at(size_t index)
{
	return index < TABLE_COUNT ? &table[index] : NULL;
}

size_t cw_collect_request_find(enum cw_collect_kind kind, const char *name)
{
	size_t index = 0;
	while (index < TABLE_COUNT - 1 && (table[index].kind != kind || strcmp(table[index].name, name) != 0))
		index++;
	return index;
}
