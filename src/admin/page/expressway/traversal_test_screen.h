/**
 * Maintenance > Security > Secure traversal test (Expressway-C).
 *
 * The answer of `traversal-test`: "fqdn", "running", "result":"good"|"bad"|null, "page_text", "stages":[{"stage","state","text",
 * "code"}], "findings", "chain". Posts `fqdn` and `again` to traversal-test; before the first test the answer may be empty.
 */
#ifndef CW_ADMIN_PAGE_TRAVERSAL_TEST_SCREEN_H
#define CW_ADMIN_PAGE_TRAVERSAL_TEST_SCREEN_H

#include "admin/page/screen.h"

void cw_traversal_test_screen(struct cw_screen *screen);

#endif
