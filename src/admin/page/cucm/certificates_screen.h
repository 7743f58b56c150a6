/**
 * Cisco Unified OS Administration > Security > Certificate Management: the list, and one certificate's popup (a page of its own).
 *
 * The answer of `certificates`: "rows":[CERTIFICATE + {"name","common_name","purpose","store","type","key_type","distribution",
 * "issued_by","expiration","description","file_name","group","locally_uploaded","details","request"}]. `sent`, for the list: what was
 * looked for ("column","how","text"); for the popup: "sha256" and "name" of its row.
 *
 * The popup posts `identity` with `try` to certificate/regenerate, `store` and `sha256` with `try` to certificate/delete.
 */
#ifndef CW_ADMIN_PAGE_CERTIFICATES_SCREEN_H
#define CW_ADMIN_PAGE_CERTIFICATES_SCREEN_H

#include "admin/page/screen.h"

void cw_certificates_screen(struct cw_screen *screen);
void cw_certificates_screen_popup(struct cw_screen *screen);

#endif
