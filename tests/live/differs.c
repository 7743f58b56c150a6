/*
 * A Causeway with a bug, for the test of exit status 3: what it predicts is as of another day than what its
 * handshakes judge. The linker puts this in the place of cw_check_run; nothing of it is in the program.
 */
#include "check/check.h"

/* The real one. */
bool __real_cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error);
bool __wrap_cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error);

/* The lab's certificates are a day old by then. */
#define SHIFT (2 * CW_DAY)

bool __wrap_cw_check_run(const struct cw_deployment *deployment, const struct cw_check_options *options,
	struct cw_check **ret, struct cw_error *error)
{
	struct cw_check_options other = *options;
	other.at += SHIFT;
	return __real_cw_check_run(deployment, &other, ret, error);
}
