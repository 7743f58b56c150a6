/**
 * What Expressway-C asks of a CUCM's User Data Services (UDS) when somebody signs in, and what it makes of the answers.
 *
 *     GET /cucm-uds/clusterUser?username=U       without a password: is the user known, and where at home
 *     GET /cucm-uds/user/U/devices               with the user's: 200, or the password is wrong
 *
 * Shapes: the User Data Services API reference. The XML is read by expat, without entities and with bounds.
 */
#ifndef CW_NODE_EDGE_EDGE_UDS_H
#define CW_NODE_EDGE_EDGE_UDS_H

#include "http/http_text.h"

#include "base/buffer.h"

/* Of an answer; the devices of one user are some kilobytes. */
#define CW_EDGE_UDS_ANSWER_MAX ((size_t)256 * 1024)
#define CW_EDGE_UDS_HOST_SIZE 254
#define CW_EDGE_UDS_USER_SIZE 256

struct cw_edge_uds_user {
	bool found;
	char home[CW_EDGE_UDS_HOST_SIZE]; /* of the home cluster; "": not told */
	char user[CW_EDGE_UDS_USER_SIZE]; /* as the cluster spells the user; "": not told */
};

/** Appends the target that asks for the user: by `email=` where the name has an @. */
void cw_edge_uds_target_user(struct cw_http_text user, struct cw_buffer *ret);
/** Appends the target that asks for the user's devices. */
void cw_edge_uds_target_devices(struct cw_http_text user, struct cw_buffer *ret);

/** Reads clusterUser. False: it is no such answer. */
bool cw_edge_uds_read_user(const char *data, size_t length, struct cw_edge_uds_user *ret);

#endif
