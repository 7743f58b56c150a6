/**
 * Maintenance > Security > Certificate-based authentication configuration.
 *
 * The answer of `cba`: "mode":"not-required"|"validation"|"authentication", "pattern", "format", "unconfirmed": null or the time at
 * which the former mode comes back. Posts `mode`, `pattern`, `format` to cba/set, and nothing to cba/confirm.
 */
#ifndef CW_ADMIN_PAGE_CBA_SCREEN_H
#define CW_ADMIN_PAGE_CBA_SCREEN_H

#include "admin/page/screen.h"

void cw_cba_screen(struct cw_screen *screen);

#endif
