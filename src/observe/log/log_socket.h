/**
 * Refusals by the sockets of their connections: the same one in packets, and in the other side's log. Private to the
 * incidents; what others call stands in observe/log/log_incident.h.
 */
#ifndef CW_OBSERVE_LOG_LOG_SOCKET_H
#define CW_OBSERVE_LOG_LOG_SOCKET_H

#include "observe/log/log_near.h"

/** FNV-1a, with an end behind each piece. */
uint32_t cw_log_socket_hash_more(uint32_t hash, const void *data, size_t length);

/** Keeps the connection of one refusal of this incident; over CW_LOG_SOCKETS_MAX it is not kept. */
CW_MUST_USE bool cw_log_socket_keep(struct cw_log_incidents *incidents, const struct cw_log_near *near,
	size_t incident, struct cw_error *error);

#endif
