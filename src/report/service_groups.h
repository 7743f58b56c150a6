/**
 * Services that fare alike, each set told in one sentence: the first lines of every report for people.
 */
#ifndef CW_REPORT_SERVICE_GROUPS_H
#define CW_REPORT_SERVICE_GROUPS_H

#include "base/buffer.h"
#include "report/causes.h"

/** Services of one state that owe it to one set of causes. Borrowed from the check. */
struct cw_service_group {
	const struct cw_service *first;
	bool *causes; /* by index */
	const struct cw_service **members;
	size_t count;
	size_t capacity;
	size_t endpoint_count;
	size_t cause_count; /* of `causes` */
};

/** In the order in which they are told: dead first, working last. */
struct cw_service_groups {
	struct cw_service_group *items;
	size_t count;
	size_t capacity;
};

void cw_service_groups_finish(struct cw_service_groups *groups);
#define AUTO_SERVICE_GROUPS __attribute__((cleanup(cw_service_groups_finish))) struct cw_service_groups

CW_MUST_USE bool cw_service_groups_find(const struct cw_check *check, const struct cw_causes *causes,
	struct cw_service_groups *ret, struct cw_error *error);

/** "sign-in is dead for jabber laptop and 2 more: 1 upload on 2 nodes repairs it", as marked text. */
CW_MUST_USE bool cw_service_group_sentence(struct cw_buffer *ret, const struct cw_check *check,
	const struct cw_service_group *group, struct cw_error *error);

/** " (causes 1, 3)", by the numbers under which the causes are told; nothing where there are none. */
void cw_service_group_causes(struct cw_buffer *ret, const struct cw_service_group *group);

/** The endpoints that the sentence only counts: "telepresence room, phone-8800 desk". */
void cw_service_group_others(struct cw_buffer *ret, const struct cw_service_group *group);

#endif
