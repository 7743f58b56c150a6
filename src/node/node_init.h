/**
 * Makes the state folder of a node: node.yaml and the files that it names.
 */
#ifndef CW_NODE_NODE_INIT_H
#define CW_NODE_NODE_INIT_H

#include "base/buffer.h"
#include "base/strings.h"
#include "model/node.h"

/* Texts are borrowed; NULL and none: left out. Names and addresses have been looked at by who gives them: node.yaml is
 * read by its own loader before anything runs. */
struct cw_node_init {
	const char *folder;
	enum cw_node_kind role; /* expressway-c, expressway-e, cucm */
	const char *fqdn;
	const char *release, *cluster;
	const char *username, *password; /* of the zone */
	const struct cw_strings *peers;	 /* Expressway-C */
	const char *tls_verify_name;	 /* Expressway-E */
	unsigned port;			 /* of the zone; 0: the default */
	const struct cw_strings *hosts;	 /* "name address" */
	const char *listen;    /* the IPv4 address that everything listens at, and connections begin at */
	const char *more;      /* further lines of YAML: group (indented by two) … */
	const char *node_more; /* … and node (by six) */
	const char *others;    /* and whole groups of others */
	const char *before, *after;    /* further nodes of the group, before and after this one */
	const char *zones;	       /* the long form, in place of the one zone; NULL: the short one */
	const char *security_password; /* CUCM: into secrets/security.txt; NULL: none */
	const char *administrators;    /* into secrets/administrators.json (admin/admin_link.h); NULL: none */
	/* PEM; "" or NULL: the file is not written, and named all the same where it must be there */
	const char *server, *server_key, *client, *client_key, *trusted_ca, *crl;
	const char *key_path, *client_key_path; /* where private keys stand; NULL: certs/ */
	const char *tomcat, *callmanager, *tomcat_ecdsa, *callmanager_ecdsa, *tomcat_trust,
		*callmanager_trust; /* CUCM; keys behind certificates */
};

/** CW_E_USAGE where a node is there already; CW_E_IO. */
CW_MUST_USE bool cw_node_init(const struct cw_node_init *init, struct cw_error *error);

/** Appends `text` as a YAML scalar in single quotes. */
void cw_node_init_quote(struct cw_buffer *ret, const char *text);

#endif
