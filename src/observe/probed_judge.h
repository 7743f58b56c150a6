/**
 * What a probed server is worth: judged as a client of a given role would, or, with a deployment, by the
 * questions of its own links, and beside its files.
 *
 * All through src/check: nothing is judged here.
 */
#ifndef CW_OBSERVE_PROBED_JUDGE_H
#define CW_OBSERVE_PROBED_JUDGE_H

#include "observe/probed.h"

/** What `--as` names: a client, and where it connects to. */
struct cw_probed_role {
	const char *name;
	unsigned port;
	enum cw_profile profile;
	const char *client; /* for people */
};

#define CW_PROBED_ROLES "edge|traversal|tomcat|tftp|sip"

/** The role of this name, or NULL. */
const struct cw_probed_role *cw_probed_judge_role(const char *name);

/**
 * Judges what was presented against `list`, as a client of that role that connects to `name`. Without a chain
 * nothing is judged.
 */
CW_MUST_USE bool cw_probed_judge_alone(struct cw_probed *probed, const struct cw_probed_role *role,
	const struct cw_trust_list *list, cw_time at, struct cw_error *error);

/**
 * Judges what was presented by each link of the check that leads to this server (its address and port), and
 * says how it compares with the file of its identity. `options` are those of the check.
 */
CW_MUST_USE bool cw_probed_judge_links(struct cw_probed *probed, const struct cw_check *check,
	const struct cw_check_options *options, struct cw_error *error);

#endif
