/**
 * import.json: what an import found, for programs, and what it wrote, for the next import.
 *
 *     {"causeway": 1, "sources": [{file, kind, node, time}], "nodes": [FQDN],
 *      "questions": [{key, question, where}], "conflicts": [{key, taken, left, sources: [2]}],
 *      "not_placed": [{file, why}], "dropped": [{file, what}],
 *      "written": {PATH: VALUE}, "files": {PATH: SHA-256}}
 */
#ifndef CW_IMPORT_RECORD_H
#define CW_IMPORT_RECORD_H

#include "import/document.h"
#include "import/imported.h"

struct cw_record {
	struct cw_document_values values; /* of deployment.yaml, as the import wrote it */
	struct cw_document_values files;  /* path, SHA-256; deployment.yaml too */
};

void cw_record_finish(struct cw_record *record);

CW_MUST_USE bool cw_record_write(const struct cw_imported *imported, const struct cw_record *record,
	struct cw_buffer *ret, struct cw_error *error);

/** The record in the text of an import.json, whose `name` errors begin with. CW_E_FORMAT where it is none. */
CW_MUST_USE bool cw_record_read(
	const char *name, const char *json, size_t length, struct cw_record *ret, struct cw_error *error);

#endif
