/**
 * Incidents: what the lines of a log say, each refusal counted once and equal ones counted together.
 *
 * Equal is: the same row, written by the same host about the same peer, port and name. Several lines of one
 * refusal (the event, the closed connection, OpenSSL's words) are one: they belong together by the sockets of
 * the connection or by their family (observe/log/log_row.h), near in lines and in time. A line that says less
 * waits for one that says more, and is told by itself only where none comes.
 */
#ifndef CW_OBSERVE_LOG_LOG_INCIDENT_H
#define CW_OBSERVE_LOG_LOG_INCIDENT_H

#include "observe/log/log_captured.h"
#include "observe/log/log_match.h"

/* Lines of one refusal are at most this far apart, and this long. */
#define CW_LOG_NEAR_LINES 200
#define CW_LOG_NEAR_SECONDS 10
/* Against logs made of endless different peers; a deployment has some hundred pairs. */
#define CW_LOG_INCIDENTS_MAX 4096
#define CW_LOG_PLACES_MAX 8
#define CW_LOG_SOCKETS_MAX 100000
/* A capture's clock is the box's own; a few seconds pass between alert and line. */
#define CW_LOG_CAPTURED_SECONDS 30
#define CW_LOG_SHOWN_MAX 600 /* bytes of a line that are kept to be shown */

struct cw_log_place {
	size_t file; /* number of the stream */
	uint64_t line;
};

struct cw_log_incident {
	const struct cw_log_row *row;
	/* Texts are owned, made of what the line has, not yet escaped; NULL where the line tells none. */
	char *component;
	char *host;	  /* of the box that wrote the line */
	char *refused_by; /* "local", "remote" where the line tells no name; NULL: nobody refused */
	char *peer;
	char *called; /* the name by which the peer was called (Common-name of an event) */
	char *port;   /* of the service */
	char *wanted; /* the name that was wanted or is at fault */
	char *text;   /* the first such line, without passwords and cookies */
	struct cw_log_time first, last;
	uint64_t count;
	struct cw_log_place places[CW_LOG_PLACES_MAX]; /* the first ones */
	size_t place_count;
	uint64_t both_sides;		 /* how many of these refusals the other side's log tells too */
	uint64_t captured;		 /* how many of these refusals were seen in packets too */
	struct cw_log_place captured_at; /* the first of them: stream and frame */
};

/** The ends of one refusal's connection, by which packets find it. */
struct cw_log_socket {
	uint32_t hash;
	uint32_t incident;
	struct cw_log_time time;
};

struct cw_log_incidents {
	struct cw_log_incident *items;
	size_t count;
	size_t capacity;
	uint64_t left_out; /* refusals of incidents over CW_LOG_INCIDENTS_MAX */
	uint32_t *index;   /* by hash; numbers from 1 */
	struct cw_log_near *near;
	size_t near_next;
	struct cw_log_socket *sockets; /* of refusals counted; the first CW_LOG_SOCKETS_MAX */
	size_t socket_count, socket_capacity;
};

void cw_log_incident_finish(struct cw_log_incident *incident);
void cw_log_incidents_finish(struct cw_log_incidents *incidents);

/** One line that a row matched. Rows of evidence and of unknown lines are no incidents: do not add them. */
CW_MUST_USE bool cw_log_incidents_add(struct cw_log_incidents *incidents, const struct cw_log_match *match,
	const struct cw_log_line *line, const struct cw_log_place *place, struct cw_error *error);

/** A stream ended: what waited for a line that says more is told. */
CW_MUST_USE bool cw_log_incidents_flush(struct cw_log_incidents *incidents, struct cw_error *error);

/**
 * A refusal that was seen in packets: true where a line told it, and it is noted there. Streams must have
 * ended.
 */
bool cw_log_incidents_captured(struct cw_log_incidents *incidents, const struct cw_log_refusal *refusal);

/**
 * Logs of both ends of a connection: who was refused wrote an alert, who refused wrote why. They are one refusal,
 * told by who refused. When all streams have ended; nothing is added after this.
 */
void cw_log_incidents_join(struct cw_log_incidents *incidents);

/** Certificate faults first, each kind in the order of their first line. After this, nothing is added. */
void cw_log_incidents_sort(struct cw_log_incidents *incidents);

/**
 * Appends at most CW_LOG_SHOWN_MAX bytes of a line to show, with passwords, cookies and ciphered values
 * replaced.
 */
void cw_log_incidents_shown(struct cw_buffer *buffer, const struct cw_log_text *line);

#endif
