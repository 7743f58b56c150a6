/**
 * The page of a running lab, for a browser on this machine: all nodes with their states and links to their own pages, the map
 * with live states, what a user of each endpoint sees and a sign-in as that endpoint, the CA as certsrv has it, and the exercise.
 *
 * Listens on loopback alone. Its address holds a key, which a browser exchanges for a cookie: other accounts of this machine
 * do not have it. Requests must name this very host (a foreign site that points a name of its own here gets nothing), and
 * what changes something must come from its own pages with their token. Whoever has the key is administrator of every
 * node (one-time links): nothing in a lab protects anything.
 *
 * Judges nothing: what it says is the check of the lab's folder (lab_view.h), the nodes' own status, and the verbs sign-in,
 * ca sign and lab exercise, each run as a process beside the loop (lab_job.h).
 */
#ifndef CW_LABRUN_LAB_FRONT_H
#define CW_LABRUN_LAB_FRONT_H

#include "labrun/lab_folders.h"

#include <event2/event.h>
#include <jansson.h>

struct cw_lab_front;

/* Everything borrowed, and there until the end. */
struct cw_lab_front_setup {
	struct event_base *base;
	const char *program;	 /* causeway itself, an absolute path */
	const char *folder;	 /* of the lab, with its deployment.yaml */
	const char *authorities; /* a folder with a CA in each of its folders (lab/ca.h); it may be missing */
	const char *more;	 /* what else there is to say, lines */
	bool exercise;		 /* one runs in the folder */
	const struct cw_lab_folders *folders;
	void (*say)(void *context, const char *text); /* a line for the lab's log */
	void *context;
};

/** Listens. CW_E_NETWORK, CW_E_CRYPTO, CW_E_MEMORY. */
CW_MUST_USE bool cw_lab_front_begin(
	const struct cw_lab_front_setup *setup, struct cw_lab_front **ret, struct cw_error *error);
/** Ends what it runs. */
void cw_lab_front_end(struct cw_lab_front *front);

/** The address for a browser, with the key. */
const char *cw_lab_front_url(const struct cw_lab_front *front);

/**
 * What the node at `place` says of itself (node/node_status.h); NULL: it does not answer. `running`: its process is there.
 * Returns whether that is another than it said before.
 */
bool cw_lab_front_told(
	struct cw_lab_front *front, size_t place, const json_t *status, bool running, size_t restarts);
/** Pages that are open ask for themselves anew. */
void cw_lab_front_changed(struct cw_lab_front *front);

#endif
