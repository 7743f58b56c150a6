/**
 * Reads a deployment file (docs/rules.md) and every file that it names.
 *
 * Finds all problems at once: YAML that cannot be read, unknown and repeated keys (with a "did you mean"),
 * wrong types and values, duplicate names, addresses that belong to nobody, files that are missing or broken.
 * Each problem is one line, "deployment.yaml:41:7: what was wanted and what was found".
 */
#ifndef CW_CONFIG_LOAD_H
#define CW_CONFIG_LOAD_H

#include "model/deployment.h"

/* The large lab is 40 kB. */
#define CW_DEPLOYMENT_FILE_MAX (8 * 1024 * 1024)
/* Against a file that is wrong throughout: no one reads more. */
#define CW_PROBLEMS_MAX 200

/**
 * `path` is a file, a folder that holds a deployment.yaml, or "-" for standard input (paths then start at the
 * working folder). True: `*ret` is whole and `problems` empty. False: at least one problem.
 */
CW_MUST_USE bool cw_load_deployment(
	const char *path, struct cw_pool *pool, struct cw_deployment **ret, struct cw_strings *problems);

/** A file that is in memory in place of one on the disk: by the path that the deployment file has, as typed. */
struct cw_load_held {
	const char *path;
	const char *data; /* followed by a NUL that does not count */
	size_t length;
};

/** A deployment file in memory. Everything borrowed. */
struct cw_load_text {
	const char *data;
	size_t length;
	const char *shown;  /* what problems call the file */
	const char *folder; /* that its paths start at; "": the working folder */
	/* NULL: files are read from the disk. Else no file is: what is not held is not there, and there are no folders */
	const struct cw_load_held *held;
	size_t held_count;
};

/** The same for bytes in memory. Safe on any bytes. */
CW_MUST_USE bool cw_load_deployment_text(const struct cw_load_text *text, struct cw_pool *pool,
	struct cw_deployment **ret, struct cw_strings *problems);

#endif
