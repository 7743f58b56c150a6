/**
 * Certificates, lists, CRLs and keys of one node of a lab, as its state folder has them: stand-ins (rehearse/stand_ins.h),
 * and private keys that the deployment names.
 */
#ifndef CW_LABRUN_LAB_NODE_CERTS_H
#define CW_LABRUN_LAB_NODE_CERTS_H

#include "labrun/lab_folders.h"

/** The list that stands in for `store`, in PEM; "" where there is none. */
CW_MUST_USE bool cw_lab_node_certs_list(const struct cw_lab_folders_setup *setup,
	const struct cw_store *store, struct cw_buffer *ret, struct cw_error *error);
/** The certificate that is shown; nothing where it is not known. */
CW_MUST_USE bool cw_lab_node_certs_put(const struct cw_lab_folders_setup *setup,
	const struct cw_identity *identity, struct cw_buffer *ret, struct cw_error *error);
/** The CRLs of a node's list. */
CW_MUST_USE bool cw_lab_node_certs_crls(const struct cw_lab_folders_setup *setup, const struct cw_node *node,
	struct cw_buffer *ret, struct cw_error *error);

/** Where a private key of the deployment's own stands, absolute; NULL in `*ret`: it has none, or keys are copied. */
CW_MUST_USE bool cw_lab_node_certs_find_key(const struct cw_lab_folders_setup *setup,
	const struct cw_identity *identity, char **ret, struct cw_error *error);
/** The stand-in's key, where there is no other, as FOLDER/NAME. */
CW_MUST_USE bool cw_lab_node_certs_write_key(const struct cw_lab_folders_setup *setup, const char *folder,
	const char *name, const struct cw_identity *identity, struct cw_error *error);
/** CUCM keeps certificate and key together here: the key first, then the certificate. Nothing where it is not known. */
CW_MUST_USE bool cw_lab_node_certs_write_both(const struct cw_lab_folders_setup *setup, const char *folder,
	const char *name, const struct cw_identity *identity, struct cw_error *error);

#endif
