/**
 * One request and its answer, as a check and a handler see it.
 *
 * Made by the machine (web_machine.h), which owns it; it lives until it is answered and then no longer: the site's `over`
 * says so, also where the connection went first. Texts are good until then. Does not know sessions: the helpers here say
 * what the request shows (cookie, origin, token), the owner's check decides.
 */
#ifndef CW_ADMIN_WEB_WEB_EXCHANGE_H
#define CW_ADMIN_WEB_WEB_EXCHANGE_H

#include "admin/web/web_answer.h"
#include "admin/web/web_form.h"
#include "admin/web/web_route.h"

/* The name of the field, and of the header, that hold the token against requests that another site causes. */
#define CW_WEB_EXCHANGE_TOKEN_FIELD "csrf"
#define CW_WEB_EXCHANGE_TOKEN_HEADER "X-CSRF-Token"

const struct cw_http_head *cw_web_exchange_head(const struct cw_web_exchange *exchange);
const struct cw_web_route *cw_web_exchange_route(const struct cw_web_exchange *exchange);
/** GET, or HEAD, which is answered as GET is. */
bool cw_web_exchange_reads(const struct cw_web_exchange *exchange);
/** What stood for the {} at `index`, not decoded; empty: none. */
struct cw_http_text cw_web_exchange_part(const struct cw_web_exchange *exchange, size_t index);
/** The fields of the query. */
const struct cw_web_form *cw_web_exchange_query(const struct cw_web_exchange *exchange);
/** The fields of the body (CW_WEB_BODY_FORM, CW_WEB_BODY_MULTIPART), in the handler. */
const struct cw_web_form *cw_web_exchange_form(const struct cw_web_exchange *exchange);
/** The bytes of the body (CW_WEB_BODY_JSON, CW_WEB_BODY_BYTES), in the handler; a NUL follows them. */
struct cw_http_text cw_web_exchange_body(const struct cw_web_exchange *exchange);

/** From where the connection came, as it was told to the server; "" where it was not. */
const char *cw_web_exchange_address(const struct cw_web_exchange *exchange);
/** What whoever accepted the connection says of it (the judged client certificate, in the owner's own form); "". */
const char *cw_web_exchange_note(const struct cw_web_exchange *exchange);

/** The cookie with that name. */
bool cw_web_exchange_cookie(
	const struct cw_web_exchange *exchange, const char *name, struct cw_http_text *ret);

/**
 * It asks for `host` ("127.0.0.1:8443") or for localhost at its port. For a site on loopback: a name that somebody points
 * at this address is not this host, and its pages would read what is here.
 */
bool cw_web_exchange_is_own_host(const struct cw_web_exchange *exchange, const char *host);

/**
 * The request comes from a page of this site: Sec-Fetch-Site, where it is there, is same-origin, and Origin, where it is
 * there, is this host's ("null" says nothing); one of the two must say so. For requests that change something.
 */
bool cw_web_exchange_is_same_origin(const struct cw_web_exchange *exchange);

/**
 * From the check, before cw_web_exchange_allow: this token must come, in the header, else as the first field of the form.
 * It is compared in constant time; where it is wrong the answer is 403, as soon as it can be known: before the body,
 * after the first field. Copied. A body that is no form must have the header.
 */
void cw_web_exchange_want_token(struct cw_web_exchange *exchange, const char *token);

/** From the check: it is known who asks. From then on the connection makes room after all those of whom that is not known. */
void cw_web_exchange_known(struct cw_web_exchange *exchange);

/** The request may go on: its body is read, then the route's handler is called (perhaps before this returns). */
void cw_web_exchange_allow(struct cw_web_exchange *exchange);

/** The answer; takes what is in `answer`. The exchange may be gone when this returns. */
void cw_web_exchange_answer(struct cw_web_exchange *exchange, struct cw_web_answer *answer);
/** The site's page for a fault. */
void cw_web_exchange_fault(struct cw_web_exchange *exchange, unsigned status, const char *text);

/**
 * Answers with server-sent events: from now on cw_web_exchange_event, until the connection goes or
 * cw_web_exchange_events_end. A comment is sent now and then, so that what is gone is seen.
 */
void cw_web_exchange_events(struct cw_web_exchange *exchange);
/** One event; `data` may have several lines. False: the other side takes nothing, come again later; the event is lost. */
bool cw_web_exchange_event(struct cw_web_exchange *exchange, const char *name, const char *data);
void cw_web_exchange_events_end(struct cw_web_exchange *exchange);

/** What it was answered with; 0: not yet. */
unsigned cw_web_exchange_status(const struct cw_web_exchange *exchange);

/** For the owner's use; NULL at first. */
void cw_web_exchange_set_context(struct cw_web_exchange *exchange, void *context);
void *cw_web_exchange_context(const struct cw_web_exchange *exchange);

#endif
