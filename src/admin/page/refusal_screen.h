/**
 * What is shown where there is no answer: {"status":403|404|409|400|500,"error":{"text","next"}}.
 */
#ifndef CW_ADMIN_PAGE_REFUSAL_SCREEN_H
#define CW_ADMIN_PAGE_REFUSAL_SCREEN_H

#include "admin/page/screen.h"

void cw_refusal_screen(struct cw_screen *screen);

#endif
