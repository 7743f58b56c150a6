/**
 * The names that one side of a link wants to see. Private to the deploy layer.
 */
#ifndef CW_CHECK_WANTED_H
#define CW_CHECK_WANTED_H

#include "model/link.h"

struct cw_wanted {
	struct cw_wanted_name *items;
	size_t count;
	size_t capacity;
	struct cw_strings built; /* "collab-edge." and a domain */
};

void cw_wanted_finish(struct cw_wanted *wanted);

/** False: no memory. The names belong to the deployment, the link and `ret`. */
CW_MUST_USE bool cw_wanted_names(const struct cw_deployment *deployment, const struct cw_link_ends *ends,
	enum cw_link_names names, struct cw_wanted *ret);

#endif
