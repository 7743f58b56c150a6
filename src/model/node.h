/**
 * A node of a deployment (a box), what it presents and what it trusts, and the cluster that it belongs to.
 *
 * Facts, no conclusions: what a person left out or wrote as `unknown` is unknown here and never filled in.
 */
#ifndef CW_MODEL_NODE_H
#define CW_MODEL_NODE_H

#include "model/release.h"
#include "pki/bundle/bundle.h"
#include "pki/pool.h"
#include "trust/trust_list.h"

enum cw_node_kind {
	CW_NODE_EXPRESSWAY_C,
	CW_NODE_EXPRESSWAY_E,
	CW_NODE_CUCM,
	CW_NODE_IMP,
	CW_NODE_UNITY,
	CW_NODE_FRONT,
	CW_NODE_KIND_COUNT
};

enum cw_identity_kind {
	CW_IDENTITY_SERVER,
	CW_IDENTITY_CLIENT,
	CW_IDENTITY_TOMCAT,
	CW_IDENTITY_CALLMANAGER,
	CW_IDENTITY_TOMCAT_ECDSA,
	CW_IDENTITY_CALLMANAGER_ECDSA,
	CW_IDENTITY_KIND_COUNT
};

enum cw_store_kind {
	CW_STORE_TRUSTED_CA,
	CW_STORE_TOMCAT_TRUST,
	CW_STORE_CALLMANAGER_TRUST,
	CW_STORE_TRUST, /* an endpoint's list */
	CW_STORE_KIND_COUNT
};

/* What goes over the wire. Auto: an Expressway and a CUCM node the leaf and its issuers from the own list
 * (Expressway: TAC "Webex Hybrid Call Service Connect troubleshooting"; CUCM: no source, as OpenSSL and Java do
 * it), a front its file as it stands ("NetScaler: link intermediates"). */
enum cw_sends { CW_SENDS_AUTO, CW_SENDS_LEAF, CW_SENDS_FILE };

/* Absent: the key is not in the file. Unknown: written `unknown`. The difference matters only to optional
 * identities. */
enum cw_knowledge { CW_ABSENT, CW_UNKNOWN, CW_KNOWN };

enum cw_key_state { CW_KEY_NOT_GIVEN, CW_KEY_FITS, CW_KEY_DIFFERS };

struct cw_identity {
	enum cw_knowledge state;
	struct cw_cert *leaf; /* CW_KNOWN */
	char *path;	      /* as typed */
	enum cw_format format;
	struct cw_cert **others; /* certificates in the file besides the leaf, in its order */
	size_t extra;		 /* of them; not installed, but where the node sends its file */
	size_t leaf_number;	 /* from 1: the leaf's place in its file */
	struct cw_strings notes; /* what was read over in its file */
	enum cw_key_state key;
	EVP_PKEY *private_key; /* CW_KEY_FITS: for rehearsals; never printed or written */
	char *key_path;	       /* as typed, or NULL: it stands in the certificate's file */
	char *password_path;   /* of the file with the certificate file's password, as typed; or NULL */
	char *key_password_path;
};

struct cw_store {
	enum cw_knowledge state;
	struct cw_trust_list list; /* CW_KNOWN; in order */
	struct cw_strings paths;   /* files and folders, as typed; "system" for the system list */
	struct cw_strings not_pem; /* those of its files that are not PEM, as typed, with their format:
				      "e1/ca.cer (DER)" */
	struct cw_strings notes;   /* what was read over or left out: sentences with their place */
	bool unordered;		   /* a folder that does not tell the order of the box */
	bool has_fingerprints;	   /* entries exist that are known by their fingerprint alone */
	struct cw_strings fingerprint_paths; /* the files of these, as typed */
	char *password_path;		     /* of the file with the files' password, as typed; or NULL */
};

struct cw_crl_set {
	struct cw_crl **items;
	size_t count;
	size_t capacity;
	bool unknown; /* `crl: unknown`: the box has some, and nobody knows which */
};

struct cw_group;

