/**
 * Exercises on a running lab: a hidden fault, hints, and a judge of the repair.
 *
 * The lab's folder holds what is needed between two commands: FOLDER/.lab/exercise.json (number, fault, hints given),
 * FOLDER/.lab/begin (every node's files as the exercise began) and FOLDER/.lab/restarts (a line for each). A repair is good
 * when everybody is back who was there before the fault, nothing is worse than with it, and the running nodes say so
 * themselves. It is no secret from whoever looks into the folder.
 */
#ifndef CW_LABRUN_LAB_EXERCISE_H
#define CW_LABRUN_LAB_EXERCISE_H

#include "base/buffer.h"
#include "base/strings.h"
#include "lab/lab.h"

/** How many there are; they are counted from 1, easier ones first. */
size_t cw_lab_exercise_count_all(void);
/** The fault of an exercise. */
const struct cw_lab_fault *cw_lab_exercise_fault(size_t number);

/** Makes the lab of the exercise in `lab->folder`, sound, notes how people are, then plants the fault. */
CW_MUST_USE bool cw_lab_exercise_make(
	const char *folder, size_t number, const struct cw_lab_options *lab, struct cw_error *error);

/** The nodes' folders are made: keeps their beginning, and appends what people report. */
CW_MUST_USE bool cw_lab_exercise_begin(const char *folder, struct cw_buffer *ret, struct cw_error *error);

/** A node began anew. */
void cw_lab_exercise_count(const char *folder, const char *node);

/** Appends what people report. CW_E_USAGE: no exercise runs in the folder. */
CW_MUST_USE bool cw_lab_exercise_task(const char *folder, struct cw_buffer *ret, struct cw_error *error);
/** Appends the next hint, from who refuses up to what to do; behind the last one all of them. */
CW_MUST_USE bool cw_lab_exercise_hint(const char *folder, struct cw_buffer *ret, struct cw_error *error);
/** The hints that were given so far, an item each, and how many are left. */
CW_MUST_USE bool cw_lab_exercise_hints(
	const char *folder, struct cw_strings *ret, size_t *ret_left, struct cw_error *error);
/** How often a node began anew since the beginning, or the reset. */
size_t cw_lab_exercise_restarts(const char *folder);
/** Judges the repair. `*ret_good`: it is one. */
CW_MUST_USE bool cw_lab_exercise_check(
	const char *folder, cw_time now, bool *ret_good, struct cw_buffer *ret, struct cw_error *error);
/** Every node has the files of the beginning again; hints and restarts count from 0. */
CW_MUST_USE bool cw_lab_exercise_reset(const char *folder, struct cw_error *error);
/** Appends the fault, and what to do about it. */
CW_MUST_USE bool cw_lab_exercise_solution(const char *folder, struct cw_buffer *ret, struct cw_error *error);
/** Appends all exercises with their faults and solutions: the trainer's sheet. */
void cw_lab_exercise_sheet(struct cw_buffer *ret);

#endif
