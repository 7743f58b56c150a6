/**
 * A deployment: the boxes, what they present, what they trust, and who talks to whom; as read from its file.
 *
 * The model holds facts, no conclusions. What a person left out or wrote as `unknown` is unknown here and
 * never filled in. Certificates are parsed once, through the pool that the loader was given and that outlives
 * the model.
 */
#ifndef CW_MODEL_DEPLOYMENT_H
#define CW_MODEL_DEPLOYMENT_H

#include "model/endpoint.h"

/* Against a mistyped or hostile file: a national estate has some hundreds. */
#define CW_NODES_MAX 4096
#define CW_ENDPOINTS_MAX 4096

/** What one side of a zone gives; NULL: not given, not judged. */
struct cw_credentials {
	char *username;
	char *password;	     /* never printed */
	char *password_path; /* of the file that holds it, as typed; or NULL: it stands in the deployment file */
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
	struct cw_strings
		notes; /* what its reader must be told and nothing depends on: "file:line:column: sentence" */
	struct cw_pool *pool; /* borrowed */
};

void cw_deployment_free(struct cw_deployment *deployment);
CW_DEFINE_AUTO(struct cw_deployment *, cw_deployment_free)
void cw_deployment_zone_finish(struct cw_zone *zone);

/** The node with this FQDN (any kind, the front too), or NULL. */
struct cw_node *cw_deployment_node(const struct cw_deployment *deployment, const char *fqdn);

#endif
