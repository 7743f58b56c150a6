/**
 * Which requests a site takes, and what must be true of them before the first byte of a body is read.
 *
 * One table: method, path, what the owner's check goes by, the body's kind and bound, who answers. HEAD goes where GET
 * goes. Does not know roles or sessions: `role` is the owner's number, looked at by its own check.
 */
#ifndef CW_ADMIN_WEB_WEB_ROUTE_H
#define CW_ADMIN_WEB_WEB_ROUTE_H

#include "http/http_head.h"

struct cw_web_exchange;
struct cw_web_answer;

/* {} in a path: so many. */
#define CW_WEB_ROUTE_PARTS_MAX 4

enum cw_web_body {
	CW_WEB_BODY_NONE,
	CW_WEB_BODY_FORM,      /* application/x-www-form-urlencoded, read into fields */
	CW_WEB_BODY_MULTIPART, /* multipart/form-data, read into fields */
	CW_WEB_BODY_FIELDS,    /* either of them */
	CW_WEB_BODY_ANY,       /* multipart/form-data into fields, anything else as bytes; none, too */
	CW_WEB_BODY_JSON,      /* application/json, as bytes */
	CW_WEB_BODY_BYTES      /* any type, as bytes */
};

struct cw_web_route {
	enum cw_http_method method;
	const char *
		path; /* "/zone/{}": {} stands for one segment that is not empty; "/api/{*}": for all that follows */
	int role;
	enum cw_web_body body;
	size_t body_max; /* bytes; against bodies as large as whatever is given to them */
	/* The request is whole: cw_web_exchange_answer, now or later (web_exchange.h). */
	void (*handle)(void *context, struct cw_web_exchange *exchange);
	const void *more; /* the owner's */
};

/* A text that everybody may have: the style sheet, the script. Borrowed. */
struct cw_web_file {
	const char *path, *type, *content;
};

struct cw_web_site {
	const struct cw_web_route *routes;
	size_t route_count;
	const struct cw_web_file *files;
	size_t file_count;
	bool secure; /* served over TLS, ended in front of it: the origin is https: */
	/* The head is read, nothing of the body: cw_web_exchange_allow or cw_web_exchange_answer, now or later. NULL:
	 * everything is allowed. */
	void (*check)(void *context, struct cw_web_exchange *exchange);
	/* Writes the body for a fault (404, 413 …); NULL: `text` alone, as text/plain. */
	void (*fault)(
		void *context, struct cw_web_exchange *exchange, const char *text, struct cw_web_answer *ret);
	/* The exchange is over, answered or not (`cw_web_exchange_status` 0): whoever keeps its address forgets it. NULL:
	 * nobody does. */
	void (*over)(void *context, struct cw_web_exchange *exchange);
	void *context;
};

/**
 * The first route of that method whose path fits; `ret_parts` (of CW_WEB_ROUTE_PARTS_MAX) are what stood for {}.
 * NULL: none; then `*ret_allow` has a bit (1 << method) for each method that the path is known with.
 */
const struct cw_web_route *cw_web_route_find(const struct cw_web_site *site,
	const struct cw_http_start *start, struct cw_http_text *ret_parts, unsigned *ret_allow);

/** The file with that path, or NULL. */
const struct cw_web_file *cw_web_route_file(const struct cw_web_site *site, struct cw_http_text path);

#endif
