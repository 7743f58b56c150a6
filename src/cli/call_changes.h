/**
 * The changes that the words of a call lay over a deployment: --cert, --append, --remove, --move, --release,
 * --set, shared by whatif, fix and renew.
 */
#ifndef CW_CLI_CALL_CHANGES_H
#define CW_CLI_CALL_CHANGES_H

#include "cli/call.h"
#include "plan/whatif.h"

#define CW_OPTION_CERT \
	{ \
		"cert", 0, "NODE[:IDENTITY]=FILE", NULL, true, "the node presents the certificate of FILE" \
	}
#define CW_OPTIONS_CHANGES \
	CW_OPTION_CERT, \
		{"append", 0, "NODE[:STORE]=FILE", NULL, true, \
			"the CA certificates of FILE stand at the end of that list"}, \
		{"remove", 0, "NODE[:STORE]=SHA256", NULL, true, \
			"that entry is gone (its first digits will do)"}, \
		{"move", 0, "NODE[:STORE]=SHA256", NULL, true, "that entry stands first in its list"}, \
		{"release", 0, "GROUP=RELEASE", NULL, true, "the group's boxes run it: expressway-c=X15.5"}, \
	{ \
		"set", 0, "KEY=VALUE", NULL, true, \
			"a key of the deployment file: KEY, GROUP.KEY or NODE.KEY" \
	}

/** Lays them over, in the order typed. Files are read through `pool`, which must outlive `whatif`. */
CW_MUST_USE bool cw_call_changes_apply(const struct cw_call *call, const struct cw_deployment *deployment,
	struct cw_pool *pool, struct cw_whatif *whatif, struct cw_error *error);

/** "NODE[:IDENTITY]": the node, and which of its identities; its main one where none is named. */
CW_MUST_USE bool cw_call_changes_identity(const struct cw_deployment *deployment, const char *word,
	const struct cw_node **ret, enum cw_identity_kind *ret_kind, struct cw_error *error);

#endif
