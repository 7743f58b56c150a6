/**
 * The pages for who is not signed in: log in, and the first password.
 *
 * Log in posts `user`, `password` and, where the answer has it, `then` (the page that was asked for) to session/begin. The
 * answer is {"page","then","certificate_only":bool}: with certificate_only (certificate-based authentication) there is no
 * password form, as on the boxes.
 *
 * The first password: `node init` prints an address with a token, valid an hour. {"page","token","user","expires"}; posts
 * `token`, `password` and `again` to session/first.
 */
#ifndef CW_ADMIN_PAGE_SIGN_IN_SCREEN_H
#define CW_ADMIN_PAGE_SIGN_IN_SCREEN_H

#include "admin/page/screen.h"

void cw_sign_in_screen(struct cw_screen *screen);
void cw_sign_in_screen_first(struct cw_screen *screen);

#endif
