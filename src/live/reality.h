/**
 * What really happened on a link, beside what was predicted, and where the two differ.
 *
 * The prediction comes from files, the reality from a connection: who refused, in which layer, with which
 * alert, what the other side saw, and what each judge said about the certificates that came. A difference is
 * a bug in Causeway; the comparison here looks for one on every link.
 */
#ifndef CW_LIVE_REALITY_H
#define CW_LIVE_REALITY_H

#include "deploy/ask.h"
#include "live/connection.h"
#include "live/twin.h"

enum cw_reality_state {
	CW_REALITY_UP,		    /* bytes went both ways */
	CW_REALITY_REFUSED,	    /* one end said no */
	CW_REALITY_FAILED,	    /* neither: it broke in a way that nobody predicted */
	CW_REALITY_NOT_REHEARSABLE, /* a certificate is not known, or cannot be shadowed */
	CW_REALITY_LATER,	    /* tunnels */
};

struct cw_reality_end {
	bool connected; /* this end took part */
	bool judged;	/* this end's judge was asked */
	struct cw_connection_report report;
};

struct cw_reality {
	const struct cw_link *link; /* the prediction */
	struct cw_link *seen;	    /* what both judges said of what came; findings name shadows */
	enum cw_reality_state state;
	enum cw_verdict verdict; /* up or refused */
	const char *refused_by;	 /* or NULL; belongs to the deployment */
	enum cw_layer layer;	 /* of the refusal */
	const char *version;	 /* "TLSv1.3", or "" */
	struct cw_reality_end client, server;
	char note[240]; /* for people: why it failed, or cannot be rehearsed */
	struct cw_strings differences;
};

void cw_reality_finish(struct cw_reality *reality);

/** Compares, and fills `differences`: empty where prediction and reality agree. False: no memory. */
CW_MUST_USE bool cw_reality_compare(struct cw_reality *reality, const struct cw_twin *twin);

/** The alert that a refusal by this judge sends; CW_TLS_ACCEPT where it refuses nothing in TLS. */
int cw_reality_alert(const struct cw_link *link, const char *judge);

/** "up", "refused", "failed", "not rehearsable", "later". */
const char *cw_reality_state_name(enum cw_reality_state state);

#endif
