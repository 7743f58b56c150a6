/**
 * What-if: changes laid over a deployment that stays as it is.
 *
 * The result is a deployment like any other, so that whatever judges deployments judges it unchanged; what was
 * not changed is shared with the original, which must outlive it. Two of them over one deployment know nothing
 * of each other. The certificates that count as known are those that the changed deployment holds: what was
 * taken out of the last list that held it is known no more. Makes no file and judges nothing.
 */
#ifndef CW_PLAN_WHATIF_H
#define CW_PLAN_WHATIF_H

#include "check/check.h"

enum cw_whatif_kind {
	CW_WHATIF_IDENTITY, /* the node presents `cert` as `identity` */
	CW_WHATIF_APPEND,   /* `cert` into `store`, at the end or before `other` */
	CW_WHATIF_REMOVE,   /* `cert` out of `store`: the last entry that is this certificate */
	CW_WHATIF_MOVE,	    /* `cert` before `other`, or to the top */
	CW_WHATIF_REPLACE,  /* `cert` to the end, and `other` out */
	CW_WHATIF_CRL,	    /* `crl` in place of those of the same issuer */
	CW_WHATIF_SETTING,  /* `setting` of the node, its group or its zones to `value` */
	CW_WHATIF_RELEASE,  /* of the group, or of the node's group, to `value` */
};

/** One change. Everything borrowed for the time of the call. */
struct cw_whatif_change {
	enum cw_whatif_kind kind;
	const char *node; /* FQDN, endpoint or group name; settings and releases: NULL is everywhere */
	enum cw_identity_kind identity;
	enum cw_store_kind store;
	struct cw_cert *cert;
	struct cw_cert *other;
	const char *from; /* file of `cert`, as a person would type it, or NULL */
	struct cw_crl *crl;
	const char *setting; /* a key of the deployment file; "peers" changes the address `replaces` */
	const char *value;
	const char *replaces; /* of a list: what is to be another */
};

struct cw_whatif;

/** Nothing is changed yet. The deployment is borrowed. */
CW_MUST_USE bool cw_whatif_new(
	const struct cw_deployment *deployment, struct cw_whatif **ret, struct cw_error *error);
void cw_whatif_free(struct cw_whatif *whatif);
CW_DEFINE_AUTO(struct cw_whatif *, cw_whatif_free)

/**
 * Lays one change over. A store that another node shares (`same-as`) changes there as well, and a change of
 * the sharer's is one of the owner's. CW_E_USAGE: no such node, store, entry, setting or value; the message
 * names what there is.
 */
CW_MUST_USE bool cw_whatif_apply(
	struct cw_whatif *whatif, const struct cw_whatif_change *change, struct cw_error *error);

/** The changed deployment; belongs to `whatif` and follows later changes. NULL: no memory. */
const struct cw_deployment *cw_whatif_deployment(struct cw_whatif *whatif);

/** Judges the changed deployment (cw_check_run). */
CW_MUST_USE bool cw_whatif_check(struct cw_whatif *whatif, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error);

/**
 * The same answer, beside a check of the deployment as it is, made with the same options: only questions whose inputs
 * changed are asked again. The result borrows from `before`, which must outlive it.
 */
CW_MUST_USE bool cw_whatif_check_beside(struct cw_whatif *whatif, const struct cw_check *before,
	const struct cw_check_options *options, struct cw_check **ret, struct cw_error *error);

#endif
