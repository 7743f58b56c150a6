/**
 * Every key of a deployment file (docs/rules.md), as tables, and the structs of pointers that they fill.
 *
 * A NULL member is a key that is not given. The values belong to the tree.
 */
#ifndef CW_CONFIG_DEPLOYMENT_KEYS_H
#define CW_CONFIG_DEPLOYMENT_KEYS_H

#include "config/schema.h"
#include "model/deployment.h"

struct cw_raw_deployment {
	const struct cw_yaml *causeway;
	const struct cw_yaml *name;
	const struct cw_yaml *domains;
	const struct cw_yaml *chat_aliases;
	const struct cw_yaml *federation_domains;
	const struct cw_yaml *phone_profiles;
	const struct cw_yaml *groups[CW_NODE_KIND_COUNT]; /* CW_NODE_FRONT: the front */
	const struct cw_yaml *zones;
	const struct cw_yaml *endpoints;
	/* of node.yaml alone */
	const struct cw_yaml *listen;
	const struct cw_yaml *hosts;
	const struct cw_yaml *user;
	const struct cw_yaml *apply;
	const struct cw_yaml *tls;
	const struct cw_yaml *dns;
	const struct cw_yaml *history;
	const struct cw_yaml *workers;
	const struct cw_yaml *security_password;
	const struct cw_yaml *client_certificates;
	const struct cw_yaml *crl_updates;
	const struct cw_yaml *edge;
	const struct cw_yaml *allow;
	const struct cw_yaml *allow_tests;
};

struct cw_raw_client_certificates {
	const struct cw_yaml *mode;
	const struct cw_yaml *pattern;
	const struct cw_yaml *format;
};

struct cw_raw_crl_updates {
	const struct cw_yaml *enabled;
	const struct cw_yaml *daily;
	const struct cw_yaml *urls;
};

struct cw_raw_edge {
	const struct cw_yaml *session_minutes;
	const struct cw_yaml *authorizations;
	const struct cw_yaml *period_seconds;
	const struct cw_yaml *maintenance;
};

struct cw_raw_allow { /* of `allow:` and of `allow-tests:` */
	const struct cw_yaml *url;
	const struct cw_yaml *match;
	const struct cw_yaml *methods;
	const struct cw_yaml *method;
	const struct cw_yaml *expect;
	const struct cw_yaml *description;
};

struct cw_raw_listen {
	const struct cw_yaml *from;
	const struct cw_yaml *zone;
	const struct cw_yaml *tunnels;
	const struct cw_yaml *streams;
	const struct cw_yaml *https;
	const struct cw_yaml *tftp;
	const struct cw_yaml *sip;
	const struct cw_yaml *sip_oauth;
	const struct cw_yaml *cluster;
	const struct cw_yaml *admin;
	const struct cw_yaml *admin_cert;
};

struct cw_raw_history {
	const struct cw_yaml *days;
	const struct cw_yaml *megabytes;
};

struct cw_raw_group {
	const struct cw_yaml *name;
	const struct cw_yaml *nodes;
	const struct cw_yaml *cluster;
	const struct cw_yaml *release;
	const struct cw_yaml *traversal;
	const struct cw_yaml *cucm_tls_verify;
	const struct cw_yaml *verify_origin_server;
	const struct cw_yaml *prefer;
	const struct cw_yaml *eku_check;
	const struct cw_yaml *server_eku_upload;
	const struct cw_yaml *revocation;
	const struct cw_yaml *revocation_fallback;
	const struct cw_yaml *cluster_tls_verify;
	const struct cw_yaml *secure_registration;
	const struct cw_yaml *sip_oauth;
	const struct cw_yaml *tunnel_key_algorithms;
	const struct cw_yaml *phone_profiles;
};

struct cw_raw_node {
	const struct cw_yaml *fqdn;
	const struct cw_yaml *address;
	const struct cw_yaml *sends;
	const struct cw_yaml *publisher;
	const struct cw_yaml *same_as;
	const struct cw_yaml *crl;
	const struct cw_yaml *identities[CW_IDENTITY_KIND_COUNT];
	const struct cw_yaml *identity_passwords[CW_IDENTITY_KIND_COUNT];
	const struct cw_yaml *keys[CW_IDENTITY_KIND_COUNT];
	const struct cw_yaml *key_passwords[CW_IDENTITY_KIND_COUNT];
	const struct cw_yaml *stores[CW_STORE_KIND_COUNT];
	const struct cw_yaml *store_passwords[CW_STORE_KIND_COUNT];
};

struct cw_raw_zone { /* of `zones:`, and of the short form `traversal:` */
	const struct cw_yaml *name;
	const struct cw_yaml *c;
	const struct cw_yaml *e;
	const struct cw_yaml *port;
	const struct cw_yaml *peers;
	const struct cw_yaml *tls_verify_name;
	const struct cw_yaml *username;
	const struct cw_yaml *password;
	const struct cw_yaml *password_file;
};

struct cw_raw_domain {
	const struct cw_yaml *name;
	const struct cw_yaml *edge;
};

struct cw_raw_endpoint {
	const struct cw_yaml *name;
	const struct cw_yaml *kind;
	const struct cw_yaml *profile;
	const struct cw_yaml *trust;
	const struct cw_yaml *trust_password;
	const struct cw_yaml *domains;
};

struct cw_raw_trust { /* a map in an endpoint's `trust` */
	const struct cw_yaml *fingerprints;
};

extern const struct cw_schema cw_deployment_schema;
/** The same keys, and those that node.yaml has besides. */
extern const struct cw_schema cw_node_file_schema;
extern const struct cw_schema cw_listen_schema;
extern const struct cw_schema cw_history_schema;
extern const struct cw_schema cw_client_certificates_schema;
extern const struct cw_schema cw_crl_updates_schema;
extern const struct cw_schema cw_edge_schema;
extern const struct cw_schema cw_allow_schema;
extern const struct cw_schema cw_allow_test_schema;
extern const struct cw_schema cw_domain_schema;
extern const struct cw_schema cw_traversal_c_schema;
extern const struct cw_schema cw_traversal_e_schema;
extern const struct cw_schema cw_zone_schema;
extern const struct cw_schema cw_endpoint_schema;
extern const struct cw_schema cw_trust_schema;

/** The tables of the groups and of their nodes; the front has only a node's. */
const struct cw_schema *cw_deployment_keys_group(enum cw_node_kind kind);
const struct cw_schema *cw_deployment_keys_node(enum cw_node_kind kind);

/** All of them, from the outside in: for errors that know where a key belongs, and for documents. */
const struct cw_schema *const *cw_deployment_keys_all(size_t *count);

#endif
