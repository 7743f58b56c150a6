/**
 * What ssh and sshd may open: their own folder, and what programs need of the system. They read bytes of the other side
 * before that has shown who it is; keys, passwords and lists of the node are nothing to them, whatever account they run
 * as.
 */
#ifndef CW_TRAVERSAL_TUNNEL_CONFINE_H
#define CW_TRAVERSAL_TUNNEL_CONFINE_H

#include "base/confine.h"
#include "traversal/tunnel_folder.h"

/** For the program at this absolute path. A kernel without Landlock is no failure. The caller finishes it. */
CW_MUST_USE bool cw_tunnel_confine(const struct cw_tunnel_folder *folder, const char *program,
	struct cw_confine *ret, struct cw_error *error);

#endif
