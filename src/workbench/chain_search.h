/**
 * Finding a certificate's chain among what is at hand, and saying what is missing and where it can be had.
 */
#ifndef CW_WORKBENCH_CHAIN_SEARCH_H
#define CW_WORKBENCH_CHAIN_SEARCH_H

#include "base/buffer.h"
#include "workbench/chain_order.h"

/** Appends the chain as the seeds number it, leaf last, with where each was found; and what is missing. */
void cw_chain_search_text(
	struct cw_buffer *ret, const struct cw_pool *pool, const struct cw_chain_order *chain);

/** Reads OpenSSL's system list into the pool (SSL_CERT_FILE, or the default). No such file is no error. */
CW_MUST_USE bool cw_chain_search_read_system(
	struct cw_pool *pool, struct cw_bundle *ret, struct cw_error *error);

#endif
