/**
 * What a line said, copied: by it lines of one refusal are put together, and incidents told apart. Private to the
 * incidents.
 *
 * Lines belong together by the sockets of their connection or by their family (observe/log/log_row.h), near in lines
 * and in time. A companion says less and waits for one that says more.
 */
#ifndef CW_OBSERVE_LOG_LOG_NEAR_H
#define CW_OBSERVE_LOG_LOG_NEAR_H

#include "observe/log/log_incident.h"

#define CW_LOG_NAME_SIZE 128

/* A name out of a line, cut to what a name can be. */
struct cw_log_name {
	size_t length;
	char data[CW_LOG_NAME_SIZE];
};

/* What a line said, copied, as far as incidents are told apart and put together by it. */
struct cw_log_near {
	const struct cw_log_row *row; /* NULL: a free place */
	bool waits;		      /* a companion that nothing was found for yet */
	struct cw_log_place place;
	struct cw_log_time time;
	struct cw_log_name component, host, peer, called, wanted, refuser;
	struct cw_log_name local, local_port, remote, remote_port;
	size_t shown_length;
	char shown[CW_LOG_SHOWN_MAX + 64];
};

void cw_log_near_name(struct cw_log_name *name, const struct cw_log_text *text);
bool cw_log_near_same(const struct cw_log_name *a, const struct cw_log_name *b);

/** `shown` is the line without its secrets. */
void cw_log_near_fill(struct cw_log_near *near, const struct cw_log_match *match,
	const struct cw_log_line *line, const struct cw_log_place *place, const struct cw_buffer *shown);

/** Both are about one connection, seen from either side. */
bool cw_log_near_same_socket(const struct cw_log_near *a, const struct cw_log_near *b);

/** `later` and `earlier` are lines of one refusal. */
bool cw_log_near_belong(const struct cw_log_near *earlier, const struct cw_log_near *later);

/** How much a line says. */
int cw_log_near_weight(const struct cw_log_near *near);

/** The service's port: the lower of the connection's two. */
const struct cw_log_name *cw_log_near_port(const struct cw_log_near *near);

/** Who refused: a name, or "local", "remote"; empty: nobody. */
struct cw_log_name cw_log_near_refuser(const struct cw_log_near *near);

#endif
