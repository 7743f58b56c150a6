/**
 * A small CA in a folder: ca.pem, privkey.pem (0600) and index (what it signed). For labs and rehearsals.
 *
 * No revocation, no policy, no protection of the key but its mode: a CA that anybody relies on is another
 * program. What a certificate is good for comes from the template and never from the request, as in the CAs
 * of the field (the seed: "these attributes are determined on the CA").
 */
#ifndef CW_LAB_CA_H
#define CW_LAB_CA_H

#include "base/time.h"
#include "pki/request.h"

/** What a request becomes: EKUs of both kinds, one, none at all, or an issuing CA. */
enum cw_ca_template { CW_CA_BOTH, CW_CA_SERVER, CW_CA_CLIENT, CW_CA_CA, CW_CA_NONE };

struct cw_ca_options {
	const char *common_name; /* or a whole subject: "C=US, O=Acme, CN=Acme Root CA" */
	const char *key;	 /* as cw_issue_key has it; NULL: rsa */
	const char *parent;	 /* folder of the CA that signs it; NULL: self-signed */
	cw_time at;
	long days; /* 0: 3650 for a root, 1825 below another CA */
};

struct cw_ca_request {
	const char *folder; /* of the CA */
	enum cw_ca_template template;
	const char *const *sans; /* "DNS:a" or bare host names and addresses; none: those of the request */
	size_t san_count;
	cw_time at;
	long days; /* 0: 365 */
};

/** Writes the files of a CA. The folder is made; one that holds a ca.pem already is CW_E_USAGE. */
CW_MUST_USE bool cw_ca_write(
	const char *folder, const struct cw_cert *cert, const EVP_PKEY *key, struct cw_error *error);

/** Makes a CA in `folder`. Fails like cw_ca_write, and where the parent cannot be read. */
CW_MUST_USE bool cw_ca_new(const char *folder, const struct cw_ca_options *options, struct cw_error *error);

/**
 * Signs a PKCS#10 request: subject and key from it, names from it or from the options, the rest from the
 * template. A request whose own signature does not verify is CW_E_CRYPTO. The caller owns the reference.
 */
CW_MUST_USE bool cw_ca_sign(const struct cw_ca_request *request, const struct cw_request *csr,
	struct cw_cert **ret, struct cw_error *error);

/** "both", "server", "client", "ca", "none". */
CW_MUST_USE bool cw_ca_template_from_name(const char *name, enum cw_ca_template *ret, struct cw_error *error);

#endif
