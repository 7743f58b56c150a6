/**
 * Authorization of a request: Basic (RFC 7617) and Bearer (RFC 6750), read and written. Does not ask whether
 * they are right, and keeps them no longer than the caller does.
 */
#ifndef CW_HTTP_AUTH_H
#define CW_HTTP_AUTH_H

#include "http/http_reason.h"
#include "http/http_text.h"

#include "base/buffer.h"

/* User, colon and password: against work for the password check that grows with what is sent. */
#define CW_HTTP_AUTH_BASIC_MAX 512
/* A token is kept and looked up whole. */
#define CW_HTTP_AUTH_TOKEN_MAX 8192

enum cw_http_auth_scheme { CW_HTTP_AUTH_BASIC, CW_HTTP_AUTH_BEARER };

struct cw_http_auth {
	enum cw_http_auth_scheme scheme;
	struct cw_http_text user;     /* Basic; not empty, no colon */
	struct cw_http_text password; /* Basic; may be empty */
	struct cw_http_text token;    /* Bearer; points into the field's value */

	char decoded[CW_HTTP_AUTH_BASIC_MAX]; /* what user and password point into: do not copy the struct */
};

/**
 * Reads the value of an Authorization field: the scheme in any case, one space, credentials without control
 * bytes (RFC 7617 2). After it, also where it was false, cw_http_auth_finish wipes what was decoded.
 */
bool cw_http_auth_parse(struct cw_http_text value, struct cw_http_auth *ret, enum cw_http_reason *ret_reason);

/** Overwrites the password. */
void cw_http_auth_finish(struct cw_http_auth *auth);

/** The struct itself is a local. */
#define AUTO_HTTP_AUTH __attribute__((cleanup(cw_http_auth_finish))) struct cw_http_auth

/**
 * Appends "Basic …" for the value of an Authorization field. CW_E_HTTP where it would not be read back: a
 * colon in the user, control bytes, too long.
 */
CW_MUST_USE bool cw_http_auth_write_basic(struct cw_buffer *buffer, struct cw_http_text user,
	struct cw_http_text password, struct cw_error *error);

#endif
