/**
 * The map of a deployment: its boxes in columns from the endpoints to CUCM, and the links between them.
 *
 * Links that fare alike between the same two boxes for the same cause are one bundle, so that an estate with
 * a thousand links is still a picture. Says what there is to draw; where and how is the page's business.
 */
#ifndef CW_REPORT_HTML_MAP_H
#define CW_REPORT_HTML_MAP_H

#include "report/causes.h"

enum cw_map_column {
	CW_MAP_ENDPOINTS,
	CW_MAP_FRONT,
	CW_MAP_EDGE,
	CW_MAP_CONTROL,
	CW_MAP_UC, /* CUCM, IM&P, Unity Connection */
	CW_MAP_COLUMN_COUNT
};

/** All endpoints, the front, or a cluster. */
struct cw_map_box {
	enum cw_map_column column;
	const struct cw_group *group; /* NULL: the endpoints, or the front */
};

/** What one end of a link says of the other's certificate. */
struct cw_map_end {
	bool asked;   /* it judges something */
	bool reached; /* it gets as far as that; else `verdict` is what it would say */
	enum cw_verdict verdict;
};

struct cw_map_bundle {
	const struct cw_link **links; /* at least one; borrowed from the check */
	size_t count;
	size_t capacity;
	size_t client_box; /* indices of boxes */
	size_t server_box;
	struct cw_map_end client;
	struct cw_map_end server;
	size_t cause; /* index of the deciding cause; the number of causes: none */
};

struct cw_map {
	struct cw_map_box *boxes; /* column by column */
	size_t box_count;
	size_t box_capacity;
	struct cw_map_bundle *bundles; /* in the order of the check */
	size_t bundle_count;
	size_t bundle_capacity;
};

/* Who sees links now, while nodes run. `state` writes what it sees, and nothing of a link that it does not see. */
struct cw_map_live {
	void (*state)(void *context, const struct cw_link *link, enum cw_verdict *ret);
	void *context;
};

/* Up to this many links each is a bundle of its own. */
#define CW_MAP_SINGLE_LINKS 24

void cw_map_finish(struct cw_map *map);
#define AUTO_MAP __attribute__((cleanup(cw_map_finish))) struct cw_map

CW_MUST_USE bool cw_map_find(const struct cw_check *check, const struct cw_causes *causes, struct cw_map *ret,
	struct cw_error *error);

/** The complaint that gives a link its verdict: the worst, reached before not reached; NULL: none. */
const struct cw_complaint *cw_map_deciding(const struct cw_link *link);

/** The end of the link that made this complaint is the client. */
bool cw_map_is_by_client(const struct cw_link *link, const struct cw_complaint *complaint);

#endif
