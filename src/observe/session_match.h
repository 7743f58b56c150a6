/**
 * Which link of a deployment a captured session is: by the addresses of its ends (--host, `address:` in
 * the deployment), by the very certificates that were sent, or by the names in them.
 */
#ifndef CW_OBSERVE_SESSION_MATCH_H
#define CW_OBSERVE_SESSION_MATCH_H

#include "capture/session.h"
#include "check/check.h"

/** `--host FQDN=IP`, in the order typed. */
struct cw_session_host {
	char *name;
	struct cw_session_address at; /* the port does not count */
};

struct cw_session_hosts {
	struct cw_session_host *items;
	size_t count, capacity;
};

void cw_session_match_hosts_finish(struct cw_session_hosts *hosts);

/** Reads one `FQDN=IP`. CW_E_USAGE. */
CW_MUST_USE bool cw_session_match_hosts_add(
	struct cw_session_hosts *hosts, const char *text, struct cw_error *error);

/** What one end showed: the certificates of its chain, parsed. */
struct cw_parsed_chain {
	struct cw_cert **certs;
	size_t count;  /* those that could be parsed, leaf first */
	size_t broken; /* those that could not */
};

struct cw_session_match {
	const struct cw_link *link;	   /* NULL: none */
	size_t others;			   /* links that fit as well */
	const char *server_by, *client_by; /* "address", "certificate", "name"; NULL: not known by itself */
};

/** `shown` by enum cw_session_end. */
struct cw_session_match cw_session_match(const struct cw_check *check, const struct cw_session_hosts *hosts,
	const struct cw_session *session, const struct cw_parsed_chain shown[2]);

#endif
