/**
 * What the machine and the exchange share: for web_machine.c, web_exchange.c and web_events.c alone.
 */
#ifndef CW_ADMIN_WEB_WEB_MACHINE_PARTS_H
#define CW_ADMIN_WEB_WEB_MACHINE_PARTS_H

#include "admin/web/web_machine.h"
#include "http/http_multipart.h"
#include "http/http_reader.h"

/* Of a token in hexadecimal digits. */
#define CW_WEB_MACHINE_TOKEN_MAX 128
#define CW_WEB_MACHINE_ADDRESS_MAX 64

enum cw_web_stage {
	CW_WEB_AT_HEAD,
	CW_WEB_AT_CHECK, /* the owner's */
	CW_WEB_AT_BODY,
	CW_WEB_AT_HANDLER, /* the owner's */
	CW_WEB_AT_EVENTS,
	CW_WEB_AT_END
};

struct cw_web_exchange {
	struct cw_web_machine *machine;
	const struct cw_web_route *route; /* NULL: none was found, or the head could not be read */
	struct cw_http_text parts[CW_WEB_ROUTE_PARTS_MAX];
	struct cw_web_form query, form;
	struct cw_buffer body;
	struct cw_http_cookies cookies;
	char token[CW_WEB_MACHINE_TOKEN_MAX + 1]; /* "": none is wanted, or it was seen */
	bool is_seen;				  /* by the owner's check or handler */
	unsigned status;
	void *context;
};

struct cw_web_machine {
	const struct cw_web_site *site;
	void (*wake)(void *context);
	void *context;
	char address[CW_WEB_MACHINE_ADDRESS_MAX];
	char *note; /* or NULL */
	struct cw_http_reader *reader;
	enum cw_web_stage stage;
	struct cw_buffer out;
	bool head_begun, head_read, in_parts;
	bool ends;	    /* no request after this one */
	bool known;	    /* the site's check found out who asks */
	bool inside, stale; /* `now` is that of the caller; the deadline is reckoned from the next one */
	uint64_t now, deadline, wait, body_end, sent_by;
	struct cw_http_multipart multipart;
	struct cw_web_exchange exchange;
};

/** The next deadline, from now on. */
void cw_web_machine_wait(struct cw_web_machine *machine, uint64_t milliseconds);
/** The exchange is over: the next request, or the end. */
void cw_web_machine_answered(struct cw_web_machine *machine, bool keeps);
void cw_web_machine_wake(struct cw_web_machine *machine);

/** Constant in time for tokens of one length. */
bool cw_web_machine_is_token(const struct cw_web_exchange *exchange, struct cw_http_text token);

#endif
