/**
 * Findings: what a judge has to say, and the one table of all that can be said.
 *
 * A finding has a stable code, a severity, a depth (0 is the leaf), a culprit and a sentence for people. The
 * table holds what is the same for every finding of a code: default severity, layer, meaning, advice, the
 * vendor's text, the TLS alert it causes, its source. `causeway explain`, docs/findings.md and every report
 * are made from it.
 */
#ifndef CW_TRUST_FINDING_H
#define CW_TRUST_FINDING_H

#include "base/buffer.h"
#include "pki/cert.h"

#include <stddef.h>

/* Ordered: the worst of a link's findings is its verdict (rules 1 and 16). */
enum cw_severity { CW_SEVERITY_INFO, CW_SEVERITY_WARN, CW_SEVERITY_UNKNOWN, CW_SEVERITY_REFUSED };
enum cw_verdict { CW_VERDICT_PASS, CW_VERDICT_WARN, CW_VERDICT_UNKNOWN, CW_VERDICT_REFUSED };

/* Where on a link the refusal happens. */
enum cw_layer { CW_LAYER_TLS, CW_LAYER_SSH, CW_LAYER_DIGEST, CW_LAYER_SIP, CW_LAYER_FILE };

/* The order of the table and of docs/findings.md. The text is the stable code. */
#define CW_CODE_LIST(X) \
	X(CW_ISSUER_MISSING, "issuer-missing") \
	X(CW_ROOT_MISSING, "root-missing") \
	X(CW_SELF_SIGNED_UNTRUSTED, "self-signed-untrusted") \
	X(CW_ISSUER_SHADOWED, "issuer-shadowed") \
	X(CW_SIGNATURE_INVALID, "signature-invalid") \
	X(CW_KEY_IDENTIFIER_DIFFERS, "key-identifier-differs") \
	X(CW_EXPIRED, "expired") \
	X(CW_NOT_YET_VALID, "not-yet-valid") \
	X(CW_DATE_UNFIT, "date-unfit") \
	X(CW_REVOKED, "revoked") \
	X(CW_CRL_MISSING, "crl-missing") \
	X(CW_CRL_EXPIRED, "crl-expired") \
	X(CW_SERVER_AUTH_MISSING, "server-auth-missing") \
	X(CW_CLIENT_AUTH_MISSING, "client-auth-missing") \
	X(CW_KEY_USAGE_UNFIT, "key-usage-unfit") \
	X(CW_NOT_A_CA, "not-a-ca") \
	X(CW_PATH_TOO_LONG, "path-too-long") \
	X(CW_NAME_CONSTRAINT, "name-constraint") \
	X(CW_CRITICAL_EXTENSION, "critical-extension") \
	X(CW_POLICY_UNFIT, "policy-unfit") \
	X(CW_OTHER_CHECK_FAILED, "other-check-failed") \
	X(CW_WEAK_KEY, "weak-key") \
	X(CW_WEAK_DIGEST, "weak-digest") \
	X(CW_TLS_UNUSABLE, "tls-unusable") \
	X(CW_UNKNOWN_OID_IN_NAME, "unknown-oid-in-name") \
	X(CW_PEER_NAME_MISMATCH, "peer-name-mismatch") \
	X(CW_VERIFY_NAME_MISMATCH, "verify-name-mismatch") \
	X(CW_ADDRESS_IS_IP, "address-is-ip") \
	X(CW_PHONE_PROFILE_MISSING, "phone-profile-missing") \
	X(CW_PHONE_PROFILE_UNFIT, "phone-profile-unfit") \
	X(CW_EDGE_DOMAIN_MISSING, "edge-domain-missing") \
	X(CW_DEVICE_LIST_LACKS_CA, "device-list-lacks-ca") \
	X(CW_ECDSA_TWIN_UNTRUSTED, "ecdsa-twin-untrusted") \
	X(CW_TUNNEL_NAME_UNFIT, "tunnel-name-unfit") \
	X(CW_TUNNEL_KEY_UNFIT, "tunnel-key-unfit") \
	X(CW_TRAVERSAL_REFUSED, "traversal-refused") \
	X(CW_CREDENTIALS_DIFFER, "credentials-differ") \
	X(CW_NOT_KNOWN, "not-known") \
	X(CW_WILDCARD_NAME, "wildcard-name") \
	X(CW_TEMPORARY_CERTIFICATE, "temporary-certificate") \
	X(CW_SAN_TOO_LONG, "san-too-long") \
	X(CW_COMMON_NAME_MISSING, "common-name-missing") \
	X(CW_CLUSTER_NAME_MISSING, "cluster-name-missing") \
	X(CW_CLUSTER_CN_DIFFERS, "cluster-cn-differs") \
	X(CW_PEER_NAME_MISSING, "peer-name-missing") \
	X(CW_DOMAIN_MISSING, "domain-missing") \
	X(CW_CHAT_ALIAS_MISSING, "chat-alias-missing") \
	X(CW_FEDERATION_DOMAIN_MISSING, "federation-domain-missing") \
	X(CW_VERIFY_NAME_NOT_CLUSTER, "verify-name-not-cluster") \
	X(CW_SHARED_KEY, "shared-key") \
	X(CW_TRUST_LISTS_DIFFER, "trust-lists-differ") \
	X(CW_TRUST_NOT_REPLICATED, "trust-not-replicated") \
	X(CW_SAME_SUBJECT_CONFLICT, "same-subject-conflict") \
	X(CW_DUPLICATE_ENTRY, "duplicate-entry") \
	X(CW_ENTRY_EXPIRED, "entry-expired") \
	X(CW_EXPIRES_SOON, "expires-soon") \
	X(CW_CA_NOT_NEEDED, "ca-not-needed") \
	X(CW_KEY_MISMATCH, "key-mismatch") \
	X(CW_KEY_UNUSABLE, "key-unusable") \
	X(CW_REQUEST_DISCARDED, "request-discarded") \
	X(CW_REQUEST_NAMES_DIFFER, "request-names-differ") \
	X(CW_NOT_PEM, "not-pem") \
	X(CW_EXTRA_CERTIFICATES, "extra-certificates") \
	X(CW_ODD_FILE, "odd-file") \
	X(CW_RELEASE_DIFFERS, "release-differs")

