/**
 * The exercise of a lab: what people report, hints one by one, and the check of the repair.
 *
 *     {"exercise":null or {"number","task":"lines","hints":["…"],"hints_left":2,"restarts":1},
 *      "checked":null or {"good":bool,"text":"lines"}}
 *
 * Posts nothing to exercise/hint, exercise/check, exercise/reset.
 */
#ifndef CW_ADMIN_PAGE_EXERCISE_SCREEN_H
#define CW_ADMIN_PAGE_EXERCISE_SCREEN_H

#include "admin/page/screen.h"

void cw_exercise_screen(struct cw_screen *screen);

#endif
