/**
 * `causeway capture --deployment D`: each session matched to a link of the deployment, judged with what
 * was really sent by the same questions as `check` asks, and put beside what `check` predicts.
 */
#ifndef CW_OBSERVE_SESSION_JUDGE_H
#define CW_OBSERVE_SESSION_JUDGE_H

#include "base/buffer.h"
#include "observe/session_match.h"

struct cw_session_judge {
	struct cw_check *check; /* made at the first session */
	const struct cw_deployment *deployment;
	struct cw_pool *pool;
	struct cw_check_options options;
	bool at_given; /* --at; else the time of the first session */
	struct cw_session_hosts hosts;
	uint64_t matched, unmatched, refused, differing;
};

void cw_session_judge_finish(struct cw_session_judge *judge);

/** What is to be reported of one session. */
struct cw_session_verdict {
	struct cw_session_match match;
	struct cw_link *judged;	   /* the link with what was sent; NULL where nothing matched */
	struct cw_strings remarks; /* "e1.acme.test sends only its leaf here; …" */
	bool differs;		   /* from what check predicts */
};

void cw_session_judge_verdict_finish(struct cw_session_verdict *verdict);
#define AUTO_VERDICT __attribute__((cleanup(cw_session_judge_verdict_finish))) struct cw_session_verdict

CW_MUST_USE bool cw_session_judge_one(struct cw_session_judge *judge, const struct cw_session *session,
	struct cw_session_verdict *ret, struct cw_error *error);

#endif
