#include "lab/export/lab_export_parts.h"

#include "pki/bundle/pem_write.h"

#include <jansson.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

CW_DEFINE_AUTO(json_t *, json_decref)

/* As certificate management and the command line call them. */
static const struct {
	enum cw_identity_kind kind;
	const char *service;
} identities[] = {
	{CW_IDENTITY_TOMCAT, "tomcat"},
	{CW_IDENTITY_TOMCAT_ECDSA, "tomcat-ECDSA"},
	{CW_IDENTITY_CALLMANAGER, "CallManager"},
	{CW_IDENTITY_CALLMANAGER_ECDSA, "CallManager-ECDSA"},
};

static const struct {
	enum cw_store_kind kind;
	const char *service;
} stores[] = {
	{CW_STORE_TOMCAT_TRUST, "tomcat-trust"},
	{CW_STORE_CALLMANAGER_TRUST, "CallManager-trust"},
};

/* "Acme_Root_CA_01ab.pem": the common name with its blanks as "_", and the serial number. */
static void entry_name(const struct cw_cert *cert, struct cw_buffer *ret)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cw_cert_x509(cert));
	const char *common = cw_cert_common_name(cert);
	for (const char *at = common ? common : "no_name"; *at; at++)
		cw_buffer_char(ret, *at == ' ' || *at == '/' ? '_' : *at);
	cw_buffer_char(ret, '_');
	cw_buffer_hex(ret, serial->data, (size_t)serial->length);
	cw_buffer_text(ret, ".pem");
}

/* --- certificate management --- */

static json_t *pem_json(const struct cw_lab_export *job, const struct cw_cert *cert)
{
	AUTO_BUFFER pem = {0};
	if (!cw_pem_write_cert(&pem, cert, job->error))
		return NULL;
	return json_string(cw_buffer_string(&pem));
}

static json_t *identities_json(const struct cw_lab_export *job, const struct cw_node *node)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
		const struct cw_identity *identity = &node->identities[identities[i].kind];
		if (identity->state != CW_KNOWN)
			continue;
		json_array_append_new(list,
			json_pack("{s:s, s:o, s:s}", "service", identities[i].service, "certificate",
				pem_json(job, identity->leaf), "csr", ""));
	}
	json_array_append_new(list,
		json_pack("{s:s, s:s, s:s}", "service", node->kind == CW_NODE_IMP ? "cup-xmpp" : "ipsec",
			"certificate", "", "csr", ""));
	return list;
}

static json_t *entries_json(const struct cw_lab_export *job, const struct cw_store *store)
{
	json_t *list = json_array();
	for (size_t i = 0; i < store->list.count; i++) {
		AUTO_BUFFER name = {0};
		entry_name(store->list.entries[i].cert, &name);
		json_array_append_new(list,
			json_pack("{s:s, s:o}", "filename", cw_buffer_string(&name), "certificate",
				pem_json(job, store->list.entries[i].cert)));
	}
	return list;
}

static json_t *trusts_json(const struct cw_lab_export *job, const struct cw_node *node)
{
	json_t *list = json_array();
	for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
		const struct cw_store *store = &node->stores[stores[i].kind];
		if (store->state == CW_KNOWN)
			json_array_append_new(list,
				json_pack("{s:s, s:o}", "service", stores[i].service, "certificate_data",
					entries_json(job, store)));
	}
	return list;
}

static int append_text(const char *text, size_t length, void *buffer)
{
	cw_buffer_append(buffer, text, length);
	return 0;
}

bool cw_lab_export_snapshot(struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	AUTO(json_decref)
	json_t *root = json_pack("{s:s, s:s, s:o, s:o, s:[]}", "trackingId",
		"4f6f0c57-0a3c-4c3e-9a0d-1b2c3d4e5f60", "server", node->fqdn, "identities",
		identities_json(job, node), "trusts", trusts_json(job, node), "revokedCertificates");
	if (!root || json_dump_callback(root, append_text, &text, JSON_INDENT(2)) != 0)
		return cw_error_memory(job->error);
	cw_buffer_printf(&path, "snapshot_%s.json", node->fqdn);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}

/* --- AXL --- */

#define ENVELOPE_BEGIN \
	"<?xml version='1.0' encoding='UTF-8'?><soapenv:Envelope " \
	"xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body><ns:%sResponse " \
	"xmlns:ns=\"http://www.cisco.com/AXL/API/14.0\"><return>"
#define ENVELOPE_END "</return></ns:%sResponse></soapenv:Body></soapenv:Envelope>"

static void add_process_nodes(const struct cw_group *group, struct cw_buffer *ret)
{
	cw_buffer_text(ret,
		"<processNode><name>EnterpriseWideData</name><nodeUsage>Publisher</nodeUsage></processNode>");
	for (size_t i = 0; i < group->count; i++)
		cw_buffer_printf(ret,
			"<processNode uuid=\"{%zu}\"><name>%s</name><description/><nodeUsage>%s</nodeUsage>"
			"<processNodeRole>CUCM Voice/Video</processNodeRole></processNode>",
			i, group->nodes[i]->fqdn, group->nodes[i]->publisher ? "Publisher" : "Subscriber");
}

