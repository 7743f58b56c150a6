/**
 * Configuration > Domains: the answer of `domains`, "domains":[{"name","edge"}]. Posts `domain` with `try` to domains/add and
 * domains/remove.
 */
#ifndef CW_ADMIN_PAGE_DOMAINS_SCREEN_H
#define CW_ADMIN_PAGE_DOMAINS_SCREEN_H

#include "admin/page/screen.h"

void cw_domains_screen(struct cw_screen *screen);

#endif
