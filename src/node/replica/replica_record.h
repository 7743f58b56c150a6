/**
 * What of a CUCM publisher's trust lists has to be the same on its subscribers: every certificate that came or went since
 * the node's first start, kept in DIR/replica.json over restarts.
 *
 * What stood in the lists before counts as dealt with: a subscriber that differs there was made so by somebody. A
 * certificate that came and went again is to be absent. A pure record: who is told, and how, is replica_link.h's.
 */
#ifndef CW_NODE_REPLICA_REPLICA_RECORD_H
#define CW_NODE_REPLICA_REPLICA_RECORD_H

#include "node/snapshot.h"

#include <jansson.h>

/** Reads FOLDER/replica.json and takes in what `snapshot` has; the first time, as what was there before. For json_decref. */
CW_MUST_USE bool cw_replica_record_open(
	const char *folder, const struct cw_snapshot *snapshot, json_t **ret, struct cw_error *error);

/**
 * Appends what a subscriber is told: {"version","serial","node","stores":{NAME:{"present":[…],"absent":[…]}},"certs"}, with
 * those of the certificates among `wanted` (SHA-256, or NULL: none) that fit.
 */
CW_MUST_USE bool cw_replica_record_document(const json_t *record, const struct cw_snapshot *snapshot,
	const json_t *wanted, struct cw_buffer *ret, struct cw_error *error);

/**
 * The subscriber's side: changes the files of its lists as the document says. `*ret_wanted` gets what it lacks and was not
 * sent, for json_decref; `told` a sentence for each change. False: a file could not be written, or the document is none.
 */
CW_MUST_USE bool cw_replica_record_apply(const struct cw_snapshot *snapshot, const char *text, size_t length,
	json_t **ret_wanted, struct cw_strings *told, struct cw_error *error);

#endif
