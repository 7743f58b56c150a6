/**
 * Configuration > Unified Communications > Unified CM servers (Expressway-C).
 *
 * Reads "servers":[{"address","fqdn","tls_verify","state","code","reason","links":[{"link","state","code","reason","since"}]}].
 * Posts `address`, `fqdn`, `tls_verify` to cucm-servers/add with `try`, `address` to cucm-servers/remove with `try`, nothing to
 * cucm-servers/refresh.
 */
#ifndef CW_ADMIN_PAGE_CUCM_SERVERS_SCREEN_H
#define CW_ADMIN_PAGE_CUCM_SERVERS_SCREEN_H

#include "admin/page/screen.h"

void cw_cucm_servers_screen(struct cw_screen *screen);
/** The table by itself, with its buttons or without. */
void cw_cucm_servers_screen_table(struct cw_screen *screen, const json_t *servers, bool buttons);

#endif
