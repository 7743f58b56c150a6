/**
 * Configuration > Zones > Zones, and one zone to edit.
 *
 * The list reads "zones":[{"name","type","side","status","peers":[{"address","state","code","reason","since"}],"port",
 * "tls_verify","verify_name","user","has_password"}]; the boxes' columns of calls and bandwidth are left out: these nodes
 * carry no media. The edit page reads "zone": one of them, and posts its fields to zone/try (which shows the effect first). A
 * password is never shown, and has a form of its own.
 */
#ifndef CW_ADMIN_PAGE_ZONES_SCREEN_H
#define CW_ADMIN_PAGE_ZONES_SCREEN_H

#include "admin/page/screen.h"

void cw_zones_screen(struct cw_screen *screen);
void cw_zones_screen_edit(struct cw_screen *screen);

#endif
