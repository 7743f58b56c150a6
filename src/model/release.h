/**
 * What differs between Expressway releases, as a table: one row for each release in which something changed.
 *
 * A release of a deployment gets the newest row that is not above it. Every column has its source beside it
 * in release.c; a rule that is unsure is a value here and never an `if` elsewhere.
 */
#ifndef CW_MODEL_RELEASE_H
#define CW_MODEL_RELEASE_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/** X<major>.<minor>[.<patch>] */
struct cw_release {
	unsigned major;
	unsigned minor;
	unsigned patch;
};

/* What the upload page wants of a server certificate (sources F9). */
enum cw_upload_eku { CW_UPLOAD_BOTH, CW_UPLOAD_BOTH_UNLESS_ENABLED_ON_E, CW_UPLOAD_SERVER };

struct cw_release_row {
	struct cw_release release;
	bool common_name_counts; /* a name that stands in the CN alone is a match */
	bool tftp_mutual;	 /* C shows its certificate on 6972 */
	bool origin_verified;	 /* the traffic server verifies every HTTPS server, not just at discovery */
	bool origin_switch;	 /* VerifyOriginServer can switch that off */
	bool prefers_ecdsa;	 /* CUCM's ECDSA twins are negotiated where there are any */
	bool service_wants_client_auth; /* the SIP SERVICE check wants clientAuth in E's certificate */
	bool cluster_wants_client_auth; /* cluster links want clientAuth */
	bool client_store;		/* there is a client certificate store of its own */
	bool eku_check_switch;		/* ExtendedKeyUsage Checking Mode exists */
	bool tls_1_3;			/* SIP and HTTPS over TLS 1.3; else 1.2 at most */
	enum cw_upload_eku upload;
	const char *security_page; /* menu path, as this release names it */
};

/** "X14.2", "X14.0.8". Errors say what is wanted, and that X12.5 is the oldest known. */
CW_MUST_USE bool cw_release_parse(const char *text, struct cw_release *ret, struct cw_error *error);

#define CW_RELEASE_TEXT_SIZE 40
const char *cw_release_text(struct cw_release release, char text[CW_RELEASE_TEXT_SIZE]);

/** Negative, zero, positive as `a` is older than, the same as, newer than `b`. */
int cw_release_compare(struct cw_release a, struct cw_release b);

/**
 * Newer than the newest row (patches do not count): what changed since then is not known here. `ret` gets the sentence
 * that says so, and as what it is judged.
 */
bool cw_release_is_unknown(struct cw_release release, struct cw_buffer *ret);

/** The newest row that is not above `release`. */
const struct cw_release_row *cw_release_row(struct cw_release release);

/** All rows, oldest first: for `explain`. */
const struct cw_release_row *cw_release_rows(size_t *count);

/** X14.2, what a deployment without `release:` gets. */
struct cw_release cw_release_default(void);

/* --- CUCM, IM&P, Unity Connection --- */

/** What differs between CUCM releases: the newest row that is not above a release applies. */
struct cw_release_cucm_row {
	struct cw_release release;
	bool tftp_shows_callmanager; /* 6972 presents CallManager; not confirmed on a box */
	bool certificate_reuse;	     /* the tomcat certificate may serve as CallManager's */
	bool certmgr_api;	     /* /platformcom/api/v1/certmgr is there */
	bool tls_1_3;		     /* not confirmed on a box */
};

/** "12.5", "14", "15.0.1": 12.5 is the oldest known. Errors as cw_release_parse. */
CW_MUST_USE bool cw_release_cucm_parse(const char *text, struct cw_release *ret, struct cw_error *error);
/** "14", "12.5". */
const char *cw_release_cucm_text(struct cw_release release, char text[CW_RELEASE_TEXT_SIZE]);
/** As cw_release_is_unknown; of CUCM the first number alone counts. */
bool cw_release_cucm_is_unknown(struct cw_release release, struct cw_buffer *ret);
const struct cw_release_cucm_row *cw_release_cucm_row(struct cw_release release);
/** 14, what a cluster without `release:` gets. */
struct cw_release cw_release_cucm_default(void);

#endif
