/**
 * The answers of a CUCM stand-in's tomcat and TFTP ports: as much of UDS as a sign-in asks for.
 *
 * /cucm-uds/version, /cucm-uds/clusterUser and /cucm-uds/servers want no password; /cucm-uds/user/U and what is below
 * want Basic, and take any. Every user is found, and lives here. Shapes: the User Data Services API reference. No files,
 * no devices: for labs and tests. A pure machine: a head in, bytes out; each answer is the last on its connection.
 */
#ifndef CW_NODE_CUCM_UDS_H
#define CW_NODE_CUCM_UDS_H

#include "base/buffer.h"
#include "base/strings.h"
#include "http/http_head.h"

/** Appends the answer to a request; `host` is this node's name, `servers` the names of its cluster. */
CW_MUST_USE bool cw_cucm_uds_answer(const struct cw_http_head *request, const char *host,
	const struct cw_strings *servers, struct cw_buffer *ret, struct cw_error *error);

#endif
