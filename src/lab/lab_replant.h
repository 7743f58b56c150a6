/**
 * Plants faults into a lab that was made before, and takes them out again.
 *
 * What the change does not touch stays byte for byte what it was: keys, certificates, lists, and whatever a person has
 * changed by hand in files that no fault of the two sets is about. Only files that the old and the new set of faults
 * make differ are written, each in one step.
 */
#ifndef CW_LAB_LAB_REPLANT_H
#define CW_LAB_LAB_REPLANT_H

#include "base/strings.h"
#include "lab/lab.h"

/**
 * From now on the lab in `folder` has these faults and no others. `ret_changed` gets the files that were written,
 * relative to the folder.
 *
 * CW_E_USAGE: no lab was made in the folder (lab_record.h), an unknown fault, one that needs more peers than the lab
 * has. CW_E_IO, CW_E_FORMAT: a file of it is not there or cannot be read. Killed on the way, the same call does the rest.
 */
CW_MUST_USE bool cw_lab_replant(const char *folder, const char *const *faults, size_t fault_count,
	struct cw_strings *ret_changed, struct cw_error *error);

#endif
