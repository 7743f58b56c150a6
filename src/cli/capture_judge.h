/**
 * `causeway capture --deployment D`: each connection matched to a link of the deployment, judged with what
 * was really sent by the same questions as `check` asks, and put beside what `check` predicts.
 */
#ifndef CW_CLI_CAPTURE_JUDGE_H
#define CW_CLI_CAPTURE_JUDGE_H

#include "base/buffer.h"
#include "cli/capture_match.h"

struct cw_capture_judge {
	struct cw_check *check; /* made at the first connection */
	const struct cw_deployment *deployment;
	struct cw_pool *pool;
	struct cw_check_options options;
	bool at_given; /* --at; else the time of the first connection */
	struct cw_hosts hosts;
	uint64_t matched, unmatched, refused, differing;
};

void cw_capture_judge_finish(struct cw_capture_judge *judge);

/** What is to be told of one connection. */
struct cw_capture_verdict {
	struct cw_match match;
	struct cw_link *judged;	   /* the link with what was sent; NULL where nothing matched */
	struct cw_strings remarks; /* "e1.acme.test sends only its leaf here; …" */
	bool differs;		   /* from what check predicts */
};

void cw_capture_verdict_finish(struct cw_capture_verdict *verdict);
#define AUTO_VERDICT __attribute__((cleanup(cw_capture_verdict_finish))) struct cw_capture_verdict

CW_MUST_USE bool cw_capture_judge_one(struct cw_capture_judge *judge, const struct cw_connection *connection,
	struct cw_capture_verdict *ret, struct cw_error *error);

/** Lines of text, or a member of the connection's JSON object ("\"link\":{…}"), appended. */
void cw_capture_verdict_text(struct cw_buffer *out, const struct cw_capture_verdict *verdict);
CW_MUST_USE bool cw_capture_verdict_json(
	struct cw_buffer *out, const struct cw_capture_verdict *verdict, struct cw_error *error);

#endif
