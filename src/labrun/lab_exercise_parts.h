/**
 * What the judge of a repair needs of an exercise: for lab_exercise*.c alone.
 */
#ifndef CW_LABRUN_LAB_EXERCISE_PARTS_H
#define CW_LABRUN_LAB_EXERCISE_PARTS_H

#include "check/check.h"
#include "labrun/lab_exercise.h"
#include "labrun/lab_source.h"

#include <jansson.h>

struct cw_lab_exercise_judged {
	struct cw_lab_source source;
	struct cw_check *check;
};

void cw_lab_exercise_judged_finish(struct cw_lab_exercise_judged *judged);
#define AUTO_EXERCISE_JUDGED \
	__attribute__((cleanup(cw_lab_exercise_judged_finish))) struct cw_lab_exercise_judged

/** Loads and judges a deployment. `path` is borrowed. */
CW_MUST_USE bool cw_lab_exercise_judge(
	const char *path, cw_time now, struct cw_lab_exercise_judged *ret, struct cw_error *error);

/** The record of the exercise. The caller frees it. */
CW_MUST_USE bool cw_lab_exercise_read(const char *folder, json_t **ret, struct cw_error *error);

/** Copies .lab/view with the folders in it. */
CW_MUST_USE bool cw_lab_exercise_copy_view(const char *from, const char *to, struct cw_error *error);

#endif
