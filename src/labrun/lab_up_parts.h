/**
 * One lab that runs, and the parts of lab_up.h: for lab_up*.c alone.
 */
#ifndef CW_LABRUN_LAB_UP_PARTS_H
#define CW_LABRUN_LAB_UP_PARTS_H

#include "labrun/lab_ask.h"
#include "labrun/lab_front.h"
#include "labrun/lab_nodes.h"
#include "labrun/lab_packets.h"
#include "labrun/lab_relay.h"
#include "labrun/lab_source.h"
#include "labrun/lab_up.h"

#define CW_LAB_UP_SIGNALS 3

struct cw_lab_up_run {
	const struct cw_lab_up_options *options;
	struct event_base *base;
	struct cw_lab_source source;
	struct cw_stand_in_keys *keys;
	struct cw_stand_ins *stand_ins;
	struct cw_loopback loopback;
	char folder[512];
	char path[600]; /* of the lab that was made in the folder */
	bool made;	/* the folder is this lab's own */
	struct cw_lab_folders folders;
	struct cw_lab_nodes *nodes;
	struct cw_lab_front *front;
	struct cw_buffer more, authorities; /* that the page borrows */
	struct cw_lab_up_row *rows;
	struct cw_lab_ask **asks;
	size_t answers;	      /* to the present look */
	bool news, page_news; /* one of them was another than before: in the table, on the page */
	struct cw_lab_packets *packets;
	struct cw_lab_relay *relay;
	struct event *signals[CW_LAB_UP_SIGNALS], *look, *poll, *files;
	uint64_t changing;	/* how the deployment's files look */
	uint64_t view, viewing; /* how the nodes' node.yaml looked when they were read last, and look */
};

/** A line of the lab itself. */
void cw_lab_up_say(const struct cw_lab_up_run *lab, const char *text);

/* --- lab_up_make.c: folder, deployment, stand-ins, the nodes' folders --- */

/** False: `problems` hold what is wrong with the deployment, or `error` says what else. */
CW_MUST_USE bool cw_lab_up_make(
	struct cw_lab_up_run *lab, struct cw_strings *problems, struct cw_error *error);
/** The stand-ins of a deployment; what did not change since `former` (or NULL) keeps its stand-in. */
CW_MUST_USE bool cw_lab_up_make_stand_ins(const struct cw_lab_source *source, struct cw_lab_up_run *lab,
	const struct cw_stand_ins *former, struct cw_stand_ins **ret, struct cw_error *error);
/** What the nodes hold, for the lab's page (lab_view.h). */
CW_MUST_USE bool cw_lab_up_write_view(struct cw_lab_up_run *lab, struct cw_error *error);

/* --- lab_up_states.c: what nodes say of themselves, as the table has it --- */

/** Of cw_lab_ask_new: a node answered, or did not. The last one of a look tells the table and the page, where they have
 * become others. */
void cw_lab_up_told(void *context, size_t place, const json_t *status);

/* --- lab_up_change.c: changes of the deployment's files, carried over to the nodes --- */

/** Of the event that looks at the files. */
void cw_lab_up_files(evutil_socket_t socket, short what, void *context);

#endif
