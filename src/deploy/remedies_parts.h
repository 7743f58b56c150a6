/**
 * What remedies.c and remedies_list.c share: one complaint whose remedy is looked for, and the actions.
 *
 * Private to the deploy layer.
 */
#ifndef CW_DEPLOY_REMEDIES_PARTS_H
#define CW_DEPLOY_REMEDIES_PARTS_H

#include "deploy/check.h"

struct cw_remedy_search {
	const struct cw_check *check;
	const struct cw_link *link; /* NULL: a node's own complaint */
	struct cw_complaint *complaint;
	struct cw_remedy *remedy; /* of the complaint, to be filled */
	struct cw_error *error;
};

/** Whose certificate the complaint is about, or NULL. */
const struct cw_node *cw_remedy_presenter(const struct cw_remedy_search *at);

/** The actions. False: no memory. */
bool cw_remedy_set(
	const struct cw_remedy_search *at, const char *node, const char *setting, const char *value);
bool cw_remedy_reissue(const struct cw_remedy_search *at);

/** remedies_list.c: what is to be done in a trust list, or with the certificate where no list helps. */
bool cw_remedy_issuer_missing(const struct cw_remedy_search *at);
bool cw_remedy_top_missing(const struct cw_remedy_search *at);
bool cw_remedy_append_culprit(const struct cw_remedy_search *at);
bool cw_remedy_device_list(const struct cw_remedy_search *at);
bool cw_remedy_shadowed(const struct cw_remedy_search *at);
bool cw_remedy_signature(const struct cw_remedy_search *at);
bool cw_remedy_dates(const struct cw_remedy_search *at);
bool cw_remedy_entry_expired(const struct cw_remedy_search *at);
bool cw_remedy_lists_differ(const struct cw_remedy_search *at);
bool cw_remedy_conflict(const struct cw_remedy_search *at);
bool cw_remedy_remove_entry(const struct cw_remedy_search *at);

#endif
