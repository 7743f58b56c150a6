/**
 * Status > Overview, and the alarms by themselves: the answer of `overview`.
 *
 * Reads "release", "snapshot", "started", "restart_wanted", "identities":[{"identity","not_after","days_left"}],
 * "zones":[{"peer","state","code","reason","since"}], "tunnels": the same with "refused_by", "services":[{"kind" or "name",
 * "peer","state","code","reason"}], "alarms":[{"number","severity","text","raised"}], "changed","change".
 */
#ifndef CW_ADMIN_PAGE_OVERVIEW_SCREEN_H
#define CW_ADMIN_PAGE_OVERVIEW_SCREEN_H

#include "admin/page/screen.h"

void cw_overview_screen(struct cw_screen *screen);
void cw_overview_screen_alarms(struct cw_screen *screen);

#endif
