/**
 * The answers of a CUCM stand-in's tomcat and TFTP ports: as much of UDS, and as many files, as a sign-in asks for.
 *
 *     8443  /cucm-uds/version, /clusterUser?username=U (or email=), /servers; with Basic, and any password:
 *           /user/U, /user/U/devices, /user/U/device/ID; but "wrong" is a wrong one
 *     6972  SPDefault.cnf.xml, CSF….cnf.xml
 *
 * Every user but "nobody" is found, lives here and has one device, CSF and the name in capitals. Shapes: the User Data Services API
 * reference, and what Jabber4Linux reads. For labs and tests. A pure machine: a head in, bytes out.
 */
#ifndef CW_NODE_CUCM_UDS_H
#define CW_NODE_CUCM_UDS_H

#include "base/buffer.h"
#include "base/strings.h"
#include "http/http_head.h"

/** Of whom it is asked. Borrowed. */
struct cw_cucm_uds_box {
	const char *host;		  /* its name */
	const struct cw_strings *servers; /* the names of its cluster */
	bool tftp;			  /* the port of files; else tomcat's */
	bool secure;			  /* secure registration */
};

/** Another request may follow on the connection: this one has no body, and does not close it. */
bool cw_cucm_uds_keeps(const struct cw_http_head *request);

/** Appends the answer to a request. */
CW_MUST_USE bool cw_cucm_uds_answer(const struct cw_http_head *request, const struct cw_cucm_uds_box *box,
	struct cw_buffer *ret, struct cw_error *error);

#endif
