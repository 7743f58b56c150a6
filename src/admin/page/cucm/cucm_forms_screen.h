/**
 * Certificate Management of a CUCM node: its popups for upload, Generate CSR and Download CSR, as pages of their own.
 *
 * Upload: the answer of `certificates` is not looked at; posts `purpose`, `description`, `file` to certificate/try.
 * Generate CSR: the answer of `identity` ("identity", "names", "request"); posts `identity`, `distribution`, `key`, `digest`,
 * `common_name`, `sans` to request/new.
 * Download CSR: the answer of `certificates`: the rows whose "request" is true; links to download?file=CSR&identity=….
 */
#ifndef CW_ADMIN_PAGE_CUCM_FORMS_SCREEN_H
#define CW_ADMIN_PAGE_CUCM_FORMS_SCREEN_H

#include "admin/page/screen.h"

void cw_cucm_forms_screen_upload(struct cw_screen *screen);
void cw_cucm_forms_screen_request(struct cw_screen *screen);
void cw_cucm_forms_screen_download(struct cw_screen *screen);

#endif
