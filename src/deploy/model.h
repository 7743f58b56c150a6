/**
 * A deployment: the boxes, what they present, what they trust, and who talks to whom; as read from its file.
 *
 * The model holds facts, no conclusions. What a person left out or wrote as `unknown` is unknown here and
 * never filled in. Certificates are parsed once, through the pool that the loader was given and that outlives
 * the model.
 */
#ifndef CW_DEPLOY_MODEL_H
#define CW_DEPLOY_MODEL_H

#include "deploy/release.h"
#include "pki/bundle.h"
#include "pki/pool.h"
#include "trust/list.h"

/* Against a mistyped or hostile file: a national estate has some hundreds. */
#define CW_NODES_MAX 4096
#define CW_ENDPOINTS_MAX 4096

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

/* Absent: the key is not in the file. Unknown: written `unknown`. The difference matters only to optional
 * identities. */
enum cw_knowledge { CW_ABSENT, CW_UNKNOWN, CW_KNOWN };

enum cw_key_state { CW_KEY_NOT_GIVEN, CW_KEY_FITS, CW_KEY_DIFFERS };

struct cw_identity {
	enum cw_knowledge state;
	struct cw_cert *leaf; /* CW_KNOWN */
	char *path;	      /* as typed */
	enum cw_format format;
	size_t extra; /* certificates in the file besides the leaf: not installed */
	enum cw_key_state key;
	EVP_PKEY *private_key; /* CW_KEY_FITS: for rehearsals; never printed or written */
	char *key_path;	       /* as typed, or NULL: it stands in the certificate's file */
};

struct cw_store {
	enum cw_knowledge state;
	struct cw_trust_list list; /* CW_KNOWN; in order */
	struct cw_strings paths;   /* files and folders, as typed; "system" for the system list */
	struct cw_strings not_pem; /* those of its files that are not PEM, as typed, with their format:
				      "e1/ca.cer (DER)" */
	bool has_fingerprints;	   /* entries may exist that are known by their fingerprint alone */
};

struct cw_crl_set {
	struct cw_crl **items;
	size_t count;
	size_t capacity;
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
	bool sends_leaf_only;	/* sends: leaf */
	struct cw_crl_set crls; /* of `crl:` and of CRLs inside trusted-ca */
	size_t line;		/* in the deployment file */
};

enum cw_switch { CW_SWITCH_UNSET, CW_SWITCH_OFF, CW_SWITCH_ON };
enum cw_prefer { CW_PREFER_BY_RELEASE, CW_PREFER_RSA, CW_PREFER_ECDSA };

/** One of expressway-c, expressway-e, cucm, imp, unity: a cluster of nodes with one configuration. */
struct cw_group {
	enum cw_node_kind kind;
	char *name;    /* `name:` of the list form; the top-level key ("expressway-c") otherwise */
	char *cluster; /* cluster FQDN, or NULL */
	struct cw_node **nodes;
	size_t count;
	size_t capacity;

	struct cw_release release;	  /* C, E */
	enum cw_switch cucm_tls_verify;	  /* C (default on); on CUCM an override */
	bool verify_origin_server;	  /* C */
	enum cw_prefer prefer;		  /* C */
	bool eku_check;			  /* C, E */
	bool server_eku_upload;		  /* E */
	bool revocation;		  /* C, E: crl */
	bool revocation_missing_passes;	  /* C, E: revocation-fallback: ignore */
	bool cluster_tls_verify;	  /* C, E: on (else permissive) */
	bool secure_registration;	  /* CUCM */
	struct cw_strings phone_profiles; /* CUCM: its own, else the deployment's (copied) */
};

/** What one side of a zone gives; NULL: not given, not judged. */
struct cw_credentials {
	char *username;
	char *password; /* never printed */
};

struct cw_peer {
	char *address;	      /* as typed */
	struct cw_node *node; /* the E node that it belongs to */
};

struct cw_zone {
	char *name; /* "traversal" for the short form */
	struct cw_group *c;
	struct cw_group *e;
	unsigned port;
	struct cw_peer *peers;
	size_t peer_count;
	size_t peer_capacity;
	char *tls_verify_name; /* or NULL: not judged */
	struct cw_credentials on_c;
	struct cw_credentials on_e;
};

enum cw_edge_name { CW_EDGE_EITHER, CW_EDGE_DNS, CW_EDGE_COLLAB_EDGE, CW_EDGE_NONE };

struct cw_domain {
	char *name;
	enum cw_edge_name edge;
};

enum cw_endpoint_kind {
	CW_ENDPOINT_JABBER,
	CW_ENDPOINT_TELEPRESENCE,
	CW_ENDPOINT_PHONE_7800,
	CW_ENDPOINT_PHONE_8800
};

struct cw_endpoint {
	char *name;
	enum cw_endpoint_kind kind;
	struct cw_store trust;
	bool *domains; /* for each domain of the deployment, in its order: signs in for it */
};

struct cw_deployment {
	char *name;
	char *path;   /* of the file, as typed; "-" for standard input */
	char *folder; /* that its paths start at */
	struct cw_domain *domains;
	size_t domain_count;
	size_t domain_capacity;
	struct cw_strings chat_aliases;
	struct cw_strings federation_domains;
	struct cw_strings phone_profiles;
	struct cw_group **groups; /* in the order C, E, CUCM, IM&P, Unity; within a kind as in the file */
	size_t group_count;
	size_t group_capacity;
	struct cw_zone *zones;
	size_t zone_count;
	size_t zone_capacity;
	struct cw_endpoint *endpoints;
	size_t endpoint_count;
	size_t endpoint_capacity;
	struct cw_node *front; /* or NULL */
	struct cw_pool *pool;  /* borrowed */
};

void cw_deployment_free(struct cw_deployment *deployment);
CW_DEFINE_AUTO(struct cw_deployment *, cw_deployment_free)
void cw_zone_finish(struct cw_zone *zone);
void cw_node_free(struct cw_node *node);
CW_DEFINE_AUTO(struct cw_node *, cw_node_free)

/** "expressway-c", "cucm", "imp", "front", …: the top-level key. */
const char *cw_node_kind_name(enum cw_node_kind kind);
/** "server", "client", "tomcat", "callmanager", "tomcat-ecdsa", "callmanager-ecdsa": the key. */
const char *cw_identity_name(enum cw_identity_kind kind);
/** "trusted-ca", "tomcat-trust", "callmanager-trust", "trust": the key. */
const char *cw_store_name(enum cw_store_kind kind);
/** "jabber", "telepresence", "phone-7800", "phone-8800". */
const char *cw_endpoint_kind_name(enum cw_endpoint_kind kind);

/** By which others reach the node first: the first of `address:`, else its FQDN. */
const char *cw_node_address(const struct cw_node *node);

/** The node with this FQDN (any kind, the front too), or NULL. */
struct cw_node *cw_deployment_node(const struct cw_deployment *deployment, const char *fqdn);

#endif
