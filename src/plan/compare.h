/**
 * What changed between two checks: links, services and what boxes have by themselves, better, worse or other.
 *
 * Two checks of one deployment at two times, of a deployment and of it with changes laid over, or of two
 * deployments: things are matched by their names. What is the same on both sides is left out. Judges nothing.
 */
#ifndef CW_PLAN_COMPARE_H
#define CW_PLAN_COMPARE_H

#include "check/check.h"

enum cw_compare_kind { CW_COMPARE_LINK, CW_COMPARE_SERVICE, CW_COMPARE_NODE };

/* OTHER: the answer is as good as before and its reasons are not the same. */
enum cw_compare_change { CW_COMPARE_BETTER, CW_COMPARE_WORSE, CW_COMPARE_OTHER };

/** One link, one service, or one box by itself. Everything belongs to the checks but `id`. */
struct cw_compare_row {
	enum cw_compare_kind kind;
	enum cw_compare_change change;
	char *id;	    /* the link's; "laptop acme.test"; the node's FQDN */
	const char *before; /* verdict or state, as printed; NULL: was not there */
	const char *after;  /* NULL: is there no more */
	const struct cw_link *link_before, *link_after;
	const struct cw_service *service_before, *service_after;
	const struct cw_complaints *complaints_before, *complaints_after; /* of link or node; or NULL */
};

struct cw_compare {
	struct cw_compare_row *rows; /* links in their order, services, nodes */
	size_t count, capacity;
	size_t better, worse, other;
};

void cw_compare_finish(struct cw_compare *compare);
#define AUTO_COMPARE __attribute__((cleanup(cw_compare_finish))) struct cw_compare

CW_MUST_USE bool cw_compare_checks(const struct cw_check *before, const struct cw_check *after,
	struct cw_compare *ret, struct cw_error *error);

/**
 * Worse for whoever signs in, whatever is unknown: by what it is where all that is unknown passes, or where all of it is
 * refused. From degraded to "degraded, or works" is better, though a state that is unknown counts for more than degraded.
 */
enum cw_compare_change cw_compare_service(const struct cw_service *before, const struct cw_service *after);

/** Both say the same of the same: code, judge, list, certificate or name. */
bool cw_compare_same_complaint(const struct cw_complaint *a, const struct cw_complaint *b);

/** The same reason, about whichever certificate and with whatever weight: code, judge, list, name and subject. */
bool cw_compare_same_reason(const struct cw_complaint *a, const struct cw_complaint *b);

/** Whether `complaints` (may be NULL) hold the same reason. */
bool cw_compare_has_reason(const struct cw_complaints *complaints, const struct cw_complaint *wanted);

/** Whether `complaints` (may be NULL) hold one that says the same as `wanted`. */
bool cw_compare_has_complaint(const struct cw_complaints *complaints, const struct cw_complaint *wanted);

/** The link of this id, or NULL. */
const struct cw_link *cw_compare_find_link(const struct cw_check *check, const char *id, size_t near);

/** "better", "worse", "other". */
const char *cw_compare_change_name(enum cw_compare_change change);
/** "link", "service", "node". */
const char *cw_compare_kind_name(enum cw_compare_kind kind);

#endif
