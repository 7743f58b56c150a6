/**
 * The parts of the loader, each in a file of its own: what they share while one deployment is read.
 *
 * No part fails: what is wrong is added to the problems (no memory too) and the part leaves a model behind
 * that can be read on. Only a load without any problem is handed out.
 */
#ifndef CW_CONFIG_LOAD_PARTS_H
#define CW_CONFIG_LOAD_PARTS_H

#include "config/deployment_keys.h"
#include "config/load_files.h"
#include "config/values.h"

/* Against a file made to be slow: every peer is looked up among all nodes of the other side. */
#define CW_ZONES_MAX 1000
#define CW_PEERS_MAX 100

struct cw_group_source {
	struct cw_group *group;
	const struct cw_yaml *at;
	const struct cw_yaml *name;	 /* or NULL */
	const struct cw_yaml *traversal; /* or NULL */
	bool incomplete;		 /* a node of it was dropped: what names it is not to be blamed */
};

struct cw_node_source {
	struct cw_node *node;
	const struct cw_yaml *fqdn;
	const struct cw_yaml *same_as; /* or NULL */
};

/* `{fingerprints: FILE}`: certificates are looked for once every file is read. */
struct cw_fingerprints {
	size_t endpoint; /* index in the deployment */
	char *path;	 /* as typed */
	uint8_t (*items)[CW_SHA256_SIZE];
	size_t count;
	size_t capacity;
};

struct cw_node_file;

struct cw_loader {
	struct cw_node_file *node_file; /* what is read is a node.yaml: its own words go there; else NULL */
	struct cw_problems problems;
	struct cw_problems notes; /* what is told and stops nothing */
	struct cw_files files;
	struct cw_deployment *deployment;
	struct cw_group_source *groups;
	size_t group_count;
	size_t group_capacity;
	struct cw_node_source *nodes; /* of all groups and the front */
	size_t node_count;
	size_t node_capacity;
	struct cw_fingerprints *fingerprints;
	size_t fingerprint_count;
	size_t fingerprint_capacity;
};

/* --- load_groups.c, load_nodes.c --- */

void cw_load_groups(struct cw_loader *loader, const struct cw_raw_deployment *raw);
/** NULL where there is nothing to keep; the caller owns the node. `raw` gets what stands in the file. */
struct cw_node *cw_load_node(struct cw_loader *loader, const struct cw_yaml *value, enum cw_node_kind kind,
	struct cw_raw_node *raw);
void cw_load_front(struct cw_loader *loader, const struct cw_yaml *value);
/** After all nodes: copies the stores that `same-as` names. */
void cw_load_same_as(struct cw_loader *loader);

/* --- load_identity.c --- */

void cw_load_identity(struct cw_loader *loader, const struct cw_raw_node *raw, enum cw_identity_kind kind,
	struct cw_identity *ret);

/* --- load_stores.c --- */

/**
 * `crls` (may be NULL) gets the CRLs among the files. CW_STORE_TRUST, an endpoint's, allows `system` and
 * fingerprints.
 */
void cw_load_store(struct cw_loader *loader, const struct cw_yaml *value, const struct cw_yaml *password_file,
	enum cw_store_kind kind, struct cw_crl_set *crls, struct cw_store *ret);
void cw_load_crls(struct cw_loader *loader, const struct cw_yaml *value, struct cw_node *node);

/* --- load_fingerprints.c --- */

/** Reads the file; the endpoint is the one that is being read, the last of the deployment. */
void cw_load_fingerprints(struct cw_loader *loader, const struct cw_yaml *value);
/** After all files: appends what the pool has. */
void cw_load_fingerprinted(struct cw_loader *loader);
void cw_load_fingerprints_finish(struct cw_fingerprints *fingerprints);

/* --- load_zones.c, load_endpoints.c --- */

void cw_load_zones(struct cw_loader *loader, const struct cw_raw_deployment *raw);
void cw_load_domains(struct cw_loader *loader, const struct cw_yaml *value);
void cw_load_endpoints(struct cw_loader *loader, const struct cw_yaml *value);

/* --- load.c --- */

struct cw_load_text;

/** cw_load_deployment_text, for a node.yaml where `node_file` is not NULL. */
CW_MUST_USE bool cw_load_whole(const struct cw_load_text *text, struct cw_pool *pool,
	struct cw_node_file *node_file, struct cw_deployment **ret, struct cw_strings *problems);

/* --- node_file.c --- */

/** Before the zones: the other end of the zone, of which a node knows no more than a name. */
void cw_load_other_side(struct cw_loader *loader);
/** The words that only a node.yaml has; `node` of the file is set where it was found. */
void cw_load_node_own(struct cw_loader *loader, const struct cw_raw_deployment *raw);
/** After everything: the words that only a node.yaml has, and what a node cannot do without. */
void cw_load_node_words(
	struct cw_loader *loader, const struct cw_yaml *root, const struct cw_raw_deployment *raw);

/* --- node_file_words.c, node_file_edge.c --- */

/** A number from 1 to `most`. */
void cw_load_number(struct cw_loader *loader, const struct cw_yaml *value, unsigned most, unsigned *ret);
/** edge:, allow: and allow-tests:, once all nodes are read; every test of the list is made. */
void cw_load_edge(struct cw_loader *loader, const struct cw_raw_deployment *raw);

/* --- load_groups.c --- */

/** A group that no file names; NULL: no memory (noted). Its `at` is NULL. */
struct cw_group_source *cw_load_group_new(struct cw_loader *loader, enum cw_node_kind kind);
/** The group owns the node from now on. */
CW_MUST_USE bool cw_load_group_add(struct cw_group *group, struct cw_node *node);

/* --- load_unique.c --- */

struct cw_named {
	const char *name;
	const struct cw_yaml *at;
};

/** Reports every name that is there twice, with both places. Sorts `names`. `what`: "fqdn". */
void cw_load_unique(struct cw_loader *loader, struct cw_named *names, size_t count, const char *what);

/* --- load_secret.c --- */

/** A password from a `…-password-file`. */
struct cw_secret {
	const struct cw_yaml *file; /* or NULL: not given */
	const char *of;		    /* the key that it belongs to: "server", "trusted-ca" */
	char *text;		    /* or NULL */
};

void cw_load_secret_finish(struct cw_secret *secret);
#define AUTO_SECRET __attribute__((cleanup(cw_load_secret_finish))) struct cw_secret

struct cw_secret cw_load_secret(struct cw_loader *loader, const struct cw_yaml *file, const char *of);

/** The path of the password's file as typed, which the caller owns; `*ret` stays where none is given. */
void cw_load_secret_path(struct cw_loader *loader, const struct cw_secret *secret, char **ret);

/**
 * Reports an error about the file that `at` names. Where a password is wanted it says which key to give, and
 * nothing where that key was given and its file could not be read. `secret` may be NULL.
 */
void cw_load_file_problem(struct cw_loader *loader, const struct cw_yaml *at, const struct cw_error *error,
	const struct cw_secret *secret);

#endif
