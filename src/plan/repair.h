/**
 * A repair plan for a whole deployment: steps that were tried on it together, and only then told.
 *
 * Laid over the deployment (plan/whatif.h), the plan ends every refusal that it can; nothing is worse after it,
 * now and at every date of the next CW_REPAIR_DAYS days on which something changes; and no step can be left
 * out. Certificates that a CA has yet to issue are stood for by stand-ins that carry what the step asks for.
 * What no plan ends is named, with who must decide. Writes nothing and chooses no words.
 */
#ifndef CW_PLAN_REPAIR_H
#define CW_PLAN_REPAIR_H

#include "plan/dates.h"
#include "plan/whatif.h"

#define CW_REPAIR_DAYS 400
/* The search is bounded: whole deployments judged for one plan, and steps in it. */
#define CW_REPAIR_TRIES_MAX 1200
#define CW_REPAIR_STEPS_MAX 200
#define CW_REPAIR_ALTERNATIVES_MAX 6

/* When a step is done: any day without an outage, in a maintenance window, some days afterwards. */
enum cw_repair_phase { CW_REPAIR_BEFORE, CW_REPAIR_WINDOW, CW_REPAIR_LATER };

/* What a step waits for. */
enum cw_repair_needs { CW_REPAIR_NEEDS_NOTHING, CW_REPAIR_NEEDS_CA, CW_REPAIR_NEEDS_DECISION };

struct cw_repair_step {
	struct cw_remedy remedy; /* its certificates are referenced by the step */
	enum cw_repair_phase phase;
	enum cw_repair_needs needs;
	bool replicated; /* a subscriber's store, which gets it from the publisher: to be confirmed */
	bool carried;	 /* goes with the upload before it: today it comes over the wire */
	unsigned unit;	 /* steps that go together have one number */
	struct cw_cert *stand_in; /* reissue: what the step was proven with */
	struct cw_cert *issuer;	  /* reissue, install of a CRL: who is to sign; or NULL */
	struct cw_crl *crl;	  /* install of a CRL: what it was proven with */
	bool same_issuer;	  /* reissue: the CA that signed the present certificate */
	struct cw_strings nodes;  /* reissue: further nodes that present the same certificate */
	struct cw_strings former; /* of a peer address or server address: what was typed */
	struct cw_strings ends;	  /* "tunnel c1 e1: issuer-missing": refusals that are gone after it */
};

/** A refusal that no plan ends. */
struct cw_repair_leaf {
	char *where; /* link id or FQDN */
	enum cw_code code;
	char *service; /* "laptop acme.test" that stays without, or NULL */
	const char *why;
};

struct cw_repair_proof {
	size_t refused_before, refused_after; /* links, and findings about boxes by themselves */
	size_t worse;			      /* what is worse after it, at any date */
	struct cw_dates dates;		      /* at which that was looked at, besides now */
	size_t dates_left; /* further ones, of certificates that no path rests on: not looked at */
	size_t idle_steps;
	bool idle_known; /* every step was left out once to see */
};

/** Another way to the same end, or a workaround for the time until the plan is done. Proven like the plan. */
struct cw_repair_alternative {
	struct cw_repair_step *steps;
	size_t count, capacity;
	size_t instead_of; /* the first step of the plan in whose place it is, from 1; of a workaround 0 */
	size_t *replaced;  /* all of them */
	size_t replaced_count;
	bool workaround;	    /* temporary: never a part of the plan */
	const char *name;	    /* of a workaround: "verify-origin-server: off" */
	const char *loses;	    /* of a workaround: what nobody checks meanwhile */
	const char *undo;	    /* of a workaround: how it ends */
	struct cw_strings restores; /* of a workaround: "laptop acme.test": who is better off with it */
};

struct cw_repair {
	struct cw_repair_step *steps; /* in the order in which to do them */
	size_t count, capacity;
	struct cw_strings restores; /* "laptop acme.test": services that work after it */
	struct cw_strings restarts; /* FQDN: nodes that are to be restarted, in that order */
	struct cw_repair_leaf *leaves;
	size_t leaf_count, leaf_capacity;
	struct cw_repair_alternative *alternatives;
	size_t alternative_count, alternative_capacity;
	struct cw_repair_proof proof;
	bool cut;		/* the search ended at a limit: a better plan may exist */
	bool alternatives_cut;	/* so did the one for alternatives and workarounds: there may be more */
	size_t tries;		/* whole deployments judged for the plan */
	struct cw_check *after; /* the check of the deployment with the plan done; or NULL: nothing to do */
	const char *again; /* options that ask for this plan again (" --at +30d"); borrowed; NULL: none do */
	struct cw_whatif *changed;
};

void cw_repair_finish(struct cw_repair *repair);
#define AUTO_REPAIR __attribute__((cleanup(cw_repair_finish))) struct cw_repair

/**
 * The plan for what `check` refuses. `options` are those of the check; the deployment must outlive the plan. A
 * check that refuses nothing has a plan of no steps.
 */
CW_MUST_USE bool cw_repair_find(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_repair *ret, struct cw_error *error);

/** The same for what `check` refuses and `beside` (or NULL) does not: what a change would break. Lists and settings
 * only: the certificates are what is asked about. */
CW_MUST_USE bool cw_repair_find_beside(const struct cw_check *check, const struct cw_check *beside,
	const struct cw_check_options *options, struct cw_repair *ret, struct cw_error *error);

/**
 * Adds to the plan of `check` what else would do: workarounds, and alternatives, each with the steps of the plan in whose
 * place it is. The options are those of the plan. At most CW_REPAIR_ALTERNATIVES_MAX alternatives; a search that ended
 * at its limit sets `alternatives_cut`.
 */
CW_MUST_USE bool cw_repair_find_alternatives(const struct cw_check *check,
	const struct cw_check_options *options, struct cw_repair *repair, struct cw_error *error);

/** The same as far as a report of a check can wait for it: the larger the deployment, the less is looked at. */
CW_MUST_USE bool cw_repair_glance_at_alternatives(const struct cw_check *check,
	const struct cw_check_options *options, struct cw_repair *repair, struct cw_error *error);

/** Releases what an alternative holds. */
void cw_repair_alternative_finish(struct cw_repair_alternative *alternative);

/** Releases what a step holds. */
void cw_repair_step_finish(struct cw_repair_step *step);

/**
 * Gives every refusal of the check the step of the plan that ends it as its remedy (none where no plan does), and
 * the plan to the check's reports. The plan must outlive the check.
 */
CW_MUST_USE bool cw_repair_assign(
	struct cw_check *check, const struct cw_repair *repair, struct cw_error *error);

/** A step of the plan ends this refusal: its index, the one about the same certificate first; `count`: none. */
size_t cw_repair_step_ending(
	const struct cw_repair *repair, const struct cw_link *link, const struct cw_complaint *complaint);

/** Lays one step over. A stand-in is used where a CA has yet to issue. */
CW_MUST_USE bool cw_repair_lay(
	struct cw_whatif *whatif, const struct cw_repair_step *step, struct cw_error *error);

/** A restart of the box makes the step count. */
bool cw_repair_wants_restart(const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** "before", "window", "later". */
const char *cw_repair_phase_name(enum cw_repair_phase phase);
/** "nothing", "ca", "decision". */
const char *cw_repair_needs_name(enum cw_repair_needs needs);

#endif
