/**
 * What a status of the edge means to who signs in: one table, each row with its source.
 *
 * The status names the fault ("A status tells the fault" is how the Mobile and Remote Access guides' troubleshooting
 * chapters use it); which certificate it was only the boxes know, or a check of the deployment. Private to signin.
 */
#ifndef CW_SIGNIN_SIGNIN_STATUS_H
#define CW_SIGNIN_SIGNIN_STATUS_H

#include "observe/sign_in.h"

struct cw_signin_status {
	unsigned status;
	const char *phrase;	     /* its reason phrase; NULL: any */
	enum cw_sign_in_place place; /* where a sign-in ends that gets it */
	const char *means, *next;
	const char *source; /* title of the document */
};

/** The row for this answer to get_edge_config, or to what is relayed after it (`relayed`); NULL: it has none. */
const struct cw_signin_status *cw_signin_status_find(unsigned status, const char *phrase, bool relayed);

#endif
