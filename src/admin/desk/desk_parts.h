/**
 * What the parts of the desk share. Private to desk*.c.
 */
#ifndef CW_ADMIN_DESK_DESK_PARTS_H
#define CW_ADMIN_DESK_DESK_PARTS_H

#include "admin/desk/desk.h"
#include "admin/desk/desk_port.h"
#include "admin/desk/desk_session.h"
#include "admin/desk/desk_users.h"
#include "admin/page/html.h"
#include "admin/web/web_server.h"
#include "base/random.h"
#include "base/time.h"
#include "net/accept.h"

#define CW_DESK_TOKEN_BYTES 32 /* 256 bits */
#define CW_DESK_TOKEN_SIZE CW_RANDOM_HEX_SIZE(CW_DESK_TOKEN_BYTES)

/* Who has a cookie: nobody yet, or somebody who dropped something. */
struct cw_desk_visitor {
	char token[CW_DESK_TOKEN_SIZE];	 /* of the cookie */
	char secret[CW_DESK_TOKEN_SIZE]; /* of the forms */
	char user[CW_ADMIN_ACCOUNTS_USER_MAX +
		1]; /* who logged in, or whom the certificate names; "": nobody did */
	char hash[CW_ADMIN_PASSWORD_HASH_SIZE]; /* of the password with which he did */
	char certificate[CW_DESK_TOKEN_SIZE];	/* SHA-256 of the one that he showed; "": none */
	struct cw_desk_session *session;	/* NULL: nothing was dropped */
	time_t seen;
	size_t jobs;		 /* that are under way: it stays as long */
	size_t pasted, dropped;	 /* how many of each */
	bool imported;		 /* there is a deployment */
	struct cw_buffer said;	 /* what the last import put out */
	struct cw_buffer notice; /* one sentence for the next page; "": none */
	struct cw_desk_visitor *next;
};

struct cw_desk {
	struct event_base *base;
	struct cw_web_server *server;
	struct cw_web_site site;
	struct cw_accept *accept;    /* NULL: there is a port with TLS */
	struct cw_desk_port *port;   /* NULL: there is none */
	struct cw_desk_users *users; /* NULL: nobody has to log in */
	bool secure;
	char host[64]; /* "127.0.0.1:8484" */
	struct cw_desk_visitor *visitors;
	struct event *tick, *interrupt, *terminate;
};

/* --- visitors (desk_visitors.c) --- */

/** The visitor of this exchange, found by the check; never NULL in a handler, but in those of CW_DESK_OPEN. */
struct cw_desk_visitor *cw_desk_visitor(const struct cw_desk *desk, const struct cw_web_exchange *exchange);
/** A new one, with tokens of its own. `account`: who logged in, or NULL. NULL: no memory. */
struct cw_desk_visitor *cw_desk_visitor_add(
	struct cw_desk *desk, const struct cw_web_exchange *exchange, const struct cw_admin_account *account);
/** His cookie, as a field of the answer. */
void cw_desk_visitor_cookie(
	const struct cw_desk *desk, const struct cw_desk_visitor *visitor, struct cw_web_answer *answer);
/** Ends it, and with it what he dropped. He has no job. */
void cw_desk_visitor_drop(struct cw_desk *desk, struct cw_desk_visitor *visitor);

/** His process, begun where there is none; NULL: it cannot be had, and `notice` says so. */
struct cw_desk_session *cw_desk_visitor_session(struct cw_desk *desk, struct cw_desk_visitor *visitor);

/* What waits with an exchange for something else: its context. */
struct cw_desk_waiter {
	void (*left)(struct cw_desk_waiter *waiter); /* the browser went */
};

/* --- a job: questions to a session, then one answer to the browser --- */

#define CW_DESK_JOB_PARTS 4

struct cw_desk_job;

struct cw_desk_part {
	struct cw_desk_job *job;
	bool whole;
	unsigned status;
	struct cw_buffer out, err;
};

struct cw_desk_job {
	struct cw_desk_waiter waiter; /* first: who has it has this */
	struct cw_desk *desk;
	struct cw_desk_visitor *visitor;
	struct cw_web_exchange *exchange; /* NULL: the browser went */
	struct cw_desk_part parts[CW_DESK_JOB_PARTS];
	size_t asked, answered;
	bool begun; /* all of its questions are asked */
	/* All are answered; ends the exchange. */
	void (*render)(struct cw_desk_job *job);
};

/** NULL: no memory; the exchange was answered. */
CW_MUST_USE struct cw_desk_job *cw_desk_job_new(
	struct cw_desk *desk, struct cw_web_exchange *exchange, void (*render)(struct cw_desk_job *job));
/** A verb, by its words, ended by NULL. */
void cw_desk_job_run(struct cw_desk_job *job, const char *const *words);
/** Another question; `data` may be NULL. */
void cw_desk_job_ask(struct cw_desk_job *job, enum cw_desk_frame_kind kind, const char *name,
	const struct cw_buffer *data);
