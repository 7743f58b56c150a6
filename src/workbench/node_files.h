/**
 * Where the files of one identity of a node are, and where the workbench keeps what belongs to a request.
 *
 * A pending request is two files beside the node's certificate: FQDN.csr and FQDN.csr.key (0600). What was
 * discarded is remembered by the SHA-256 of its public key in FQDN.discarded.
 */
#ifndef CW_WORKBENCH_NODE_FILES_H
#define CW_WORKBENCH_NODE_FILES_H

#include "base/buffer.h"
#include "model/deployment.h"

struct cw_node_files {
	char *folder;
	char *certificate; /* where the identity's file stands or is to stand */
	char *key;	   /* where its key is to stand */
	char *csr;	   /* of a pending request */
	char *csr_key;
	char *discarded;
};

void cw_node_files_finish(struct cw_node_files *files);
#define AUTO_NODE_FILES __attribute__((cleanup(cw_node_files_finish))) struct cw_node_files

/**
 * The folder is that of the identity's own file; for one that has none yet, that of the node's other files,
 * else a folder named after the node beside the deployment file. False: no memory.
 */
CW_MUST_USE bool cw_node_files_find(const struct cw_deployment *deployment, const struct cw_node *node,
	enum cw_identity_kind kind, struct cw_node_files *ret, struct cw_error *error);

/** "server", "tomcat-ecdsa", …; NULL is the node's main identity (server, or tomcat on CUCM's kin).
 * CW_E_USAGE says what this node can have. */
CW_MUST_USE bool cw_node_files_choose_identity(
	const struct cw_node *node, const char *name, enum cw_identity_kind *ret, struct cw_error *error);

/** The node of this name. CW_E_USAGE lists those there are. */
CW_MUST_USE bool cw_node_files_choose_node(const struct cw_deployment *deployment, const char *name,
	const struct cw_node **ret, struct cw_error *error);

/**
 * A path of the pool as one can type it: those of the deployment start at its folder, others at the working
 * folder. The caller frees it; NULL: no memory.
 */
CW_MUST_USE char *cw_node_files_typed_path(const struct cw_deployment *deployment, const char *noted);

#endif
