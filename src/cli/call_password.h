/**
 * Passwords from files: the first line, so that none stands on a command line or in a shell's history.
 */
#ifndef CW_CLI_CALL_PASSWORD_H
#define CW_CLI_CALL_PASSWORD_H

#include "cli/call.h"

#define CW_OPTION_PASSWORD \
	{ \
		"password-file", 0, "FILE", NULL, false, \
			"its first line opens PKCS#12 files and encrypted keys" \
	}

/** The password of --password-file; "" in `ret` becomes NULL where the option was not given. */
CW_MUST_USE bool cw_call_password(const struct cw_call *call, char **ret, struct cw_error *error);

#endif
