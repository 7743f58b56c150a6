/**
 * A repair plan in words: its headline, and for each step where, what, how long something is down, and what is to
 * be seen afterwards.
 */
#ifndef CW_REPORT_PLAN_PLAN_WORDS_H
#define CW_REPORT_PLAN_PLAN_WORDS_H

#include "base/buffer.h"
#include "plan/repair.h"

/* What stands before every plan that is done on boxes. */
#define CW_PLAN_WORDS_BACKUP \
	"Before anything else: a backup of each box; an upload replaces certificate and key, and the old key " \
	"cannot be had again."

/** "Now, without an outage": the heading of a phase. */
const char *cw_plan_words_phase(enum cw_repair_phase phase);

/** "2 uploads on 1 node repair it; 1 restart": what the plan costs; with `whole` false "repair a part of it". */
void cw_plan_words_cost(struct cw_buffer *ret, const struct cw_repair *plan, bool whole);

/** "Maintenance > Security > Trusted CA certificate on c1.acme.test: append …", as the causes say it. */
void cw_plan_words_step(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** The same, told once for steps that ask for one thing on several boxes. */
void cw_plan_words_steps(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair_step *const *steps, size_t count);

/** Both are done in one go: on one box, in one phase. */
bool cw_plan_words_same_box(const struct cw_repair_step *a, const struct cw_repair_step *b);

/** The plan's next step restarts that box: outage and what is to be seen are told there (renewals). */
bool cw_plan_words_restart_follows(const struct cw_repair *plan, size_t index);

/** The restart that makes the step count, as the box's page says it; NULL: none. */
const char *cw_plan_words_restart(const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** The page alone: "Maintenance > Security > Trusted CA certificate". */
void cw_plan_words_menu(
	struct cw_buffer *ret, const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** What is down while it is done: "none", or a sentence. */
const char *cw_plan_words_outage(const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** What the pages show afterwards. */
const char *cw_plan_words_expect(const struct cw_deployment *deployment, const struct cw_repair_step *step);

/** What follows from it elsewhere (CUCM), one sentence with its source, or NULL. */
const char *cw_plan_words_consequence(
	const struct cw_deployment *deployment, const struct cw_repair_step *step);

/**
 * The command that does the same on the files; nothing where there is none. `plan`: that has the step among its own, or
 * NULL; a setting has a command only there.
 */
void cw_plan_words_command(struct cw_buffer *ret, const struct cw_deployment *deployment,
	const struct cw_repair_step *step, const struct cw_repair *plan);

#endif
