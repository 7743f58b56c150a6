/**
 * Maintenance > Security > Client certificate testing.
 *
 * The answer of `cba` before a test ("pattern", "format" as they are set), of `client-test` after one: "page_text" (what stands
 * behind "Valid certificate:", word for word), "meaning", "good", "findings", "decoded", "captures":[{"name","value"}], "matched", "string",
 * "pattern", "format". Posts `source` ("file" or "browser"), `file`, `pattern`, `format`, `revocation` and, of the second button,
 * `permanent`.
 */
#ifndef CW_ADMIN_PAGE_CLIENT_TEST_SCREEN_H
#define CW_ADMIN_PAGE_CLIENT_TEST_SCREEN_H

#include "admin/page/screen.h"

void cw_client_test_screen(struct cw_screen *screen);

#endif
