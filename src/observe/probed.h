/**
 * One live server as a probe found it: what it presents, asks for and refuses with.
 *
 * The record alone: src/collect makes it, observe/probed_judge.h says what it is worth. What could not be
 * reached is not known; nobody refused there.
 */
#ifndef CW_OBSERVE_PROBED_H
#define CW_OBSERVE_PROBED_H

#include "base/strings.h"
#include "check/links.h"

/* Against servers that ask for endless CAs; a box with all public CAs names 150. */
#define CW_PROBED_CA_NAMES_MAX 1000

enum cw_probed_reach {
	CW_PROBED_NOT_REACHED, /* no name, no connection */
	CW_PROBED_NO_TLS,      /* something answers, and it is no TLS that we could agree on */
	CW_PROBED_TLS,	       /* it showed its certificate */
	CW_PROBED_SSH,	       /* an SSH banner; nothing about certificates */
};

/* What is presented, beside the deployment's file. */
enum cw_probed_file {
	CW_PROBED_FILE_NONE, /* no deployment, or no file of this identity */
	CW_PROBED_FILE_SAME,
	CW_PROBED_FILE_OLDER, /* of the same name and earlier: the box was not restarted */
	CW_PROBED_FILE_OTHER, /* another box's, a newer one, or none that the deployment holds */
};

/** A link of a deployment to this server, judged with what was presented. */
struct cw_probed_link {
	const struct cw_link *link; /* by the files */
	struct cw_link *seen;	    /* by what came; owned */
};

struct cw_probed {
	char *host; /* as asked for */
	unsigned port;
	char *sni; /* sent, or NULL */
	char address[48], from[48];
	enum cw_probed_reach reach;
	char reason[200]; /* why it was not reached, or how the handshake ended */
	char version[16]; /* "TLSv1.3"; "" where none was agreed on */
	bool with_1_2, with_1_3;
	bool versions_tried;	/* both were asked for, one after the other */
	struct cw_cert **chain; /* as it came, leaf first; referenced */
	size_t chain_count;
	bool asks; /* for a client certificate */
	struct cw_strings ca_names;
	int alert; /* to a client that shows no certificate; -1: none */
	unsigned milliseconds;
	char *said; /* SSH banner, or first line of the answer to OPTIONS; NULL */
	/* Filled by the judge. */
	bool judged;
	enum cw_verdict verdict;
	struct cw_findings findings; /* without a deployment */
	const struct cw_node *node;  /* of the deployment, or NULL */
	enum cw_probed_file file;
	struct cw_probed_link *links;
	size_t link_count;
	size_t link_capacity;
	struct cw_strings remarks;
};

struct cw_probed_set {
	struct cw_probed *items;
	size_t count;
};

void cw_probed_finish(struct cw_probed *probed);
void cw_probed_set_finish(struct cw_probed_set *set);
#define AUTO_PROBED_SET __attribute__((cleanup(cw_probed_set_finish))) struct cw_probed_set

/** "same", "older", "other", "none". */
const char *cw_probed_file_name(enum cw_probed_file file);

#endif
