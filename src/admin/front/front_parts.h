/**
 * What the admin process is made of: for src/admin/front alone.
 */
#ifndef CW_ADMIN_FRONT_FRONT_PARTS_H
#define CW_ADMIN_FRONT_FRONT_PARTS_H

#include "admin/front/front_memory.h"
#include "admin/page/screens.h"
#include "admin/rest/rest.h"
#include "admin/web/web_server.h"
#include "report/json.h"

/* "__Host-": for this host alone, over TLS alone (RFC 6265bis 4.1.3.2). Cookies know no ports: each node has its own name
 * or address, or one port's cookie is shown at another, where it is nobody's. */
#define CW_FRONT_PARTS_COOKIE "__Host-causeway"
/* Files in base64 in one frame (node/admin/admin_frame.h). */
#define CW_FRONT_PARTS_BODY_MAX ((size_t)3 * 1024 * 1024)
/* Against pages that are as long as whoever asks likes. */
#define CW_FRONT_PARTS_ASKED_MAX 1000

/* Of a page or an operation. */
#define CW_FRONT_PARTS_NAME_SIZE 96

/* Who may ask for a route: what its `role` is. */
enum cw_front_access {
	CW_FRONT_OPEN,	  /* everybody: the log-in page and what it posts to */
	CW_FRONT_SESSION, /* who has logged in */
	CW_FRONT_BASIC	  /* REST: user name and password at each request */
};

struct cw_front;

/* What is known of a request besides its bytes: of an exchange, from its check to its end. */
struct cw_front_asker {
	struct cw_front *front;
	struct cw_web_exchange *exchange;	  /* NULL: it is over */
	char token[64];				  /* of the session; "": none */
	json_t *basic;				  /* {"user","password"}, or NULL */
	json_t *page;				  /* "page" of the last answer, or NULL */
	bool quiet;				  /* a page renews itself by script: that is nobody at work */
	bool listens;				  /* to what changes: the answer has begun and goes on */
	const struct cw_screen_row *row;	  /* of the page that is asked for */
	char operation[CW_FRONT_PARTS_NAME_SIZE]; /* the last that was asked */
	json_t *sent;				  /* what was posted, or keys of the address; or NULL */
	struct cw_rest_call *call;		  /* of REST; or NULL */
	struct cw_front_asker *next;
};

/* `status` and `answer` as the core gave them; `answer` {"page","error"} where it refused. Borrowed. */
typedef void cw_front_then(struct cw_front_asker *asker, unsigned status, const json_t *answer);

struct cw_front_question {
	uint64_t id;
	struct cw_front_asker *asker; /* NULL: nobody waits any more */
	cw_front_then *then;
	struct cw_front_question *next;
};

struct cw_front {
	struct event_base *base;
	int connections, frames;
	struct event *comes, *reads, *writes;
	struct cw_buffer in, out;
	uint64_t last;
	size_t asked;
	struct cw_front_question *questions;
	struct cw_front_asker *askers;
	struct cw_web_site site;
	struct cw_web_server *server;
	struct cw_buffer style; /* "/style.css" */
	struct cw_front_memory memory;
	struct cw_web_file files[2];
};

/* --- front_core.c --- */

/** Asks the core for this exchange; takes `with` (NULL: nothing). `then` comes later, or never where the exchange is over. */
void cw_front_parts_ask(
	struct cw_front_asker *asker, const char *operation, json_t *with, cw_front_then *then);
/** Frames came, or may go. */
void cw_front_parts_frames(struct cw_front *front);
/** Something of the node is in another state: told to who listens. */
void cw_front_parts_changed(struct cw_front *front);
void cw_front_parts_forget(struct cw_front *front, const struct cw_front_asker *asker);

/* --- front_check.c --- */

void cw_front_parts_check(void *context, struct cw_web_exchange *exchange);
void cw_front_parts_over(void *context, struct cw_web_exchange *exchange);
void cw_front_parts_fault(
	void *context, struct cw_web_exchange *exchange, const char *text, struct cw_web_answer *ret);

/* --- front_screens.c --- */

void cw_front_parts_render(struct cw_front_asker *asker, unsigned status, const struct cw_screen_row *row,
	const struct cw_screens_given *given);
/** The page for an operation that was refused. */
void cw_front_parts_refuse(struct cw_front_asker *asker, unsigned status, const json_t *said);
void cw_front_parts_plain(struct cw_web_exchange *exchange, unsigned status, const char *text);
/** "overview", or "cmplatform/certificateFindList.do": what stood for the {} of the route. */
void cw_front_parts_name(const struct cw_web_exchange *exchange, char ret[CW_FRONT_PARTS_NAME_SIZE]);
/** Handlers: a screen; an operation, tried and then done. */
void cw_front_parts_get(void *context, struct cw_web_exchange *exchange);
void cw_front_parts_do(void *context, struct cw_web_exchange *exchange);

/* --- front_download.c --- */

void cw_front_parts_download(void *context, struct cw_web_exchange *exchange);
bool cw_front_parts_der(const char *pem, struct cw_buffer *ret);

/* --- front_rest.c --- */

/** A handler: what the table of REST makes of the request. */
void cw_front_parts_rest(void *context, struct cw_web_exchange *exchange);

/* --- front_routes.c --- */

void cw_front_parts_site(struct cw_front *front);

/** The fields of a form as `with` of an operation. The caller frees it; NULL: no memory. */
json_t *cw_front_parts_with(const char *operation, const struct cw_web_form *form);

/** The fields of a query as an object of texts: the first of each name. */
json_t *cw_front_parts_query(const struct cw_web_form *query);

#endif
