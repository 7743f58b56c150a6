/**
 * What a request must ask for: subject and names by role, release and cluster, each name with its reason.
 *
 * The names are those that check wants (model/required_names.h), and for an Expressway-E its other names.
 * Says what must be known beside the request: that the CA decides the key purposes, what a shared key costs.
 */
#ifndef CW_WORKBENCH_REQUEST_SPEC_H
#define CW_WORKBENCH_REQUEST_SPEC_H

#include "base/buffer.h"
#include "model/deployment.h"

struct cw_request_spec_options {
	const char *subject;	 /* attributes in front of the CN ("C=US, O=Acme"), or NULL */
	const char *common_name; /* instead of the one composed, or NULL */
	const char *key;	 /* "rsa:2048" (NULL), "rsa:4096", "ecdsa:256", "ecdsa:384", "ecdsa:521" */
	const char *digest;	 /* "sha256" (NULL), "sha384", "sha512" */
	const char *const *sans; /* further names, as typed */
	size_t san_count;
	bool collab_edge; /* domains that may stand either way get "collab-edge." in front */
	bool shared;	  /* one request for the whole cluster */
};

struct cw_request_spec_name {
	char *name;
	char *reason;
	bool is_ip;
};

struct cw_request_spec {
	char *subject; /* "C=US, O=Acme, CN=c1.acme.test", as cw_issue_name reads it */
	struct cw_request_spec_name *names;
	size_t count, capacity;
	char *sans;	 /* "DNS:a, DNS:b", as cw_issue takes them */
	const char *key; /* kind, as cw_issue_key takes it */
	const char *key_text;
	const char *digest;	 /* "SHA256" */
	struct cw_strings notes; /* what else must be known, a sentence each */
};

void cw_request_spec_finish(struct cw_request_spec *composed);
#define AUTO_REQUEST_SPEC __attribute__((cleanup(cw_request_spec_finish))) struct cw_request_spec

/**
 * Composes it. CW_E_USAGE: a key or digest that these boxes do not make, a phone profile name that is no FQDN
 * (from X12.6 on the box makes no request then), a shared request without a cluster name.
 */
CW_MUST_USE bool cw_request_spec_make(const struct cw_deployment *deployment, const struct cw_node *node,
	enum cw_identity_kind kind, const struct cw_request_spec_options *options,
	struct cw_request_spec *ret, struct cw_error *error);

/** sources F1.2: labels of letters, digits and hyphens, no hyphen at an end, the last begins with a letter;
 * two labels at least. */
bool cw_request_spec_is_fqdn(const char *name);

/* The MRA certificates guide "Cluster Certificates", word for word. */
extern const char *const cw_shared_warnings[2];
extern const char *const cw_shared_steps[4];

#endif
