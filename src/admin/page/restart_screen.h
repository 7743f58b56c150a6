/**
 * Maintenance > Restart options: the answer of `overview` ("restart_wanted", "zones", "tunnels", "change"); posts nothing to restart.
 */
#ifndef CW_ADMIN_PAGE_RESTART_SCREEN_H
#define CW_ADMIN_PAGE_RESTART_SCREEN_H

#include "admin/page/screen.h"

void cw_restart_screen(struct cw_screen *screen);

#endif
