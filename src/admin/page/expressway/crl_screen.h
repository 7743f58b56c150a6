/**
 * Maintenance > Security > CRL management.
 *
 * The answer of `crl`: "crls":[{"issuer","this_update","next_update","expired","revoked","delta","indirect","signed_by"}],
 * "revocation", "fallback", "urls", "daily", "enabled". Posts `urls` (one a line), `daily`, `enabled`, `revocation`, `fallback` with
 * `try` to crl/set, and `file` with `try` to crl/upload.
 */
#ifndef CW_ADMIN_PAGE_CRL_SCREEN_H
#define CW_ADMIN_PAGE_CRL_SCREEN_H

#include "admin/page/screen.h"

void cw_crl_screen(struct cw_screen *screen);

#endif
