/**
 * Writes a realised plan to its folder: deployment.yaml, the files that it names, the CAs.
 */
#ifndef CW_LAB_LAB_WRITE_H
#define CW_LAB_LAB_WRITE_H

#include "lab/lab.h"
#include "lab/lab_plan.h"

/** Appends deployment.yaml: the plan as a model, written by config. */
CW_MUST_USE bool cw_lab_write_yaml(
	const struct cw_lab_plan *plan, struct cw_buffer *ret, struct cw_error *error);

/** Writes all certificates, keys (0600), trust lists, CRLs and CA folders. Errors name the file. */
CW_MUST_USE bool cw_lab_write_files(
	const struct cw_lab_plan *plan, const char *folder, struct cw_error *error);

/** Both of them, a README, and the record of how it was made (lab_record.h), into a folder that may hold older ones. */
CW_MUST_USE bool cw_lab_write_all(const struct cw_lab_plan *plan, const struct cw_lab_options *options,
	const char *folder, struct cw_error *error);

/** "e1/server.pem", or "e1/server.cer" where it is DER; relative to the deployment. NULL: no memory. */
CW_MUST_USE char *cw_lab_write_identity_file(const struct cw_lab_plan_node *node, enum cw_identity_kind kind);

#endif
