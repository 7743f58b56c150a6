/**
 * The revocation lists that the certificates of a deployment name: fetched, verified, stored in one step.
 *
 * A list is stored only if a CA of the deployment signed it, it is in date, and it is not older than the one
 * that is stored. What cannot be had leaves what is there as it is.
 */
#ifndef CW_WORKBENCH_CRL_CRL_FETCH_H
#define CW_WORKBENCH_CRL_CRL_FETCH_H

#include "model/deployment.h"
#include "workbench/crl/fetch.h"

/* Against certificates that name thousands of addresses, and servers that are all slow. */
#define CW_CRL_FETCH_ADDRESSES_MAX 256
#define CW_CRL_FETCH_SECONDS_MAX 600 /* for all of them */

enum cw_crl_outcome {
	CW_CRL_STORED,
	CW_CRL_KEPT,	/* the stored one is as new */
	CW_CRL_REFUSED, /* not signed by a CA of the deployment, out of date, no CRL at all */
	CW_CRL_FAILED,	/* the network, the size, the scheme */
};

struct cw_crl_row {
	char *url;
	enum cw_crl_outcome outcome;
	char *detail;
};

struct cw_crl_rows {
	struct cw_crl_row *items;
	size_t count, capacity;
};

void cw_crl_fetch_rows_finish(struct cw_crl_rows *rows);
#define AUTO_CRL_ROWS __attribute__((cleanup(cw_crl_fetch_rows_finish))) struct cw_crl_rows

/** Every address that a certificate of the deployment's boxes (or of `only`) names, each once. */
CW_MUST_USE bool cw_crl_fetch_addresses(const struct cw_deployment *deployment, const struct cw_node *only,
	struct cw_strings *ret, struct cw_error *error);

/** As cw_fetch, with the owner's `context`. */
typedef bool cw_crl_get(void *context, const char *url, const struct cw_fetch_limits *limits,
	struct cw_buffer *ret, struct cw_error *error);

struct cw_crl_fetch_options {
	const char *path; /* of the file with all CRLs, PEM */
	struct cw_fetch_limits limits;
	cw_time at;
	cw_crl_get *get; /* called for each address in order; NULL: cw_fetch */
	void *context;
};

/**
 * Fetches them and writes the file: what is there already stays, unless a newer list of the same CA came.
 * Nothing is written where nothing changed. CW_E_LIMIT for more than CW_CRL_FETCH_ADDRESSES_MAX addresses. The
 * caller has the lock of the file's folder.
 */
CW_MUST_USE bool cw_crl_fetch(const struct cw_deployment *deployment, const struct cw_strings *urls,
	const struct cw_crl_fetch_options *options, struct cw_crl_rows *ret, struct cw_error *error);

#endif
