/**
 * node.yaml: what one running node is told, in the deployment file's words (load.h), and where it listens, whom it
 * knows by name, and which account its tunnels run as.
 *
 *     causeway: 1
 *     expressway-c:
 *       traversal: {peers: [e1.acme.test], username: traversal, password: secret}
 *       nodes: [{fqdn: c1.acme.test, server: certs/server.pem, key: certs/server.key, trusted-ca: certs/trusted-ca.pem}]
 *     hosts: {e1.acme.test: 192.0.2.7}
 *
 * Read by the deployment's own loader: every problem with its place, all at once. Of the other end of its zone a node
 * knows names alone: Expressway-C its peers' addresses, Expressway-E the TLS verify name. What else is known of it, its
 * file may say as a deployment would (`server: unknown`); nothing of that is an input of the node's questions.
 */
#ifndef CW_CONFIG_NODE_FILE_H
#define CW_CONFIG_NODE_FILE_H

#include "base/buffer.h"
#include "config/allow_list.h"
#include "model/deployment.h"

#include <netinet/in.h>

/* Against endless maps. */
#define CW_NODE_FILE_HOSTS_MAX 1000
#define CW_NODE_FILE_DNS_MAX 4
/* A process each: more than there are cores is no use. */
#define CW_NODE_FILE_WORKERS_MAX 64

struct cw_node_file_host {
	char *name;
	struct in_addr address;
};

/* Where each service listens. */
struct cw_node_file_listen {
	struct sockaddr_in zone, tunnels, streams, https, tftp, sip, sip_oauth, cluster, admin, admin_cert;
	struct in_addr from; /* 0.0.0.0: any */
};

/* Whether a browser must show a certificate, and which user that is: as the vendor's page has it. */
enum cw_node_file_cba { CW_CBA_NOT_REQUIRED, CW_CBA_VALIDATION, CW_CBA_AUTHENTICATION };

/* Where revocation lists come from by themselves. */
struct cw_node_file_crl {
	bool enabled;
	char *daily; /* "03:00", UTC; or NULL */
	struct cw_strings urls;
};

/* How people sign in from outside. */
struct cw_node_file_edge {
	unsigned session_minutes;
	unsigned authorizations, period_seconds;
	bool maintenance;
};

struct cw_node_file {
	struct cw_deployment *deployment;
	struct cw_node *node; /* this node; the deployment's */
	struct cw_node_file_listen listen;
	struct cw_node_file_host *hosts;
	size_t host_count, host_capacity;
	char *user;	    /* or NULL */
	bool after_restart; /* apply: restart */
	int tls;	    /* 12 or 13; 0: what the release has */
	struct sockaddr_in dns[CW_NODE_FILE_DNS_MAX];
	size_t dns_count; /* 0: the system's */
	unsigned history_days, history_megabytes;
	unsigned workers;	 /* processes between peers and this one */
	char *security_password; /* CUCM; or NULL */
	struct cw_buffer text;	 /* the file itself, as it was read: passwords are in it */
	enum cw_node_file_cba cba;
	char *cba_pattern, *cba_format; /* or NULL: as the page comes */
	struct cw_node_file_crl crl_update;
	struct cw_node_file_edge edge;
	struct cw_allow_list allow; /* Expressway-C: automatic rules, then the written ones */
};

/** Reads FOLDER/node.yaml; paths start at the folder. As cw_load_deployment. */
CW_MUST_USE bool cw_node_file_load(
	const char *folder, struct cw_pool *pool, struct cw_node_file **ret, struct cw_strings *problems);

struct cw_load_text;

/** The same for a node.yaml in memory, and for files that are (load.h). */
CW_MUST_USE bool cw_node_file_load_text(const struct cw_load_text *text, struct cw_pool *pool,
	struct cw_node_file **ret, struct cw_strings *problems);
void cw_node_file_free(struct cw_node_file *file);
CW_DEFINE_AUTO(struct cw_node_file *, cw_node_file_free)

/** The address of a name or of an IPv4 address as text. False: nothing says where it is. */
bool cw_node_file_find(const struct cw_node_file *file, const char *name, struct in_addr *ret);

/**
 * The zones of this node: the first (`before` NULL), then the next of each; NULL: no more. Others than Expressways have
 * none. `deployment` is the file's own.
 */
const struct cw_zone *cw_node_file_next_zone(const struct cw_node_file *file,
	const struct cw_deployment *deployment, const struct cw_zone *before);
/** The first of them, or NULL. */
const struct cw_zone *cw_node_file_zone(const struct cw_node_file *file);

#endif
