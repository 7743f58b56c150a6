/**
 * What the documents of a zone and of a cluster say about the edge's HTTP: part of application/vnd.causeway.zone+json
 * (node_document.h).
 *
 *     "domains":["acme.test"],
 *     "edge":{"allow":"…64 hexadecimal digits…","cookies":[{"key":"…64 hexadecimal digits…","until":1794960000}]}
 *
 * Expressway-C tells it to every Expressway-E and to the peers of its cluster. What comes is read with bounds, and what
 * does not fit counts as not told.
 */
#ifndef CW_NODE_EDGE_EDGE_TOLD_H
#define CW_NODE_EDGE_EDGE_TOLD_H

#include "base/strings.h"
#include "node/edge/edge_key.h"

#include <jansson.h>

/* Against a list without end; the document itself is bounded too. */
#define CW_EDGE_TOLD_DOMAINS_MAX 500
#define CW_EDGE_TOLD_HASH_SIZE 65

struct cw_edge_told {
	struct cw_strings domains;
	char allow[CW_EDGE_TOLD_HASH_SIZE]; /* SHA-256 over the allow list; "": not told */
	struct cw_edge_key_told keys[CW_EDGE_KEY_OWN_MAX];
	size_t key_count;
};

void cw_edge_told_finish(struct cw_edge_told *told);
#define AUTO_EDGE_TOLD __attribute__((cleanup(cw_edge_told_finish))) struct cw_edge_told

/** The value of "edge" for json_decref; NULL: no memory. `allow` is its hash. */
json_t *cw_edge_told_write(const struct cw_edge_key_signer *signer, const char *allow);

/** The keys alone, as they stand in it, for json_decref; NULL: no memory. */
json_t *cw_edge_told_write_keys(const struct cw_edge_told *told);
/** Reads lists of keys and of domains, as they stand in it. */
void cw_edge_told_read_parts(const json_t *keys, const json_t *domains, struct cw_edge_told *ret);

/** Reads a whole document. False: it is none, or says nothing of the edge; `*ret` is then empty. */
bool cw_edge_told_read(const char *data, size_t length, struct cw_edge_told *ret);

#endif
