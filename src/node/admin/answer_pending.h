/**
 * One frame from the admin process that is being answered: what it asks, who was found out to ask, and what goes back.
 *
 * It may wait for a password, and so outlive the call that began it. Whoever replies or refuses has ended it: the struct
 * is gone when that returns. Decides nothing; the answer_*.c beside it do, admin_answer.c says who may ask what.
 */
#ifndef CW_NODE_ADMIN_ANSWER_PENDING_H
#define CW_NODE_ADMIN_ANSWER_PENDING_H

#include "node/admin/admin_parts.h"

struct cw_answer_pending;

/* A password that was asked about is known: `answer->worked` is true. */
typedef void (*cw_answer_pending_then)(
	struct cw_answer_pending *pending, const struct cw_admin_password_answer *answer);

/* One frame, taken apart. Texts point into the frame. */
struct cw_answer_pending {
	struct cw_node_admin *admin;
	unsigned generation;
	json_t *frame;
	json_int_t id;
	uint64_t connection;
	const char *operation, *token; /* token "": none */
	const json_t *with;
	char address[64];
	char user[CW_ADMIN_ACCOUNTS_USER_MAX + 1];  /* who was found out to ask; "": nobody */
	char csrf[CW_ADMIN_ACCOUNTS_DIGEST_SIZE];   /* of the session */
	bool certified;				    /* the connection showed a certificate that was let in */
	char named[CW_ADMIN_ACCOUNTS_USER_MAX + 1]; /* whom it names; "": nobody */
	bool checks, joined,
		woken; /* its password is being checked; it waits for one that is the same; no longer */
	bool quiet;    /* a page renews itself: nobody is there because of that */
	enum cw_admin_role role;
	cw_answer_pending_then then;
	void (*failed)(struct cw_node_admin *admin);	  /* after a check that could not be made; or NULL */
	void (*known)(struct cw_answer_pending *pending); /* it is known who asks */
	struct cw_answer_pending *next;
};

/** The administrator with that name; NULL: there is none, or the list cannot be read. */
const struct cw_admin_account *cw_answer_pending_account(
	const struct cw_answer_pending *pending, const char *user);
/** From now on it is this one who asks. */
void cw_answer_pending_is(struct cw_answer_pending *pending, const struct cw_admin_account *account);

/** A text of what the frame comes with; "" where it is not there. */
const char *cw_answer_pending_text(const struct cw_answer_pending *pending, const char *key);

/** To the history: who asks, and from where. */
void cw_answer_pending_tell(
	const struct cw_answer_pending *pending, const char *kind, const char *about, const char *text);

/** Sends what there is to say, with what every page shows, and ends it. Takes both; one of them is NULL. */
void cw_answer_pending_reply(
	struct cw_answer_pending *pending, unsigned status, json_t *answer, json_t *fault);
/** A refusal with what to do next; NULL: there is nothing to say. */
void cw_answer_pending_refuse(
	struct cw_answer_pending *pending, unsigned status, const char *text, const char *next);
/** 429: too many failed log-ins. */
void cw_answer_pending_refuse_wait(struct cw_answer_pending *pending, uint64_t seconds);

#endif
