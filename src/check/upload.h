/**
 * What the upload page of a node checks in a certificate for one of its identities, by release.
 *
 * One set of rules for two callers: check looks at what is installed, the upload gate (cert accept) at what
 * is to be. Says nothing of the file as such beyond its format: what a file turns out to be, and whether a
 * key fits, the caller has found out.
 */
#ifndef CW_CHECK_UPLOAD_H
#define CW_CHECK_UPLOAD_H

#include "model/deployment.h"
#include "trust/judge.h"

struct cw_upload {
	const struct cw_deployment *deployment;
	const struct cw_node *node;
	enum cw_identity_kind kind;
	struct cw_cert *leaf;
	const char *path; /* as typed */
	enum cw_format format;
	size_t leaf_number; /* from 1: the leaf's place in a PEM file */
	const struct cw_cert
		*first; /* the first certificate of that file, where another is the leaf; or NULL */
	size_t extra;	/* certificates in the file besides the leaf */
	enum cw_key_state key;
	const char *key_path; /* of the key compared with, as typed, or NULL */
	cw_time at;
	struct cw_cache *cache; /* or NULL */
	/* The upload gate: all that the judge finds in the chain counts, weak keys and dates too, and CUCM's
	   own stores are asked. In a check the links say these things. */
	bool gate;
};

/** Everything: format, further certificates, key, days left, the chain in the node's own list; of an
 * Expressway also key purposes and names. All findings have the file as their layer. */
CW_MUST_USE bool cw_upload_check(
	const struct cw_upload *upload, struct cw_findings *ret, struct cw_error *error);

/** Its last part: temporary certificate, CN, length, the names of the role, wildcards. */
CW_MUST_USE bool cw_upload_check_names(
	const struct cw_upload *upload, struct cw_findings *ret, struct cw_error *error);

/** What CUCM's, IM&P's and Unity Connection's pages refuse: wildcards. Adds to `ret`. */
void cw_upload_check_wildcard(const struct cw_upload *upload, struct cw_findings *ret);

/** The store of the node that holds the chain of this identity's certificate. */
enum cw_store_kind cw_upload_store(const struct cw_node *node, enum cw_identity_kind kind);

#endif
