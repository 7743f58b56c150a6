/**
 * What names tell: of files ("pub/tomcat-trust/Acme_Root.pem", "ca_c1_2026-11-20.pem") and in certificates.
 *
 * A file's kind is never told by its name (sniff.h); but of files that hold the same kind of thing people and
 * boxes say by the name which is which: an Expressway's diagnostic archive holds ca_HOST_TIME.pem and
 * server_HOST_TIME.pem ("Administrator Guide X15.5, Diagnostics and Troubleshooting"), CUCM lists
 * tomcat-trust/NAME.pem.
 */
#ifndef CW_IMPORT_NAMING_H
#define CW_IMPORT_NAMING_H

#include "import/imported.h"

enum cw_naming_is { CW_NAMING_NOTHING, CW_NAMING_IDENTITY, CW_NAMING_STORE };

struct cw_naming {
	enum cw_naming_is is;
	enum cw_imported_identity identity;
	enum cw_imported_store store;
	bool single; /* a folder bears the list's name: each file in it is one entry or some */
};

/* Of a certificate, so many names are looked at: against certificates of thousands of names by the thousand. The
 * largest that boxes carry have some dozens. */
#define CW_NAMING_NAMES_MAX 128

/* A host name has at most 253 characters (RFC 1035, 2.3.4). */
#define CW_NAMING_HOST_SIZE 256

/** What the path of a file says of its place on a box. */
struct cw_naming cw_naming_file(const char *path);

/** The path has the host name, with or without its domain, as a word of its own. */
bool cw_naming_mentions(const char *path, const char *host);

/** What a path or host name says of a box: "expc1", "exp-e", "vcs-c", "imp", "cuc"; else unknown. */
enum cw_imported_role cw_naming_role(const char *text);

/** Letters, digits, hyphens, underscores and single dots: a name that may be a folder's, too. */
bool cw_naming_is_host(const char *name);

/** The certificate has this DNS name (or common name) among its first CW_NAMING_NAMES_MAX, whatever its case. */
bool cw_naming_cert_has(const struct cw_cert *cert, const char *name);

/** The certificate has names that only an Expressway-E bears: collab-edge.DOMAIN, or a domain beside a host of
 * it that is also asked for as an edge domain. */
bool cw_naming_cert_is_edge(const struct cw_cert *cert);

/**
 * Another host's name in the certificate is below this one: a domain, then, that stands beside the hosts (CUCM requests a
 * multi-server certificate with its parent domain, Expressway with the domains that people sign in with).
 */
bool cw_naming_is_domain_in(const struct cw_cert *cert, const char *name);

/**
 * The host that the path says by itself ("exports/c2.acme.test_server.pem"), where it is in the domain of a host in the
 * certificate, or in a domain in it: for certificates that lack their own host's name. False: it says none.
 */
bool cw_naming_path_host(const char *path, const struct cw_cert *cert, char ret[CW_NAMING_HOST_SIZE]);

/** A name in it that may be a host's: no wildcard, no collab-edge. NULL behind the last, and behind
 * CW_NAMING_NAMES_MAX. */
const char *cw_naming_cert_host(const struct cw_cert *cert, size_t index);

#endif
