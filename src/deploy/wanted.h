/**
 * The names that one side of a link wants to see. Private to the deploy layer.
 */
#ifndef CW_DEPLOY_WANTED_H
#define CW_DEPLOY_WANTED_H

#include "deploy/side_table.h"

struct cw_wanted {
	struct cw_wanted_name *items;
	size_t count;
	size_t capacity;
	struct cw_strings built; /* "collab-edge." and a domain */
};

void cw_wanted_finish(struct cw_wanted *wanted);

/** False: no memory. The names belong to the deployment, the link and `ret`. */
CW_MUST_USE bool cw_wanted_names(const struct cw_deployment *deployment, const struct cw_link *link,
	enum cw_names names, struct cw_wanted *ret);

#endif
