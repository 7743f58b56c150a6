/**
 * Checks of a node by itself: its identities, its names, its trust lists (docs/rules.md, last paragraph; §5
 * rule 15).
 *
 * They never change a link. Private to the deploy layer; results in check.h.
 */
#ifndef CW_CHECK_NODE_CHECK_H
#define CW_CHECK_NODE_CHECK_H

#include "check/check.h"

/** One node's check in the making. */
struct cw_node_checking {
	const struct cw_check *check; /* its links are concluded */
	const struct cw_check_options *options;
	const struct cw_node *node;
	struct cw_complaints *complaints;
	struct cw_error *error;
};

/** Fills check->nodes: every node of every group in their order, then the front. */
CW_MUST_USE bool cw_node_check_all(
	struct cw_check *check, const struct cw_check_options *options, struct cw_error *error);

/** Fills one result, whose node is set. */
CW_MUST_USE bool cw_node_check_one(const struct cw_check *check, const struct cw_check_options *options,
	struct cw_node_result *result, struct cw_error *error);

/** Adds a complaint of the node about itself; `cert` may be NULL, `store` the list or identity meant. NULL:
 * no memory. */
CW_MUST_USE struct cw_complaint *cw_node_check_complain(const struct cw_node_checking *checking,
	enum cw_code code, const char *store, struct cw_cert *cert, const char *format, ...) CW_PRINTF(5, 6);

/** What an Expressway shows for this finding about its own file or list, word for word, or NULL. */
const char *cw_node_check_vendor_text(const struct cw_node *node, enum cw_code code, const char *store);

/** identity_check.c: the upload gate and the name set of the certificates that the node presents. */
CW_MUST_USE bool cw_node_check_identities(const struct cw_node_checking *checking);
/** identity_check.c: the upload page of this Expressway's release wants clientAuth in the server certificate
 * (sources F9, first row). */
bool cw_node_check_upload_wants_client(const struct cw_node *node);
/** list_check.c: duplicates, conflicts, expired and unneeded entries, differences to other nodes. */
CW_MUST_USE bool cw_node_check_lists(const struct cw_node_checking *checking);
/** config_check.c: TLS verify names, releases, shared keys: what no single certificate tells. */
CW_MUST_USE bool cw_node_check_config(const struct cw_node_checking *checking);

/** How long before its end a certificate is said to expire soon: a third of its lifetime, at most 30 days, so that
 * one of 45 days does not warn most of its life. */
cw_time cw_node_check_warn_before(const struct cw_cert *cert);

#endif
