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

/** The state of the search: the steps so far, and the deployment with them done. */
struct repair_search {
	const struct cw_deployment *deployment;
	const struct cw_check *before;
	struct cw_check_options options;
	struct repair_steps steps;
	struct cw_whatif *changed;     /* with `steps` done */
	struct cw_check *now;	       /* judged */
	const struct cw_check *beside; /* what is refused there too is not looked at; or NULL */
	struct cw_strings given_up;    /* refusals for which nothing was found */
	struct cw_strings banned;      /* steps that something is worse after, at some date */
	struct cw_cert **issuers;      /* CAs that could sign, best first; referenced */
	size_t issuer_count, issuer_capacity;
	EVP_PKEY *key; /* of all stand-ins */
	size_t tries;
	unsigned units;
	bool cut;
	struct cw_error *error;
};

void repair_steps_finish(struct repair_steps *steps);
/** Takes the step over. The same step twice is once. NULL: no memory. */
CW_MUST_USE bool repair_steps_take(struct repair_steps *steps, struct cw_repair_step *step);
/** A copy of every step of `from`. False: no memory. */
CW_MUST_USE bool repair_steps_copy(struct repair_steps *to, const struct repair_steps *from);
bool repair_step_same(const struct cw_repair_step *a, const struct cw_repair_step *b);
/** "append c1 trusted-ca 3fa9…": for bans. False: no memory. */
CW_MUST_USE bool repair_step_key(const struct cw_repair_step *step, struct cw_buffer *ret);

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

/** All ways, the cheapest first. */
const struct repair_way_row *repair_ways(size_t *count);

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
