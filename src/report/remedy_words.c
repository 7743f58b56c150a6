#include "report/remedy_words.h"

#include <string.h>

#define EXPRESSWAY CW_TOLD_EXPRESSWAY
#define UC CW_TOLD_UC

/* The MRA certificates guide "Configure Trust Between CUCM and Expressway-C" */
#define OS_ADMINISTRATION "Cisco Unified OS Administration > Security > Certificate Management"
/* sources F3 (S8): after a change of tomcat-trust or CallManager-trust; the command is S13's */
#define TOMCAT_RESTART "utils service restart Cisco Tomcat"
#define CALLMANAGER_RESTART \
	"restart Cisco CallManager (Cisco Unified Serviceability > Tools > Control Center - Feature Services) and " \
	"Cisco HAProxy (utils service restart Cisco HAProxy; before 14 Cisco TFTP, as a feature service)"
/* The MRA certificates guide: the key purposes "are determined on the CA that signed the CSR (... by the template selected)" */
#define CSR_STEPS \
	"Generate CSR with the names %n; have it signed for %e (the CA's template decides that, not " \
	"the request alone), and upload it"

static const struct cw_remedy_words table[] = {
	/* The Expressway troubleshooting guide steps 6 to 9; sources F1.4: "Append CA certificate", delete by tick box, no reordering
	 */
	{EXPRESSWAY, CW_ACTION_APPEND, "trusted-ca", "%p > Trusted CA certificate", "append %c", NULL},
	{EXPRESSWAY, CW_ACTION_REMOVE, "trusted-ca", "%p > Trusted CA certificate", "tick %c and delete it",
		NULL},
	{EXPRESSWAY, CW_ACTION_MOVE_BEFORE, "trusted-ca", "%p > Trusted CA certificate",
		"tick and delete %b, then append it again, so that it stands below %c", NULL},
	/* sources F1.1 (S3): CSR page; the MRA certificates guide: SANs and key purposes */
	{EXPRESSWAY, CW_ACTION_REISSUE, "server", "%p > Server certificate", CSR_STEPS,
		CW_REMEDY_WORDS_RESTART},
	/* sources F4.2 (S11): the client store of X15.5 */
	{EXPRESSWAY, CW_ACTION_REISSUE, "client", "%p > Client certificate",
		CSR_STEPS "; a private CA that its peers trust will do, and the server certificate stays",
		CW_REMEDY_WORDS_RESTART},
	/* sources F1.5 (S4): manual PEM upload replaces earlier lists */
	{EXPRESSWAY, CW_ACTION_INSTALL, "crl", "%p > CRL management", "upload the CRL of %c, in PEM", NULL},
	/* sources F1.1, F1.3: what the upload page takes */
	{EXPRESSWAY, CW_ACTION_INSTALL, "server", "%p > Server certificate", "%a", CW_REMEDY_WORDS_RESTART},
	{EXPRESSWAY, CW_ACTION_INSTALL, "client", "%p > Client certificate", "%a", CW_REMEDY_WORDS_RESTART},
	{EXPRESSWAY, CW_ACTION_INSTALL, "trusted-ca", "%p > Trusted CA certificate", "%a", NULL},
	{EXPRESSWAY, CW_ACTION_RESTART, NULL, "Maintenance > Restart options", "Restart", NULL},
	/* The Expressway troubleshooting guide "Traversal Zone down": the peer address on C, the TLS verify name on E; sources F2.2 */
	{EXPRESSWAY, CW_ACTION_SET, "peer address", "Configuration > Zones > Zones > %z",
		"set the peer address to %v", NULL},
	{EXPRESSWAY, CW_ACTION_SET, "tls-verify-name", "Configuration > Zones > Zones > %z",
		"set TLS verify subject name to %v", NULL},
	/* The MRA certificates guide: "Ensure that the account username and password used for the traversal is correct";
	   sources F2.2: the account stands in E's local authentication database */
	{EXPRESSWAY, CW_ACTION_SET, "traversal zone user name and password",
		"Configuration > Zones > Zones > %z > Connection credentials",
		"type the user name and password of the account that Expressway-E has in Configuration > "
		"Authentication > Local database",
		NULL},
	/* The MRA certificates guide: "the CUCM servers MUST be added in the Expressway-C with the FQDN, not the IP address" */
	{EXPRESSWAY, CW_ACTION_SET, "server address", "Configuration > Unified Communications",
		"add the server by its FQDN %v and delete the old entry (in CUCM itself: System > Server)",
		NULL},
	{EXPRESSWAY, CW_ACTION_SET, "host name", "System > DNS", "%a", NULL},
	/* Administrator guide X15.0, "Reference Material": each node lists the key types of both nodes */
	{EXPRESSWAY, CW_ACTION_SET, "tunnel-key-algorithms",
		"xConfiguration Ciphers sshd_pfwd_pubkeyalgorithms", "add the algorithm of %v keys", NULL},
	/* sources F4.2: C and E must run the same version */
	{EXPRESSWAY, CW_ACTION_SET, "release", "Maintenance > Upgrade",
		"install %v, on Expressway-C and Expressway-E in one window: both must run one release",
		NULL},
	/* Workarounds: the X14.2 release notes; the X15.5 release notes; TAC 217230; the administrator guide, "Ciphers" */
	{EXPRESSWAY, CW_ACTION_SET, "verify-origin-server", "The command line",
		"xConfiguration EdgeConfigServer VerifyOriginServer: %v", NULL},
	{EXPRESSWAY, CW_ACTION_SET, "eku-check", "The command line",
		"xConfiguration SIP TLS Certificate ExtendedKeyUsage Checking Mode: %v", NULL},
	{EXPRESSWAY, CW_ACTION_SET, "cluster-tls-verify", "System > Clustering", "TLS verification mode: %v",
		NULL},
	{EXPRESSWAY, CW_ACTION_SET, "prefer", "Maintenance > Security > Ciphers",
		"put ECDHE-RSA-AES256-GCM-SHA384 first, so that servers inside show their %v certificate",
		NULL},
	{EXPRESSWAY, CW_ACTION_SET, "maintenance-mode", "Maintenance > Maintenance mode",
		"switch it %v, and take an Expressway-E peer out of the _collab-edge records in DNS", NULL},
	/* The MRA certificates guide "Trusted CA Lists": not replicated; sources F1.4: no reordering but by deleting */
	{EXPRESSWAY, CW_ACTION_SET, "order of the trusted CA list", "%p > Trusted CA certificate",
		"bring the list into the order of the first peer's: delete what stands too high and append "
		"it again",
		NULL},

	/* The MRA certificates guide: "click Upload Certificate/Certificate Chain and select the correct trust format" */
	{UC, CW_ACTION_SET, "phone security profile",
		"Cisco Unified CM Administration > System > Security > Phone Security Profile",
		"rename %v to letters, digits and hyphens with a dot (secure-jabber.acme.test)", NULL},
	/* The MRA certificates guide: secure signalling "is NOT required between Expressway-C and CUCM" */
	{UC, CW_ACTION_SET, "device security profile", "Cisco Unified CM Administration > Device > Phone",
		"give the devices a %v Device Security Profile", NULL},
	{UC, CW_ACTION_APPEND, "tomcat-trust", OS_ADMINISTRATION " > Upload Certificate/Certificate chain",
		"purpose tomcat-trust, %c", TOMCAT_RESTART},
	{UC, CW_ACTION_APPEND, "callmanager-trust",
		OS_ADMINISTRATION " > Upload Certificate/Certificate chain", "purpose CallManager-trust, %c",
		CALLMANAGER_RESTART},
	{UC, CW_ACTION_REMOVE, "tomcat-trust", OS_ADMINISTRATION, "Find tomcat-trust, open %c and delete it",
		TOMCAT_RESTART},
	{UC, CW_ACTION_REMOVE, "callmanager-trust", OS_ADMINISTRATION,
		"Find CallManager-trust, open %c and delete it", CALLMANAGER_RESTART},
	{UC, CW_ACTION_REISSUE, "tomcat", OS_ADMINISTRATION, "purpose tomcat: " CSR_STEPS, TOMCAT_RESTART},
	{UC, CW_ACTION_REISSUE, "tomcat-ecdsa", OS_ADMINISTRATION, "purpose tomcat-ECDSA: " CSR_STEPS,
		TOMCAT_RESTART},
	{UC, CW_ACTION_REISSUE, "callmanager", OS_ADMINISTRATION, "purpose CallManager: " CSR_STEPS,
		CALLMANAGER_RESTART},
	{UC, CW_ACTION_REISSUE, "callmanager-ecdsa", OS_ADMINISTRATION,
		"purpose CallManager-ECDSA: " CSR_STEPS, CALLMANAGER_RESTART},
	{UC, CW_ACTION_INSTALL, NULL, OS_ADMINISTRATION, "%a", NULL},
	{UC, CW_ACTION_RESTART, "tomcat", "The command line", TOMCAT_RESTART, NULL},
	{UC, CW_ACTION_RESTART, "callmanager",
		"Cisco Unified Serviceability > Tools > Control Center - Feature Services",
		"restart Cisco CallManager, Cisco TFTP and Cisco CTIManager, and on the command line Cisco HAProxy "
		"(utils service restart Cisco HAProxy; before 14 Cisco TFTP does its work)",
		NULL},
	{UC, CW_ACTION_RESTART, NULL, "Cisco Unified Serviceability > Tools > Control Center", "restart %s",
		NULL},

	/* The MRA certificates guide "Synergy Light Endpoints": what a NetScaler needs, best effort */
	/* NetScaler: "link intermediates"; nginx and HAProxy read one file */
	{CW_TOLD_FRONT, CW_ACTION_SET, "certificate file", "The server certificate of the front",
		"link %v behind it (in a file: add it after the server certificate)", NULL},
	{CW_TOLD_FRONT, CW_ACTION_APPEND, NULL, "The CA list of the front", "append %c", NULL},
	{CW_TOLD_FRONT, CW_ACTION_REMOVE, NULL, "The CA list of the front", "remove %c", NULL},
	{CW_TOLD_FRONT, CW_ACTION_REISSUE, NULL, "The %s certificate of the front",
		"have one issued with the names %n, for %e", NULL},

	/* sources F7 (S8): Jabber uses the operating system's store */
	{CW_TOLD_JABBER, CW_ACTION_APPEND, NULL,
		"The system's trust store (Windows certificate manager, macOS Keychain, iOS and Android "
		"settings)",
		"add %c", NULL},
	/* sources F7 (S8): the endpoints ship a default list and allow adding CAs */
	{CW_TOLD_TELEPRESENCE, CW_ACTION_APPEND, NULL, "The endpoint's list of certificate authorities",
		"add %c", NULL},
	/* The MRA certificates guide: "This trust list cannot be modified" */
	{CW_TOLD_PHONE, CW_ACTION_APPEND, NULL, "The phone's list",
		"nothing can be added to it: have the Expressway-E certificate signed by a CA of that list",
		NULL},
};

const struct cw_remedy_words *cw_remedy_words_find(enum cw_told told, enum cw_action action, const char *key)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if ((table[i].told & told) && table[i].action == action &&
			(!table[i].key || (key && strcmp(table[i].key, key) == 0)))
			return &table[i];
	return NULL;
}
