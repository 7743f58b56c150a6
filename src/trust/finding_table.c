#include "trust/citation.h"
#include "trust/finding.h"

#include <string.h>

#define MRA_GUIDE CW_CITATION_MRA_GUIDE
#define EXPRESSWAY_GUIDE CW_CITATION_EXPRESSWAY_GUIDE

/* Texts on the screens of the boxes, word for word. */
#define ZONE_TEXT "TLS Negotiation Error"		   /* the Expressway troubleshooting guide */
#define TUNNEL_TEXT "No SSH tunnels have been established" /* the Expressway troubleshooting guide */
#define IDENTITY_TEXT "Peer's TLS certificate identity was unacceptable" /* sources F6.1 */

#define REFUSED CW_SEVERITY_REFUSED
#define WARN CW_SEVERITY_WARN
#define INFO CW_SEVERITY_INFO
#define TLS CW_LAYER_TLS
#define SSH CW_LAYER_SSH
#define SIP CW_LAYER_SIP
#define FILE_LAYER CW_LAYER_FILE

/* One row for each code, in the order of CW_CODE_LIST. */
static const struct cw_finding_row table[] = {
	{CW_ISSUER_MISSING, "issuer-missing", REFUSED, TLS, "unknown_ca",
		"A CA certificate between the leaf and its root is neither in the judge's trust list nor "
		"sent by the other side.",
		"Append the named CA certificate to the named list. A box that sends only its leaf leaves "
		"this to its peers.",
		ZONE_TEXT,
		MRA_GUIDE
		", \"Configure the Expressway-C and Expressway-E to Trust Each Other\"; " EXPRESSWAY_GUIDE
		""},
	{CW_ROOT_MISSING, "root-missing", REFUSED, TLS, "unknown_ca",
		"The chain is complete up to a root that the judge's trust list does not hold. A root that "
		"comes over the wire proves "
		"nothing.",
		"Append the root certificate to the named list.", ZONE_TEXT,
		MRA_GUIDE ": \"if you only upload the intermediate certificate without the root … it would "
			  "fail\""},
	{CW_SELF_SIGNED_UNTRUSTED, "self-signed-untrusted", REFUSED, TLS, "unknown_ca",
		"The certificate is signed by itself and does not stand in the judge's trust list.",
		"Append the certificate itself to the list, or better: have it signed by a CA that the list "
		"holds.",
		ZONE_TEXT,
		MRA_GUIDE ", \"CUCM Servers With Self Signed Certificates\"; " EXPRESSWAY_GUIDE
			  ", \"Basic Principle\""},
	{CW_ISSUER_SHADOWED, "issuer-shadowed", REFUSED, TLS, "unknown_ca",
		"The right CA certificate stands in the list, but another one of the same subject stands "
		"above it, and the search stops "
		"at the first.",
		"Remove the upper entry, or move the right one above it. Where tomcat and CallManager are "
		"self-signed with one subject, "
		"have a CA sign both and trust that CA alone.",
		ZONE_TEXT, MRA_GUIDE ": \"it stops once it finds one with a subject that matches\""},
	{CW_SIGNATURE_INVALID, "signature-invalid", REFUSED, TLS, "decrypt_error",
		"The signature does not verify with the key of the certificate that bears the issuer's name: "
		"another CA of the same name, "
		"or a damaged or forged certificate.",
		"Replace the list's entry of that name by the CA that really signed; where the kind of signature "
		"cannot be checked, have the certificate signed with RSA or ECDSA and SHA-2.",
		ZONE_TEXT,
		"RFC 5280 §6.1.3 (a)(1); measured with stunnel, haproxy and openssl s_server (stale root of the same subject)"},
	{CW_KEY_IDENTIFIER_DIFFERS, "key-identifier-differs", REFUSED, TLS, "unknown_ca",
		"A certificate's authority key identifier names another certificate than the CA that signed it: "
		"by key identifier, or by issuer and serial number. OpenSSL, and so an Expressway, does not "
		"take that CA for its issuer and says that it finds none; many other judges do not mind.",
		"Have the certificate re-issued by a CA that writes the identifier of its own certificate, or "
		"append the CA certificate that the identifier names, if the CA has one.",
		ZONE_TEXT, "RFC 5280 §4.2.1.1; OpenSSL's X509_check_akid (errors 20, 18 and 2)"},
	{CW_EXPIRED, "expired", REFUSED, TLS, "certificate_expired", "The certificate's validity has ended.",
		"Renew it: a leaf by a new request, a CA certificate by its successor from the CA.",
		ZONE_TEXT, EXPRESSWAY_GUIDE ", \"Basic Principle\"; RFC 5280 §6.1.3 (a)(2)"},
	{CW_NOT_YET_VALID, "not-yet-valid", REFUSED, TLS, "bad_certificate",
		"The certificate's validity has not begun at the judged time.",
		"Wait until it begins, or have it re-issued by a CA whose clock (NTP) is right.", ZONE_TEXT,
		EXPRESSWAY_GUIDE ", \"Basic Principle\"; RFC 5280 §6.1.3 (a)(2)"},
	{CW_DATE_UNFIT, "date-unfit", REFUSED, TLS, "bad_certificate",
		"A date of the certificate is not written as X.509 wants it: with seconds, in UTC (\"Z\"), without "
		"fractions. OpenSSL, and so an Expressway, refuses it as a format error.",
		"Have the certificate re-issued by software that follows RFC 5280.", ZONE_TEXT,
		"RFC 5280 §4.1.2.5.1, §4.1.2.5.2; OpenSSL errors 13 and 14"},
	{CW_REVOKED, "revoked", REFUSED, TLS, "certificate_revoked", "The CA has revoked the certificate.",
		"Have a new certificate issued, with a new key if the old one may be known to others.",
		ZONE_TEXT, EXPRESSWAY_GUIDE ", \"Basic Principle\"; RFC 5280 §6.3"},
	{CW_CRL_MISSING, "crl-missing", REFUSED, TLS, "unknown_ca",
		"Revocation is checked for the whole chain, and there is no good revocation list of this CA.",
		"Upload the CA's current CRL, as its present key signed it for this kind of certificate, or set what "
		"happens when it cannot be had.",
		"Invalid: unable to get certificate CRL, please ensure that you have uploaded a CRL",
		MRA_GUIDE ", \"Test to Know If A Certificate Is Trusted\"; " CW_CITATION_CERT_GUIDE
			  ", \"Manage CRLs\""},
	{CW_CRL_EXPIRED, "crl-expired", REFUSED, TLS, "certificate_expired",
		"The CA's revocation list is past its nextUpdate: all of its certificates count as revoked.",
		"Upload the CA's current CRL.", ZONE_TEXT,
		CW_CITATION_CERT_GUIDE
		", \"Manage CRLs\": \"If a CA's CRL expires, all certificates issued by that CA will be treated "
		"as revoked\""},
	{CW_SERVER_AUTH_MISSING, "server-auth-missing", REFUSED, TLS, "unsupported_certificate",
		"The certificate may not be used by a server: its extended key usage, or that of a CA above "
		"it, lacks TLS Web Server "
		"Authentication (1.3.6.1.5.5.7.3.1).",
		"Have it re-issued from a CA template with both server and client authentication; the EKUs "
		"come from the template, not "
		"from the CSR alone.",
		ZONE_TEXT, MRA_GUIDE ", \"SSL Handshake Summary\"; " CW_CITATION_EKU_SUNSET},
	{CW_CLIENT_AUTH_MISSING, "client-auth-missing", REFUSED, TLS, "unsupported_certificate",
		"The certificate may not be used by a client: its extended key usage, or that of a CA above "
		"it, lacks TLS Web Client "
		"Authentication (1.3.6.1.5.5.7.3.2). Public CAs stopped putting it in.",
		"Have it re-issued from a CA template with both server and client authentication (for "
		"Expressway-C a private CA will "
		"do), or from X15.5 on install a client certificate of its own.",
		ZONE_TEXT,
		MRA_GUIDE ", \"SSL Handshake Summary\"; " CW_CITATION_EKU_SUNSET "; " CW_CITATION_EKU_X15_5
			  ", " CW_CITATION_FIELD_NOTICE},
	{CW_KEY_USAGE_UNFIT, "key-usage-unfit", REFUSED, TLS, "unsupported_certificate",
		"The certificate's key usage does not allow what it is used for.",
		"Have it re-issued: digitalSignature (and keyEncipherment for RSA) on a leaf, keyCertSign on "
		"a CA.",
		ZONE_TEXT, "RFC 5280 §4.2.1.3, §6.1.4 (n)"},
	{CW_NOT_A_CA, "not-a-ca", REFUSED, TLS, "unknown_ca",
		"A certificate that is no CA certificate stands in the chain as an issuer.",
		"Have the leaf signed by a real CA; look for a server certificate uploaded in a CA's place.",
		ZONE_TEXT, "RFC 5280 §6.1.4 (k)"},
	{CW_PATH_TOO_LONG, "path-too-long", REFUSED, TLS, "unknown_ca",
		"The chain has more CAs below this one than its pathLenConstraint allows.",
		"Have the CA issue from an allowed level, or get a CA certificate without that limit.",
		ZONE_TEXT, "RFC 5280 §6.1.4 (l), (m)"},
	{CW_NAME_CONSTRAINT, "name-constraint", REFUSED, TLS, "unknown_ca",
		"A CA in the chain may not issue for a name in the certificate (name constraints).",
		"Have it issued by a CA that may, or without that name.", ZONE_TEXT,
		"RFC 5280 §6.1.3 (b), (c)"},
	{CW_CRITICAL_EXTENSION, "critical-extension", REFUSED, TLS, "unsupported_certificate",
		"The certificate has an extension marked critical that the software does not know or cannot "
		"read.",
		"Have it re-issued without that extension, or with it not critical.", ZONE_TEXT,
		"RFC 5280 §6.1.4 (o), §6.1.5 (f)"},
	{CW_POLICY_UNFIT, "policy-unfit", REFUSED, TLS, "bad_certificate",
		"A CA of the chain, or whoever asks, demands a certificate policy, and none holds from root "
		"to leaf.",
		"Have the certificate issued under a policy of that CA. Expressway nodes check none; other "
		"boxes may.",
		NULL, "RFC 5280 §6.1.5 (g)"},
	{CW_OTHER_CHECK_FAILED, "other-check-failed", REFUSED, TLS, "bad_certificate",
		"OpenSSL's check of the path found what no other code names; the detail has its words.",
		"Have the certificate re-issued by a CA that follows RFC 5280.", ZONE_TEXT, "RFC 5280 §6"},
	{CW_WEAK_KEY, "weak-key", WARN, TLS, "bad_certificate",
		"The key is shorter than what is held to be safe: RSA under 2048 or EC under 256 bits warns, "
		"RSA under 1024 is refused.",
		"Make a new request with RSA 2048 or 4096.", ZONE_TEXT,
		"Causeway's rule 10 (" CW_CITATION_RULES "); " CW_CITATION_CERT_GUIDE
		", \"Generating a CSR\""},
	{CW_WEAK_DIGEST, "weak-digest", WARN, TLS, "bad_certificate",
		"The certificate is signed with a broken digest: SHA-1 warns, MD5 is refused.",
		"Have the CA sign with SHA-256.", ZONE_TEXT,
		"Causeway's rule 10 (" CW_CITATION_RULES "); " CW_CITATION_CERT_GUIDE
		", \"Generating a CSR\""},
	{CW_TLS_UNUSABLE, "tls-unusable", REFUSED, TLS, "handshake_failure",
		"TLS cannot use this key: its kind or curve, or a key usage without digitalSignature on an "
		"EC key.",
		"Make a new request with an RSA key, or EC P-256 and digitalSignature.", ZONE_TEXT,
		"RFC 8446 §4.2.3, §4.4.2.2; RFC 8422 §5.3"},
	{CW_UNKNOWN_OID_IN_NAME, "unknown-oid-in-name", WARN, TLS, NULL,
		"Subject or issuer has an attribute that is known by its number only. SSH tunnels break on "
		"it.",
		"Have the certificate re-issued without that attribute.", TUNNEL_TEXT,
		CW_CITATION_CERT_GUIDE ", \"Generating a CSR\" \"Unknown OIDs\""},
	{CW_PEER_NAME_MISMATCH, "peer-name-mismatch", REFUSED, TLS, "bad_certificate",
		"The address that the client was told to connect to is not among the names of the server's "
		"certificate.",
		"Use the name that stands in the certificate as the peer address, or have it re-issued with "
		"the address as SAN.",
		IDENTITY_TEXT,
		EXPRESSWAY_GUIDE
		", \"Traversal Zone down\": the hostname does not match a name in the certificate"},
	{CW_VERIFY_NAME_MISMATCH, "verify-name-mismatch", REFUSED, TLS, "bad_certificate",
		"The TLS verify subject name of Expressway-E's zone is not among the names of Expressway-C's "
		"certificate.",
		"Set it to the Expressway-C cluster FQDN, which must stand in every peer's certificate.",
		IDENTITY_TEXT,
		EXPRESSWAY_GUIDE ", \"Traversal Zone down\": the TLS Verify name does not match"},
	{CW_ADDRESS_IS_IP, "address-is-ip", REFUSED, TLS, "bad_certificate",
		"The server was added by its IP address, and the certificate does not hold that address.",
		"Add the server by its FQDN, as it stands in the certificate.", IDENTITY_TEXT,
		MRA_GUIDE ": \"the CUCM servers MUST be added in the Expressway-C with the FQDN, not the IP "
			  "address\""},
	{CW_PHONE_PROFILE_MISSING, "phone-profile-missing", REFUSED, SIP, NULL,
		"A secure phone profile's name is not among the names of Expressway-C's certificate: CUCM "
		"answers secure registrations "
		"with 403. TLS itself comes up.",
		"Have Expressway-C's certificate re-issued with the profile name as SAN.", "403",
		MRA_GUIDE ": \"it would fail with a 403 from the CUCM, which indicates a TLS failure\""},
	{CW_PHONE_PROFILE_UNFIT, "phone-profile-unfit", WARN, FILE_LAYER, NULL,
		"A phone security profile is not named like a host. Since X12.6 Expressway-C cannot make its "
		"request with such a name, and without it in the certificate secure registrations fail.",
		"Rename the profile in CUCM (System > Security > Phone Security Profile) to letters, digits and "
		"hyphens with a dot, like secure-jabber.acme.test; then make the request again.",
		NULL,
		CW_CITATION_CERT_GUIDE " X15.4, \"Server Certificate Requirements for UC\": names must look "
				       "like host names since X12.6"},
	{CW_EDGE_DOMAIN_MISSING, "edge-domain-missing", REFUSED, TLS, "bad_certificate",
		"Neither the user's domain nor collab-edge. before it is among the names of the edge "
		"certificate: Jabber asks the user, "
		"phones and TelePresence do not connect.",
		"Have Expressway-E's certificate re-issued with the domain, or collab-edge. before it, as "
		"SAN.",
		NULL,
		MRA_GUIDE ", \"Generate and Sign CSRs\"; " EXPRESSWAY_GUIDE
			  ", \"Certificate alarm on Jabber\""},
	{CW_DEVICE_LIST_LACKS_CA, "device-list-lacks-ca", REFUSED, TLS, "unknown_ca",
		"The endpoint's own list does not hold the root of the edge certificate. The list of 7800 "
		"and 8800 phones cannot be "
		"changed.",
		"Have Expressway-E's certificate signed by a public CA that the endpoints know; on other "
		"endpoints the root can be added.",
		NULL, MRA_GUIDE ", \"Synergy Light Endpoints (7800/8800 Series Phones)\""},
	{CW_ECDSA_TWIN_UNTRUSTED, "ecdsa-twin-untrusted", REFUSED, TLS, "unknown_ca",
		"The handshake picks CUCM's ECDSA certificate, which this list does not trust; the RSA one "
		"would be trusted.",
		"Append the CA of the ECDSA certificate, have it signed by the CA of the RSA one, or prefer "
		"RSA on Expressway-C.",
		NULL, CW_CITATION_TRAFFIC_SERVER " \"ECDSA trap\""},
	{CW_TUNNEL_NAME_UNFIT, "tunnel-name-unfit", REFUSED, SSH, NULL,
		"Expressway-E's host name has an underscore, which SSH tunnels do not take.",
		"Give Expressway-E a host name of letters, digits and hyphens, and a certificate for it.",
		TUNNEL_TEXT, "Causeway's rule 7 (" CW_CITATION_RULES "); RFC 1123 §2.1"},
	{CW_TUNNEL_KEY_UNFIT, "tunnel-key-unfit", REFUSED, SSH, NULL,
		"SSH cannot use this kind of key for the tunnels.", "Make a new request with an RSA key.",
		TUNNEL_TEXT,
		"Causeway's rule 7 (" CW_CITATION_RULES ") (the host key is the certificate's key)"},
	{CW_TRAVERSAL_REFUSED, "traversal-refused", REFUSED, SSH, NULL,
		"What runs over the traversal zone (the SSH tunnel, the SIP SERVICE check) needs it, and that link is "
		"refused.",
		"Repair the traversal link first.", TUNNEL_TEXT, "Causeway's rules (" CW_CITATION_RULES ")"},
	{CW_CREDENTIALS_DIFFER, "credentials-differ", REFUSED, CW_LAYER_DIGEST, NULL,
		"User name or password of the traversal zone differ between Expressway-C and Expressway-E. "
		"It looks like a certificate "
		"problem and is none.",
		"Type the same user name and password on both sides.", "Authentication Failed",
		MRA_GUIDE ": \"Ensure that the account username and password used for the traversal is "
			  "correct\""},
	{CW_NOT_KNOWN, "not-known", CW_SEVERITY_UNKNOWN, TLS, NULL,
		"A certificate or list that this link depends on is not known, so nobody can say whether it "
		"comes up.",
		"Export it from the box and name it in the deployment file.", NULL,
		"Causeway's rules (" CW_CITATION_RULES ") \"Not known\""},
	{CW_WILDCARD_NAME, "wildcard-name", WARN, FILE_LAYER, NULL,
		"The certificate holds a wildcard name. Expressway does not support wildcard certificates.",
		"Have it re-issued with every name spelt out.", NULL,
		MRA_GUIDE ": \"wildcard certificates where … the subject line is not specifically defined … "
			  "not supported\""},
	{CW_TEMPORARY_CERTIFICATE, "temporary-certificate", REFUSED, FILE_LAYER, NULL,
		"This is the temporary certificate that the box came with. It is not supported for MRA.",
		"Generate a CSR, have it signed and upload it.", NULL,
		MRA_GUIDE ": \"You cannot use the temporary certificate\""},
	{CW_SAN_TOO_LONG, "san-too-long", WARN, FILE_LAYER, NULL,
		"The list of names is longer than 999 characters; what stands behind is ignored as if it "
		"were not there.",
		"Have it re-issued with fewer names.", NULL,
		MRA_GUIDE ": \"greater than 999 characters in the SAN field\""},
	{CW_COMMON_NAME_MISSING, "common-name-missing", REFUSED, FILE_LAYER, NULL,
		"The certificate has no common name; services fail without one (alarm 40052).",
		"Have it re-issued with the cluster FQDN, or the box's own FQDN, as common name.",
		"Certificate error: Server certificate does not have a Common Name (CN) attribute",
		CW_CITATION_CERT_GUIDE
		", \"Server Certificate Requirements for Unified Communications\"; " CW_CITATION_ADMIN_GUIDE
		", \"Alarms\""},
	{CW_CLUSTER_NAME_MISSING, "cluster-name-missing", WARN, FILE_LAYER, NULL,
		"The cluster FQDN is not among the certificate's names.",
		"Have it re-issued with the cluster FQDN as SAN.", NULL,
		MRA_GUIDE ", \"Cluster Certificates\"; " CW_CITATION_CERT_GUIDE
			  ", \"Server Certificate Requirements for Unified Communications\""},
	{CW_CLUSTER_CN_DIFFERS, "cluster-cn-differs", INFO, FILE_LAYER, NULL,
		"The certificate's common name is not the cluster FQDN.",
		"At the next renewal use the cluster FQDN as common name.", NULL,
		MRA_GUIDE ", \"Cluster Certificates\"; " CW_CITATION_CERT_GUIDE
			  ", \"Server Certificate Requirements for Unified Communications\""},
	{CW_PEER_NAME_MISSING, "peer-name-missing", WARN, FILE_LAYER, NULL,
		"The box's own FQDN is not among its certificate's names.",
		"Have it re-issued with the FQDN as SAN.", NULL,
		MRA_GUIDE ", \"Cluster Certificates\"; " CW_CITATION_CERT_GUIDE
			  ", \"Server Certificate Requirements for Unified Communications\""},
	{CW_DOMAIN_MISSING, "domain-missing", WARN, FILE_LAYER, NULL,
		"A domain of the deployment is not among the certificate's names.",
		"Have it re-issued with the domain as SAN.", NULL,
		MRA_GUIDE ", \"Generate and Sign CSRs\"; " CW_CITATION_CERT_GUIDE
			  ", \"Server Certificate Requirements for Unified Communications\""},
	{CW_CHAT_ALIAS_MISSING, "chat-alias-missing", WARN, FILE_LAYER, NULL,
		"A persistent chat node alias is not among the certificate's names.",
		"Have it re-issued with the alias as SAN.", NULL, MRA_GUIDE ", \"Generate and Sign CSRs\""},
	{CW_FEDERATION_DOMAIN_MISSING, "federation-domain-missing", WARN, FILE_LAYER, NULL,
		"A domain advertised for XMPP federation is not among Expressway-E's names.",
		"Have it re-issued with the domain as SAN.", NULL, MRA_GUIDE ", \"Generate and Sign CSRs\""},
	{CW_VERIFY_NAME_NOT_CLUSTER, "verify-name-not-cluster", WARN, FILE_LAYER, NULL,
		"The TLS verify subject name is not the Expressway-C cluster FQDN, the one name that every "
		"peer's certificate has.",
		"Set it to the Expressway-C cluster FQDN.", NULL,
		EXPRESSWAY_GUIDE ", \"Traversal Zone down\""},
	{CW_SHARED_KEY, "shared-key", WARN, FILE_LAYER, NULL,
		"Cluster peers use one private key. It works and is not recommended: whoever gets the key of "
		"one can read the traffic of "
		"all, and every change means the whole procedure on every peer again.",
		"Make a request on each peer.", NULL,
		MRA_GUIDE ", \"Cluster Certificates\", reasons 1 and 2"},
	{CW_TRUST_LISTS_DIFFER, "trust-lists-differ", WARN, FILE_LAYER, NULL,
		"The trust lists of the cluster's peers differ. They are not replicated.",
		"Upload the same certificates, in the same order, on each peer.", NULL,
		MRA_GUIDE ", \"Trusted CA Lists\""},
	{CW_TRUST_NOT_REPLICATED, "trust-not-replicated", WARN, FILE_LAYER, NULL,
		"A subscriber lacks a trust certificate that the publisher holds.",
		"Look at replication, or upload it on the subscriber; then restart the services.", NULL,
		MRA_GUIDE ": \"The trust certificates applied to the publisher in a cluster must replicate "
			  "over to the subscribers\""},
	{CW_SAME_SUBJECT_CONFLICT, "same-subject-conflict", WARN, FILE_LAYER, NULL,
		"The list holds two certificates of one subject; only the upper one is ever found.",
		"Remove the one that is not needed. Self-signed tomcat and CallManager: have a CA sign both "
		"and trust that CA alone.",
		NULL,
		MRA_GUIDE ", \"CUCM Servers With Self Signed Certificates\"; " CW_CITATION_CERT_GUIDE
			  ", \"Managing the trusted CA list\""},
	{CW_DUPLICATE_ENTRY, "duplicate-entry", WARN, FILE_LAYER, NULL,
		"The list holds the same certificate more than once.", "Remove the lower one.", NULL,
		CW_CITATION_CERT_GUIDE ", \"Managing the trusted CA list\""},
	{CW_ENTRY_EXPIRED, "entry-expired", WARN, FILE_LAYER, NULL,
		"The list holds a certificate that has expired.",
		"Remove it; if it is still needed, append its successor.", NULL,
		CW_CITATION_RENEW " and " CW_CITATION_DEPLOYMENT_GUIDE},
	{CW_EXPIRES_SOON, "expires-soon", WARN, FILE_LAYER, NULL,
		"A certificate in use has less than a third of its lifetime left, and at most 30 days.",
		"Renew it now.", "Server certificate validity: Server certificate expires in <n> days",
		"Causeway's rule 10 (" CW_CITATION_RULES "); " CW_CITATION_ADMIN_GUIDE
		", \"Alarms\" (40069)"},
	{CW_CA_NOT_NEEDED, "ca-not-needed", INFO, FILE_LAYER, NULL,
		"No link of this deployment needs this entry of the list.",
		"Remove it if nothing outside this deployment needs it.", NULL,
		CW_CITATION_RENEW " and " CW_CITATION_DEPLOYMENT_GUIDE
				  ": \"Remove any CA certificates that are not needed anymore\""},
	{CW_KEY_MISMATCH, "key-mismatch", REFUSED, FILE_LAYER, NULL,
		"The private key is not the one that this certificate was made for.",
		"Install the certificate on the box that made the request, or make a new request there.",
		NULL,
		CW_CITATION_CERT_GUIDE ", \"Generating a CSR\"; " CW_CITATION_RENEW
				       " and " CW_CITATION_DEPLOYMENT_GUIDE},
	{CW_KEY_UNUSABLE, "key-unusable", REFUSED, FILE_LAYER, NULL,
		"The private key cannot be uploaded as it is: it has a passphrase, does not end with a "
		"newline, "
		"cannot be read, or a request is in progress.",
		"Give the key without a passphrase and with a newline at its end: openssl pkey -in KEY -out "
		"PLAIN.pem. With a request in progress the page takes no key: accept its certificate or "
		"discard it.",
		NULL,
		CW_CITATION_CERT_GUIDE ", \"Troubleshooting\"; " CW_CITATION_ADMIN_GUIDE
				       ", \"Unified Communications\""},
	{CW_REQUEST_DISCARDED, "request-discarded", REFUSED, FILE_LAYER, NULL,
		"The certificate was made for a request that has been discarded, and its private key is "
		"destroyed.",
		"Make a new request and have that one signed.", NULL,
		CW_CITATION_CERT_GUIDE ", \"Generating a CSR\"; " CW_CITATION_RENEW},
	{CW_REQUEST_NAMES_DIFFER, "request-names-differ", REFUSED, FILE_LAYER, NULL,
		"The names of the certificate are not those of the request. CUCM, IM&P and Unity Connection take "
		"it only where both are the same.",
		"Have the CA issue it with the names of the request and no others, or make a new request with the "
		"names that the CA writes.",
		"CSR SAN and Certificate SAN does not match", CW_CITATION_CUCM_SANS},
	{CW_NOT_PEM, "not-pem", WARN, FILE_LAYER, NULL,
		"The file is no PEM file; the box's upload page refuses it.",
		"Convert it to Base-64 (PEM): causeway cert convert FILE -o FILE.pem",
		"Invalid certificate: The file provided is not a valid X.509 PEM certificate file.",
		EXPRESSWAY_GUIDE ", \"Expressway certificate upload fails\""},
	{CW_EXTRA_CERTIFICATES, "extra-certificates", INFO, FILE_LAYER, NULL,
		"The identity's file holds more than the leaf; the rest is not installed.",
		"Upload the leaf alone; CA certificates belong into the trust list.", NULL,
		"Causeway's rules (" CW_CITATION_RULES "); " CW_CITATION_RENEW
		" and " CW_CITATION_DEPLOYMENT_GUIDE},
	{CW_ODD_FILE, "odd-file", INFO, FILE_LAYER, NULL,
		"A file has something odd in it that was read over, as OpenSSL does it, or a folder a file that is "
		"none of its certificates and was left out, or numbers in front of some of its names only, which then "
		"tell no order. The rest was judged.",
		"Clean the file (causeway cert convert), or take it out of the folder; number every file or none.",
		NULL,
		"OpenSSL's d2i_X509 reads to the end of the element: exported files have bytes behind it"},
	{CW_RELEASE_DIFFERS, "release-differs", INFO, FILE_LAYER, NULL,
		"Expressway-C and Expressway-E run different releases.", "Upgrade both to the same release.",
		NULL, CW_CITATION_EKU_X15_5},
};

_Static_assert(sizeof table / sizeof table[0] == CW_CODE_COUNT, "one row for each code");

const struct cw_finding_row *cw_finding_row(enum cw_code code)
{
	return &table[code];
}

const char *cw_finding_code_name(enum cw_code code)
{
	return table[code].name;
}

bool cw_finding_code_named(const char *name, enum cw_code *ret)
{
	for (size_t i = 0; i < CW_CODE_COUNT; i++) {
		if (strcmp(table[i].name, name) == 0) {
			*ret = table[i].code;
			return true;
		}
	}
	return false;
}
