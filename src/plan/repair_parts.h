/**
 * The inside of the plan's search, for repair*.c only.
 */
#ifndef CW_PLAN_REPAIR_PARTS_H
#define CW_PLAN_REPAIR_PARTS_H

#include "base/buffer.h"
#include "plan/repair.h"

/** Steps that are tried together. */
struct repair_steps {
	struct cw_repair_step *items;
	size_t count, capacity;
};

/** One refusal that is to end. Borrowed from a check. */
struct repair_target {
	const struct cw_complaint *complaint;
	const struct cw_link *link; /* NULL: about a node by itself */
};

struct repair_targets {
	struct repair_target *items;
	size_t count, capacity;
};

/** Stand-ins that were made, by what they carry: making one takes longer than judging a deployment with it. */
struct repair_stand_ins {
	EVP_PKEY *key; /* of all of them */
	struct repair_stand_in {
		char *carries;
		struct cw_cert *cert;
	} * items;
	size_t count, capacity;
};

void repair_stand_ins_finish(struct repair_stand_ins *stand_ins);

/** The state of the search: the steps so far, and the deployment with them done. */
struct repair_search {
	const struct cw_deployment *deployment;
	const struct cw_check *before;
	struct cw_check_options options;
	struct repair_steps steps;
	struct cw_whatif *changed;	/* with `steps` done */
	struct cw_check *now;		/* judged */
	const struct cw_check *beside;	/* what is refused there too is not looked at; or NULL */
	struct cw_strings given_up;	/* refusals for which nothing was found */
	struct cw_strings banned;	/* steps that something is worse after, at some date */
	struct cw_strings banned_kinds; /* what an alternative does without (repair_step_kind) */
	size_t tries_max;
	size_t worse_later;	  /* what is worse with the steps at some date */
	size_t dates_left;	  /* further dates, on which no answer can change */
	struct cw_cert **issuers; /* CAs that could sign, best first; referenced */
	size_t issuer_count, issuer_capacity;
	struct repair_stand_ins *stand_ins; /* of all searches for one plan */
	size_t tries;
	unsigned units;
	bool cut;
	/* An alternative: what does not end as much as the plan is of no use. */
	bool for_alternative;
	size_t give_ups_max;
	struct cw_error *error;
};

/** Steps on trial. */
struct repair_attempt {
	struct repair_steps steps; /* those of the search, and the new ones */
	struct cw_whatif *changed;
	struct cw_check *now;
};

void repair_attempt_finish(struct repair_attempt *attempt);
#define AUTO_ATTEMPT __attribute__((cleanup(repair_attempt_finish))) struct repair_attempt
/** Judges its steps; what was judged before is released. */
CW_MUST_USE bool repair_attempt_judge(struct repair_search *search, struct repair_attempt *attempt);
/** It becomes the state of the search. */
void repair_attempt_adopt(struct repair_search *search, struct repair_attempt *attempt);
/** Tries every way to end the batch, the cheapest first. `*ret`: one was taken. */
CW_MUST_USE bool repair_try_ways(struct repair_search *search, const struct repair_targets *batch, bool *ret);

void repair_steps_finish(struct repair_steps *steps);
/** Takes the step over. The same step twice is once. NULL: no memory. */
CW_MUST_USE bool repair_steps_take(struct repair_steps *steps, struct cw_repair_step *step);
/** A copy of every step of `from`. False: no memory. */
CW_MUST_USE bool repair_steps_copy(struct repair_steps *to, const struct repair_steps *from);
bool repair_step_same(const struct cw_repair_step *a, const struct cw_repair_step *b);
/** "append c1 trusted-ca 3fa9…": for bans. False: no memory. */
CW_MUST_USE bool repair_step_key(const struct cw_repair_step *step, struct cw_buffer *ret);

/** "list c1 trusted-ca 3fa9…", "set c1 peer address", "reissue e1 server": one way of ending something, however it
 * is carried out. False: no memory. */
CW_MUST_USE bool repair_step_kind(const struct cw_repair_step *step, struct cw_buffer *ret);