enum cw_code {
#define X(code, text) code,
	CW_CODE_LIST(X)
#undef X
		CW_CODE_COUNT
};

struct cw_finding_row {
	enum cw_code code;
	const char *name;
	enum cw_severity severity; /* before the link table's override */
	enum cw_layer layer;
	const char *alert;	 /* TLS alert that the refusing side sends (RFC 8446 §6.2), or NULL */
	const char *sentence;	 /* what it means, for people */
	const char *advice;	 /* what to do about it */
	const char *vendor_text; /* what the boxes show, word for word, or NULL */
	const char *source;	 /* seed, docs/sources.md §, RFC */
};

const struct cw_finding_row *cw_finding_row(enum cw_code code);
/** The code with this name. False where there is none. */
bool cw_finding_code_named(const char *name, enum cw_code *ret);
const char *cw_finding_code_name(enum cw_code code);

/** What a link with one finding of this severity gets: info passes. */
enum cw_verdict cw_finding_severity_verdict(enum cw_severity severity);

const char *cw_finding_severity_name(enum cw_severity severity);
const char *cw_finding_verdict_name(enum cw_verdict verdict);
const char *cw_finding_layer_name(enum cw_layer layer);

/** One thing that a judge found. Certificates are referenced, texts owned. */
struct cw_finding {
	enum cw_code code;
	enum cw_severity severity;     /* what counts */
	enum cw_severity own_severity; /* before the link table's override */
	enum cw_layer layer;
	bool reached;	      /* false: an earlier refusal keeps the judge from getting here */
	unsigned depth;	      /* of the culprit; a missing issuer of the leaf has depth 1 */
	struct cw_cert *cert; /* the culprit; where one is missing, the missing one if it is known; or NULL */
	char *subject; /* the culprit's, or the name that is missing; NULL where no certificate is meant */
	char *name;    /* the wanted name for findings about names, else NULL */
	char *detail;  /* one sentence: what was wanted and what was found */
	size_t place;  /* the culprit's number in the judge's list, from 1 (signature-invalid: of the entry
			  that  bears the signer's name and is the wrong one); 0: not in it */
	struct cw_cert *better; /* the certificate that would be right (issuer-shadowed, signature-invalid),
				   or NULL */
	size_t better_place;	/* its number in the list, or 0 */
};

struct cw_findings {
	struct cw_finding *items;
	size_t count;
	size_t capacity;
	bool failed; /* an allocation failed: cw_findings_ok says so */
};

void cw_finding_finish(struct cw_finding *finding);
void cw_findings_finish(struct cw_findings *findings);
#define AUTO_FINDINGS __attribute__((cleanup(cw_findings_finish))) struct cw_findings

/**
 * Adds a finding with the row's severity and layer, reached, at `depth`; `cert` (may be NULL) gives culprit
 * and subject. The caller may fill in the rest. NULL: no memory, remembered in `failed`.
 */
struct cw_finding *cw_findings_add(
	struct cw_findings *findings, enum cw_code code, unsigned depth, struct cw_cert *cert);

/** Sets the detail. NULL as finding is fine (see cw_findings_add). */
void cw_finding_detail(struct cw_findings *findings, struct cw_finding *finding, const char *format, ...)
	CW_PRINTF(3, 4);
void cw_finding_name(struct cw_findings *findings, struct cw_finding *finding, const char *name);
void cw_finding_subject(struct cw_findings *findings, struct cw_finding *finding, const char *subject);
void cw_finding_severity(struct cw_finding *finding, enum cw_severity severity);

/** What it says: its detail, or where it has none the sentence of its code. */
const char *cw_finding_sentence(const struct cw_finding *finding);

/* What stands around the line of a finding; all may be NULL. */
struct cw_finding_line {
	const char *who;   /* whose it is: "c1.acme.test", "c1.acme.test trusted-ca" */
	const char *begin; /* marks around code and severity, for a layout */
	const char *end;
};

/**
 * Appends the one line in which every text shows a finding:
 * "c1.acme.test: issuer-missing (refused, depth 1): wanted …". No newline. `around` NULL: nothing around it. The leaf's
 * depth is not told; "not reached" is where an earlier refusal keeps the judge from getting here.
 */
void cw_finding_line(
	struct cw_buffer *ret, const struct cw_finding *finding, const struct cw_finding_line *around);

/** Moves one finding behind the others; it is empty afterwards. False: no memory, nothing moved. */
CW_MUST_USE bool cw_findings_adopt(struct cw_findings *findings, struct cw_finding *finding);

/** The first finding of this code, or NULL. */
const struct cw_finding *cw_findings_find(const struct cw_findings *findings, enum cw_code code);

/** The worst severity among them, as a verdict: pass where there are none but info. */
enum cw_verdict cw_findings_verdict(const struct cw_findings *findings);

CW_MUST_USE bool cw_findings_ok(const struct cw_findings *findings, struct cw_error *error);

#endif
