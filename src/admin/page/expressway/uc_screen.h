/**
 * Status > Unified Communications.
 *
 * Reads "counts":{"cucm","imp","domains","zones","zones_active","tunnels_active","sessions"}, "domains":[{"name","edge"}],
 * "servers" (cucm_servers_screen.h), "zones" (zones_screen.h), "tunnels" (tunnels_screen.h), "messages":[{"text","severity"}],
 * "traffic": null or {"sessions","registrations","peers":[{"peer","registrations"}], and of an Expressway-E "active","requests",
 * "refused","sign_ins","sign_ins_refused","statuses":{"200"}}.
 *
 * And its "View provisioning sessions": the answer of `sessions`, "sessions":[{"user","client","agent","address","edge","since",
 * "until"}],"count".
 */
#ifndef CW_ADMIN_PAGE_UC_SCREEN_H
#define CW_ADMIN_PAGE_UC_SCREEN_H

#include "admin/page/screen.h"

void cw_uc_screen(struct cw_screen *screen);
void cw_uc_screen_sessions(struct cw_screen *screen);

#endif
