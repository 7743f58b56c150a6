/**
 * Maintenance > Security > Trusted CA certificate.
 *
 * The answer of `trust`: "store", "entries":[CERTIFICATE + {"position","shadows":[position],"shadowed_by","serves":[{"link","peer",
 * "id"}],"needed","remarks":[…]}], "pem" (all). In the order in which the node searches: the first entry of a subject wins. Posts
 * `store` and `file` to trust/try, ticked `sha256` with `try` to trust/remove, `sha256` and `position` with `try` to trust/move,
 * `try` to trust/reset. The same page shows CUCM's trust stores.
 *
 * One entry by itself (viewcert?sha256=…): the first of "entries".
 */
#ifndef CW_ADMIN_PAGE_TRUST_SCREEN_H
#define CW_ADMIN_PAGE_TRUST_SCREEN_H

#include "admin/page/screen.h"

void cw_trust_screen(struct cw_screen *screen);
void cw_trust_screen_entry(struct cw_screen *screen);

#endif