/** Runs the search to its end: fills steps, now, changed and worse_later. */
CW_MUST_USE bool repair_run(struct repair_search *search);
void repair_search_finish(struct repair_search *search);
/** How many refusals a plan should end. */
size_t repair_count_targets(const struct cw_check *check);
/** Phase by phase, box by box; and what is gone after each step. */
CW_MUST_USE bool repair_put_in_order(struct repair_search *search);
/** Adds the workarounds. */
CW_MUST_USE bool repair_find_workarounds(struct repair_search *search, struct cw_repair *repair);
/** A new alternative at the end; NULL: no memory. */
struct cw_repair_alternative *repair_add_alternative(struct cw_repair *repair);

/** The refusals of a check that a plan should end, in the order of the links. */
CW_MUST_USE bool repair_targets_find(const struct cw_check *check, struct repair_targets *ret);
void repair_targets_finish(struct repair_targets *targets);
#define AUTO_TARGETS __attribute__((cleanup(repair_targets_finish))) struct repair_targets
/** A plan should end it: refused, or a prompt. */
bool repair_is_target(const struct cw_link *link, const struct cw_complaint *complaint);
/** "tunnel c1 e1: issuer-missing CN=…": the same refusal in another check has the same. */
CW_MUST_USE bool repair_target_key(const struct repair_target *target, struct cw_buffer *ret);
/** Both are one cause: code, certificate and name are the same. */
bool repair_target_alike(const struct repair_target *a, const struct repair_target *b);

/** One way to end a refusal: adds its steps (none: does not apply). */
typedef bool (*repair_way)(
	struct repair_search *search, const struct repair_target *target, struct repair_steps *ret);

struct repair_way_row {
	const char *name;
	repair_way find;
	bool follows_up; /* breaks others, who then need the new CA in their lists */
};

/* repair_lists.c */
bool repair_move_in_judges_list(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_move_in_senders_list(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_append_what_is_missing(
	struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_append_at_sender(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_append_in_front(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_replace_what_hides(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_remove_what_hides(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_replace_at_sender(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_remove_at_sender(struct repair_search *, const struct repair_target *, struct repair_steps *);

bool repair_append_at_endpoint(struct repair_search *, const struct repair_target *, struct repair_steps *);

/* repair_settings.c */
bool repair_set_address(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_set_verify_name(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_set_credentials(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_set_sends(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_put_leaf_first(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_upgrade(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_install_crl(struct repair_search *, const struct repair_target *, struct repair_steps *);

/* repair_reissue.c */
bool repair_reissue_same_ca(struct repair_search *, const struct repair_target *, struct repair_steps *);
bool repair_reissue_client_store(struct repair_search *, const struct repair_target *, struct repair_steps *);
/** By the issuer of this number; false in `ret_there` where there are not that many. */
CW_MUST_USE bool repair_reissue_by(struct repair_search *search, const struct repair_target *target,
	size_t issuer, bool *ret_there, struct repair_steps *ret);

/** Who presents what was refused, and as what. False: nobody. */
bool repair_presenter(const struct repair_search *search, const struct repair_target *target,
	const struct cw_node **ret, enum cw_identity_kind *ret_kind);
/** The node of the search's deployment (not the original) by this name. */
const struct cw_node *repair_node(const struct repair_search *search, const char *fqdn);

/** Links, sign-ins and boxes that are worse in `after`. Places are matched by index where there are as many. */
size_t repair_count_worse(const struct cw_check *before, const struct cw_check *after);
/** Adds what is refused in `before` and not in `after`: "tunnel c1 e1: issuer-missing". */
CW_MUST_USE bool repair_note_ended(const struct cw_check *before, const struct cw_check *after,
	struct cw_strings *ret, struct cw_error *error);

/* repair_proof.c */
/** Fills proof, restores, leaves and order; the steps are those of the search. */
CW_MUST_USE bool repair_conclude(struct repair_search *search, struct cw_repair *ret);
/** What is worse than before with these steps at some date; `*ret_guilty` is the step to blame or count. */
CW_MUST_USE bool repair_prove_dates(
	struct repair_search *search, struct cw_dates *dates, size_t *ret_worse, size_t *ret_guilty);
/** Judges the deployment with `steps` done, at the time of `before`: the deployment as it is, from which the answer
 * borrows. */
CW_MUST_USE bool repair_try(struct repair_search *search, const struct repair_steps *steps,
	const struct cw_check *before, struct cw_whatif **ret_changed, struct cw_check **ret);

#endif
