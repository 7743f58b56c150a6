/**
 * Status > Logs > Event Log: the node's history, each line with what it means where the table of log lines knows it.
 *
 * Reads "events":[{"at","kind","about","who","before","after","text","explained": null or {"row","means","misleads","next",
 * "code","source"}}], newest first; `sent`: the keys of the address
 * ("kind"). Kinds to choose from are those of the history.
 */
#ifndef CW_ADMIN_PAGE_EVENTS_SCREEN_H
#define CW_ADMIN_PAGE_EVENTS_SCREEN_H

#include "admin/page/screen.h"

void cw_events_screen(struct cw_screen *screen);

#endif
