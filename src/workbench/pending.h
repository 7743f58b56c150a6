/**
 * The one request that a node may have in progress: made, looked up, discarded.
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

struct cw_pending_options {
	const char *password; /* encrypts the key's file; or NULL */
	bool discard;	      /* a request in progress is discarded, its key destroyed */
	cw_time at;	      /* and remembered as of this day */
};

/**
 * Makes key and request, then puts both in their places. A request that is there already is CW_E_USAGE, unless it
 * may be discarded: that happens when the new one is made, never before. The node's folder must be there, and the
 * caller has its lock.
 */
CW_MUST_USE bool cw_pending_make(const struct cw_node_files *files, const struct cw_request_spec *composed,
	const struct cw_pending_options *options, bool *ret_discarded, struct cw_error *error);

/** Destroys the key of the pending request and remembers that; CW_E_USAGE where there is none. */
CW_MUST_USE bool cw_pending_discard(const struct cw_node_files *files, cw_time at, struct cw_error *error);

/** Takes key and request away after the certificate is installed: nothing is remembered. CW_E_IO: one stays. */
CW_MUST_USE bool cw_pending_done(const struct cw_node_files *files, struct cw_error *error);

/** There is a request in progress, and it is for this key (`key_id` as cw_key_id_of_cert writes it). */
CW_MUST_USE bool cw_pending_is_for(
	const struct cw_node_files *files, const char *key_id, bool *ret, struct cw_error *error);

/** A request for this key was discarded; `date` gets the day. False in `*ret`: not that anybody knows. */
CW_MUST_USE bool cw_pending_was_discarded(const struct cw_node_files *files, const char *key_id, bool *ret,
	char date[CW_TIME_TEXT_SIZE], struct cw_error *error);

#endif
