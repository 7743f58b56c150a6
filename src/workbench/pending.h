/**
 * The one request that a node may have in progress: made, looked up, discarded (domain.md §1.1).
 *
 * The key stands in a file that only its owner may read, and no function hands its text out. Discarding
 * destroys the key; its public half is remembered, so that a certificate that comes late can be told apart
 * from one for another box.
 */
#ifndef CW_WORKBENCH_PENDING_H
#define CW_WORKBENCH_PENDING_H

#include "pki/request.h"
#include "workbench/node_files.h"
#include "workbench/request_spec.h"

/** There is a request in progress. */
bool cw_pending_exists(const struct cw_node_files *files);

/**
 * Makes key and request and writes both, the key first. `password` (or NULL) encrypts the key's file. A
 * request that is there already is CW_E_USAGE.
 */
CW_MUST_USE bool cw_pending_make(const struct cw_node_files *files, const struct cw_request_spec *composed,
	const char *password, struct cw_error *error);

/** Destroys the key of the pending request and remembers that; CW_E_USAGE where there is none. */
CW_MUST_USE bool cw_pending_discard(const struct cw_node_files *files, cw_time at, struct cw_error *error);

/** Takes request and key away after the certificate is installed: nothing is remembered. */
void cw_pending_done(const struct cw_node_files *files);

/** A request for this key was discarded; `date` gets the day. False in `*ret`: not that anybody knows. */
CW_MUST_USE bool cw_pending_was_discarded(const struct cw_node_files *files, const char *key_id, bool *ret,
	char date[CW_TIME_TEXT_SIZE], struct cw_error *error);

#endif
