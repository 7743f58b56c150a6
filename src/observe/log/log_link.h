/**
 * An incident of a log seen beside a deployment: which link it is on, which end refused, and whether the
 * present files still say so.
 *
 * A log names boxes as it likes: by address, by host name, not at all. A link is told only where the line
 * leaves one: by the ends that it names, its port and who wrote it; of several, the one on which the same end
 * has the same finding. The log is of the past and the files are of today, so that a difference is no fault:
 * it was repaired since, or has another cause by now.
 */
#ifndef CW_OBSERVE_LOG_LOG_LINK_H
#define CW_OBSERVE_LOG_LOG_LINK_H

#include "check/check.h"
#include "observe/log/log_incident.h"

enum cw_log_now {
	CW_LOG_NOW_UNKNOWN,  /* no link, or one that hangs on what is not known */
	CW_LOG_NOW_SAME,     /* the files say the same; where the line has no code: they tell the cause */
	CW_LOG_NOW_OTHER,    /* the same end refuses for another reason */
	CW_LOG_NOW_REPAIRED, /* with these files that end (or, where it is not known, any) refuses nothing */
};

struct cw_log_link {
	const struct cw_link *link;	      /* NULL: none, or several between different ends */
	size_t alike;			      /* links that fit as well as it, itself counted; 0: none */
	const char *writer;		      /* FQDN or endpoint that wrote the lines; NULL: not known */
	const char *refused_by;		      /* likewise, who refused */
	const char *peer;		      /* likewise, the other end than the writer */
	const struct cw_complaint *complaint; /* of the link: what that end finds; SAME and OTHER */
	enum cw_log_now now;
};

void cw_log_link_find(
	const struct cw_check *check, const struct cw_log_incident *incident, struct cw_log_link *ret);

/** "unknown", "same", "other", "repaired". */
const char *cw_log_link_now_name(enum cw_log_now now);

#endif
