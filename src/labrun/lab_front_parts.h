/**
 * What the lab's page is made of: for lab_front*.c alone.
 */
#ifndef CW_LABRUN_LAB_FRONT_PARTS_H
#define CW_LABRUN_LAB_FRONT_PARTS_H

#include "admin/page/screens.h"
#include "admin/web/web_server.h"
#include "base/random.h"
#include "check/check.h"
#include "labrun/lab_front.h"
#include "labrun/lab_job.h"
#include "labrun/lab_source.h"
#include "net/accept.h"
#include "report/json.h"

#define CW_LAB_FRONT_TOKEN_BYTES 32 /* 256 bits */
#define CW_LAB_FRONT_TOKEN_SIZE CW_RANDOM_HEX_SIZE(CW_LAB_FRONT_TOKEN_BYTES)
/* Verbs at once: two cores have enough with them. */
#define CW_LAB_FRONT_JOBS_MAX 4
/* Certificates that can still be downloaded; the oldest goes. */
#define CW_LAB_FRONT_ISSUED_MAX 64
/* A request for a certificate with 4096 names has less. */
#define CW_LAB_FRONT_FORM_MAX ((size_t)256 * 1024)

struct cw_lab_front_node {
	json_t *status; /* or NULL */
	bool running;
	size_t restarts;
	unsigned admin_port, https_port;
};

struct cw_lab_front_issued {
	struct cw_cert *cert;
	char authority[64]; /* the folder of its CA */
};

/* An exchange that waits for a verb, or hears what changes. */
struct cw_lab_front_wait {
	struct cw_lab_front *front;
	struct cw_web_exchange *exchange; /* NULL: the browser went */
	struct cw_lab_job *job;		  /* NULL: it listens */
	void (*done)(struct cw_lab_front_wait *wait, int status, const struct cw_buffer *output,
		const struct cw_buffer *errors);
	json_t *sent; /* what was posted */
	struct cw_lab_front_wait *next;
};

struct cw_lab_front {
	struct cw_lab_front_setup setup;
	struct cw_accept *accept;
	struct cw_web_server *server;
	struct cw_web_site site;
	struct cw_web_file files[2];
	struct cw_buffer style;
	char host[64], cookie[40], url[192];
	char key[CW_LAB_FRONT_TOKEN_SIZE];    /* of the address */
	char token[CW_LAB_FRONT_TOKEN_SIZE];  /* of the cookie */
	char secret[CW_LAB_FRONT_TOKEN_SIZE]; /* of the forms */
	struct cw_lab_front_node *nodes;      /* as many as there are folders */
	struct cw_lab_front_wait *waits;
	struct cw_lab_source source; /* of the folder, as it was judged last */
	struct cw_check *check;	     /* or NULL */
	cw_time judged;
	json_t *signed_in; /* "ENDPOINT DOMAIN" -> how it went */
	struct cw_lab_front_issued issued[CW_LAB_FRONT_ISSUED_MAX];
	size_t issued_count;
	struct cw_buffer notice; /* for the next page; "": none */
	enum cw_screen_kind notice_kind;
};

/* A route's role. */
enum { CW_LAB_FRONT_KEYED, CW_LAB_FRONT_OPEN };

/* --- lab_front.c --- */

/** Runs a verb for an exchange, then `done`; takes `sent`. `input` may be NULL. Where it cannot, the exchange is answered. */
void cw_lab_front_run(struct cw_web_exchange *exchange, const struct cw_lab_job_setup *verb,
	const struct cw_lab_front_wait *wait);

/* --- lab_front_pages.c: each ends the exchange --- */

/** {"page"} to put the screen's keys into; NULL: no memory. */
json_t *cw_lab_front_answer(const struct cw_lab_front *front);
/** A screen by its name; takes `answer` (NULL: no memory). `sent` may be NULL. */
void cw_lab_front_show(struct cw_lab_front *front, struct cw_web_exchange *exchange, const char *screen,
	json_t *answer, const json_t *sent);
/** 303 to a page, which says `notice` (NULL: nothing). */
void cw_lab_front_go(struct cw_lab_front *front, struct cw_web_exchange *exchange, const char *path,
	enum cw_screen_kind kind, const char *notice);

/** What a verb said of its failure, for a page: its errors in one line, without the program's name. */
void cw_lab_front_trouble(int status, const struct cw_buffer *errors, struct cw_buffer *ret);
/* Handlers. */
void cw_lab_front_get(void *context, struct cw_web_exchange *exchange);
void cw_lab_front_post_exercise(void *context, struct cw_web_exchange *exchange);
void cw_lab_front_post_link(void *context, struct cw_web_exchange *exchange);

/* --- lab_front_live.c --- */

/** Judges the lab's folder where its files are others than before. A folder that cannot be read now leaves what was. */
void cw_lab_front_judge(struct cw_lab_front *front);
/** The rows of "nodes". */
json_t *cw_lab_front_nodes(const struct cw_lab_front *front);
/** The map with the states of the nodes; appends nothing where there is none. */
void cw_lab_front_map(struct cw_lab_front *front, struct cw_buffer *ret);
/** The place of the node with this name; the number of folders: none. */
size_t cw_lab_front_place(const struct cw_lab_front *front, const char *fqdn);

/* --- lab_front_ca.c --- */

/** Puts "cas", "templates", "issued", "refused" into the answer of the CA's page. `issued`, `refused`: NULL: none. */
void cw_lab_front_put_ca(const struct cw_lab_front *front, json_t *answer,
	const struct cw_lab_front_issued *issued, const char *refused);

void cw_lab_front_issue(void *context, struct cw_web_exchange *exchange);
void cw_lab_front_download(void *context, struct cw_web_exchange *exchange);

/* --- lab_front_sign_in.c --- */

void cw_lab_front_sign_in(void *context, struct cw_web_exchange *exchange);

#endif
