/**
 * What really happened on a link, beside what was predicted, and where the two differ.
 *
 * The prediction comes from files, the observation from a connection: which end refused, in which layer,
 * with which alert, what the other end received, and what each judge said about the certificates that came. A difference is
 * a bug in Causeway; the comparison here looks for one on every link.
 */
#ifndef CW_OBSERVE_OBSERVED_H
#define CW_OBSERVE_OBSERVED_H

#include "base/buffer.h"
#include "check/links.h"

enum cw_observed_state {
	CW_OBSERVED_UP,	     /* bytes went both ways */
	CW_OBSERVED_REFUSED, /* one end said no */
	CW_OBSERVED_FAILED,  /* neither: it broke in a way that is not predicted */
	/* a certificate is not known, or cannot be given a stand-in; a tunnel without OpenSSH on this machine */
	CW_OBSERVED_NOT_REHEARSABLE,
};

/** What happened at one end of the link. */
struct cw_observed_end {
	bool connected; /* this end took part */
	bool judged;	/* this end's judge was asked */
	bool handshake_done;
	bool judge_refused; /* its judge ended the handshake */
	int alert_sent;	    /* -1: none; close_notify does not count */
	int alert_received; /* -1: none */
	char reason[200];   /* how it ended, for people */
};

struct cw_observed {
	const struct cw_link *link; /* the prediction */
	struct cw_link *seen;	    /* what both judges said of what came; findings name stand-ins */
	enum cw_observed_state state;
	enum cw_verdict verdict; /* up or refused */
	const char *refused_by;	 /* or NULL; belongs to the deployment */
	enum cw_layer layer;	 /* of the refusal */
	const char *version;	 /* "TLSv1.3", "SSH", or "" */
	struct cw_observed_end client, server;
	const char
		*ssh_reason; /* a tunnel that did not come up: why, by OpenSSH ("user-key"); NULL elsewhere */
	char note[640];	     /* for people: why it failed, or cannot be rehearsed; how a tunnel was refused */
	struct cw_strings differences;
};

void cw_observed_finish(struct cw_observed *observed);

/** What was observed of a whole deployment: one item for each link of the check, in its order. */
struct cw_observed_set {
	const struct cw_check *check; /* the predictions */
	struct cw_observed *items;
	/* the deployment's own certificate behind one that was seen (a stand-in's original); NULL: itself */
	const struct cw_cert *(*original)(const void *context, const struct cw_cert *seen);
	const void *context;
};

/** The deployment's own certificate behind one that was seen. */
const struct cw_cert *cw_observed_original(const struct cw_observed_set *set, const struct cw_cert *seen);

/** Compares, and fills `differences`: empty where prediction and observation agree. False: no memory. */
CW_MUST_USE bool cw_observed_compare(struct cw_observed *observed, const struct cw_observed_set *set);

/** Links in this state; links that were really made; links on which prediction and observation differ. */
size_t cw_observed_count(const struct cw_observed_set *set, enum cw_observed_state state);
size_t cw_observed_made(const struct cw_observed_set *set);
size_t cw_observed_differing(const struct cw_observed_set *set);

/** The alert (pki/alert.h) that a refusal by this judge sends; -1 where it refuses nothing in TLS. */
int cw_observed_alert(const struct cw_link *link, const char *judge);

/** "up", "refused", "failed", "not rehearsable". */
const char *cw_observed_state_name(enum cw_observed_state state);

/** Tunnels that are down although their traversal zone is up: people see an active zone and cannot sign in. */
size_t cw_observed_tunnels_down(const struct cw_observed_set *set);

/** "c1.acme.test -> e1.acme.test (as …):7001" */
void cw_observed_ends(struct cw_buffer *ret, const struct cw_link *link);
/** "pass", "refused", "failed", "not rehearsable". */
const char *cw_observed_outcome(const struct cw_observed *observed);
#endif
