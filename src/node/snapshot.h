/**
 * What a running node goes by: configuration, identities, lists and revocation lists, as one whole with a number.
 *
 * A snapshot is read from the state folder at once and never changes. Whatever a node judges, it judges by the snapshot
 * of that moment; after a change it has another one and judges everything again.
 */
#ifndef CW_NODE_SNAPSHOT_H
#define CW_NODE_SNAPSHOT_H

#include "base/buffer.h"
#include "check/check.h"
#include "config/node_file.h"
#include "net/tls.h"

struct cw_snapshot {
	unsigned number;
	cw_time made;
	struct cw_pool *pool;
	struct cw_node_file *file;
	struct cw_node *node;	/* this node */
	struct cw_check *check; /* its links and its own findings */
};

/** Reads FOLDER. False: `problems` say why, each with its place. */
CW_MUST_USE bool cw_snapshot_read(const char *folder, unsigned number, cw_time now, struct cw_snapshot **ret,
	struct cw_strings *problems);

struct cw_load_text;

/** The same from memory (config/load.h): what a worker process was given. */
CW_MUST_USE bool cw_snapshot_take(const struct cw_load_text *text, unsigned number, cw_time now,
	struct cw_snapshot **ret, struct cw_strings *problems);
/** Judges anew, after `node` or its deployment was changed by who owns the snapshot. */
CW_MUST_USE bool cw_snapshot_judge(struct cw_snapshot *snapshot, cw_time now, struct cw_error *error);
void cw_snapshot_free(struct cw_snapshot *snapshot);
CW_DEFINE_AUTO(struct cw_snapshot *, cw_snapshot_free)

/**
 * This node's link of that kind: in this zone, and Expressway-C's to the peer that was typed as `address`; else the
 * first. NULL: none.
 */
const struct cw_link *cw_snapshot_link(const struct cw_snapshot *snapshot, enum cw_link_kind kind,
	const struct cw_zone *zone, const char *address);

/**
 * The link of that kind whose server this node is: that of the client whose name stands in `leaf`, where one's does,
 * else the first. `leaf` may be NULL. NULL: nobody that its file names would come.
 */
const struct cw_link *cw_snapshot_link_from(
	const struct cw_snapshot *snapshot, enum cw_link_kind kind, const struct cw_cert *leaf);

/** What this node's TLS speaks: tls: of its file, else what its release has. */
enum cw_tls_versions cw_snapshot_versions(const struct cw_snapshot *snapshot);

/** Appends what is another in `after`: "trusted-ca: 1 added, 0 removed; server certificate: another". */
void cw_snapshot_compare(
	const struct cw_snapshot *before, const struct cw_snapshot *after, struct cw_buffer *ret);

/** The two present another certificate. */
bool cw_snapshot_other_identity(const struct cw_snapshot *before, const struct cw_snapshot *after);

/** `after` goes on with the identities of `before`, which gets those of `after`: what is new counts after a restart. */
void cw_snapshot_keep_identities(struct cw_snapshot *before, struct cw_snapshot *after);

/* --- what a link's question was answered with --- */

#define CW_SNAPSHOT_DETAIL_MAX 500

struct cw_snapshot_answer {
	bool asked, refuses;
	int alert;	    /* where it refuses in TLS, else -1 */
	const char *code;   /* of the first finding that refuses; "" */
	const char *vendor; /* the boxes' text, or NULL */
	bool forbids;	    /* TLS passes, and the registration over it does not */
	char detail[CW_SNAPSHOT_DETAIL_MAX];
};

/** A peer's chain, as it came; and what may be used again between questions. */
struct cw_snapshot_evidence {
	struct cw_cert *const *chain;
	size_t count;
	struct cw_cache *cache;
	cw_time now;
};

/**
 * Asks what this node's end of the link asks (check/question.h), with this node's own configuration alone. A tunnel's
 * refusal, and that of a certificate in SERVICE, counts in every layer, that of the zone in TLS.
 */
CW_MUST_USE bool cw_snapshot_ask(const struct cw_snapshot *snapshot, const struct cw_link *link,
	const struct cw_snapshot_evidence *evidence, struct cw_snapshot_answer *ret, struct cw_error *error);

/** What one store gave to the path that such a question found: certificates of that list, leaf first. */
struct cw_snapshot_path {
	struct cw_cert *certs[CW_PATH_DEPTH_MAX]; /* borrowed from the snapshot's pool */
	size_t count;
};

/** The same question: which entries of `store` carry the link. */
CW_MUST_USE bool cw_snapshot_ask_path(const struct cw_snapshot *snapshot, const struct cw_link *link,
	const struct cw_snapshot_evidence *evidence, enum cw_store_kind store, struct cw_snapshot_path *ret,
	struct cw_error *error);

/** The answer as a listener's owner gives it. */
CW_MUST_USE bool cw_snapshot_judgement(
	const struct cw_snapshot_answer *answer, struct cw_judgement *ret, struct cw_error *error);

#endif