static bool write_answer(const struct cw_lab_export *job, const char *name, const char *cluster,
	struct cw_buffer *body, const char *what)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&path, "%s_%s.xml", name, cluster);
	cw_buffer_printf(&text, ENVELOPE_BEGIN, what);
	cw_buffer_text(&text, cw_buffer_string(body));
	cw_buffer_printf(&text, ENVELOPE_END, what);
	body->length = 0;
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}

/* The model that CUCM would list for an endpoint of this kind. */
static const char *model_of(enum cw_endpoint_kind kind)
{
	switch (kind) {
	case CW_ENDPOINT_JABBER:
	case CW_ENDPOINT_WEBEX:
		return "Cisco Unified Client Services Framework";
	case CW_ENDPOINT_TELEPRESENCE:
		return "Cisco Webex Room Kit";
	case CW_ENDPOINT_PHONE_7800:
		return "Cisco 7841";
	case CW_ENDPOINT_PHONE_8800:
		return "Cisco 8845";
	case CW_ENDPOINT_PHONE_9800:
		return "Cisco 9861";
	}
	return "";
}

static bool write_models(const struct cw_lab_export *job, const struct cw_group *group)
{
	AUTO_BUFFER body = {0};
	for (size_t i = 0; i < job->deployment->endpoint_count; i++)
		cw_buffer_printf(
			&body, "<row><model>%s</model></row>", model_of(job->deployment->endpoints[i].kind));
	cw_buffer_text(&body, "<row><model>Cisco 7962</model></row>");
	return write_answer(job, "axl_models", group->name, &body, "executeSQLQuery");
}

static bool write_cluster(const struct cw_lab_export *job, const struct cw_group *group)
{
	AUTO_BUFFER body = {0};
	add_process_nodes(group, &body);
	if (!write_answer(job, "axl_listProcessNode", group->name, &body, "listProcessNode"))
		return false;
	for (size_t i = 0; i < group->phone_profiles.count; i++)
		cw_buffer_printf(&body,
			"<phoneSecurityProfile uuid=\"{%zu}\"><name>%s</name><deviceSecurityMode>Encrypted"
			"</deviceSecurityMode></phoneSecurityProfile>",
			i, group->phone_profiles.items[i]);
	cw_buffer_text(&body,
		"<phoneSecurityProfile><name>Universal Device Template - Model-independent Security Profile</name>"
		"<deviceSecurityMode>Non Secure</deviceSecurityMode></phoneSecurityProfile>");
	if (!write_answer(
		    job, "axl_listPhoneSecurityProfile", group->name, &body, "listPhoneSecurityProfile"))
		return false;
	cw_buffer_printf(&body,
		"<row><paramname>ClusterSecurityMode</paramname><paramvalue>%d</paramvalue></row>",
		cw_lab_export_is_secure(group));
	return write_answer(job, "axl_processconfig", group->name, &body, "executeSQLQuery") &&
		write_models(job, group);
}

bool cw_lab_export_axl(struct cw_lab_export *job)
{
	for (size_t i = 0; i < job->deployment->group_count; i++)
		if (job->deployment->groups[i]->kind == CW_NODE_CUCM &&
			!write_cluster(job, job->deployment->groups[i]))
			return false;
	return true;
}

/* --- command line --- */

/* What a terminal program keeps: carriage returns twice, the prompt in colours, the pager's question wiped. */
#define EOL "\r\r\n"
#define PAGER "Press <enter> for 1 line, <space> for one page, or <q> to quit"

static bool add_cert(
	const struct cw_lab_export *job, const struct cw_cert *cert, bool paged, struct cw_buffer *ret)
{
	AUTO_BUFFER pem = {0};
	if (!cw_pem_write_cert(&pem, cert, job->error))
		return false;
	cw_buffer_printf(ret,
		"[" EOL "  Version: V3" EOL "  Serial Number: 7A" EOL "  SignatureAlgorithm: SHA256withRSA "
		"(1.2.840.113549.1.1.11)" EOL "  Issuer Name: %s" EOL
		"  Validity From: Fri Nov 20 12:00:00 UTC 2026" EOL
		"           To:   Sat Nov 20 12:00:00 UTC 2027" EOL "  Subject Name: %s" EOL,
		cw_cert_issuer_text(cert), cw_cert_subject_text(cert));
	size_t line = 0;
	for (size_t i = 0; i < pem.length; i++) {
		if (pem.data[i] != '\n') {
			cw_buffer_char(ret, pem.data[i]);
			continue;
		}
		cw_buffer_text(ret, EOL);
		if (++line == 5 && paged)
			cw_buffer_printf(ret, PAGER "\r%*s\r", (int)strlen(PAGER), "");
	}
	cw_buffer_text(ret, EOL "]" EOL);
	return true;
}

