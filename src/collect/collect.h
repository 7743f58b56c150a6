/**
 * Fetches what import reads from running boxes: answers of documented interfaces, kept as files of one folder.
 *
 * Before any password is sent a box is met: a handshake alone, in which the judge is asked about its certificate
 * (collect_trust.h). Then all boxes are asked at once, each for one answer at a time. A password is tried at one
 * box first, and used at the others once that one has taken it; a 401 ends its use everywhere, since accounts are
 * locked after a few wrong tries. No redirect leaves the box, no proxy of the environment is used, every answer has
 * a limit in size and time. Draws no conclusion from an answer: that is import's work.
 */
#ifndef CW_COLLECT_COLLECT_H
#define CW_COLLECT_COLLECT_H

#include "base/strings.h"
#include "base/time.h"
#include "collect/collect_axl.h"
#include "collect/collect_request.h"
#include "net/tls.h"

/* Against a mistyped list; a deployment of this size has other problems. */
#define CW_COLLECT_BOXES_MAX 256
/* Against an answer without end: the largest status.xml is a few megabytes. */
#define CW_COLLECT_ANSWER_MAX ((size_t)32 * 1024 * 1024)
/* A diagnostic archive holds up to twenty captures of 20 MB. */
#define CW_COLLECT_ARCHIVE_MAX ((size_t)1024 * 1024 * 1024)

enum cw_collect_outcome {
	CW_COLLECT_WAITS,
	CW_COLLECT_HAD,
	CW_COLLECT_EMPTY,  /* an answer that holds nothing: an empty list */
	CW_COLLECT_ABSENT, /* the box has no such interface */
	CW_COLLECT_FAILED,
	CW_COLLECT_UNASKED /* not needed, or not asked for; `why` says it where a person should know */
};

struct cw_collect_result {
	enum cw_collect_outcome outcome;
	char *why; /* for people; or NULL */
	size_t bytes;
};

struct cw_collect_box {
	enum cw_collect_kind kind;
	char *host; /* as typed, without its port */
	const char *
		at; /* an IP address to go to instead of what the host's name resolves to, or NULL; borrowed */
	unsigned port;
	struct cw_strings pins; /* SHA-256 of the certificates that are taken, in lower case hex */
	bool reached;		/* met: its certificate is known */
	bool trusted;
	char *why; /* why it was not reached, or is not trusted */
	struct cw_cert *leaf;
	struct cw_collect_result results[CW_COLLECT_REQUESTS_MAX]; /* of each row of the table */
	struct cw_collect_axl axl;
	struct cw_strings nodes; /* of its cluster, as its AXL answer names them */
	bool no_call_manager;	 /* its snapshot shows that it has no such service: IM and Presence, Unity */
	/* for the handshake */
	const struct cw_trust_list *list;
	cw_time time;
	struct cw_tls_judge judge;
};

struct cw_collect_login {
	const char *user; /* NULL: nothing is asked with this account */
	const char *password;
	bool taken;   /* a box took it */
	bool stopped; /* a box refused it */
};

/** One run. What is borrowed stays until its end. */
struct cw_collect {
	struct cw_collect_box **boxes;
	size_t count, capacity;
	const struct cw_trust_list *list; /* to judge the boxes' certificates by, or NULL; borrowed */
	cw_time time;
	struct cw_collect_login logins[CW_COLLECT_ACCOUNTS]; /* borrowed texts */
	const char *folder;				     /* a folder of this name a box; borrowed */
	bool diagnostic;				     /* fetch the diagnostic archive as well */
	long seconds;					     /* for each request; 0: 30 */
	unsigned poll_milliseconds; /* between two questions for the archive; 0: 2000 */
	/* told when a box has been asked everything; or NULL */
	void (*told)(void *context, const struct cw_collect_box *box);
	void *context;
};

void cw_collect_finish(struct cw_collect *collect);
#define AUTO_COLLECT __attribute__((cleanup(cw_collect_finish))) struct cw_collect

/** Adds HOST, HOST:PORT, [IPV6] or [IPV6]:PORT. CW_E_USAGE where it is none, or twice the same. */
CW_MUST_USE bool cw_collect_add(
	struct cw_collect *collect, enum cw_collect_kind kind, const char *typed, struct cw_error *error);

/** A handshake with every box that is not trusted yet; nothing is sent. What cannot be reached is no error. */
CW_MUST_USE bool cw_collect_meet(struct cw_collect *collect, struct cw_error *error);

/** Asks every box that is trusted, and keeps its answers in FOLDER/HOST/. False: memory, or a file cannot be written. */
CW_MUST_USE bool cw_collect_run(struct cw_collect *collect, struct cw_error *error);

/** The folder of a box's answers. The caller frees it; NULL: no memory. */
CW_MUST_USE char *cw_collect_folder(const struct cw_collect *collect, const struct cw_collect_box *box);

#endif
