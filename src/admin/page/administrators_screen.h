/**
 * Users > Administrator accounts: {"administrators":[{"user","role","last","locked_until"}]}; posts `user`, `role` and
 * `password` to administrators/set and `user` to administrators/remove. No password is shown, ever.
 */
#ifndef CW_ADMIN_PAGE_ADMINISTRATORS_SCREEN_H
#define CW_ADMIN_PAGE_ADMINISTRATORS_SCREEN_H

#include "admin/page/screen.h"

void cw_administrators_screen(struct cw_screen *screen);

#endif
