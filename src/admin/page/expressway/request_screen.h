/**
 * Maintenance > Security > Server certificate > Generate CSR.
 *
 * The answer of `identity`: "identity", "names":[{"name","reason"}] (what the request will ask for, with the reason of each:
 * "Alternative name as it will appear"), "certificate" (its subject fills the fields where it has them), and "cluster" where the
 * node is clustered. Posts the fields of request/new. Lists (`sans`) are typed with commas between, as on the boxes.
 */
#ifndef CW_ADMIN_PAGE_REQUEST_SCREEN_H
#define CW_ADMIN_PAGE_REQUEST_SCREEN_H

#include "admin/page/screen.h"

void cw_request_screen(struct cw_screen *screen);

#endif