/** One question alone, and then the page. */
void cw_desk_job_ask_one(void *context, struct cw_web_exchange *exchange,
	void (*render)(struct cw_desk_job *job), enum cw_desk_frame_kind kind, const char *name);
/** All questions are asked: now, or when they are answered, it is rendered, and gone. */
void cw_desk_job_begin(struct cw_desk_job *job);
/* --- pages --- */

/* The role of a route: for whom it is. */
enum { CW_DESK_SESSION, CW_DESK_OPEN };

/* Where a page stands in the row of steps. */
enum cw_desk_step {
	CW_DESK_STEP_DROP,
	CW_DESK_STEP_SITE,
	CW_DESK_STEP_REPORT,
	CW_DESK_STEP_PLAN,
	CW_DESK_STEP_RENEW,
	CW_DESK_STEP_LOG,
	CW_DESK_STEP_COUNT
};

struct cw_desk_page {
	struct cw_web_answer answer;
	struct cw_html html;
	struct cw_desk_visitor *visitor;
};

void cw_desk_page_begin(struct cw_desk_page *page, struct cw_desk_visitor *visitor, enum cw_desk_step step,
	const char *title);
/** The page's head alone, for one without a visitor: up to the main part's title. `secret` NULL: no token. */
void cw_desk_page_head(struct cw_desk_page *page, const char *title, const char *secret);
/** Ends the page and answers with it. */
void cw_desk_page_end(struct cw_desk_page *page, struct cw_web_exchange *exchange);
/** A form to `action` with the token as its first field; ends with cw_html_close "form". */
void cw_desk_page_form(struct cw_desk_page *page, const char *action, bool upload);
void cw_desk_page_button(struct cw_desk_page *page, const char *label);
/** A labelled field of a type ("file", "text"). */
void cw_desk_page_input(struct cw_desk_page *page, const char *type, const char *name, const char *label);
/** An entry of a list: a link to a path of this site, without its first slash. */
void cw_desk_page_link(struct cw_desk_page *page, const char *path, const char *text);
/** What a verb put out: as it stands. */
void cw_desk_page_text(struct cw_desk_page *page, const char *text);
/** Its errors, in a bar; nothing for none. */
void cw_desk_page_trouble(struct cw_desk_page *page, const struct cw_desk_part *part);

/** 303 to a page; `notice` (or NULL) is shown there. */
void cw_desk_page_go(struct cw_desk_visitor *visitor, struct cw_web_exchange *exchange, const char *path,
	const char *notice);

extern const struct cw_web_route cw_desk_routes[];
extern const size_t cw_desk_route_count;

/** The lines of a deployment file that say "unknown": answered by the fields of the form (desk_answers.c). */
void cw_desk_answers_form(struct cw_desk_page *page, const char *yaml);
void cw_desk_answers_take(void *context, struct cw_web_exchange *exchange);

/* --- what each route does, a file a step --- */

/* The folders of a session: what was dropped, and the deployment that was made of it. */
#define CW_DESK_SOURCES "sources"
#define CW_DESK_SITE "site"
#define CW_DESK_FORM_MAX ((size_t)CW_DESK_FRAME_DATA_MAX)

void cw_desk_drop_page(void *context, struct cw_web_exchange *exchange);
void cw_desk_drop_form(void *context, struct cw_web_exchange *exchange);
void cw_desk_drop_file(void *context, struct cw_web_exchange *exchange);
void cw_desk_drop_import(void *context, struct cw_web_exchange *exchange);
void cw_desk_drop_forget(void *context, struct cw_web_exchange *exchange);
/** A name of one segment, its %XX undone, is appended; what no file here may be called becomes "_". */
CW_MUST_USE bool cw_desk_drop_name(struct cw_http_text part, struct cw_buffer *ret);

void cw_desk_report_site(void *context, struct cw_web_exchange *exchange);
void cw_desk_report_page(void *context, struct cw_web_exchange *exchange);
void cw_desk_report_frame(void *context, struct cw_web_exchange *exchange);
void cw_desk_report_plan(void *context, struct cw_web_exchange *exchange);

void cw_desk_renew_page(void *context, struct cw_web_exchange *exchange);
void cw_desk_renew_try(void *context, struct cw_web_exchange *exchange);

void cw_desk_log_page(void *context, struct cw_web_exchange *exchange);
void cw_desk_log_explain(void *context, struct cw_web_exchange *exchange);

void cw_desk_take_file(void *context, struct cw_web_exchange *exchange);
void cw_desk_take_pem(void *context, struct cw_web_exchange *exchange);

void cw_desk_login_page(void *context, struct cw_web_exchange *exchange);
void cw_desk_login_begin(void *context, struct cw_web_exchange *exchange);
void cw_desk_login_end(void *context, struct cw_web_exchange *exchange);

extern const char cw_desk_style[], cw_desk_script[];

#endif
