/**
 * A merged deployment as a deployment file, and the files that it names.
 */
#ifndef CW_IMPORT_DESCRIBE_H
#define CW_IMPORT_DESCRIBE_H

#include "import/document.h"
#include "import/imported.h"

struct cw_describe_file {
	char *path; /* "c1.acme.test/ca.pem", below the folder of the import */
	struct cw_buffer data;
};

struct cw_describe_files {
	struct cw_describe_file *items;
	size_t count;
	size_t capacity;
};

void cw_describe_files_finish(struct cw_describe_files *files);
#define AUTO_DESCRIBE_FILES __attribute__((cleanup(cw_describe_files_finish))) struct cw_describe_files

/** The caller frees the document. False: no memory. */
CW_MUST_USE bool cw_describe_run(const struct cw_imported *imported, struct cw_document **ret,
	struct cw_describe_files *files, struct cw_error *error);

/** The whole key exists in the deployment file's tables: a setting that this version does not know is left out. */
bool cw_describe_knows(enum cw_imported_role role, const char *key);

#endif
