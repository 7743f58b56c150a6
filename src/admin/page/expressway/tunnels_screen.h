/**
 * Status > Unified Communications > SSH tunnels: one row per domain and target, as on the boxes, with who refused and why, and
 * the page's own checklist.
 *
 * Reads "tunnels":[{"peer","domain","state","code","refused_by","reason","since"}], "none": null or the page's sentence,
 * "checklist":[{"check","state":"good"|"bad"|"unknown","text"}].
 */
#ifndef CW_ADMIN_PAGE_TUNNELS_SCREEN_H
#define CW_ADMIN_PAGE_TUNNELS_SCREEN_H

#include "admin/page/screen.h"

void cw_tunnels_screen(struct cw_screen *screen);

/** The checklist by itself. */
void cw_tunnels_screen_checklist(struct cw_screen *screen, const json_t *checklist);
/** The tunnels by themselves. */
void cw_tunnels_screen_table(struct cw_screen *screen, const json_t *tunnels);

#endif