struct cw_node {
	enum cw_node_kind kind;
	struct cw_group *group; /* NULL for the front */
	char *fqdn;
	struct cw_strings
		addresses; /* further names and IP addresses; on CUCM the first is the one added on C */
	struct cw_identity identities[CW_IDENTITY_KIND_COUNT];
	struct cw_store stores[CW_STORE_KIND_COUNT];
	const struct cw_node *same_as; /* CUCM: whose stores these are (they are copied), or NULL */
	bool publisher;
	enum cw_sends sends;
	struct cw_crl_set crls;	     /* of `crl:` and of CRLs inside trusted-ca */
	struct cw_strings crl_paths; /* of `crl:`, as typed */
	size_t line;		     /* in the deployment file */
};

enum cw_switch { CW_SWITCH_UNSET, CW_SWITCH_OFF, CW_SWITCH_ON, CW_SWITCH_UNKNOWN };
/* Keys that an Expressway's SSH tunnels know (sshd_pfwd_pubkeyalgorithms: x509v3-rsa2048-sha256 and the three
 * x509v3-ecdsa-sha2). */
enum cw_tunnel_key {
	CW_TUNNEL_KEY_RSA,
	CW_TUNNEL_KEY_NISTP256,
	CW_TUNNEL_KEY_NISTP384,
	CW_TUNNEL_KEY_NISTP521,
	CW_TUNNEL_KEY_COUNT
};

enum cw_prefer { CW_PREFER_BY_RELEASE, CW_PREFER_RSA, CW_PREFER_ECDSA };

/** One of expressway-c, expressway-e, cucm, imp, unity: a cluster of nodes with one configuration. */
struct cw_group {
	enum cw_node_kind kind;
	char *name;    /* `name:` of the list form; the top-level key ("expressway-c") otherwise */
	char *cluster; /* cluster FQDN, or NULL */
	struct cw_node **nodes;
	size_t count;
	size_t capacity;

	struct cw_release release;	    /* C, E: of Expressway; CUCM, IM&P, Unity: of CUCM */
	enum cw_switch cucm_tls_verify;	    /* C (default on); on CUCM an override */
	bool verify_origin_server;	    /* C */
	enum cw_prefer prefer;		    /* C */
	bool eku_check;			    /* C, E */
	bool server_eku_upload;		    /* E */
	bool revocation;		    /* C, E: crl */
	bool revocation_unknown;	    /* C, E: revocation: unknown; then `revocation` is false */
	bool revocation_missing_passes;	    /* C, E: revocation-fallback: ignore */
	bool cluster_tls_verify;	    /* C, E: on (else permissive) */
	enum cw_switch secure_registration; /* CUCM; unset: off */
	bool sip_oauth;			    /* CUCM: SIP OAuth mode */
	unsigned tunnel_keys; /* C, E: 1 << enum cw_tunnel_key for each that is allowed; 0: all of them */
	struct cw_strings phone_profiles; /* CUCM: its own, else the deployment's (copied) */
};

void cw_node_free(struct cw_node *node);
CW_DEFINE_AUTO(struct cw_node *, cw_node_free)

/** Releases what a store of a node or of an endpoint holds. */
void cw_node_store_finish(struct cw_store *store);

/** "expressway-c", "cucm", "imp", "front", …: the top-level key. */
const char *cw_node_kind_name(enum cw_node_kind kind);
/** "server", "client", "tomcat", "callmanager", "tomcat-ecdsa", "callmanager-ecdsa": the key. */
const char *cw_node_identity_name(enum cw_identity_kind kind);
/** "trusted-ca", "tomcat-trust", "callmanager-trust", "trust": the key. */
const char *cw_node_store_name(enum cw_store_kind kind);
/** "RSA", "nistp256", "nistp384", "nistp521". */
const char *cw_node_tunnel_key_name(enum cw_tunnel_key key);
/** Which of them a certificate's key is; CW_TUNNEL_KEY_COUNT: none. */
enum cw_tunnel_key cw_node_tunnel_key(const struct cw_key_info *key);

/** By which others reach the node first: the first of `address:`, else its FQDN. */
const char *cw_node_address(const struct cw_node *node);

/** The node sends the certificates of its file and nothing else. */
bool cw_node_sends_file(const struct cw_node *node);

/** Expressway-C or -E; false for NULL. */
bool cw_node_is_expressway(const struct cw_node *node);

#endif
