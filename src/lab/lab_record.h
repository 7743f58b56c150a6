/**
 * How a lab was made, in its own folder (.causeway-lab.json): so that a fault can be planted into it later, and taken
 * out again, with all that stays the same staying what it is.
 *
 *     {"causeway":1,"size":"small","key":"ec","at":"2026-11-20T12:00:00Z","comments":true,"faults":["root-missing"]}
 */
#ifndef CW_LAB_LAB_RECORD_H
#define CW_LAB_LAB_RECORD_H

#include "base/strings.h"
#include "lab/lab.h"

#define CW_LAB_RECORD_FILE ".causeway-lab.json"

struct cw_lab_record {
	struct cw_strings faults;
	char key[16];
	struct cw_lab_options
		options; /* its folder, faults and key point at what is above, or at the caller's text */
};

void cw_lab_record_finish(struct cw_lab_record *record);
#define AUTO_LAB_RECORD __attribute__((cleanup(cw_lab_record_finish))) struct cw_lab_record

CW_MUST_USE bool cw_lab_record_write(
	const char *folder, const struct cw_lab_options *options, struct cw_error *error);

/**
 * Reads the record of a lab. CW_E_USAGE: no lab was made in this folder, or one whose record cannot be read (it says
 * what is wrong with it). `ret` stays where it is, and `folder` is borrowed.
 */
CW_MUST_USE bool cw_lab_record_read(const char *folder, struct cw_lab_record *ret, struct cw_error *error);

#endif
