/**
 * The upload gate: what the upload page of a node would say to a file, before it is uploaded.
 *
 * Asks what check asks of what is installed (check/upload.h), and beside that what only a file on its way
 * can show: what it is if it is no PEM certificate, and whether it belongs to the request in progress. Finds
 * all problems at once. Changes nothing.
 */
#ifndef CW_WORKBENCH_GATE_H
#define CW_WORKBENCH_GATE_H

#include "check/upload.h"
#include "workbench/node_files.h"

struct cw_gate_question {
	const struct cw_deployment *deployment;
	const struct cw_node *node;
	enum cw_identity_kind kind;
	const struct cw_node_files *files;
	const char *path;     /* of the certificate, as typed or named */
	const char *key_path; /* a key that is uploaded with it, or NULL */
	const char *password; /* opens PKCS#12, or NULL */
	/* what stands in the two, where they came by another way; NULL: the files are read */
	const struct cw_buffer *content, *key_content;
	struct cw_pool *pool;
	cw_time at;
};

/* Which key the certificate belongs to. */
enum cw_gate_key {
	CW_GATE_KEY_NONE,    /* none that fits */
	CW_GATE_KEY_UNKNOWN, /* no request in progress and no key file: only the box can tell */
	CW_GATE_KEY_PENDING, /* of the request in progress */
	CW_GATE_KEY_GIVEN,   /* --key */
	CW_GATE_KEY_PRESENT, /* the one in use */
};

struct cw_gate {
	struct cw_findings findings;
	struct cw_bundle bundle; /* empty where the file could not be read */
	struct cw_cert *leaf;	 /* borrowed from the bundle; NULL where there is none */
	enum cw_gate_key key;
	EVP_PKEY *
		given; /* of CW_GATE_KEY_GIVEN: as it was read and judged, so that this one is installed; else NULL */
	bool refused;
};

void cw_gate_finish(struct cw_gate *gate);
#define AUTO_GATE __attribute__((cleanup(cw_gate_finish))) struct cw_gate

/** Asks. False only where the question could not be asked: no memory, a file that cannot be opened. */
CW_MUST_USE bool cw_gate_ask(
	const struct cw_gate_question *question, struct cw_gate *ret, struct cw_error *error);

#endif
