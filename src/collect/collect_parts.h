/**
 * What the parts of collect share: one connection's settings, and the run's queue. Private to collect.
 */
#ifndef CW_COLLECT_COLLECT_PARTS_H
#define CW_COLLECT_COLLECT_PARTS_H

#include "base/buffer.h"
#include "collect/collect.h"

#include <curl/curl.h>
#include <stdio.h>

CW_DEFINE_AUTO(CURL *, curl_easy_cleanup)
CW_DEFINE_AUTO(CURLM *, curl_multi_cleanup)

/* One request that is under way. */
struct cw_collect_visit {
	const struct cw_collect *collect;
	struct cw_collect_box *box;
	CURL *curl; /* of this box, for all its requests: the connection stays */
	struct curl_slist *fields;
	struct curl_slist *route;
	char *url;
	char *envelope; /* of an AXL question, with the version in it */
	char trouble[CURL_ERROR_SIZE];
	size_t row; /* of the table: under way, or the next one */
	bool busy, done;
	long long not_before; /* monotonic milliseconds: a repeated question waits */
	long long give_up;    /* when a repeated question is not asked again */
	unsigned redirects;
	unsigned unreached; /* requests in a row that no answer came to */
	struct cw_buffer body;
	struct cw_draft *archive; /* the file that is being fetched; NULL: an answer into `body` */
	size_t written;
	bool too_long;
};

/** "https://host:port" + `path`. The caller frees it; NULL: no memory. */
char *cw_collect_address(const struct cw_collect_box *box, const char *path);

/** TLS with the judge, no proxy, no redirects, limits: what holds for each connection to this box. */
CW_MUST_USE bool cw_collect_prepare(struct cw_collect_visit *visit, struct cw_error *error);

void cw_collect_visit_finish(struct cw_collect_visit *visit);

#endif
