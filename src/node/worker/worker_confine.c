#include "node/worker/worker_confine.h"

#include "base/confine.h"

#include <signal.h>
#include <sys/prctl.h>

bool cw_worker_confine(const struct cw_rights_user *user, struct cw_error *error)
{
	struct cw_confine nothing = CW_CONFINE_NONE;
	if (!cw_rights_drop(user, error))
		return false;
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* the change of the user has cleared it */
	if (!cw_confine_prepare(NULL, 0, &nothing, error))
		return false;
	bool entered = cw_confine_enter(&nothing);
	cw_confine_finish(&nothing);
	return entered && cw_confine_calls_of_worker()
		? true
		: cw_error_set(error, CW_E_IO, "an edge worker cannot be confined here");
}
