/**
 * The steps of a merge, each in a file of its own, in the order in which they run. For merge.c only.
 */
#ifndef CW_IMPORT_MERGE_PARTS_H
#define CW_IMPORT_MERGE_PARTS_H

#include "import/imported.h"

/* Loose files of identities: against an archive of twenty thousand, each of which is compared with the others. A
 * large estate has some hundreds. */
#define CW_MERGE_IDENTITIES_MAX 1000

/** Boxes out of sources that name one, and the box of every source that names none but lies beside one. */
CW_MUST_USE bool cw_merge_boxes(struct cw_imported *imported, struct cw_error *error);

/** Certificates, CRLs: to their boxes, and boxes out of certificates where nothing else names one. */
CW_MUST_USE bool cw_merge_certs(struct cw_imported *imported, struct cw_error *error);

/** The loose files among them. */
CW_MUST_USE bool cw_merge_loose(struct cw_imported *imported, struct cw_error *error);

/** What was seen on the wire, and the trust lists of phones. */
CW_MUST_USE bool cw_merge_seen(struct cw_imported *imported, struct cw_error *error);

/** Settings of each box; contradictions. */
CW_MUST_USE bool cw_merge_settings(struct cw_imported *imported, struct cw_error *error);

/** What each box is. */
CW_MUST_USE bool cw_merge_roles(struct cw_imported *imported, struct cw_error *error);

/** Clusters, zones and what holds for all. */
CW_MUST_USE bool cw_merge_clusters(struct cw_imported *imported, struct cw_error *error);

/** Puts every box into the group that it belongs to, a new one where there is none. */
CW_MUST_USE bool cw_merge_group_boxes(struct cw_imported *imported, struct cw_error *error);
/** The servers that C was told of: their boxes, addresses, and which is the publisher. */
CW_MUST_USE bool cw_merge_servers(struct cw_imported *imported, struct cw_error *error);
/** merge_peers.c: what peers of one cluster say differently is told, and the newer taken for all. */
CW_MUST_USE bool cw_merge_peers(struct cw_imported *imported, struct cw_error *error);
/** Which Expressway-C cluster reaches which Expressway-E cluster, by which zone. */
CW_MUST_USE bool cw_merge_links(struct cw_imported *imported, struct cw_error *error);

/** What is still to be asked. */
CW_MUST_USE bool cw_merge_questions(struct cw_imported *imported, struct cw_error *error);

/** The one box whose sources lie in the same folder, else in a folder above; CW_IMPORTED_NONE: none or several. */
size_t cw_merge_nearest(const struct cw_imported *imported, size_t source);

/** Sets an identity or adds to a list; where another source said otherwise, the newer one is taken and the
 * contradiction told. `certs`: leaf first, or entries in order. */
struct cw_merge_found {
	size_t box;
	size_t source;
	size_t line;
	const struct cw_evidence_cert *certs;
	size_t count;
};
CW_MUST_USE bool cw_merge_set_identity(struct cw_imported *imported, const struct cw_merge_found *found,
	enum cw_imported_identity kind, struct cw_error *error);
/** `more`: entries of one list may come from several sources (single files). */
CW_MUST_USE bool cw_merge_add_entries(struct cw_imported *imported, const struct cw_merge_found *found,
	enum cw_imported_store kind, bool more, struct cw_error *error);

/** The box of a piece of evidence: of its source, or of the session that it stands in. */
size_t cw_merge_box_of(const struct cw_imported *imported, size_t source, const char *host, unsigned variant);

#endif
