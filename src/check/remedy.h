/**
 * Remedies: what exactly to do, on which store of which node, so that a finding goes away.
 *
 * The structure is what programs read; the words (menu paths by release) are the report's.
 */
#ifndef CW_CHECK_REMEDY_H
#define CW_CHECK_REMEDY_H

#include "model/deployment.h"
#include "trust/finding.h"

enum cw_action {
	CW_ACTION_NONE, /* nothing that an administrator of these boxes can do */
	CW_ACTION_APPEND,
	CW_ACTION_REMOVE,
	CW_ACTION_MOVE_BEFORE,
	CW_ACTION_REISSUE,
	CW_ACTION_INSTALL,
	CW_ACTION_RESTART,
	CW_ACTION_SET,
};

struct cw_remedy {
	enum cw_action action;
	const char *node;	  /* FQDN or endpoint name where it is done; belongs to the deployment */
	const char *store;	  /* append, remove, move-before: the list; reissue, install: the identity
				     ("server"); NULL */
	struct cw_cert *cert;	  /* append, remove, move-before: which one, where it is known; owned by the
				     finding or pool */
	struct cw_cert *before;	  /* move-before */
	struct cw_cert *replaces; /* append: the entry of the same name that would hide it, and so must go */
	const char *subject;	  /* name of the certificate where `cert` is NULL; belongs to the finding */
	const char *from;	  /* the file of the deployment where `cert` can be found; NULL */
	const char *setting;	  /* set: which configuration value; static */
	char *value;		  /* set: to what (NULL: in the report's words) */
	struct cw_strings names;  /* reissue: SANs that it must carry, all of them; empty: as before */
	bool server_auth;	  /* reissue: EKUs that it must carry */
	bool client_auth;
};

void cw_remedy_finish(struct cw_remedy *remedy);

/** "append", "remove", "move-before", "reissue", "install", "restart", "set"; "none". */
const char *cw_remedy_action_name(enum cw_action action);

#endif
