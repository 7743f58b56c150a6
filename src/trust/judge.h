/**
 * The judge: the one place in Causeway that decides whether a certificate is accepted.
 *
 * A pure function: no clock, no input or output, no globals. Equal questions get equal judgements, with and
 * without the cache. The path is ours (three profiles of issuer search), the RFC 5280 checks on exactly that
 * path are OpenSSL's. It finds everything that is wrong, each cause once, the most specific reason first.
 */
#ifndef CW_TRUST_JUDGE_H
#define CW_TRUST_JUDGE_H

#include "pki/crl.h"
#include "pki/pool.h"
#include "trust/cache.h"
#include "trust/finding.h"
#include "trust/trust_list.h"

/* Against endless chains: certificates from the leaf to the root, as LibreSSL has it (OpenSSL: 100 between
 * them). The longest in the field are 5. */
#define CW_PATH_DEPTH_MAX 32

enum cw_profile {
	/* Expressway: the list first, and there the first entry of the wanted name, whatever it is (the MRA certificates guide)
	 */
	CW_PROFILE_EXPRESSWAY,
	/* every candidate of list and wire is tried until a valid path is found: CUCM, endpoints, fronts */
	CW_PROFILE_RFC5280,
	/* the SSH tunnels: as expressway, with nothing from the wire (the Expressway troubleshooting guide) */
	CW_PROFILE_TUNNEL,
};

/** What the certificate must be good for; anyExtendedKeyUsage does not stand for either. */
enum cw_purpose {
	CW_PURPOSE_ANY,
	CW_PURPOSE_SERVER,
	CW_PURPOSE_CLIENT,
	/* X15.5 with the EKU check off: clientAuth is not asked for, an EKU must hold one of the two
	   (sources F9) */
	CW_PURPOSE_EITHER,
};

#define CW_WANTED_NAMES_MAX 3

/** A name that must stand in the certificate: any one of `names`. */
struct cw_wanted_name {
	/* host names, IP addresses as typed, SRVNames ("_collab-edge._tls.acme.test", RFC 4985); NULL: no more */
	const char *names[CW_WANTED_NAMES_MAX];
	enum cw_code mismatch; /* what to find where none of them does */
	enum cw_layer layer;
};

struct cw_revocation {
	bool on;	     /* the whole chain is looked up */
	bool missing_passes; /* revocation-fallback: ignore */
	struct cw_crl *const *crls;
	size_t count;
	bool leaf_only; /* of the chain, the leaf alone is looked up */
	bool unknown; /* who checks has other lists, which are not known: what is missing here may be there */
	bool doubtful; /* whether anybody looks is not known: what would refuse is unknown, what is missing nothing */
};

/**
 * Inputs of policy processing (RFC 5280 §6.1.1 (c)-(g)): for conformance suites. The boxes do none; profile
 * rfc5280 does it without being asked, with the default inputs, where a certificate below the root constrains
 * policies.
 */
struct cw_policies {
	bool on;
	const char *const *oids; /* user-initial-policy-set; none: any policy */
	size_t count;
	bool explicit;
	bool inhibit_mapping;
	bool inhibit_any;
};

struct cw_judge_question {
	struct cw_cert *const *chain; /* as presented: the leaf, then whatever else came, in that order */
	size_t chain_count;	      /* at least 1 */
	const struct cw_trust_list *list;
	enum cw_profile profile;
	enum cw_purpose purpose;
	const struct cw_wanted_name *names;
	size_t name_count;
	bool common_name_counts; /* a match on the CN alone is good (release table) */
	struct cw_revocation revocation;
	struct cw_policies policies;
	cw_time at;
	const struct cw_pool *known; /* where to look for what is missing, or NULL; never trusted */
	struct cw_cache *cache;	     /* or NULL */
};

enum cw_origin { CW_FROM_WIRE, CW_FROM_LIST, CW_FROM_ELSEWHERE };

struct cw_step {
	struct cw_cert *cert; /* referenced by the path */
	enum cw_origin origin;
	size_t place; /* CW_FROM_LIST: number in the list, from 1 */
};

/** From the leaf upwards. */
struct cw_path {
	struct cw_step *steps;
	size_t count;
	bool trusted; /* ends in a self-signed entry of the list, all signatures verified */
};

struct cw_judgement {
	enum cw_verdict verdict;
	struct cw_findings findings;
	struct cw_path path; /* the path judged; steps from elsewhere are those that are missing */
};

void cw_judge_finish(struct cw_judgement *judgement);
#define AUTO_JUDGEMENT __attribute__((cleanup(cw_judge_finish))) struct cw_judgement

/** Answers the question. False only where it could not be asked (CW_E_MEMORY, CW_E_CRYPTO). */
CW_MUST_USE bool cw_judge(
	const struct cw_judge_question *question, struct cw_judgement *ret, struct cw_error *error);

const char *cw_judge_profile_name(enum cw_profile profile);
bool cw_judge_profile_named(const char *name, enum cw_profile *ret);

#endif