static void add_command(const char *command, struct cw_buffer *ret)
{
	cw_buffer_printf(ret, "\033[0madmin:%s" EOL, command);
}

/* The terminal breaks a long command in two: the name of an entry goes on in the next line. */
static bool add_entry(const struct cw_lab_export *job, const char *service, const struct cw_cert *cert,
	struct cw_buffer *ret)
{
	AUTO_BUFFER name = {0};
	AUTO_BUFFER command = {0};
	entry_name(cert, &name);
	cw_buffer_printf(&command, "show cert trust %s/%s", service, cw_buffer_string(&name));
	if (!cw_buffer_ok(&command, job->error) || !cw_buffer_ok(&name, job->error))
		return false;
	size_t width = 74;
	cw_buffer_printf(ret, "\033[0madmin:%.*s", (int)width, cw_buffer_string(&command));
	if (command.length > width)
		cw_buffer_printf(ret, EOL "%s", command.data + width);
	cw_buffer_text(ret, EOL);
	return add_cert(job, cert, true, ret);
}

static bool add_store(
	const struct cw_lab_export *job, const struct cw_node *node, size_t which, struct cw_buffer *ret)
{
	const struct cw_store *store = &node->stores[stores[which].kind];
	for (size_t i = 0; store->state == CW_KNOWN && i < store->list.count; i++)
		if (!add_entry(job, stores[which].service, store->list.entries[i].cert, ret))
			return false;
	return true;
}

static void add_list(const struct cw_node *node, struct cw_buffer *ret)
{
	add_command("show cert list trust", ret);
	for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++) {
		const struct cw_store *store = &node->stores[stores[i].kind];
		for (size_t j = 0; store->state == CW_KNOWN && j < store->list.count; j++) {
			cw_buffer_printf(ret, "%s/", stores[i].service);
			entry_name(store->list.entries[j].cert, ret);
			cw_buffer_text(ret, ": Trust Certificate" EOL);
		}
	}
	if (node->kind == CW_NODE_CUCM)
		cw_buffer_text(ret,
			"CallManager-trust/Cisco_Root_CA_2048_5ff87b28.pem: Self-signed certificate" EOL);
	if (node->kind == CW_NODE_IMP)
		cw_buffer_text(ret, "cup-xmpp-trust/own.pem: Self-signed certificate" EOL);
}

static void add_tables(const struct cw_node *node, struct cw_buffer *ret)
{
	if (node->kind != CW_NODE_CUCM || !node->publisher)
		return;
	add_command("run sql select paramname,paramvalue from processconfig where "
		    "paramname='ClusterSecurityMode'",
		ret);
	cw_buffer_printf(ret,
		"paramname           paramvalue " EOL "=================== ========== " EOL
		"ClusterSecurityMode %d          " EOL,
		cw_lab_export_is_secure(node->group));
	add_command("run sql select name,tknodeusage from processnode", ret);
	cw_buffer_text(ret,
		"name                           tknodeusage " EOL
		"============================== =========== " EOL
		"EnterpriseWideData             0           " EOL);
	for (size_t i = 0; i < node->group->count; i++)
		cw_buffer_printf(ret, "%-30s %d           " EOL, node->group->nodes[i]->fqdn,
			!node->group->nodes[i]->publisher);
}

bool cw_lab_export_session(struct cw_lab_export *job, const struct cw_node *node)
{
	AUTO_BUFFER path = {0};
	AUTO_BUFFER text = {0};
	cw_buffer_printf(&text,
		"$ ssh administrator@%s" EOL "Command Line Interface is starting up, please wait ..." EOL EOL
		"   Welcome to the Platform Command Line Interface" EOL EOL,
		node->fqdn);
	add_command("set cli pagination off", &text);
	add_command("show version active", &text);
	cw_buffer_text(&text, "Active Master Version: 14.0.1.12900-161" EOL);
	for (size_t i = 0; i < sizeof identities / sizeof identities[0]; i++) {
		const struct cw_identity *identity = &node->identities[identities[i].kind];
		char command[64];
		if (identity->state != CW_KNOWN)
			continue;
		snprintf(command, sizeof command, "show cert own %s", identities[i].service);
		add_command(command, &text);
		if (!add_cert(job, identity->leaf, i % 2, &text))
			return false;
	}
	add_list(node, &text);
	for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++)
		if (!add_store(job, node, i, &text))
			return false;
	add_tables(node, &text);
	add_command("", &text);
	cw_buffer_printf(&path, "session_%s.log", node->fqdn);
	return cw_buffer_ok(&path, job->error) && cw_lab_export_file(job, cw_buffer_string(&path), &text);
}
